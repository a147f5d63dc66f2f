"""The chat box asks, every few seconds, whether there is something new: one cheap read. Asking records nothing."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chalicelib.domain import chat
from chalicelib.domain.errors import LinkExpired, NotFound
from chalicelib.domain.message import Attachment, Message, MessageKind
from chalicelib.domain.ticket import DONE, Status, Ticket
from chalicelib.usecases.change_ticket import load_ticket
from chalicelib.usecases.fetch_file import file_token
from chalicelib.usecases.open_chat import PURPOSE
from chalicelib.usecases.ports import Desk

KEPT = timedelta(days=30)
"""How long after its last change a conversation can be gone on with in the box."""

FILE_SECONDS = 3600
MOST_PLACES = 100_000


class State(StrEnum):
    """How a conversation stands, as the box tells its visitor."""

    OPEN = "open"
    BY_MAIL = "by_mail"
    SOLVED = "solved"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Line:
    """One message as the visitor reads it; files come with the tokens of their links."""

    message: Message
    mine: bool
    files: tuple[tuple[Attachment, str], ...]


@dataclass(frozen=True, slots=True)
class ChatNews:
    """What the box doesn't show yet. `place` is how far its timeline has been told; `reachable` whether a mail address
    is known."""

    place: int
    lines: tuple[Line, ...]
    state: State
    reachable: bool


def named(desk: Desk, token: str) -> str:
    """Give the reference that a visitor's token names. Raises NotFound."""
    content = desk.signer.unseal(PURPOSE, token)
    if content is None:
        raise NotFound("this is no conversation of ours", "chat")
    return content["ref"]


def visited(desk: Desk, token: str) -> Ticket:
    """Give the ticket of a visitor's token, as it stands now. Raises NotFound or LinkExpired."""
    ticket = load_ticket(desk, named(desk, token))
    _refuse_expired(desk, ticket)
    return ticket


def read_chat(desk: Desk, token: str, after: int) -> ChatNews | None:
    """Give what a conversation says beyond the place `after`, or None where nothing happened since.

    One read, eventually consistent; beyond a hundred facts one query more; and a read for each message that is new, or
    with `after` 0 one query for all. Raises NotFound, or LinkExpired a month after the last change.
    """
    ref = named(desk, token)
    if after <= 0:
        return _from_the_beginning(desk, ref)
    ticket = desk.chats.glance(ref)
    if ticket is None or ticket.archived:
        ticket = load_ticket(desk, ref)
    _refuse_expired(desk, ticket)
    if len(ticket.timeline) <= after:
        return None
    new = [fact.detail["message"] for place, fact in chat.shown_in_box(ticket) if place > after]
    messages = (desk.tickets.message(ref, message_id) for message_id in new)
    return _news(desk, ticket, tuple(message for message in messages if message))


def mark_seen(desk: Desk, token: str, place: int) -> None:
    """Note that the visitor has read so far: one write. Raises NotFound."""
    if place > 0:
        desk.chats.mark_seen(named(desk, token), min(place, MOST_PLACES), desk.clock.now())


def _from_the_beginning(desk: Desk, ref: str) -> ChatNews:
    found = desk.tickets.conversation(ref)
    ticket, messages = found or (load_ticket(desk, ref), ())
    _refuse_expired(desk, ticket)
    shown = {fact.detail["message"] for _, fact in chat.shown_in_box(ticket)}
    return _news(desk, ticket, tuple(message for message in messages if message.id in shown))


def _refuse_expired(desk: Desk, ticket: Ticket) -> None:
    if desk.clock.now() >= ticket.updated_at + KEPT or not chat.is_from_box(ticket):
        raise LinkExpired("this conversation is long over; begin another", "chat")


def _news(desk: Desk, ticket: Ticket, messages: tuple[Message, ...]) -> ChatNews:
    until = desk.clock.now() + timedelta(seconds=FILE_SECONDS)
    lines = tuple(
        Line(
            message,
            message.kind is MessageKind.CUSTOMER,
            tuple((file, file_token(desk, file, until)) for file in message.attachments),
        )
        for message in messages
    )
    return ChatNews(len(ticket.timeline), lines, state_of(ticket), bool(ticket.requester.email))


def state_of(ticket: Ticket) -> State:
    """Give how a conversation stands."""
    if ticket.status is Status.CLOSED:
        return State.OVER
    if ticket.status in DONE:
        return State.SOLVED
    return State.OPEN if chat.last_word(ticket) else State.BY_MAIL
