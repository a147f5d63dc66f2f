"""A ticket's conversation is read as people see it: with what was merged into it, in the order of time."""

from dataclasses import replace

from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.ports import Desk

Conversation = tuple[tuple[Message, str], ...]
"""Messages, each with the reference of the ticket that it lies under."""


def read_conversation(desk: Desk, ref: str) -> tuple[Ticket, Conversation] | None:
    """Give the ticket with its messages and those of its parts, or None: one query for each ticket.

    An automatic mail of which an agent said that a person wrote it is shown as the customer's.
    """
    found = desk.tickets.conversation(ref)
    if found is None:
        return None
    ticket = found[0]
    parts, seen = _shown(*found), {ref}
    waiting = list(ticket.merged_from)
    while waiting:
        part = waiting.pop(0)
        other = desk.tickets.conversation(part) if part not in seen else None
        seen.add(part)
        if other is not None:
            parts += _shown(*other)
            waiting += other[0].merged_from
    if len(seen) == 1:
        return ticket, parts
    return ticket, tuple(sorted(parts, key=lambda pair: pair[0].created_at))


def _shown(ticket: Ticket, messages: tuple[Message, ...]) -> Conversation:
    by_people = {fact.detail.get("message") for fact in ticket.timeline if fact.what is Happening.CUSTOMER_WROTE}
    return tuple(
        (
            replace(one, kind=MessageKind.CUSTOMER) if one.kind is MessageKind.SYSTEM and one.id in by_people else one,
            ticket.ref,
        )
        for one in messages
    )
