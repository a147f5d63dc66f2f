"""Which ticket a mail belongs to, and which of the desk's people wrote it, if one did."""

from dataclasses import dataclass, replace

from chalicelib.domain.customer import Identity, IdentityKind
from chalicelib.domain.email import InboundEmail
from chalicelib.domain.mail_thread import ticket_in_address, ticket_in_message_id
from chalicelib.domain.people import Agent
from chalicelib.domain.reference import reference_for, references_in
from chalicelib.domain.splitting import moved_from
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.open_ticket import message_id_for
from chalicelib.usecases.ports import Desk

REFERENCES_FOLLOWED = 4
"""How many of the latest Message-IDs of a References header are looked up when none of them is our own."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as it came in: where its raw form lies, and what it is known by.

    `origin` is the same for every copy of it, however it came. `message_id` is the message that it becomes, and tells
    it from another mail that a broken program sent under the same Message-ID.
    """

    key: str
    mail: InboundEmail
    origin: str
    message_id: str

    @property
    def writer(self) -> str:
        """The sender's address, or an empty string."""
        return self.mail.sender.email if self.mail.sender else ""

    def under_a_used_id(self) -> "Arrival":
        """Give the same mail, known by its content, where another one has its Message-ID."""
        return replace(self, origin=f"{self.origin}:{self.mail.content_hash[:16]}")


def arrival(desk: Desk, key: str) -> Arrival:
    """Give the mail under a key of the mail bucket. Raises NotFound."""
    mail = desk.mail.read(key)
    origin = f"email:{mail.message_id or mail.content_hash}"
    return Arrival(key, mail, origin, message_id_for(desk.signer.secret(), f"{origin}:{mail.content_hash}"))


def recipients_of(mail: InboundEmail) -> tuple[str, ...]:
    """Give whom a mail went to: To, then Cc, then the envelope, which alone differs between copies."""
    return (*(address.email for address in (*mail.to, *mail.cc)), *mail.envelope_recipients)


def ticket_of_mail(desk: Desk, mail: InboundEmail) -> Ticket | None:
    """Trust, in order: our signed reply address, Message-IDs we know, the subject's reference from a participant.

    What answers a message that became a ticket of its own belongs to that one, whatever address it went to: one read
    more for each such ticket.
    """
    for ref in signed_refs(desk, mail):
        if ticket := desk.tickets.get(ref):
            return _after_splits(desk, ticket, mail)
    before = tuple(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))))
    return _by_known_mail(desk, before) or _by_subject(desk, mail)


def _after_splits(desk: Desk, ticket: Ticket, mail: InboundEmail) -> Ticket:
    answered = {*mail.in_reply_to, *mail.references[-1:]}
    for ref in dict.fromkeys(moved_from(ticket).values()):
        part = desk.tickets.get(ref)
        if part is not None and answered.intersection(part.thread.chain):
            return part
    return ticket


def signed_refs(desk: Desk, mail: InboundEmail) -> tuple[str, ...]:
    """Give the references that this mail names with our signature: in an address, or in what it answers."""
    secret = desk.signer.secret()
    recipients = (*mail.envelope_recipients, *(address.email for address in (*mail.to, *mail.cc)))
    by_address = (ticket_in_address(secret, recipient) for recipient in recipients)
    returned = (each for bounce in mail.bounces for each in (bounce.original_id, *bounce.original_references))
    answered = (*mail.in_reply_to, *reversed(mail.references), *returned)
    by_id = (ticket_in_message_id(secret, email_id) for email_id in answered)
    return tuple(dict.fromkeys(ref for ref in (*by_address, *by_id) if ref))


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
        if ticket is None or not writer:
            continue
        if takes_part(ticket, writer) or _is_requester(desk, ticket, writer) or agent_at(desk, writer):
            return ticket
    return None


def _is_requester(desk: Desk, ticket: Ticket, email: str) -> bool:
    """Whether this is another address of whom the ticket is of. One read."""
    customer = desk.customers.get(ticket.requester.customer_id)
    return customer is not None and Identity(IdentityKind.EMAIL, email) in customer.known_by


def takes_part(ticket: Ticket, email: str) -> bool:
    """Whether the ticket's mail went to or came from this address."""
    return bool(email) and email in (ticket.requester.email, *ticket.thread.participants)


def agent_at(desk: Desk, email: str) -> Agent | None:
    """Give the agent at work who has this address. One read of the roster."""
    agents = desk.people.roster().agents if email else ()
    return next((agent for agent in agents if agent.active and agent.email.lower() == email), None)
