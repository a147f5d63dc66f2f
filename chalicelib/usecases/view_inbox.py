"""An agent looks at the inbox: one view of it, page by page, and how much each view holds."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.card import FOLLOW_UPS, SNOOZED, Card, Page
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.people import Agent, Roster
from chalicelib.domain.ticket import Shelf
from chalicelib.usecases.list_tickets import Filter, list_tickets, open_queues
from chalicelib.usecases.ports import Desk

SOON_SECONDS = 3600
COUNTED = 100
"""Cards read of a queue to count it: "99+" tells as much as any larger number."""

VIEWS = ("mine", "unassigned", "all", "due-soon", "breached", "snoozed", "follow-ups", "done", "spam", "unparsed")
TEAM = "team:"


def view_inbox(desk: Desk, agent: Agent, roster: Roster, view: str, limit: int, after: str = "") -> Page:
    """Give a page of a view: the most urgent first, what is done newest first.

    A view is one of VIEWS, or `team:<id>` for what waits in a team or lies with its agents. Raises InvalidInput.
    """
    known = {f"{TEAM}{team.id}" for team in roster.teams}
    if view not in VIEWS and view not in known:
        raise InvalidInput(f"is none of {', '.join(VIEWS)} and no team", "view")
    if view in (SNOOZED, FOLLOW_UPS, Shelf.SPAM.value, Shelf.UNPARSED.value):
        return list_tickets(desk, Filter(queue=view), limit, after)
    if view == "done":
        return list_tickets(desk, Filter(done=True), limit, after)
    if view.startswith(TEAM):
        return list_tickets(desk, Filter(team_id=view.removeprefix(TEAM)), limit, after)
    until = _until(view, desk.clock.now())
    page = desk.tickets.queue(_queues(desk, agent, roster, view), limit, after)
    return page if until is None else _pressing(page, until)


def count_inbox(desk: Desk, agent: Agent, roster: Roster) -> Mapping[str, int]:
    """Give how many tickets each view holds, at most COUNTED: one read for each queue."""
    now = desk.clock.now()
    names = open_queues(roster, desk.settings.load())
    read = {name: desk.tickets.queue([name], COUNTED).cards for name in names}
    shelves = (FOLLOW_UPS, Shelf.SPAM.value, Shelf.UNPARSED.value)
    every = [card for cards in read.values() for card in cards]
    counts = {name: len(desk.tickets.queue([name], COUNTED).cards) for name in shelves}
    counts["mine"] = len(read.get(f"agent:{agent.id}", ()))
    counts["unassigned"] = sum(len(cards) for name, cards in read.items() if name.startswith("team:"))
    counts[SNOOZED] = len(read[SNOOZED])
    counts["all"] = len(every)
    counts["due-soon"] = sum(1 for card in every if _is_due(card, now + timedelta(seconds=SOON_SECONDS)))
    counts["breached"] = sum(1 for card in every if _is_due(card, now))
    counts |= {f"{TEAM}{team.id}": sum(1 for card in every if card.team_id == team.id) for team in roster.teams}
    return {name: min(count, COUNTED) for name, count in counts.items()}


def _queues(desk: Desk, agent: Agent, roster: Roster, view: str) -> Sequence[str]:
    if view == "mine":
        return [f"agent:{agent.id}"]
    names = open_queues(roster, desk.settings.load())
    return [name for name in names if name.startswith("team:")] if view == "unassigned" else names


def _until(view: str, now: datetime) -> datetime | None:
    if view == "due-soon":
        return now + timedelta(seconds=SOON_SECONDS)
    return now if view == "breached" else None


def _pressing(page: Page, until: datetime) -> Page:
    """Cut a page that is in the order of urgency at the first ticket whose deadline is later."""
    cards = tuple(_while_due(page.cards, until))
    return Page(cards, page.after if len(cards) == len(page.cards) else "")


def _while_due(cards: Sequence[Card], until: datetime) -> Iterator[Card]:
    for card in cards:
        if not _is_due(card, until):
            return
        yield card


def _is_due(card: Card, until: datetime) -> bool:
    return card.due_at is not None and card.due_at <= until
