"""DynamoDB's items end at 400 kB: what the desk allows fits in, and what doesn't is left out with a word."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.tickets import ATTACHMENT_LIMIT, NEWLY_LIMIT, TIMELINE_LIMIT, DynamoTickets
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_LIMIT, Attachment, Message
from chalicelib.domain.survey import COMMENT_LIMIT
from chalicelib.domain.ticket import FollowUp, Happening, Survey
from tests.adapters.sample_tickets import NOON, a_message, a_ticket, entry, kept, ref_of
from tests.adapters.watched_table import watched

REF = ref_of(1)
HAN, ASTRAL = "客", "𠮷"
"""A common Chinese character has three bytes in UTF-8, a rare one four."""


@pytest.fixture
def tickets(any_cloud_table: tuple[Any, str]) -> Iterator[DynamoTickets]:
    with watched(*any_cloud_table) as (table, _):
        yield DynamoTickets(table)


def kept_message(tickets: DynamoTickets, message: Message) -> Message:
    tickets.write_messages(REF, [message])
    found = tickets.message(REF, message.id)
    assert found is not None
    return found


def test_the_longest_chinese_text_is_kept_whole(tickets: DynamoTickets) -> None:
    message = a_message(text=HAN * TEXT_LIMIT)
    assert kept_message(tickets, message) == message


def test_the_longest_chinese_text_is_kept_beside_its_newly_said_part(tickets: DynamoTickets) -> None:
    message = a_message(text=HAN * TEXT_LIMIT, newly_said=HAN * NEWLY_LIMIT)
    assert kept_message(tickets, message) == message
    longer = replace(message, id="m2", newly_said=HAN * (NEWLY_LIMIT + 1))
    assert kept_message(tickets, longer) == replace(message, id="m2")


def test_html_that_fits_is_kept(tickets: DynamoTickets) -> None:
    message = a_message(text=HAN * 20_000, html=f"<p>{HAN * 100_000}</p>")
    assert kept_message(tickets, message) == message


def test_html_that_does_not_fit_is_dropped_with_a_visible_problem(tickets: DynamoTickets) -> None:
    message = a_message(text=HAN * TEXT_LIMIT, html="<p>" + HAN * TEXT_LIMIT, problems=("odd charset",))
    expected = replace(message, html="", problems=("odd charset", "html too long to keep"))
    assert kept_message(tickets, message) == expected


def test_a_text_of_rare_characters_loses_its_end_with_a_visible_problem(tickets: DynamoTickets) -> None:
    found = kept_message(tickets, a_message(text=ASTRAL * TEXT_LIMIT))
    assert found.problems == ("text too long to keep whole",)
    assert found.text == found.newly_said
    assert set(found.text) == {ASTRAL}
    assert len(found.text) > TEXT_LIMIT * 0.99


def test_a_mail_of_a_thousand_attachments_is_kept_with_the_first_of_them(tickets: DynamoTickets) -> None:
    files = tuple(
        Attachment(f"attachments/{REF}/m1/{number}-{'x' * 80}", HAN * 80, "application/octet-stream", 10_000_000)
        for number in range(1_000)
    )
    found = kept_message(tickets, a_message(text=HAN * TEXT_LIMIT, attachments=files))
    assert found.attachments == files[:ATTACHMENT_LIMIT]
    assert found.problems[0] == f"only the first {ATTACHMENT_LIMIT} attachments are listed"
    assert kept_message(tickets, a_message("m2", attachments=files[:500])).attachments == files[:500]


def test_a_ticket_with_all_that_may_be_set_on_it_fits(tickets: DynamoTickets) -> None:
    words = tuple(f"{number:02}" + HAN * 48 for number in range(30))
    rated = Survey(1, NOON, NOON, "sam", NOON, 1, HAN * COMMENT_LIMIT, NOON, 0, 1)
    full = a_ticket(
        subject=HAN * SUBJECT_LIMIT,
        tags=words,
        required_skills=words,
        fields=dict.fromkeys(words, HAN * 500),
        surveys=tuple(replace(rated, number=number) for number in range(1, 6)),
        follow_ups=tuple(FollowUp(f"f{number}", "low_rating", NOON) for number in range(50)),
        agenda=tuple(entry(number, about=f"m{number}") for number in range(50)),
    )
    for number in range(TIMELINE_LIMIT - 1):
        at = NOON + timedelta(seconds=number)
        full = full.with_fact(at, Happening.TAGS_SET, "agent:sam", tags=", ".join(words))
    added = kept(tickets, full)
    assert tickets.get(REF) == added
    assert tickets.queue(["team:"], 1).cards[0].fields == full.fields
