"""What the table promises about tickets: conditional writes, one of many writers wins, nothing changes on the way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from chalicelib.adapters.tickets import ARCHIVE_CHUNK, TIMELINE_LIMIT, DynamoTickets
from chalicelib.domain.card import Card
from chalicelib.domain.errors import AlreadyExists, StaleVersion
from chalicelib.domain.message import Message
from chalicelib.domain.ticket import Happening, Status, Ticket
from tests.adapters.sample_tickets import (
    MESSAGES,
    NOON,
    TICKETS,
    a_message,
    a_ticket,
    card_for,
    entry,
    facts,
    kept,
    ref_of,
)
from tests.adapters.watched_table import Watch, watched

REF = ref_of(1)
ONLY_DYNAMODB_LOCAL = pytest.mark.parametrize(
    "any_cloud_table", [pytest.param("dynamodb-local", marks=pytest.mark.dynamodb_local)], indirect=True
)
"""Moto answers one thread as if no other were there."""

numbers = count(1000)


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[DynamoTickets, Watch]]:
    with watched(*any_cloud_table) as (table, watch):
        yield DynamoTickets(table), watch


@pytest.fixture
def tickets(desk: tuple[DynamoTickets, Watch]) -> DynamoTickets:
    return desk[0]


def with_note(ticket: Ticket, message_id: str) -> Ticket:
    (fact,) = facts(1)
    return replace(ticket, timeline=(*ticket.timeline, replace(fact, detail={"message": message_id})))


# ---- conditions


def test_a_new_ticket_is_version_one_and_reads_back(tickets: DynamoTickets) -> None:
    added = kept(tickets, a_ticket())
    assert added == replace(a_ticket(), version=1)
    assert tickets.get(REF) == added


def test_a_reference_is_taken_only_once(tickets: DynamoTickets) -> None:
    kept(tickets, a_ticket())
    with pytest.raises(AlreadyExists):
        kept(tickets, a_ticket(subject="Another"))
    found = tickets.get(REF)
    assert found is not None
    assert found.subject == "Parcel 1"


def test_a_change_is_the_next_version(tickets: DynamoTickets) -> None:
    changed = kept(tickets, replace(kept(tickets, a_ticket()), status=Status.OPEN))
    assert changed.version == 2
    assert tickets.get(REF) == changed


def test_a_change_decided_on_an_old_version_is_refused_and_changes_nothing(tickets: DynamoTickets) -> None:
    first = kept(tickets, a_ticket())
    second = kept(tickets, replace(first, subject="Second"))
    with pytest.raises(StaleVersion):
        kept(tickets, replace(first, subject="Third"))
    assert tickets.get(REF) == second


def test_a_ticket_that_is_not_there_can_not_be_saved(tickets: DynamoTickets) -> None:
    with pytest.raises(StaleVersion):
        kept(tickets, a_ticket(version=3))
    assert tickets.get(REF) is None


def test_nothing_is_there_before_it_is_written(tickets: DynamoTickets) -> None:
    assert (tickets.get(REF), tickets.conversation(REF), tickets.message(REF, "m1")) == (None, None, None)
    assert (tickets.ticket_of_email("<1@x.org>"), list(tickets.due(NOON))) == (None, [])


def test_a_change_is_one_write_and_a_ticket_with_messages_one_query(desk: tuple[DynamoTickets, Watch]) -> None:
    tickets, watch = desk
    kept(tickets, replace(kept(tickets, a_ticket()), agenda=(entry(5),)))
    tickets.get(REF)
    tickets.conversation(REF)
    assert watch.operations() == ["PutItem", "PutItem", "GetItem", "Query"]


def test_many_tickets_are_read_by_one_call_for_a_hundred(desk: tuple[DynamoTickets, Watch]) -> None:
    tickets, watch = desk
    known = {ref_of(number): kept(tickets, a_ticket(number)) for number in range(1, 4)}
    before = len(watch.operations())
    wanted = [*known, *(ref_of(number) for number in range(500, 600))]
    assert tickets.get_many(wanted) == known
    assert watch.operations()[before:] == ["BatchGetItem"] * 2
    assert tickets.get_many([]) == {}


def test_among_many_a_long_history_is_whole(tickets: DynamoTickets) -> None:
    ticket = kept(tickets, a_ticket())
    for number in range(130):
        ticket = ticket.with_fact(NOON + timedelta(seconds=number), Happening.NOTE_ADDED, "agent:ada")
    saved = kept(tickets, ticket)
    assert saved.archived
    assert tickets.get_many([REF])[REF].timeline == saved.timeline


# ---- many at once


@ONLY_DYNAMODB_LOCAL
def test_of_writers_at_once_exactly_one_adds_a_reference(tickets: DynamoTickets) -> None:
    def add(number: int) -> bool:
        try:
            kept(tickets, a_ticket(subject=f"By writer {number}"))
        except AlreadyExists:
            return False
        return True

    with ThreadPoolExecutor(8) as writers:
        assert sum(writers.map(add, range(16))) == 1


@ONLY_DYNAMODB_LOCAL
def test_writers_who_load_and_decide_again_lose_no_fact(tickets: DynamoTickets) -> None:
    kept(tickets, a_ticket())

    def write(name: str) -> None:
        while True:
            found = tickets.get(REF)
            assert found is not None
            try:
                kept(tickets, with_note(found, name))
            except StaleVersion:
                continue
            return

    names = [f"m{number}" for number in range(24)]
    with ThreadPoolExecutor(6) as writers:
        list(writers.map(write, names))
    found = tickets.get(REF)
    assert found is not None
    assert found.version == 1 + len(names)
    assert sorted(fact.detail["message"] for fact in found.timeline[1:]) == sorted(names)


# ---- messages


def test_messages_written_twice_are_one_and_the_first_stays(tickets: DynamoTickets) -> None:
    kept(tickets, with_note(a_ticket(), "m1"))
    for text in ("Hello", "Hello from a second attempt"):
        tickets.write_messages(REF, [a_message("m1", text)])
    assert tickets.message(REF, "m1") == a_message("m1", "Hello")
    conversation = tickets.conversation(REF)
    assert conversation is not None
    assert conversation[1] == (a_message("m1", "Hello"),)


def test_a_conversation_has_the_order_of_the_timeline(tickets: DynamoTickets) -> None:
    ticket = a_ticket()
    for name in ("m9", "m1", "m5"):
        ticket = with_note(ticket, name)
    kept(tickets, ticket)
    tickets.write_messages(REF, [a_message(name) for name in ("m1", "m5", "m9")])
    conversation = tickets.conversation(REF)
    assert conversation is not None
    assert [message.id for message in conversation[1]] == ["m9", "m1", "m5"]


def test_a_message_that_no_fact_mentions_is_no_part_of_the_conversation(tickets: DynamoTickets) -> None:
    kept(tickets, with_note(a_ticket(), "m1"))
    tickets.write_messages(REF, [a_message("m1"), a_message("m2")])
    conversation = tickets.conversation(REF)
    assert conversation is not None
    assert [message.id for message in conversation[1]] == ["m1"]


def test_the_same_message_id_on_two_tickets_is_two_messages(tickets: DynamoTickets) -> None:
    tickets.write_messages(ref_of(1), [a_message("m1", "one")])
    tickets.write_messages(ref_of(2), [a_message("m1", "two")])
    assert tickets.message(ref_of(2), "m1") == a_message("m1", "two")


def test_a_received_message_id_leads_to_its_ticket(tickets: DynamoTickets) -> None:
    strange = "<" + "ünüsual " * 200 + "@x>"
    tickets.file_email("<1@x.org>", REF)
    tickets.file_email(strange, ref_of(2))
    assert tickets.ticket_of_email("<1@x.org>") == REF
    assert tickets.ticket_of_email(strange) == ref_of(2)


# ---- a long life


def test_a_long_life_moves_to_history_and_reads_back_whole(tickets: DynamoTickets) -> None:
    ticket = kept(tickets, a_ticket(timeline=facts(1)))
    for first in range(1, 260, 40):
        grown = replace(ticket, timeline=(*ticket.timeline, *facts(40, first)))
        ticket = kept(tickets, grown)
        assert len(ticket.timeline) - ticket.archived <= TIMELINE_LIMIT
        assert tickets.get(REF) == ticket
    assert ticket.timeline == facts(281)
    assert ticket.archived % ARCHIVE_CHUNK == 0
    conversation = tickets.conversation(REF)
    assert conversation is not None
    assert conversation[0] == ticket


def test_a_write_that_lost_after_archiving_leaves_the_history_whole(tickets: DynamoTickets) -> None:
    full = kept(tickets, a_ticket(timeline=facts(TIMELINE_LIMIT)))
    winner = kept(tickets, replace(full, timeline=facts(TIMELINE_LIMIT + 1)))
    with pytest.raises(StaleVersion):
        kept(tickets, replace(full, timeline=facts(TIMELINE_LIMIT + 7)))
    assert tickets.get(REF) == winner


def test_a_write_that_archived_and_then_lost_to_a_short_one_tells_nothing_twice(tickets: DynamoTickets) -> None:
    full = kept(tickets, a_ticket(timeline=facts(TIMELINE_LIMIT)))
    winner = kept(tickets, replace(full, subject="Renamed"))
    with pytest.raises(StaleVersion):
        kept(tickets, replace(full, timeline=facts(TIMELINE_LIMIT + 1)))
    assert tickets.get(REF) == winner
    conversation = tickets.conversation(REF)
    assert conversation is not None
    assert conversation[0] == winner


# ---- nothing changes on the way


def untimed(card: Card) -> Card:
    """A card without its elapsed times: what took no time at all is listed as a millisecond."""
    return replace(card, first_response_seconds=None, resolution_seconds=None)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TICKETS)
def test_every_field_of_any_ticket_reads_back(tickets: DynamoTickets, ticket: Ticket) -> None:
    ticket = replace(ticket, ref=ref_of(next(numbers)))
    added = tickets.add(ticket, card_for(ticket))
    assert tickets.get(ticket.ref) == added
    page = tickets.of_customer(ticket.requester.customer_id, 100)
    seen = next(card for card in page.cards if card.ref == ticket.ref)
    assert untimed(seen) == untimed(card_for(added))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MESSAGES)
def test_every_field_of_any_message_reads_back(tickets: DynamoTickets, message: Message) -> None:
    ref = ref_of(next(numbers))
    tickets.write_messages(ref, [message])
    assert tickets.message(ref, message.id) == message
