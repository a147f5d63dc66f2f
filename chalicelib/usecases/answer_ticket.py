"""An agent answers, or leaves a note for the others."""

from dataclasses import dataclass, replace

from chalicelib.domain import lifecycle, mention, ticket_field
from chalicelib.domain.email import OutboundFile
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mail_thread import plain_address
from chalicelib.domain.message import TEXT_BYTES_LIMIT, Attachment, Message, MessageKind
from chalicelib.domain.ticket import DONE, Status, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.offer_upload import Enclosed, claim_uploads
from chalicelib.usecases.open_ticket import message_id_for
from chalicelib.usecases.ports import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What somebody of the desk writes on a ticket. `origin` is the same when the same request is repeated.

    `text`, `html` or both: one is made from the other. `signature` is its author's own.
    """

    origin: str
    kind: MessageKind
    text: str
    author: str
    author_name: str
    status: Status | None = None
    html: str = ""
    attachments: tuple[Enclosed, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    signature: str = ""


def answer_ticket(desk: Desk, ref: str, new: NewMessage) -> Message:
    """Write a public reply or an internal note, and give it; `status` is set with it.

    The message is kept first, then the ticket mentions it: one read and two writes, and for each file two calls more.
    Raises NotFound, InvalidInput, or Conflict on a closed ticket.
    """
    _refuse_own_addresses(desk, new)
    plain, pictures = _message(desk, new)
    message = plain

    def decide(ticket: Ticket) -> Ticket:
        nonlocal message
        if ticket.has_message(message.id):
            message = desk.tickets.message(ref, message.id) or message
            return ticket
        lifecycle.refuse_if_closed(ticket)
        if new.status is Status.SOLVED and ticket.status not in DONE:
            ticket_field.refuse_unfilled(desk.settings.load().ticket_fields, ticket.fields)
        if message is plain:
            message = replace(plain, attachments=_kept_files(desk, ref, plain.id, new, pictures))
        desk.tickets.write_messages(ref, [message])
        return _written(ticket, new, message, desk)

    change_ticket(desk, ref, decide)
    return message


def with_answer(desk: Desk, ticket: Ticket, new: NewMessage) -> Ticket:
    """Give a ticket with a message written on it, which is kept already: as a step of its agenda, saved by that.

    Raises InvalidInput.
    """
    _refuse_own_addresses(desk, new)
    message, pictures = _message(desk, new)
    if ticket.has_message(message.id):
        return ticket
    kept = replace(message, attachments=_kept_files(desk, ticket.ref, message.id, new, pictures))
    desk.tickets.write_messages(ticket.ref, [kept])
    return _written(ticket, new, kept, desk)


def _message(desk: Desk, new: NewMessage) -> tuple[Message, tuple[OutboundFile, ...]]:
    """The message without its files, and the pictures that were written into its HTML."""
    html, pictures = desk.markup.pictures_apart(desk.markup.cleaned(new.html)) if new.html else ("", ())
    text = new.text or desk.markup.text_of(html)
    if not text.strip() and not pictures:
        raise InvalidInput("says nothing that can be shown; give it as text", "html")
    if len(html.encode()) + len(text.encode()) > TEXT_BYTES_LIMIT:
        raise InvalidInput(f"must have at most {TEXT_BYTES_LIMIT:,} bytes, the text included", "html")
    message = Message(
        id=message_id_for(desk.signer.secret(), new.origin),
        kind=new.kind,
        author=new.author,
        author_name=new.author_name,
        text=text,
        html=html,
        created_at=desk.clock.now(),
        cc=new.cc,
        bcc=new.bcc,
        signature=new.signature,
    )
    return message, pictures


def _kept_files(
    desk: Desk, ref: str, message_id: str, new: NewMessage, pictures: tuple[OutboundFile, ...]
) -> tuple[Attachment, ...]:
    claimed = claim_uploads(desk, ref, message_id, new.attachments)
    return claimed + tuple(
        Attachment(
            key=desk.files.keep(ref, message_id, number, file.filename, file.content_type, file.content),
            filename=file.filename,
            content_type=file.content_type,
            size=len(file.content),
            inline=True,
            content_id=file.content_id,
        )
        for number, file in enumerate(pictures, len(claimed))
    )


def _refuse_own_addresses(desk: Desk, new: NewMessage) -> None:
    """Mail of ours to ourselves would come back as a customer's."""
    if not (new.cc or new.bcc):
        return
    own = desk.settings.load().own_addresses
    for field, addresses in (("cc", new.cc), ("bcc", new.bcc)):
        for number, email in enumerate(addresses):
            if new.kind is not MessageKind.REPLY:
                raise InvalidInput("goes with replies only: a note leaves the desk for nobody", field)
            if plain_address(email) in own:
                raise InvalidInput("is an address of the desk's own", f"{field}[{number}]")


def _called_upon(desk: Desk, ticket: Ticket, note: Message) -> tuple[str, ...]:
    """Give whom a note calls upon, its author apart: one read of the roster, where there is an `@` in it."""
    if not {"@", "＠"}.intersection(note.text):
        return ()
    found = mention.mentioned(note.text, desk.people.roster(), ticket.team_id)
    return tuple(agent_id for agent_id in found if note.author != f"agent:{agent_id}")


def _written(ticket: Ticket, new: NewMessage, message: Message, desk: Desk) -> Ticket:
    now = message.created_at
    if new.kind is MessageKind.NOTE:
        after = lifecycle.noted(ticket, message.id, now, new.author)
        after = lifecycle.calling_upon(after, message.id, _called_upon(desk, ticket, message), now, new.author)
    else:
        after = lifecycle.with_participants(lifecycle.answered(ticket, message.id, now, new.author), new.cc)
    return lifecycle.with_status(after, new.status, now, new.author, desk.settings.load()) if new.status else after
