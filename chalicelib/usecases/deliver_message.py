"""An answer leaves by mail, threading in the customer's mail program; so does the word that a request arrived."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry
from chalicelib.domain.email import Address, OutboundEmail
from chalicelib.domain.errors import MailRefused
from chalicelib.domain.mail_thread import message_id, reply_address, root_id
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.record_bounces import refuse_unreachable, wants_unasked_mail


def deliver_message(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Send the reply named by `entry.about` to the customer.

    Its Message-ID follows from the message, so that a repeated sending is recognised as the same mail.
    Raises MailRefused or TryAgain.
    """
    message = desk.tickets.message(ticket.ref, entry.about)
    if message is None:
        raise MailRefused("the message can't be found any more")
    refuse_unreachable(desk, ticket.requester.email)
    settings = desk.settings.load()
    language = ticket.language or settings.language
    signature = desk.texts.text("reply.signature", language, name=message.author_name, desk=settings.name)
    desk.mailer.send(to_customer(desk, ticket, message.id, _subject(ticket), f"{message.text}\n\n{signature}"))

    def remember(current: Ticket) -> Ticket:
        if current.said(Happening.DELIVERED, message=entry.about):
            return current
        return current.with_fact(desk.clock.now(), Happening.DELIVERED, lifecycle.DESK, message=entry.about)

    return remember


def acknowledge(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Tell the customer once that their request arrived, and under which reference.

    Somebody who opened more tickets within the hour than are acknowledged gets no more of these: it may be a machine.
    Who complained of our mail, or gets none of it, isn't written to unasked.
    """
    settings = desk.settings.load()
    unwanted = not wants_unasked_mail(desk, ticket.requester.email)
    if unwanted or _too_many(desk, ticket, settings.acknowledgements_per_hour):
        return lambda current: current
    language = ticket.language or settings.language
    text = desk.texts.text(
        "acknowledgement.text",
        language,
        name=ticket.requester.name or ticket.requester.email,
        ref=ticket.ref,
        subject=ticket.subject,
        desk=settings.name,
    )
    headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    desk.mailer.send(to_customer(desk, ticket, "acknowledgement", _subject(ticket), text, headers))

    def remember(current: Ticket) -> Ticket:
        if current.said(Happening.ACKNOWLEDGED):
            return current
        return current.with_fact(desk.clock.now(), Happening.ACKNOWLEDGED, lifecycle.DESK)

    return remember


def _too_many(desk: Desk, ticket: Ticket, most: int) -> bool:
    latest = desk.tickets.of_customer(ticket.requester.customer_id, most + 1).cards
    an_hour_ago = desk.clock.now() - timedelta(hours=1)
    return sum(1 for card in latest if card.created_at > an_hour_ago) > most


def to_customer(
    desk: Desk, ticket: Ticket, what: str, subject: str, text: str, headers: Mapping[str, str] | None = None
) -> OutboundEmail:
    """Give a mail to the ticket's customer that threads with what they sent, and whose answer finds the ticket.

    References begin with the ticket's own signed root, since Amazon SES replaces our Message-ID by its own.
    """
    settings = desk.settings.load()
    secret = desk.signer.secret()
    address = ticket.thread.address or settings.support_address
    return OutboundEmail(
        sender=Address(address, settings.name),
        to=(Address(ticket.requester.email, ticket.requester.name),),
        reply_to=Address(reply_address(secret, ticket.ref, address), settings.name),
        subject=subject,
        text=text,
        message_id=message_id(secret, ticket.ref, what, address),
        in_reply_to=ticket.thread.last_id,
        references=(root_id(secret, ticket.ref, address), *ticket.thread.chain),
        headers=headers or {},
        date=desk.clock.now(),
    )


def _subject(ticket: Ticket) -> str:
    subject = ticket.subject if ticket.subject.lower().startswith("re:") else f"Re: {ticket.subject}"
    return f"{subject} [#{ticket.ref}]"
