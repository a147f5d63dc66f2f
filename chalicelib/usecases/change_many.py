"""Several tickets are changed at once, each by itself: one that can't be changed keeps no other from it. For a while it
can be taken back, again ticket by ticket."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.errors import (
    Conflict,
    DeskError,
    InvalidInput,
    NotFound,
    RequestInProgress,
    StaleVersion,
    TryAgain,
)
from chalicelib.domain.many import Done, Kind, ManyChange, with_status_again
from chalicelib.domain.reference import parse_reference
from chalicelib.domain.ticket import Priority, Shelf, Status, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, refuse_unknown, with_edit
from chalicelib.usecases.merge_tickets import merge_tickets, separate_ticket
from chalicelib.usecases.ports import Desk

MOST = 100
"""Tickets changed at once."""

CHANGED_SINCE = "changed_since"
REASONS: Sequence[tuple[type[DeskError], str]] = (
    (NotFound, "not_found"),
    (StaleVersion, "busy"),
    (RequestInProgress, "busy"),
    (TryAgain, "busy"),
    (Conflict, "closed"),
)
"""Why a ticket was left as it is: there is none, somebody kept changing it, its state forbids it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each ticket: changed, already as it was to be, or left as it is and why."""

    done: tuple[Done, ...] = ()
    same: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    into: str = ""


def change_many(desk: Desk, refs: Iterable[str], change: ManyChange, by: str) -> Outcome:
    """Change each of these tickets, the first MOST: a read and a write for each. Done again, it changes nothing more.

    Raises InvalidInput for an agent or a team that isn't there, or where fewer than two are to be made one.
    """
    chosen = tuple(dict.fromkeys(refs))[:MOST]
    if not chosen:
        raise InvalidInput("choose some tickets first", "ref")
    if change.kind is Kind.MERGE:
        return _merged(desk, chosen, by)
    _refuse_unknown(desk, change)

    def one(ref: str) -> Done | None:
        seen: list[Ticket] = []

        def decide(ticket: Ticket) -> Ticket:
            seen.append(ticket)
            return with_edit(desk, ticket, _edit(change, ticket), by)

        after = change_ticket(desk, ref, decide)
        before = seen[-1]
        return None if after is before else Done(ref, change.before(before), len(after.timeline))

    return _each(chosen, one)


def take_back_many(desk: Desk, change: ManyChange, done: Iterable[Done], by: str, into: str = "") -> Outcome:
    """Restore what was there before, on each ticket on which nobody has changed the same thing since."""
    entries = {each.ref: each for each in done}

    def one(ref: str) -> Done:
        entry = entries[ref]
        if change.kind is Kind.MERGE:
            _separate(desk, entry, into, by)
        else:
            change_ticket(desk, ref, _restoring(desk, change, entry, by))
        return entry

    return _each(tuple(entries), one)


class _ChangedSince(Conflict):
    """Somebody changed the same thing since."""


def _each(refs: Iterable[str], one: Callable[[str], Done | None]) -> Outcome:
    done: list[Done] = []
    same: list[str] = []
    failed: list[tuple[str, str]] = []
    for ref in refs:
        try:
            found = one(parse_reference(ref))
        except _ChangedSince:
            failed.append((ref, CHANGED_SINCE))
        except DeskError as error:
            failed.append((ref, _reason(error)))
        else:
            if found is None:
                same.append(ref)
            else:
                done.append(found)
    return Outcome(tuple(done), tuple(same), tuple(failed))


def _reason(error: DeskError) -> str:
    if error.field == "fields":
        return "unfilled"
    return next((reason for kind, reason in REASONS if isinstance(error, kind)), "not_found")


def _refuse_unknown(desk: Desk, change: ManyChange) -> None:
    if change.value and change.kind is Kind.ASSIGN:
        refuse_unknown(desk.people.roster(), TicketEdit(assignee_id=change.value))
    elif change.value and change.kind is Kind.TEAM:
        refuse_unknown(desk.people.roster(), TicketEdit(team_id=change.value))


def _edit(change: ManyChange, ticket: Ticket) -> TicketEdit:
    match change.kind:
        case Kind.ASSIGN:
            return TicketEdit(assignee_id=change.value)
        case Kind.TEAM:
            return TicketEdit(team_id=change.value)
        case Kind.STATUS:
            return TicketEdit(status=Status(change.value))
        case Kind.PRIORITY:
            return TicketEdit(priority=Priority(change.value))
        case Kind.SHELF:
            return TicketEdit(shelf=Shelf(change.value))
        case _:
            return TicketEdit(tags=change.tags(ticket))


def _restoring(desk: Desk, change: ManyChange, entry: Done, by: str) -> Callable[[Ticket], Ticket]:
    def decide(ticket: Ticket) -> Ticket:
        if entry.touched_since(ticket, change.kind):
            raise _ChangedSince("somebody changed it since", "ref")
        if change.kind is Kind.STATUS:
            now, settings = desk.clock.now(), desk.settings.load()
            return with_status_again(ticket, Status(entry.before), now, by, settings)
        return with_edit(desk, ticket, _former(change, entry, ticket), by)

    return decide


def _former(change: ManyChange, entry: Done, ticket: Ticket) -> TicketEdit:
    """Give the edit that restores what was there."""
    first, _, assignee = entry.before.partition(" ")
    match change.kind:
        case Kind.ASSIGN:
            return TicketEdit(assignee_id=entry.before)
        case Kind.TEAM:
            return TicketEdit(team_id=first, assignee_id=assignee)
        case Kind.PRIORITY:
            return TicketEdit(priority=Priority(entry.before))
        case Kind.SHELF:
            return TicketEdit(shelf=Shelf(first), assignee_id=assignee if not first else None)
        case _:
            opposite = ManyChange(Kind.UNTAG if change.kind is Kind.TAG else Kind.TAG, change.value)
            return TicketEdit(tags=opposite.tags(ticket))


def _merged(desk: Desk, refs: Sequence[str], by: str) -> Outcome:
    """Make the others a part of the oldest."""
    known = desk.tickets.get_many(refs)
    if len(known) < 2:
        raise InvalidInput("choose two tickets or more to make them one", "ref")
    oldest = min(known.values(), key=lambda ticket: (ticket.created_at, ticket.ref))

    def one(ref: str) -> Done | None:
        if ref in known and known[ref].merged_into == oldest.ref:
            return None
        after = merge_tickets(desk, ref, oldest.ref, by)
        return Done(ref, "", len(after.timeline))

    found = _each([ref for ref in refs if ref != oldest.ref], one)
    return Outcome(found.done, found.same, found.failed, oldest.ref)


def _separate(desk: Desk, entry: Done, into: str, by: str) -> None:
    ticket = desk.tickets.get(entry.ref)
    if ticket is None:
        raise NotFound("there is no such ticket", "ref")
    if ticket.merged_into != into or entry.touched_since(ticket, Kind.MERGE):
        raise _ChangedSince("somebody changed it since", "ref")
    separate_ticket(desk, entry.ref, by, ticket.version)
