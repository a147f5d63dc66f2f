"""An agent answers, or leaves a note for the others."""

from dataclasses import dataclass

from chalicelib.domain import lifecycle
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.ticket import Status, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.open_ticket import message_id_for
from chalicelib.usecases.ports import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What somebody of the desk writes on a ticket. `origin` is the same when the same request is repeated."""

    origin: str
    kind: MessageKind
    text: str
    author: str
    author_name: str
    status: Status | None = None


def answer_ticket(desk: Desk, ref: str, new: NewMessage) -> Message:
    """Write a public reply or an internal note, and give it; `status` is set with it.

    The message is kept first, then the ticket mentions it: one read and two writes. Raises NotFound, or Conflict on
    a closed ticket.
    """
    now = desk.clock.now()
    message = Message(
        id=message_id_for(desk.signer.secret(), new.origin),
        kind=new.kind,
        author=new.author,
        author_name=new.author_name,
        text=new.text,
        created_at=now,
    )

    def decide(ticket: Ticket) -> Ticket:
        nonlocal message
        if ticket.has_message(message.id):
            message = desk.tickets.message(ref, message.id) or message
            return ticket
        lifecycle.refuse_if_closed(ticket)
        desk.tickets.write_messages(ref, [message])
        return _written(ticket, new, message, desk)

    change_ticket(desk, ref, decide)
    return message


def _written(ticket: Ticket, new: NewMessage, message: Message, desk: Desk) -> Ticket:
    now = message.created_at
    if new.kind is MessageKind.NOTE:
        after = lifecycle.noted(ticket, message.id, now, new.author)
    else:
        after = lifecycle.answered(ticket, message.id, now, new.author)
    return lifecycle.with_status(after, new.status, now, new.author, desk.settings.load()) if new.status else after
