"""What a customer sees of a ticket: what was said to them and by them, and how it stands, in their terms."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.agenda import Task
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.sla import Clock
from chalicelib.domain.ticket import Status, Survey, Ticket

ANSWERS = ("first_response", "next_response", "progress_update")
"""The clocks that count to a word from the desk."""


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


class Next(StrEnum):
    """What a customer can expect to happen next."""

    ANSWER = "answer"
    LATE = "late"
    SOON = "soon"
    YOUR_TURN = "your_turn"
    NEWS = "news"
    CLOSES = "closes"
    NOTHING = "nothing"


def next_step(ticket: Ticket, how: Standing, clocks: Sequence[Clock]) -> tuple[Next, datetime | None]:
    """Give what comes next on a ticket, and by when where that is promised: the earliest of the clocks that count to a
    word from the desk. A promise that is broken already is owned up to, and no other time is named."""
    if how in (Standing.RECEIVED, Standing.IN_WORK):
        open_ones = [clock for clock in clocks if clock.metric in ANSWERS and clock.open and clock.due_at]
        if any(clock.breached_at for clock in open_ones):
            return Next.LATE, None
        due = min((clock.due_at for clock in open_ones if clock.due_at), default=None)
        return (Next.ANSWER, due) if due else (Next.SOON, None)
    if how is Standing.SOLVED:
        closing = next((entry.at for entry in ticket.agenda if entry.task is Task.CLOSE), None)
        return (Next.CLOSES, closing) if closing else (Next.NOTHING, None)
    return {Standing.ASKED: Next.YOUR_TURN, Standing.ELSEWHERE: Next.NEWS}.get(how, Next.NOTHING), None


def open_survey(ticket: Ticket, now: datetime) -> Survey | None:
    """Give the latest survey, while it can be answered."""
    return next((one for one in reversed(ticket.surveys) if one.rating is None and now < one.expires_at), None)


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
