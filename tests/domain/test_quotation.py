"""What an answer quotes: the customer's last word before it, marked so that any mail program, and ours, knows it."""

from dataclasses import replace

import pytest

from chalicelib.adapters.catalogue import Catalogue
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.quotation import CUT, QUOTED_CHARACTERS, QUOTED_LINES, answered_message, quotable, quote_in_text
from chalicelib.domain.quoted_reply import newly_said
from chalicelib.domain.ticket import Happening
from tests.domain.samples import MONDAY, a_ticket

ASKED = Message("m1", MessageKind.CUSTOMER, "customer:c1", "Jo", "It is broken.\n\n> old words", MONDAY)


def test_an_answer_answers_the_customers_last_word_before_it() -> None:
    ticket = a_ticket()
    story = (
        (Happening.OPENED, "m1"),
        (Happening.AGENT_ANSWERED, "m2"),
        (Happening.CUSTOMER_WROTE, "m3"),
        (Happening.AUTOMATIC_MAIL, "m4"),
        (Happening.NOTE_ADDED, "m5"),
        (Happening.AGENT_ANSWERED, "m6"),
        (Happening.CUSTOMER_WROTE, "m7"),
    )
    for what, message in story:
        ticket = ticket.with_fact(MONDAY, what, "x", message=message)
    assert [answered_message(ticket, name) for name in ("m2", "m6")] == ["m1", "m3"]
    assert answered_message(replace(ticket, timeline=()), "m2") == ""


def test_only_what_was_newly_said_is_quoted() -> None:
    assert quotable(replace(ASKED, newly_said="It is broken.")) == "It is broken."
    assert quotable(ASKED) == ASKED.text


@pytest.mark.parametrize("text", ["line\n" * 500, "word " * 5_000])
def test_a_quotation_is_bounded_and_says_so(text: str) -> None:
    quoted = quotable(replace(ASKED, text=text))
    assert quoted.endswith(f"\n{CUT}")
    assert len(quoted) <= QUOTED_CHARACTERS + len(CUT) + 1
    assert quoted.count("\n") <= QUOTED_LINES


@pytest.mark.parametrize("language", ["en", "zh"])
def test_our_own_quotations_are_known_as_such_when_a_customer_answers_below_or_above(language: str) -> None:
    who = Catalogue().text("mail.quote", language, date="2026-11-23", time="10:00", name="Jo")
    quote = quote_in_text(who, "It is broken.\n\nHelp!")
    assert quote.endswith("> It is broken.\n>\n> Help!")
    assert newly_said(f"Thanks!\n\n{quote}") == "Thanks!"
