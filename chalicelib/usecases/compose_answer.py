"""An agent's reply becomes a mail: what they wrote, their signature, what it answers, and their files."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.email import OutboundEmail, OutboundFile
from chalicelib.domain.enclosure import Enclosure, enclosed
from chalicelib.domain.lifecycle import DESK
from chalicelib.domain.mail_html import with_remote_pictures
from chalicelib.domain.mail_thread import plain_address
from chalicelib.domain.message import Message
from chalicelib.domain.outbound_html import html_of_text, links_in_html, quote_in_html, without_pictures
from chalicelib.domain.quotation import answered_message, quotable, quote_in_text
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.compose_mail import AUTOMATIC_REPLY, Extras, language_of, to_customer
from chalicelib.usecases.fetch_file import file_link
from chalicelib.usecases.ports import Desk

WORDS_SHARE = 8
"""Of a mail's largest size, one part in so many is left for its words."""


@dataclass(frozen=True, slots=True)
class Below:
    """What stands under an answer, as text and as HTML."""

    text: str = ""
    html: str = ""


def compose_answer(desk: Desk, ticket: Ticket, message: Message) -> OutboundEmail:
    """Give the mail by which a reply reaches the customer, and whom its author put in copy."""
    settings = desk.settings.load()
    parted = enclosed(message.attachments, settings.mail_size_limit * (WORDS_SHARE - 1) // WORDS_SHARE)
    links, quote = _links(desk, ticket, parted), _quote(desk, ticket, message)
    known = {ticket.requester.email, *settings.own_addresses}
    wanted = dict.fromkeys((*message.cc, *settings.copied(ticket)))
    copies = [each for each in wanted if plain_address(each) not in known]
    extras = Extras(
        text_below="\n\n".join(part.text for part in (links, quote) if part.text),
        html_below="\n".join(part.html for part in (links, quote) if part.html),
        files=tuple(
            OutboundFile(file.filename, file.content_type, desk.files.read(file), file.content_id)
            for file in parted.inside
        ),
        cc=tuple(copies),
        bcc=tuple(each for each in message.bcc if plain_address(each) not in known and each not in copies),
        headers=AUTOMATIC_REPLY if message.author == DESK else {},
    )
    return to_customer(desk, ticket, message.id, "answer", answer_values(desk, ticket, message, parted), extras)


def answer_values(desk: Desk, ticket: Ticket, message: Message, parted: Enclosure) -> dict[str, str]:
    """Give what the template of answers may name beside the ticket."""
    signature = signature_for(desk, ticket, message)
    missing = frozenset(file.content_id for file in parted.linked if file.content_id)
    return {
        "agent.name": message.author_name,
        "message.text": message.text.strip("\n"),
        "message.html": with_remote_pictures(without_pictures(message.html, missing)) or html_of_text(message.text),
        "signature.text": signature,
        "signature.html": html_of_text(signature),
    }


def signature_for(desk: Desk, ticket: Ticket, message: Message) -> str:
    """Give what stands under an answer: as the address that the ticket was written to has it, else who and whence.

    Who has a signature of their own is named by it; what a rule wrote names the desk alone. No "-- " stands before it:
    mail programs cut off what follows that, and here follows what is quoted (RFC 3676, 4.3).
    """
    settings = desk.settings.load()
    own = settings.address(ticket.thread.address or settings.support_address)
    if message.author == DESK:
        return own.name or settings.name
    who = message.signature or message.author_name
    return own.signed(language_of(desk, ticket), who, settings.name) or f"{who}\n{own.name or settings.name}"


def _links(desk: Desk, ticket: Ticket, parted: Enclosure) -> Below:
    if not parted.linked:
        return Below()
    settings = desk.settings.load()
    until = desk.clock.now() + timedelta(seconds=settings.file_link_seconds)
    links = tuple((file.filename, file_link(desk, file, until)) for file in parted.linked)
    title = desk.texts.text("mail.files", language_of(desk, ticket), until=f"{until:%Y-%m-%d}")
    return Below("\n".join((title, *(f"- {name}: {link}" for name, link in links))), links_in_html(title, links))


def _quote(desk: Desk, ticket: Ticket, message: Message) -> Below:
    """The customer's message that is answered; one that can't be read any more is not quoted."""
    answered = answered_message(ticket, message.id)
    asked = desk.tickets.message(ticket.ref, answered) if answered else None
    said = quotable(asked) if asked else ""
    if asked is None or not said:
        return Below()
    at = asked.created_at.astimezone(ZoneInfo(desk.settings.load().business_calendar.timezone))
    attribution = desk.texts.text(
        "mail.quote", language_of(desk, ticket), date=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}", name=asked.author_name
    )
    return Below(quote_in_text(attribution, said), quote_in_html(attribution, said))
