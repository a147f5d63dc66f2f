"""A ticket's conversation is read as people see it: with what was merged into it, in the order of time."""

from dataclasses import replace

from chalicelib.domain import splitting
from chalicelib.domain.draft import Draft
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.ports import Desk

Found = tuple[Ticket, tuple[Message, ...]]
"""A ticket with the messages that lie under it."""

Conversation = tuple[tuple[Message, str], ...]
"""Messages, each with the reference of the ticket that it lies under."""


def read_conversation(desk: Desk, ref: str) -> tuple[Ticket, Conversation] | None:
    """Give the ticket with its messages and those of its parts, or None: one query for each ticket.

    An automatic mail of which an agent said that a person wrote it is shown as the customer's.
    """
    opened = open_conversation(desk, ref)
    return opened[:2] if opened else None


def open_conversation(desk: Desk, ref: str) -> tuple[Ticket, Conversation, tuple[Draft, ...]] | None:
    """Give the same with what agents are writing on the ticket: by no more reads."""
    opened = desk.tickets.opened(ref)
    if opened is None:
        return None
    found = opened[:2]
    parts = with_parts(desk, found)
    told = tuple((message, ticket.ref) for ticket, messages in parts for message in messages)
    in_time = told if len(parts) == 1 else tuple(sorted(told, key=lambda pair: pair[0].created_at))
    return found[0], in_time, opened[2]


def with_parts(desk: Desk, found: Found) -> tuple[Found, ...]:
    """Give a ticket and those that are part of it, each with its messages as they are shown: a query for each part."""
    parts, seen = [(found[0], _shown(*found))], {found[0].ref}
    waiting = list(found[0].merged_from)
    while waiting:
        part = waiting.pop(0)
        other = desk.tickets.conversation(part) if part not in seen else None
        seen.add(part)
        if other is not None:
            parts.append((other[0], _shown(*other)))
            waiting += other[0].merged_from
    return tuple(parts)


def _shown(ticket: Ticket, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    by_people = {fact.detail.get("message") for fact in ticket.timeline if fact.what is Happening.CUSTOMER_WROTE}
    moved = splitting.moved_from(ticket)
    return tuple(
        replace(one, kind=MessageKind.CUSTOMER) if one.kind is MessageKind.SYSTEM and one.id in by_people else one
        for one in messages
        if one.id not in moved
    )
