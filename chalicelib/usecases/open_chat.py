"""Somebody begins a conversation in the chat box: with their first message, and not before."""

import hashlib
from dataclasses import dataclass

from chalicelib.domain import chat
from chalicelib.domain.errors import Conflict, InvalidInput, TooManyRequests
from chalicelib.domain.ticket import Shelf, Ticket
from chalicelib.domain.trust import WORDS
from chalicelib.usecases.judge_spam import words_of_spam
from chalicelib.usecases.open_ticket import NewTicket, open_ticket
from chalicelib.usecases.ports import Desk

PURPOSE = "chat"
MOST_AN_HOUR = 20
"""How many conversations one network may begin within an hour: an office shares one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWords:
    """What somebody says first. `conversation` is a secret that their browser made up, and the same when it is sent
    again; `email` is nobody's proof of anything. `page` is where on the shop's site they are."""

    conversation: str
    text: str
    name: str = ""
    email: str = ""
    language: str = ""
    page: str = ""

    @property
    def visitor(self) -> str:
        """What the visitor is known by."""
        return hashlib.sha256(self.conversation.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def open_chat(desk: Desk, words: FirstWords, network: str) -> tuple[Ticket, str]:
    """Give the ticket that a conversation became, and the token with which its visitor goes on.

    Sent again it is the same. One write more than any other ticket costs, which counts what comes from the network.
    Raises Conflict while the box is switched off, InvalidInput where an address is wanted, or TooManyRequests.
    """
    settings = desk.settings.load()
    if not settings.chat.enabled:
        raise Conflict("there is no chat at the moment", "chat")
    if settings.chat.ask_email == "required" and not words.email:
        raise InvalidInput("is needed, so that the answer finds you", "email")
    if not desk.allowances.take("chat", network, MOST_AN_HOUR, 3600, desk.clock.now()):
        raise TooManyRequests("too many conversations began here within this hour", "chat")
    ticket, _ = open_ticket(desk, _ticket(desk, words))
    return ticket, desk.signer.seal(PURPOSE, {"ref": ticket.ref})


def _ticket(desk: Desk, words: FirstWords) -> NewTicket:
    settings = desk.settings.load()
    subject = chat.subject_of(words.text)
    spam = words_of_spam(desk, subject, words.text, words.email) if settings.learn_spam else ()
    return NewTicket(
        origin=f"{chat.ORIGIN}{words.visitor}",
        channel=chat.CHANNEL,
        subject=subject,
        text=words.text,
        email="" if settings.chat.ask_email == "never" else words.email,
        name=words.name,
        language=words.language,
        fields={"page": words.page} if words.page else {},
        visitor=words.visitor,
        shelf=Shelf.SPAM if spam else Shelf.NONE,
        shelved_for=WORDS if spam else "",
        shelved_by_words=spam,
        # whoever sees the desk at work needs no mail that it arrived
        acknowledge=not settings.business_calendar.is_open(desk.clock.now()),
    )
