"""A mail arrives: it joins the ticket it belongs to, or becomes a new one. Nothing is dropped silently."""

from chalicelib.domain import lifecycle
from chalicelib.domain.email import Address, InboundEmail
from chalicelib.domain.errors import NotFound
from chalicelib.domain.mail_thread import plain_address, ticket_in_address, ticket_in_message_id
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_LIMIT, Attachment, Message, MessageKind
from chalicelib.domain.reference import reference_for, references_in
from chalicelib.domain.ticket import EmailThread, Happening, Shelf, Status, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.open_ticket import NewTicket, message_id_for, open_ticket
from chalicelib.usecases.ports import Desk

REFERENCES_FOLLOWED = 4
"""How many of the latest Message-IDs of a References header are looked up when none of them is our own."""

SUSPECT = frozenset({"fail", "processing_failed"})


def receive_email(desk: Desk, key: str) -> str:
    """Take in the raw mail under `key` of the mail bucket, and give the reference of the ticket it belongs to.

    Safe to repeat: the same mail, delivered again or stored twice, is the same message of the same ticket, also when
    that was closed since.
    Raises TryAgain when the cloud is briefly unable; the queue then delivers again.
    """
    mail = desk.mail.read(key)
    origin = f"email:{mail.message_id or mail.content_hash}"
    belongs = _ticket_it_belongs_to(desk, mail)
    if belongs is None or _suspect(mail):
        return _open(desk, mail, key, origin, follows="")
    secret = desk.signer.secret()
    while True:
        if belongs.origin == origin or belongs.has_message(message_id_for(secret, origin)):
            return belongs.ref
        if mail.automatic is not None or not _closed_for_good(desk, belongs):
            break
        further = _continuation(desk, belongs)
        if further is None:
            return _open(desk, mail, key, origin, follows=belongs.ref)
        belongs = further
    own = desk.tickets.get(reference_for(secret, origin))
    if own is not None and own.origin == origin:
        return own.ref  # it overtook the mail that it answers
    return _join(desk, mail, key, origin, belongs)


def _suspect(mail: InboundEmail) -> bool:
    return any(mail.verdicts.get(check) in SUSPECT for check in ("spam", "virus", "dmarc"))


def _closed_for_good(desk: Desk, ticket: Ticket) -> bool:
    if ticket.status is Status.CLOSED:
        return True
    if ticket.status is not Status.SOLVED or ticket.solved_at is None:
        return False
    patience = desk.settings.load().reopen_seconds
    return (desk.clock.now() - ticket.solved_at).total_seconds() > patience


def _continuation(desk: Desk, ticket: Ticket) -> Ticket | None:
    """Give the ticket that a closed one goes on as, if there is one: a later one, so that following them ends."""
    refs = [fact.detail["ticket"] for fact in ticket.timeline if fact.what is Happening.CONTINUED_AS]
    further = desk.tickets.get(refs[-1]) if refs else None
    return further if further is not None and further.created_at > ticket.created_at else None


def _ticket_it_belongs_to(desk: Desk, mail: InboundEmail) -> Ticket | None:
    """Trust, in order: our signed reply address, Message-IDs we know, the subject's reference from a participant."""
    secret = desk.signer.secret()
    recipients = (*mail.envelope_recipients, *(address.email for address in (*mail.to, *mail.cc)))
    for recipient in recipients:
        if (ref := ticket_in_address(secret, recipient)) and (ticket := desk.tickets.get(ref)):
            return ticket
    before = tuple(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))))
    for email_id in before:
        if (ref := ticket_in_message_id(secret, email_id)) and (ticket := desk.tickets.get(ref)):
            return ticket
    return _by_known_mail(desk, before) or _by_subject(desk, mail)


def _by_known_mail(desk: Desk, email_ids: tuple[str, ...]) -> Ticket | None:
    secret = desk.signer.secret()
    for email_id in email_ids[:REFERENCES_FOLLOWED]:
        origin = f"email:{email_id}"
        first = desk.tickets.get(reference_for(secret, origin))
        if first is not None and first.origin == origin:
            return first
        if (ref := desk.tickets.ticket_of_email(email_id)) and (ticket := desk.tickets.get(ref)):
            return ticket
    return None


def _by_subject(desk: Desk, mail: InboundEmail) -> Ticket | None:
    writer = mail.sender.email if mail.sender else ""
    for ref in references_in(mail.subject)[:1]:
        ticket = desk.tickets.get(ref)
        if ticket is not None and writer and writer in (ticket.requester.email, *ticket.thread.participants):
            return ticket
    return None


def _join(desk: Desk, mail: InboundEmail, key: str, origin: str, ticket: Ticket) -> str:
    message_id = message_id_for(desk.signer.secret(), origin)
    if ticket.has_message(message_id):
        return ticket.ref
    writer = mail.sender.email if mail.sender else ticket.requester.email
    message = Message(
        id=message_id,
        kind=MessageKind.CUSTOMER if mail.automatic is None else MessageKind.SYSTEM,
        author=f"customer:{ticket.requester.customer_id}",
        author_name=(mail.sender.name or writer) if mail.sender else writer,
        text=_text(mail),
        html=mail.html,
        newly_said=mail.newly_said[:TEXT_LIMIT],
        attachments=_keep_attachments(desk, mail, ticket.ref, message_id),
        created_at=desk.clock.now(),
        email_id=mail.message_id,
        source=key,
        problems=mail.problems,
    )
    desk.tickets.write_messages(ticket.ref, [message])
    if mail.message_id:
        desk.tickets.file_email(mail.message_id, ticket.ref)

    def decide(current: Ticket) -> Ticket:
        if current.has_message(message_id):
            return current
        return lifecycle.customer_wrote(
            current,
            message_id,
            desk.clock.now(),
            desk.settings.load(),
            email_id=mail.message_id,
            automatic=mail.automatic is not None,
        )

    return change_ticket(desk, ticket.ref, decide).ref


def _open(desk: Desk, mail: InboundEmail, key: str, origin: str, *, follows: str) -> str:
    settings = desk.settings.load()
    writer = _writer(mail)
    shelf = Shelf.SPAM if _suspect(mail) else Shelf.NONE if writer else Shelf.UNPARSED
    own = plain_address(settings.support_address)
    from_ourselves = writer is not None and plain_address(writer.email) == own
    secret = desk.signer.secret()
    ref, message_id = reference_for(secret, origin), message_id_for(secret, origin)
    new = NewTicket(
        origin=origin,
        channel="email",
        subject=mail.subject[:SUBJECT_LIMIT] or "(no subject)",
        text=_text(mail),
        html=mail.html,
        newly_said=mail.newly_said[:TEXT_LIMIT],
        attachments=_keep_attachments(desk, mail, ref, message_id),
        email=writer.email if writer else "",
        name=writer.name if writer else "",
        tags=("automatic",) if mail.automatic is not None else (),
        shelf=shelf,
        follows=follows,
        email_id=mail.message_id,
        source=key,
        problems=mail.problems,
        thread=EmailThread(
            last_id=mail.message_id,
            chain=(mail.message_id,) if mail.message_id else (),
            address=settings.support_address,
            participants=_participants(mail, own),
        ),
        acknowledge=mail.automatic is None and not from_ourselves,
    )
    ticket, _ = open_ticket(desk, new)
    if follows:
        _link(desk, follows, ticket.ref)
    return ticket.ref


def _writer(mail: InboundEmail) -> Address | None:
    """Give whom a new ticket answers: the sender, whom SES judged.

    Reply-To is nobody's word but the mail's own. It counts within the sender's domain, and where a program writes
    for a person (a shop's contact form, from an address that nobody reads); elsewhere it would let anybody open
    tickets, and have mail sent, in somebody else's name.
    """
    if not mail.reply_to or mail.sender is None:
        return mail.sender
    wanted, sender = mail.reply_to[0], mail.sender
    same_domain = wanted.email.rpartition("@")[2] == sender.email.rpartition("@")[2]
    by_program = sender.email.partition("@")[0].replace("-", "").replace("_", "") in ("noreply", "donotreply", "form")
    return wanted if same_domain or by_program else sender


def _link(desk: Desk, ref: str, continued_as: str) -> None:
    def decide(current: Ticket) -> Ticket:
        if current.said(Happening.CONTINUED_AS, ticket=continued_as):
            return current
        return current.with_fact(desk.clock.now(), Happening.CONTINUED_AS, lifecycle.DESK, ticket=continued_as)

    try:
        change_ticket(desk, ref, decide)
    except NotFound:
        return


def _participants(mail: InboundEmail, own: str) -> tuple[str, ...]:
    everybody = (*((mail.sender,) if mail.sender else ()), *mail.reply_to, *mail.to, *mail.cc)
    others = (address.email for address in everybody if plain_address(address.email) != own)
    return tuple(dict.fromkeys(others))[:20]


def _text(mail: InboundEmail) -> str:
    if len(mail.text) <= TEXT_LIMIT:
        return mail.text
    return mail.text[:TEXT_LIMIT] + "\n[…]"


def _keep_attachments(desk: Desk, mail: InboundEmail, ref: str, message_id: str) -> tuple[Attachment, ...]:
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
