"""Two tickets about the same become one, and two again when that was a mistake."""

from collections.abc import Callable
from contextlib import suppress

from chalicelib.domain import lifecycle, merging
from chalicelib.domain.agenda import Entry
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.change_ticket import change_ticket, load_ticket
from chalicelib.usecases.ports import Desk


def merge_tickets(desk: Desk, ref: str, into: str, by: str, version: int | None = None) -> Ticket:
    """Make a ticket part of another, and give it: closed, its clocks ended, its mail going to the other from now on.

    One read, and the write of the merged ticket; the other learns of it by the agenda. Merged again into the same, it
    is merged. Raises NotFound, StaleVersion, Conflict, or InvalidInput.
    """
    target = desk.tickets.get(into)
    if target is None:
        raise NotFound(f"there is no ticket {into}", "into")

    def decide(ticket: Ticket) -> Ticket:
        if ticket.merged_into == into:
            return ticket
        merging.refuse_unmergeable(ticket, target)
        return merging.merged(ticket, into, desk.clock.now(), by)

    return change_ticket(desk, ref, decide, version=version)


def separate_ticket(desk: Desk, ref: str, by: str, version: int | None = None) -> Ticket:
    """Undo a merge within the time in which tickets reopen, and give the ticket as it stands again.

    What came by mail since stays where it landed. Raises NotFound, StaleVersion or Conflict.
    """
    settings = desk.settings.load()
    return change_ticket(
        desk, ref, lambda ticket: merging.separated(ticket, desk.clock.now(), by, settings), version=version
    )


def tell_merge(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Let the ticket named by `entry.about` know whether this one is part of it; told twice, it knows.

    Where tickets were merged into one another at the same moment, the oldest of them is separated again.
    """
    if circle := _circle(_way(desk, ticket)):
        _separate(desk, merging.head_of(circle))
    with suppress(NotFound):
        _agree(desk, ticket.ref, entry.about)
    return lambda current: current


def _agree(desk: Desk, ref: str, target: str) -> None:
    part = load_ticket(desk, ref)
    by = _who(part)
    if part.merged_into == target:
        settings = desk.settings.load()
        change_ticket(desk, target, lambda other: merging.taken_in(other, part, desk.clock.now(), by, settings))
    else:
        change_ticket(desk, target, lambda other: merging.given_back(other, ref, desk.clock.now(), by))


def _who(part: Ticket) -> str:
    turns = (Happening.MERGED_INTO, Happening.SEPARATED)
    return next((fact.by for fact in reversed(part.timeline) if fact.what in turns), lifecycle.DESK)


def _separate(desk: Desk, head: Ticket) -> None:
    settings = desk.settings.load()

    def decide(current: Ticket) -> Ticket:
        if current.merged_into != head.merged_into:
            return current
        return merging.separated(current, desk.clock.now(), lifecycle.DESK, settings)

    change_ticket(desk, head.ref, decide)


def where_it_went(desk: Desk, ticket: Ticket) -> Ticket:
    """Give the ticket that this one is part of, however often that was merged on; itself where it isn't merged.

    One read for each step. A pointer to a ticket that is gone ends at the last one there.
    """
    way = _way(desk, ticket)
    circle = _circle(way)
    return merging.head_of(circle) if circle else way[-1]


def _way(desk: Desk, ticket: Ticket) -> tuple[Ticket, ...]:
    """Follow the pointers: the tickets on the way, up to the one that isn't merged, or the last before a known one."""
    way = [ticket]
    while (ref := way[-1].merged_into) and ref not in {known.ref for known in way}:
        further = desk.tickets.get(ref)
        if further is None:
            break
        way.append(further)
    return tuple(way)


def _circle(way: tuple[Ticket, ...]) -> tuple[Ticket, ...]:
    """Give the tickets of the way that point to one another in a circle, if it ends in one."""
    back = way[-1].merged_into
    start = next((place for place, ticket in enumerate(way) if ticket.ref == back), len(way))
    return way[start:]
