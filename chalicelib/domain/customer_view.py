"""What a customer sees of a ticket: what was said to them and by them, and how it stands, in their terms."""

from collections.abc import Iterable
from enum import StrEnum

from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.ticket import Status, Ticket


class Standing(StrEnum):
    """How a ticket stands, as its customer is told."""

    RECEIVED = "received"
    IN_WORK = "in_work"
    ASKED = "asked"
    ELSEWHERE = "elsewhere"
    SOLVED = "solved"
    CLOSED = "closed"


_STANDINGS = {
    Status.NEW: Standing.RECEIVED,
    Status.OPEN: Standing.IN_WORK,
    Status.PENDING: Standing.ASKED,
    Status.ON_HOLD: Standing.ELSEWHERE,
    Status.SOLVED: Standing.SOLVED,
    Status.CLOSED: Standing.CLOSED,
}


def standing(ticket: Ticket, *, for_good: bool) -> Standing:
    """Give how a ticket stands; `for_good` says that nothing opens it again, though it may be solved only."""
    return Standing.CLOSED if for_good else _STANDINGS[ticket.status]


def seen_by(customer_id: str, parts: Iterable[tuple[Ticket, Iterable[Message]]]) -> tuple[tuple[Ticket, Message], ...]:
    """Give what a customer may read of a ticket and those merged into it, in the order of time.

    Notes and automatic mail are nobody's to read. Of a ticket that isn't theirs, they see only what they wrote
    themselves: what others asked, and what they were answered, stays between those and the desk.
    """
    read = [
        (ticket, message)
        for ticket, messages in parts
        for message in messages
        if _may_read(customer_id, ticket, message)
    ]
    return tuple(sorted(read, key=lambda pair: pair[1].created_at))


def _may_read(customer_id: str, ticket: Ticket, message: Message) -> bool:
    if message.kind not in (MessageKind.CUSTOMER, MessageKind.REPLY):
        return False
    return ticket.requester.customer_id == customer_id or message.author == f"customer:{customer_id}"
