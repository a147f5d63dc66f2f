"""Tickets that have to do with one another are linked, and each shows the other."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.domain import linking
from chalicelib.domain.agenda import Entry
from chalicelib.domain.errors import NotFound
from chalicelib.domain.linking import LinkKind
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import change_ticket, load_ticket
from chalicelib.usecases.ports import Desk


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A ticket that another points to: `kind` is what it is to that one; `ticket` is None where it is gone."""

    ref: str
    kind: str
    ticket: Ticket | None


def link_tickets(desk: Desk, ref: str, other: str, kind: LinkKind, by: str) -> Ticket:
    """Link a ticket with another: one read and a change; the other learns of it by the agenda.

    Raises NotFound, InvalidInput or Conflict.
    """
    if desk.tickets.get(other) is None:
        raise NotFound(f"there is no ticket {other}", "ticket")
    return change_ticket(desk, ref, lambda ticket: linking.linked(ticket, other, kind, desk.clock.now(), by))


def unlink_tickets(desk: Desk, ref: str, other: str, by: str) -> Ticket:
    """Take a link away, on both sides. Raises NotFound."""
    return change_ticket(desk, ref, lambda ticket: linking.unlinked(ticket, other, desk.clock.now(), by))


def tell_link(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Let the ticket named by `entry.about` say what this one says of the two; told twice, it says so."""
    with suppress(NotFound):
        one = load_ticket(desk, ticket.ref)
        change_ticket(desk, entry.about, lambda other: linking.agreed(other, one, desk.clock.now()))
    return lambda current: current


def neighbours_of(desk: Desk, ticket: Ticket) -> Sequence[Neighbour]:
    """Give the tickets that this one points to, with their subjects and states: one read, none where there are none."""
    pointed = linking.neighbours(ticket)
    found = desk.tickets.get_many(tuple(pointed)) if pointed else {}
    return [Neighbour(ref, kind, found.get(ref)) for ref, kind in pointed.items()]
