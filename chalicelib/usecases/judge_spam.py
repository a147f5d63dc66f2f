"""A mail from somebody new is held against what agents called spam before."""

from chalicelib.domain import spam
from chalicelib.domain.email import InboundEmail
from chalicelib.domain.ticket import DONE
from chalicelib.usecases.ports import Desk

FORMER_TICKETS = 5
"""How many of a customer's latest tickets are looked at for one that was solved."""


def spam_words(desk: Desk, mail: InboundEmail) -> tuple[str, ...]:
    """Give the words for which a mail is taken for spam, or nothing where it isn't.

    The model is kept in memory for minutes, so this mostly costs nothing; of one that looks like spam the sender's
    tickets are read too: whoever was helped before, from whichever of their addresses, isn't taken for a spammer.
    """
    return words_of_spam(desk, mail.subject, mail.text, mail.sender.email if mail.sender else "")


def words_of_spam(desk: Desk, subject: str, text: str, sender: str, *, strictly: bool = False) -> tuple[str, ...]:
    """Give the same for what came by any channel; `strictly` takes half the certainty for enough."""
    found = spam.judged(desk.spam.load(), spam.tokens_of(subject, text, sender))
    looks_so = found.odds > spam.CAUTION / 2 if strictly else found.spam
    if not looks_so or _helped_before(desk, sender):
        return ()
    return found.reasons


def _helped_before(desk: Desk, email: str) -> bool:
    if not email:
        return False
    named = desk.customers.id_of(email)
    known = desk.customers.get(named)
    own, *parts = known.ids if known else (named,)
    former = desk.tickets.of_customer(own, FORMER_TICKETS, also=parts).cards
    return any(card.status in DONE and not card.shelf for card in former)
