"""A mail that belongs to nothing yet begins a ticket: of whoever wrote it, or wrote what an agent passed on."""

from dataclasses import dataclass, replace

from chalicelib.domain.automatic_mail import system_sender
from chalicelib.domain.email import Address, InboundEmail
from chalicelib.domain.forwarded import Forwarded, forwarded_in, says_forwarded, without_prefix
from chalicelib.domain.mail_thread import plain_address
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_LIMIT
from chalicelib.domain.people import Agent
from chalicelib.domain.reference import reference_for
from chalicelib.domain.support_address import written_to
from chalicelib.domain.ticket import EmailThread, Shelf, Ticket
from chalicelib.domain.trust import WORDS, allowed, proven, suspicion
from chalicelib.usecases.continue_ticket import link_continuation
from chalicelib.usecases.join_mail import cut_text, keep_attachments, participants_of
from chalicelib.usecases.judge_spam import spam_words
from chalicelib.usecases.match_mail import Arrival, agent_at, recipients_of
from chalicelib.usecases.open_ticket import NewTicket, open_ticket
from chalicelib.usecases.ports import Desk

ATTACHED_MAIL = "message/rfc822"


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked, and by whom: the mail itself, or the original that an agent passed on."""

    mail: InboundEmail
    writer: Address | None
    agent: Agent | None = None
    note: str = ""


def open_from_mail(desk: Desk, came: Arrival, follows: str = "") -> Ticket:
    """Give the ticket that a mail became, now or when it was taken in before.

    The address that it was written to decides on team, tags and language; `follows` is the closed ticket that it goes
    on with. What is suspicious, or has no sender, goes to a shelf: kept, shown, and answered by nobody.
    """
    settings = desk.settings.load()
    request = _request(desk, came)
    shelf, why, words = _shelf(desk, came.mail, request, known=bool(follows))
    secret = desk.signer.secret()
    ref = reference_for(secret, came.origin)
    mail, writer = request.mail, request.writer
    address = settings.address(written_to(settings.own_addresses, recipients_of(came.mail)))
    ours = writer is not None and plain_address(writer.email) in settings.own_addresses
    new = NewTicket(
        origin=came.origin,
        message_id=came.message_id,
        channel="email",
        subject=mail.subject[:SUBJECT_LIMIT] or "(no subject)",
        text=cut_text(mail.text),
        html=mail.html,
        newly_said=mail.newly_said[:TEXT_LIMIT],
        attachments=keep_attachments(desk, mail, ref, came.message_id),
        email=writer.email if writer else "",
        name=writer.name if writer else "",
        team_id=address.team_id,
        tags=(*address.tags, *(("automatic",) if mail.automatic is not None else ())),
        shelf=shelf,
        shelved_for=why,
        shelved_by_words=words,
        forwarder=request.agent,
        note=request.note,
        follows=follows,
        email_id=mail.message_id,
        source=came.key,
        problems=came.mail.problems,
        thread=EmailThread(
            last_id=mail.message_id,
            chain=(mail.message_id,) if mail.message_id else (),
            address=address.address,
            participants=_participants(mail, settings.own_addresses, request.agent),
        ),
        acknowledge=mail.automatic is None and not ours,
    )
    ticket, _ = open_ticket(desk, new)
    if follows:
        link_continuation(desk, follows, ticket.ref)
    return ticket


def _shelf(desk: Desk, mail: InboundEmail, request: _Request, *, known: bool) -> tuple[Shelf, str, tuple[str, ...]]:
    settings = desk.settings.load()
    if why := suspicion(mail, settings):
        return Shelf.SPAM, why, ()
    if request.writer is None:
        return Shelf.UNPARSED, "", ()
    judged = settings.learn_spam and not known and request.agent is None and not allowed(mail, settings)
    words = spam_words(desk, mail) if judged else ()
    return (Shelf.SPAM, WORDS, words) if words else (Shelf.NONE, "", ())


def _request(desk: Desk, came: Arrival) -> _Request:
    """Give the original where an agent, proven to be one, passed somebody's mail on; else the mail itself.

    One read of the roster, where a mail looks passed on.
    """
    plain = _Request(came.mail, _writer(came.mail))
    if suspicion(came.mail, desk.settings.load()) or not proven(came.mail):
        return plain
    found = _original(desk, came.mail)
    agent = agent_at(desk, came.writer) if found else None
    if found is None or agent is None:
        return plain
    original, note = found
    writer = original.sender
    own = desk.settings.load().own_addresses
    if writer is None or plain_address(writer.email) in own or writer.email == came.writer:
        return plain
    return _Request(original, writer, agent, note)


def _original(desk: Desk, mail: InboundEmail) -> tuple[InboundEmail, str] | None:
    attached = [file for file in mail.attachments if file.content_type == ATTACHED_MAIL]
    if len(attached) == 1 and (says_forwarded(mail.subject) or not mail.newly_said.strip()):
        original = desk.mail.understand(attached[0].content)
        return (original, mail.newly_said.strip()) if original.sender else None
    quoted = forwarded_in(mail.subject, mail.text)
    return (_as_mail(mail, quoted), quoted.note) if quoted else None


def _as_mail(mail: InboundEmail, quoted: Forwarded) -> InboundEmail:
    """Give the original as if it had come by itself: nobody but the agent knows the Message-ID under which it came."""
    return replace(
        mail,
        sender=quoted.sender,
        reply_to=(),
        to=(),
        cc=(),
        subject=quoted.subject or without_prefix(mail.subject),
        text=quoted.text,
        html="",
        newly_said=quoted.text,
        message_id="",
        automatic=system_sender(quoted.sender.email),
    )


def _participants(mail: InboundEmail, own: tuple[str, ...], agent: Agent | None) -> tuple[str, ...]:
    found = participants_of(mail, own)
    return tuple(each for each in found if agent is None or each != agent.email.lower())


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
