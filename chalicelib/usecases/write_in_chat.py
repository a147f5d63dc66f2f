"""Somebody goes on in the chat box: writes, says how mail reaches them, or that they are done."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import chat, lifecycle
from chalicelib.domain.errors import LinkExpired, TooManyRequests
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.ticket import DONE, Happening, Requester, Status, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.continue_ticket import closed_for_good
from chalicelib.usecases.hear_customer import hear_customer
from chalicelib.usecases.open_ticket import message_id_for
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.read_chat import visited

MOST, STRETCH = 30, timedelta(minutes=5)
"""How many messages one conversation may bring within so long: more than fingers type, fewer than programs do."""


@dataclass(frozen=True, slots=True)
class FurtherWords:
    """What somebody says next. `form` is made up by their browser for each message: what is sent twice is one."""

    form: str
    text: str


def write_in_chat(desk: Desk, token: str, words: FurtherWords) -> Message:
    """Take in a further message, and give it; sent twice it is one. A solved ticket opens again.

    Two reads and two writes. Raises NotFound; LinkExpired where the conversation is over, so that another begins;
    TooManyRequests.
    """
    ticket = visited(desk, token)
    message = _message(desk, ticket, words)
    if ticket.has_message(message.id):
        return message
    if chat.is_over(ticket) or closed_for_good(desk, ticket):
        raise LinkExpired("this conversation is over; begin another", "chat")
    _refuse_too_often(ticket, desk.clock.now())
    desk.tickets.write_messages(ticket.ref, [message])
    hear_customer(desk, ticket.ref, message, via=chat.CHANNEL)
    return message


def tell_address(desk: Desk, token: str, email: str, name: str) -> Ticket:
    """Take in by which address mail reaches the visitor, and give the ticket; what they didn't see yet then goes there.

    The first address stays: whoever has the token could otherwise have the conversation mailed to anybody. Raises
    NotFound or LinkExpired.
    """
    ticket = visited(desk, token)
    if ticket.requester.email or desk.settings.load().chat.ask_email == "never":
        return ticket
    customer = desk.customers.meet(email, name, desk.clock.now())
    who = Requester(customer.id, name or ticket.requester.name or customer.name, email, customer.tier)

    def decide(current: Ticket) -> Ticket:
        return current if current.requester.email else _reachable(current, who, desk.clock.now())

    return change_ticket(desk, ticket.ref, decide)


def end_chat(desk: Desk, token: str) -> Ticket:
    """Take the visitor's word that they are done, and give the ticket: it is solved. Raises NotFound or LinkExpired."""
    ticket = visited(desk, token)

    def decide(current: Ticket) -> Ticket:
        if current.status in DONE:
            return current
        by = f"customer:{current.requester.customer_id}"
        return lifecycle.with_status(current, Status.SOLVED, desk.clock.now(), by, desk.settings.load())

    return change_ticket(desk, ticket.ref, decide)


def _message(desk: Desk, ticket: Ticket, words: FurtherWords) -> Message:
    told = hashlib.sha256(repr((words.form, words.text)).encode("utf-8", "surrogatepass")).hexdigest()[:40]
    return Message(
        id=message_id_for(desk.signer.secret(), f"{ticket.ref}:{chat.ORIGIN}{told}"),
        kind=MessageKind.CUSTOMER,
        author=f"customer:{ticket.requester.customer_id}",
        author_name=ticket.requester.name or ticket.requester.email,
        text=words.text,
        created_at=desk.clock.now(),
    )


def _refuse_too_often(ticket: Ticket, now: datetime) -> None:
    wrote = (fact for fact in ticket.timeline if fact.tells(Happening.CUSTOMER_WROTE, via=chat.CHANNEL))
    if sum(1 for fact in wrote if fact.at > now - STRETCH) >= MOST:
        raise TooManyRequests("that was a lot within a few minutes; go on in a moment", "text")


def _reachable(ticket: Ticket, who: Requester, now: datetime) -> Ticket:
    thread = replace(ticket.thread, participants=(*ticket.thread.participants, who.email))
    known = replace(ticket, requester=who, thread=thread)
    after = known.with_fact(now, Happening.ADDRESS_GIVEN, f"customer:{who.customer_id}")
    waiting = [fact.detail["message"] for fact in after.timeline if fact.what is Happening.AGENT_ANSWERED]
    last = next((one for one in reversed(waiting) if chat.answers_on_their_way(after, one)), "")
    return chat.to_be_seen(after, last, now) if last else after
