"""A change of what can be found is noted soon, with others, and whatever else is saved on the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.message import Attachment, Message, MessageKind
from chalicelib.domain.search import indexing
from chalicelib.domain.search.document import TEXT_LIMIT, document_of, known_of
from chalicelib.domain.ticket import Happening, Shelf, Status, Ticket
from tests.domain.samples import MONDAY, a_ticket, later

LATER = later(5)


def indexed_at(ticket: Ticket) -> list[object]:
    return [entry.at for entry in ticket.agenda if entry.task is Task.INDEX]


def said(text: str, **more: Any) -> Message:
    return replace(Message(text, MessageKind.CUSTOMER, "customer:c", "Jo", text, MONDAY), **more)


def test_a_new_ticket_is_to_be_found() -> None:
    assert indexed_at(indexing.scheduled(None, a_ticket(), MONDAY)) == [MONDAY + indexing.SOON]


@pytest.mark.parametrize(
    "changes",
    [{"subject": "Else"}, {"status": Status.SOLVED}, {"tags": ("vip",)}, {"fields": {"order": "7"}},
     {"assignee_id": "ada"}, {"team_id": "two"}, {"shelf": Shelf.SPAM}],
)  # fmt: skip
def test_what_search_knows_of_a_ticket_is_to_be_found_when_it_changes(changes: dict[str, Any]) -> None:
    before = a_ticket()
    assert indexed_at(indexing.scheduled(before, replace(before, **changes), MONDAY))


def test_a_message_more_is_to_be_found() -> None:
    before = a_ticket()
    after = lifecycle.noted(before, "m9", MONDAY, "agent:ada")
    assert indexed_at(indexing.scheduled(before, after, MONDAY))
    assert not indexed_at(
        indexing.scheduled(after, after.with_fact(MONDAY, Happening.DELIVERED, "desk", message="m9"), MONDAY)
    )


def test_what_search_does_not_know_of_changes_nothing() -> None:
    before = a_ticket()
    after = before.with_fact(MONDAY, Happening.SLA_WARNED, "desk", metric="resolution")
    assert indexing.scheduled(before, after, MONDAY) is after
    assert not indexing.is_due(before, after, MONDAY)


def test_a_change_that_waits_already_is_not_put_off() -> None:
    before = indexing.scheduled(None, a_ticket(), MONDAY)
    assert indexed_at(indexing.scheduled(before, replace(before, subject="Else"), LATER)) == [MONDAY + indexing.SOON]


def test_it_is_noted_early_when_the_ticket_is_saved_anyway() -> None:
    before = indexing.scheduled(None, a_ticket(), MONDAY)
    assert not indexing.is_due(before, before, LATER)
    assert indexing.is_due(before, lifecycle.with_tasks(before, Entry(LATER, Task.NOTIFY, "x")), LATER)
    assert indexing.is_due(before, before, MONDAY + indexing.SOON)
    assert not indexed_at(indexing.noted(before))


def test_while_it_can_t_be_noted_it_waits_longer_each_time_an_hour_at_most() -> None:
    ticket, waits = indexing.scheduled(None, a_ticket(), MONDAY), []
    for _ in range(9):
        ticket = indexing.put_off(ticket, MONDAY)
        waits.append((ticket.agenda[0].at - MONDAY) // timedelta(minutes=1))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_document_holds_what_was_newly_said_and_what_hangs_on_it() -> None:
    ticket = replace(a_ticket(), fields={"order": "A-17"}, tags=("vip",))
    files = (Attachment("k", "invoice.pdf", "application/pdf", 3),)
    document = document_of(ticket, [said("Hello"), said("Hi\n> Hello", newly_said="Hi", attachments=files)])
    assert document.text == "Hello\nHi\norder: A-17\ninvoice.pdf\nvip"
    assert document.with_files


def test_a_very_long_ticket_is_found_by_its_beginning() -> None:
    assert len(document_of(a_ticket(), [said("x" * 90_000)] * 3).text) == TEXT_LIMIT


def test_who_writes_on_a_ticket_is_known() -> None:
    ticket = a_ticket()
    more = replace(ticket, thread=replace(ticket.thread, participants=(ticket.requester.email, "kim@x.example")))
    assert document_of(more, []).people == (ticket.requester.name, ticket.requester.email, "kim@x.example")
    assert known_of(more) != known_of(ticket)
