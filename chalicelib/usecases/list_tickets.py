"""Tickets are listed: a queue, an agent's or a customer's tickets, or all of a kind, page by page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.card import FOLLOW_UPS, SNOOZED, Card, Page, done_in, urgency
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.people import Roster
from chalicelib.domain.ticket import DONE, Priority, Shelf, Status
from chalicelib.usecases.ports import Desk

MONTHS_BACK = 24
MOST_READS = 30
"""Pages read for one answer, so that a filter that fits nothing ends in time; the next cursor goes on from there."""

READ_AT_ONCE = 50
"""Cards read at a time where some of them may not be wanted."""

UNASSIGNED = "team:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which tickets are wanted; None or empty asks for any. `queue` is a name as in domain.card.queue_of.

    A customer's are also those of records that became parts of them, whichever of their ids is named.

    `done` asks for solved and closed ones.
    """

    queue: str = ""
    status: Status | None = None
    priority: Priority | None = None
    assignee_id: str = ""
    team_id: str = ""
    customer_id: str = ""
    tag: str = ""
    done: bool = False

    @property
    def picky(self) -> bool:
        """Whether a list that is read may hold tickets that aren't wanted."""
        alone = bool(self.queue) + bool(self.customer_id) + self.done
        return alone > 1 or bool(self.status or self.priority or self.assignee_id or self.team_id or self.tag)

    def fits(self, card: Card) -> bool:
        """Whether a card is wanted."""
        return (
            (self.status is None or card.status is self.status)
            and (self.priority is None or card.priority is self.priority)
            and (not self.assignee_id or card.assignee_id == self.assignee_id)
            and (not self.team_id or card.team_id == self.team_id)
            and (not self.tag or self.tag in card.tags)
            and (not self.done or card.status in DONE)
        )


def list_tickets(desk: Desk, wanted: Filter, limit: int, after: str = "") -> Page:
    """Give a page of the wanted tickets.

    Open ones come in the order of urgency, a customer's and solved ones newest first. Raises InvalidInput for a queue
    that can't be, or for a place that no page gave.
    """
    size = max(limit, READ_AT_ONCE) if wanted.picky else limit
    return read_page(_sources(desk, wanted, size), wanted.fits, limit, after, MOST_READS)


def open_queues(roster: Roster, settings: DeskSettings) -> list[str]:
    """Give the names of all queues of open tickets, those put away included, and of teams only the settings name."""
    experts = (step.team for policy in settings.sla_policies for step in policy.steps if step.team)
    named = [settings.default_team, *(rule.team_id for rule in settings.triage if rule.team_id), *experts]
    teams = [f"team:{team}" for team in dict.fromkeys((*(team.id for team in roster.teams), *named))]
    return [*dict.fromkeys((UNASSIGNED, *teams)), *(f"agent:{agent.id}" for agent in roster.agents), SNOOZED]


def months_back(now: datetime, since: datetime) -> Iterator[str]:
    """Give the lists of what was solved, from this month's back to that of `since`."""
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    first = min(since, now)
    while True:
        yield done_in(month)
        if month <= first:
            return
        month = (month - timedelta(days=1)).replace(day=1)


def _sources(desk: Desk, wanted: Filter, size: int) -> list["Source"]:
    def queues(*names: str, newest_first: bool = False) -> Source:
        return Source(
            names[0],
            lambda place: desk.tickets.queue(names, size, place, newest_first=newest_first),
            urgency,
        )

    if wanted.customer_id:
        customer = desk.customers.get(wanted.customer_id)
        own, *parts = customer.ids if customer else (wanted.customer_id,)
        return [Source("customer", lambda place: desk.tickets.of_customer(own, size, place, parts), by_age)]
    if wanted.queue:
        return [queues(_checked(wanted.queue), newest_first=wanted.queue.startswith("done:"))]
    if wanted.done or wanted.status in DONE:
        now = desk.clock.now()
        months = months_back(now, now - timedelta(days=31 * MONTHS_BACK))
        return [queues(name, newest_first=True) for name in (FOLLOW_UPS, *months)]
    if wanted.assignee_id:
        return [queues(f"agent:{wanted.assignee_id}", SNOOZED)]
    return [queues(*open_queues(desk.people.roster(), desk.settings.load()))]


def _checked(queue: str) -> str:
    kind, _, name = queue.partition(":")
    alone = queue in (FOLLOW_UPS, SNOOZED, Shelf.SPAM.value, Shelf.UNPARSED.value)
    if alone or (kind in ("team", "agent", "done") and (name or kind == "team") and len(queue) < 100):
        return queue
    raise InvalidInput("must be team:<id>, agent:<id>, snoozed, follow-ups, spam, unparsed or done:<YYYY-MM>", "queue")


@dataclass(frozen=True, slots=True)
class Source:
    """One list to read from: the page after a place, and the place of a card in it."""

    name: str
    read: Callable[[str], Page]
    place_of: Callable[[Card], str]


def by_age(card: Card) -> str:
    """Give a card's place among its customer's tickets."""
    return f"{card.created_at.isoformat(timespec='milliseconds')}#{card.ref}"


def read_page(sources: Sequence[Source], fits: Callable[[Card], bool], limit: int, after: str, most: int) -> Page:
    """Read source after source from the place `<source>|<place in it>`; stop when the page is full, or after `most`
    calls, however few cards were found. Raises InvalidInput for a place in none of them.
    """
    name, _, place = after.partition("|")
    names = [source.name for source in sources]
    if after and name not in names:
        raise InvalidInput("is not a cursor that this list gave; begin without one", "cursor")
    found: list[Card] = []
    rest = list(sources[names.index(name) :] if after else sources)
    for _ in range(most):
        page = rest[0].read(place)
        for card in page.cards:
            place = rest[0].place_of(card)
            found += [card] if fits(card) else []
            if len(found) == limit:
                more = page.after or card is not page.cards[-1] or len(rest) > 1
                return Page(tuple(found), f"{rest[0].name}|{place}" if more else "")
        if not page.after:
            rest, place = rest[1:], ""
            if not rest:
                return Page(tuple(found))
    return Page(tuple(found), f"{rest[0].name}|{place}")
