"""An agent looks at the inbox: one view of it, page by page, and how much each view holds.

One call reads everything that isn't done, up to MOST tickets: enough for the counts of all views, and for the page.
Where there is more, the counts say so, and the page is read by itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.domain.card import FOLLOW_UPS, SNOOZED, Card, Line, Page, Standing, urgency, urgent_until
from chalicelib.domain.inbox_view import (
    ALL,
    ALONE,
    BREACHED,
    DONE,
    DUE_SOON,
    MINE,
    SAVED,
    SOON_SECONDS,
    TEAM,
    UNASSIGNED,
    VIEWS,
    Criteria,
    SavedViews,
    refuse_unknown_view,
)
from chalicelib.domain.people import Agent, Roster
from chalicelib.usecases.list_tickets import READ_AT_ONCE, Source, months_back, open_queues, read_page
from chalicelib.usecases.ports import Desk

MOST = 1000
"""Tickets read at once. 1,000 cards are some 600 kB: 75 units, 0.00001 USD."""

MOST_READS = 3
"""Further calls for one page where a filter drops cards; then the page says that more may follow."""

MONTHS_BACK = 24


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list, and what of it: `view` is one of VIEWS or `team:<id>`."""

    view: str
    criteria: Criteria = field(default_factory=Criteria)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets each view holds, saved ones by `saved:<id>`; not `exact` where more stand than were read."""

    of: Mapping[str, int]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of a view. `total` is how many it holds and `before` how many come before this page, None where only
    the page is known; `sure` is False where `page.after` leads to what may or may not hold more."""

    page: Page
    counts: Counts
    total: int | None = None
    before: int | None = None
    sure: bool = True


def view_inbox(
    desk: Desk,
    agent: Agent,
    roster: Roster,
    wanted: Wanted,
    limit: int,
    after: str = "",
    saved: Sequence[SavedViews] = (),
) -> Inbox:
    """Give a page of a view with the counts of all: the most urgent first, what is done newest first.

    One call where no more than MOST tickets stand open, on each page; what is done takes one for each month that has
    to be read. Raises InvalidInput for a view that is none, or a place that no page gave.
    """
    refuse_unknown_view(wanted.view, roster)
    looking = _Looking(desk, agent, roster, desk.clock.now())
    standing = desk.tickets.standing(MOST)
    counts = _counts(looking, standing, saved)
    if standing.whole and wanted.view != DONE and after.partition("|")[0] in ("", wanted.view):
        return _from_standing(looking, standing, wanted, limit, after.partition("|")[2], counts)
    page, sure = _from_lists(looking, standing, wanted, limit, after)
    return Inbox(page, counts, sure=sure)


@dataclass(frozen=True, slots=True)
class _Looking:
    """Who looks, and when."""

    desk: Desk
    agent: Agent
    roster: Roster
    now: datetime

    def holds(self, view: str) -> Callable[[Line], bool]:
        """Give what says whether a line stands in a view, as far as a line can tell."""
        if view in ALONE:
            return lambda line: line.queue == view
        if view.startswith(TEAM):
            return lambda line: _is_open(line) and line.card().team_id == view.removeprefix(TEAM)
        if view == MINE:
            return lambda line: line.queue == f"agent:{self.agent.id}"
        if view == UNASSIGNED:
            return lambda line: line.queue.startswith("team:")
        if view == ALL:
            return _is_open
        until = f"{self.now + timedelta(seconds=SOON_SECONDS if view == DUE_SOON else 0):%Y-%m-%dT%H:%M:%S}"
        return lambda line: _is_open(line) and "" < line.due <= until

    def fits(self, criteria: Criteria) -> Callable[[Card], bool]:
        """Give what says whether a card is wanted."""
        return lambda card: criteria.fits(card, self.agent.id, self.now)


def _is_open(line: Line) -> bool:
    return line.queue == SNOOZED or line.queue.startswith(("team:", "agent:"))


def _counts(looking: _Looking, standing: Standing, saved: Iterable[SavedViews]) -> Counts:
    lines = standing.lines
    found = {view: sum(map(looking.holds(view), lines)) for view in VIEWS if view != DONE}
    teams = {f"{TEAM}{team.id}": looking.holds(f"{TEAM}{team.id}") for team in looking.roster.teams}
    found |= {view: sum(map(holds, lines)) for view, holds in teams.items()}
    for view in (view for views in saved for view in views.views if view.base != DONE):
        found[f"{SAVED}{view.id}"] = len(_matching(looking, lines, Wanted(view.base, view.criteria)))
    return Counts(found, exact=standing.whole)


def _matching(looking: _Looking, lines: Iterable[Line], wanted: Wanted) -> list[Line]:
    holds, fits = looking.holds(wanted.view), looking.fits(wanted.criteria)
    if not wanted.criteria.wanted:
        return [line for line in lines if holds(line)]
    return [line for line in lines if holds(line) and fits(line.card())]


def _from_standing(
    looking: _Looking, standing: Standing, wanted: Wanted, limit: int, place: str, counts: Counts
) -> Inbox:
    found = sorted(_matching(looking, standing.lines, wanted), key=lambda line: line.place)
    rest = [line for line in found if line.place > place]
    shown = rest[:limit]
    after = f"{wanted.view}|{shown[-1].place}" if len(rest) > limit else ""
    page = Page(tuple(line.card() for line in shown), after)
    return Inbox(page, counts, total=len(found), before=len(found) - len(rest))


def _from_lists(looking: _Looking, standing: Standing, wanted: Wanted, limit: int, after: str) -> tuple[Page, bool]:
    team = wanted.view.removeprefix(TEAM) if wanted.view.startswith(TEAM) else ""
    fits = looking.fits(wanted.criteria)

    def wants(card: Card) -> bool:
        return (not team or card.team_id == team) and fits(card)

    sources = _sources(looking, standing, wanted.view, max(limit, READ_AT_ONCE))
    page = read_page(sources, wants, limit, after, MOST_READS)
    return page, not page.after


def _sources(looking: _Looking, standing: Standing, view: str, size: int) -> list[Source]:
    desk, tickets = looking.desk, looking.desk.tickets
    if view == DONE:
        months = months_back(looking.now, looking.now - timedelta(days=31 * MONTHS_BACK))
        return [_followed_up(standing), *(_newest_first(desk, name, size) for name in months)]
    if view in ALONE:
        names = [view]
    else:
        names = [f"agent:{looking.agent.id}"] if view == MINE else open_queues(looking.roster, desk.settings.load())
    if view == UNASSIGNED:
        names = [name for name in names if name.startswith("team:")]
    seconds = {DUE_SOON: SOON_SECONDS, BREACHED: 0}.get(view)
    until = "" if seconds is None else urgent_until(looking.now + timedelta(seconds=seconds))
    return [Source(view, lambda place: tickets.queue(names, size, place, until=until), urgency)]


def _newest_first(desk: Desk, name: str, size: int) -> Source:
    return Source(name, lambda place: desk.tickets.queue([name], size, place, newest_first=True), urgency)


def _followed_up(standing: Standing) -> Source:
    """What is solved but asks for somebody once more; it was read already."""
    lines = sorted((line for line in standing.lines if line.queue == FOLLOW_UPS), key=lambda line: line.place)

    def read(place: str) -> Page:
        return Page(tuple(line.card() for line in reversed(lines) if not place or line.place < place))

    return Source(FOLLOW_UPS, read, urgency)
