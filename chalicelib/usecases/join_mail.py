"""A mail joins the ticket that it belongs to, as a further message by whoever wrote it."""

from dataclasses import replace
from functools import partial

from chalicelib.domain.email import InboundEmail
from chalicelib.domain.mail_thread import plain_address
from chalicelib.domain.message import TEXT_LIMIT, Attachment, Message, MessageKind
from chalicelib.domain.ticket import MOST_PARTICIPANTS, Ticket
from chalicelib.usecases.hear_customer import hear_customer
from chalicelib.usecases.match_mail import Arrival
from chalicelib.usecases.ports import Desk


def join_mail(desk: Desk, came: Arrival, ticket: Ticket) -> str:
    """Put a customer's mail, or an automatic one, onto a ticket, and give its reference. Done twice it is done once.

    Somebody else than the requester is a customer of their own: what they wrote is theirs in the history, and so is
    everybody new on To and Cc a participant from now on.
    """
    mail, automatic = came.mail, came.mail.automatic is not None
    author = _author(desk, came, ticket)
    kind = MessageKind.SYSTEM if automatic else MessageKind.CUSTOMER
    message = message_of(desk, came, ticket.ref, kind, author)
    keep_message(desk, message, ticket)
    own = desk.settings.load().own_addresses
    also = partial(with_participants, mail=mail, own=own)
    return hear_customer(desk, ticket.ref, message, automatic=automatic, also=also).ref


def _author(desk: Desk, came: Arrival, ticket: Ticket) -> str:
    """Give whose words these are. Another participant is met as a customer: one write, which the requester had."""
    writer = came.mail.sender
    if writer is None or writer.email == ticket.requester.email:
        return f"customer:{ticket.requester.customer_id}"
    if came.mail.automatic is not None:
        return f"customer:{desk.customers.id_of(writer.email)}"
    return f"customer:{desk.customers.meet(writer.email, writer.name, desk.clock.now()).id}"


def message_of(desk: Desk, came: Arrival, ref: str, kind: MessageKind, author: str) -> Message:
    """Give the message that a mail becomes on a ticket, its files kept."""
    mail = came.mail
    return Message(
        id=came.message_id,
        kind=kind,
        author=author,
        author_name=(mail.sender.name or mail.sender.email) if mail.sender else "",
        text=cut_text(mail.text),
        html=mail.html,
        newly_said=mail.newly_said[:TEXT_LIMIT],
        attachments=keep_attachments(desk, mail, ref, came.message_id),
        created_at=desk.clock.now(),
        email_id=mail.message_id,
        source=came.key,
        problems=mail.problems,
    )


def keep_message(desk: Desk, message: Message, ticket: Ticket) -> None:
    """Keep a message before the ticket mentions it, and file its Message-ID, so that answers to it find the ticket."""
    desk.tickets.write_messages(ticket.ref, [message])
    if message.email_id:
        desk.tickets.file_email(message.email_id, ticket.ref)


def with_participants(ticket: Ticket, mail: InboundEmail, own: tuple[str, ...]) -> Ticket:
    """Give the ticket with everybody that a mail was from or went to, ourselves apart, among its participants."""
    everybody = tuple(dict.fromkeys((*ticket.thread.participants, *participants_of(mail, own))))[:MOST_PARTICIPANTS]
    if everybody == ticket.thread.participants:
        return ticket
    return replace(ticket, thread=replace(ticket.thread, participants=everybody))


def participants_of(mail: InboundEmail, own: tuple[str, ...]) -> tuple[str, ...]:
    """Give everybody that a mail was from, went to, or wants answered, ourselves apart."""
    everybody = (*((mail.sender,) if mail.sender else ()), *mail.reply_to, *mail.to, *mail.cc)
    others = (address.email for address in everybody if plain_address(address.email) not in own)
    return tuple(dict.fromkeys(others))[:MOST_PARTICIPANTS]


def cut_text(text: str) -> str:
    """Give a text as long as a message keeps it, with a mark where it was cut."""
    return text if len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT] + "\n[…]"


def keep_attachments(desk: Desk, mail: InboundEmail, ref: str, message_id: str) -> tuple[Attachment, ...]:
    """Keep a mail's files, and give what the message says of them."""
    return tuple(
        Attachment(
            key=desk.files.keep(ref, message_id, number, file.filename, file.content_type, file.content),
            filename=file.filename,
            content_type=file.content_type,
            size=len(file.content),
            inline=file.inline,
            content_id=file.content_id,
        )
        for number, file in enumerate(mail.attachments)
    )
