"""A mail to a ticket's customer is put together: its words from a template, its thread, its sender, its files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from chalicelib.domain.email import Address, OutboundEmail, OutboundFile
from chalicelib.domain.mail_template import LANGUAGES, PLACEHOLDERS, Written
from chalicelib.domain.mail_thread import message_id, reply_address, root_id
from chalicelib.domain.outbound_html import html_of_text, mail_page
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.show_ticket import ticket_link

SUPPRESS = "DR, RN, NRN, OOF, AutoReply"
"""What Exchange is asked not to send for our automatic mail (MS-OXCMAIL, 2.1.3.2.20): receipts and automatic answers.
Bounces ("NDR") are welcome: they tell of an address that is gone."""

AUTOMATIC_REPLY: Mapping[str, str] = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": SUPPRESS}
AUTOMATIC: Mapping[str, str] = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": SUPPRESS}
"""What marks mail that no person wrote, as an answer to a mail and otherwise (RFC 3834, 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a mail to a customer may have beside its words: what stands below them, files, copies, further headers."""

    text_below: str = ""
    html_below: str = ""
    files: tuple[OutboundFile, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


PLAIN = Extras()
LINKED = frozenset(name for name, known in PLACEHOLDERS.items() if "ticket.link" in known)
"""The templates whose mails may lead to the ticket's page."""


def language_of(desk: Desk, ticket: Ticket) -> str:
    """Give the language in which a ticket's customer is written to: theirs where the desk speaks it, else its own."""
    return ticket.language if ticket.language in LANGUAGES else desk.settings.load().language


def ticket_values(desk: Desk, ticket: Ticket) -> dict[str, str]:
    """Give what every template may name of a ticket."""
    return {
        "desk.name": desk.settings.load().name,
        "customer.name": ticket.requester.name or ticket.requester.email,
        "ticket.ref": ticket.ref,
        "ticket.subject": ticket.subject,
        "reply.subject": reply_subject(ticket),
    }


def reply_subject(ticket: Ticket) -> str:
    """Give the subject of an answer: "Re:" once, and the reference, by which a participant's mail is found again."""
    subject = ticket.subject if ticket.subject.lower().startswith("re:") else f"Re: {ticket.subject}"
    return f"{subject} [#{ticket.ref}]"


def to_customer(
    desk: Desk, ticket: Ticket, what: str, template: str, values: Mapping[str, str], extras: Extras = PLAIN
) -> OutboundEmail:
    """Give a mail to the ticket's customer that threads with what they sent, and whose answer finds the ticket.

    `what` is the message or the occasion, from which its Message-ID follows; `values` fill the template. References
    begin with the ticket's own signed root, since Amazon SES replaces our Message-ID by its own.
    """
    settings, secret, language = desk.settings.load(), desk.signer.secret(), language_of(desk, ticket)
    own = settings.address(ticket.thread.address or settings.support_address)
    alone = template in LINKED and not (extras.cc or extras.bcc)
    linked = link_values(desk, ticket_link(desk, ticket) if alone else "", language) if template in LINKED else {}
    written = desk.templates.write(template, language, {**ticket_values(desk, ticket), **linked, **values})
    text, html = bodies(written, language, extras)
    return OutboundEmail(
        sender=Address(own.address, own.name or settings.name),
        to=(Address(ticket.requester.email, ticket.requester.name),),
        cc=tuple(Address(email) for email in extras.cc),
        bcc=tuple(Address(email) for email in extras.bcc),
        reply_to=Address(reply_address(secret, ticket.ref, own.address), own.name or settings.name),
        subject=written.subject,
        text=text,
        html=html,
        files=extras.files,
        message_id=message_id(secret, ticket.ref, what, own.address),
        in_reply_to=ticket.thread.last_id,
        references=(root_id(secret, ticket.ref, own.address), *ticket.thread.chain),
        headers=extras.headers,
        date=desk.clock.now(),
    )


def link_values(desk: Desk, link: str, language: str) -> dict[str, str]:
    """Give what templates may name of the link to a ticket's page; nothing where there is none.

    It stands only in what goes to the customer alone: whoever has it speaks in their name.
    """
    if not link:
        return dict.fromkeys(("ticket.link", "link.text", "link.html"), "")
    name = escape(desk.texts.text("mail.ticket_link.name", language))
    html = f'<p dir="auto" style="font-size:13px"><a href="{escape(link)}">{name}</a></p>'
    return {
        "ticket.link": link,
        "link.text": desk.texts.text("mail.ticket_link", language, link=link),
        "link.html": html,
    }


def bodies(written: Written, language: str, extras: Extras = PLAIN) -> tuple[str, str]:
    """Give the text and the whole HTML of a mail; each says all that the other does."""
    text = "\n\n".join(part for part in (written.text, extras.text_below) if part)
    fragment = written.html or html_of_text(written.text)
    return text, mail_page("\n".join(part for part in (fragment, extras.html_below) if part), language)
