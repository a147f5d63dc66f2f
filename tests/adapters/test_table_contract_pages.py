"""What the table promises about lists: their order, cursors that neither lose nor repeat, indexes that hold no more."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.tickets import DynamoTickets
from chalicelib.domain.card import Card, urgency, urgent_until
from chalicelib.domain.ticket import FollowUp, Requester, Shelf, Status
from tests.adapters.sample_tickets import NOON, a_message, a_ticket, card_for, entry, kept, ref_of, refs
from tests.adapters.watched_table import Watch, watched

TEAMS = ("a", "b", "c")


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[DynamoTickets, Watch]]:
    with watched(*any_cloud_table) as (table, watch):
        yield DynamoTickets(table), watch


@pytest.fixture
def tickets(desk: tuple[DynamoTickets, Watch]) -> DynamoTickets:
    return desk[0]


def waiting(tickets: DynamoTickets, number: int, due_in: float | None, **changes: Any) -> Card:
    """Keep a ticket of team `a` whose most pressing deadline is so many minutes after noon."""
    ticket = a_ticket(number, **{"team_id": "a", **changes})
    due_at = None if due_in is None else NOON + timedelta(minutes=due_in)
    card = replace(card_for(ticket), due_at=due_at)
    tickets.add(ticket, card)
    return card


def all_pages(
    tickets: DynamoTickets, names: list[str], limit: int, *, newest_first: bool = False
) -> list[tuple[Card, ...]]:
    pages = [tickets.queue(names, limit, newest_first=newest_first)]
    while pages[-1].after:
        pages.append(tickets.queue(names, limit, pages[-1].after, newest_first=newest_first))
    return [page.cards for page in pages]


# ---- queues


def test_a_queue_may_end_at_a_deadline_and_reads_nothing_behind_it(tickets: DynamoTickets) -> None:
    for number, due_in in enumerate([-15, 15, 59, 60, 61, None], start=1):
        waiting(tickets, number, due_in)
    until = urgent_until(NOON + timedelta(minutes=60))
    first = tickets.queue(["team:a"], 2, until=until)
    rest = tickets.queue(["team:a"], 10, first.after, until=until)
    assert [card.ref for card in (*first.cards, *rest.cards)] == [ref_of(number) for number in (1, 2, 3, 4)]
    assert rest.after == ""


def test_a_queue_shows_what_is_due_first_and_then_the_oldest(tickets: DynamoTickets) -> None:
    waiting(tickets, 1, None, created_at=NOON - timedelta(hours=1))
    waiting(tickets, 2, 90)
    waiting(tickets, 3, None, created_at=NOON - timedelta(hours=2))
    waiting(tickets, 4, 15)
    waiting(tickets, 5, -15)
    assert refs(tickets.queue(["team:a"], 10).cards) == [ref_of(number) for number in (5, 4, 2, 3, 1)]


def test_several_queues_are_merged_in_their_common_order(tickets: DynamoTickets) -> None:
    waiting(tickets, 1, 30)
    waiting(tickets, 2, 10, team_id="b")
    waiting(tickets, 3, 20, assignee_id="sam")
    assert refs(tickets.queue(["team:a", "team:b", "agent:sam"], 10).cards) == [ref_of(n) for n in (2, 3, 1)]


def test_a_page_is_one_query_for_each_queue_and_shard(any_cloud_table: tuple[Any, str]) -> None:
    with watched(*any_cloud_table) as (table, watch):
        DynamoTickets(table, shards=1).queue(["team:a"], 25)
        assert watch.operations() == ["Query"]
        DynamoTickets(table, shards=3).queue(["team:a", "team:b"], 25)
        assert watch.operations() == ["Query"] * 7


def test_a_card_in_a_list_is_the_card_that_was_kept(tickets: DynamoTickets) -> None:
    card = waiting(tickets, 1, 10, tags=("vip", "物流"), fields={"order": "订单 7"}, category="delivery")
    (seen,) = tickets.queue(["team:a"], 10).cards
    assert seen == replace(card, version=1)


@pytest.fixture
def crowd(any_cloud_table: tuple[Any, str]) -> dict[int, DynamoTickets]:
    """Tickets in three teams' queues, kept once on one shard and once on three; many have the same deadline."""
    chance = random.Random(11)
    client, name = any_cloud_table
    with watched(client, name) as (table, _):
        desks = {shards: DynamoTickets(table, shards) for shards in (1, 3)}
    for number in range(30):
        shards = (1, 3)[number % 2]
        due_in = chance.choice([None, 1, 1, 2, 3, 3])
        waiting(desks[shards], number, due_in, team_id=f"{chance.choice(TEAMS)}{shards}")
    return desks


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limit=st.integers(1, 16),
    teams=st.sets(st.sampled_from(TEAMS), min_size=1),
    shards=st.sampled_from((1, 3)),
    newest_first=st.booleans(),
)
def test_pages_of_any_size_show_every_ticket_once_and_in_order(
    crowd: dict[int, DynamoTickets], limit: int, teams: set[str], shards: int, newest_first: bool
) -> None:
    names = [f"team:{team}{shards}" for team in sorted(teams)]
    (whole,) = all_pages(crowd[shards], names, 100, newest_first=newest_first)
    pages = all_pages(crowd[shards], names, limit, newest_first=newest_first)
    assert [card for page in pages for card in page] == list(whole)
    assert list(whole) == sorted(whole, key=urgency, reverse=newest_first)
    assert all(len(page) == limit for page in pages[:-1])
    assert pages[-1] or not whole


def test_a_cursor_holds_though_tickets_come_and_go_between_the_pages(tickets: DynamoTickets) -> None:
    for number in range(6):
        waiting(tickets, number, 10 * number)
    first = tickets.queue(["team:a"], 3)
    waiting(tickets, 7, 5)
    seen = tickets.get(ref_of(2))
    assert seen is not None
    kept(tickets, replace(seen, status=Status.SOLVED, solved_at=NOON))
    second = tickets.queue(["team:a"], 3, first.after)
    assert refs([*first.cards, *second.cards]) == [ref_of(number) for number in range(6)]
    assert second.after == ""


def test_cards_so_big_that_dynamodb_cuts_the_answer_are_all_shown(tickets: DynamoTickets) -> None:
    big = {f"field {number}": "大" * 500 for number in range(30)}
    for number in range(26):
        waiting(tickets, number, number, fields=big)
    assert [len(page) for page in all_pages(tickets, ["team:a"], 25)] == [25, 1]
    assert len(tickets.of_customer("cjo", 26).cards) == 26


# ---- where a ticket stands


def test_a_ticket_stands_in_one_queue_and_moves_when_it_changes_hands(tickets: DynamoTickets) -> None:
    ticket = kept(tickets, a_ticket(team_id="a"))
    held = kept(tickets, replace(ticket, assignee_id="sam"))
    assert [len(tickets.queue([name], 10).cards) for name in ("team:a", "agent:sam")] == [0, 1]
    kept(tickets, replace(held, assignee_id="ada"))
    assert [len(tickets.queue([name], 10).cards) for name in ("agent:sam", "agent:ada")] == [0, 1]


def test_a_solved_ticket_leaves_its_agents_queue_for_its_month_newest_first(tickets: DynamoTickets) -> None:
    for number, day in ((1, 3), (2, 28), (3, 14)):
        solved_at = datetime(2026, 10, day, 9, tzinfo=UTC)
        ticket = kept(tickets, a_ticket(number, assignee_id="sam"))
        kept(tickets, replace(ticket, status=Status.SOLVED, solved_at=solved_at))
    assert tickets.queue(["agent:sam"], 10).cards == ()
    assert refs(tickets.queue(["done:2026-10"], 10, newest_first=True).cards) == [ref_of(n) for n in (2, 3, 1)]
    assert tickets.queue(["done:2026-11"], 10).cards == ()


@pytest.mark.parametrize(
    ("changes", "queue"),
    [
        ({"shelf": Shelf.SPAM, "assignee_id": "sam"}, "spam"),
        ({"shelf": Shelf.UNPARSED}, "unparsed"),
        ({"status": Status.CLOSED, "solved_at": NOON}, "done:2026-11"),
        ({"status": Status.SOLVED, "solved_at": NOON, "follow_ups": (FollowUp("f1", "call", NOON),)}, "follow-ups"),
        ({}, "team:"),
    ],
)
def test_every_ticket_can_be_found_in_a_list(tickets: DynamoTickets, changes: dict[str, Any], queue: str) -> None:
    kept(tickets, a_ticket(**changes))
    assert refs(tickets.queue([queue], 10).cards) == [ref_of(1)]


# ---- customers


def test_a_customers_tickets_come_newest_first_page_by_page(tickets: DynamoTickets) -> None:
    for number in (3, 1, 4, 0, 2):
        kept(tickets, a_ticket(number, created_at=NOON + timedelta(milliseconds=number)))
    kept(tickets, a_ticket(9, requester=Requester("cann", "Ann", "ann@customer.org")))
    first = tickets.of_customer("cjo", 3)
    rest = tickets.of_customer("cjo", 3, first.after)
    assert [refs(page.cards) for page in (first, rest)] == [[ref_of(4), ref_of(3), ref_of(2)], [ref_of(1), ref_of(0)]]
    assert rest.after == ""
    assert refs(tickets.of_customer("cann", 3).cards) == [ref_of(9)]


def test_solved_tickets_stay_their_customers(tickets: DynamoTickets) -> None:
    kept(tickets, replace(kept(tickets, a_ticket()), status=Status.CLOSED, solved_at=NOON))
    assert refs(tickets.of_customer("cjo", 3).cards) == [ref_of(1)]


# ---- what is due


@pytest.mark.parametrize("shards", [1, 4])
def test_what_is_due_comes_earliest_first_up_to_the_instant_itself(
    any_cloud_table: tuple[Any, str], shards: int
) -> None:
    with watched(*any_cloud_table) as (table, _):
        tickets = DynamoTickets(table, shards)
        for number, minutes in enumerate((30, 10, 20.001, 20, 0, 40)):
            kept(tickets, a_ticket(number, agenda=(entry(50), entry(minutes, about="first"))))
        due = list(tickets.due(NOON + timedelta(minutes=20)))
    assert due == [
        (ref_of(number), NOON + timedelta(minutes=minutes)) for number, minutes in ((4, 0), (1, 10), (3, 20))
    ]


def test_a_ticket_without_agenda_is_not_in_the_due_index(tickets: DynamoTickets) -> None:
    def due() -> list[str]:
        return [ref for ref, _ in tickets.due(NOON + timedelta(days=999))]

    idle = kept(tickets, a_ticket())
    assert due() == []
    busy = kept(tickets, replace(idle, agenda=(entry(5),)))
    assert due() == [ref_of(1)]
    kept(tickets, replace(busy, agenda=()))
    assert due() == []


def test_the_same_ticket_is_due_once_however_long_its_agenda(tickets: DynamoTickets) -> None:
    kept(tickets, a_ticket(agenda=tuple(entry(number, about=str(number)) for number in range(40))))
    assert list(tickets.due(NOON + timedelta(days=1))) == [(ref_of(1), NOON)]


def test_a_sweep_with_nothing_due_is_one_query_for_each_shard(desk: tuple[DynamoTickets, Watch]) -> None:
    tickets, watch = desk
    kept(tickets, a_ticket(agenda=(entry(60),)))
    watch.calls.clear()
    assert list(tickets.due(NOON)) == []
    assert watch.operations() == ["Query"]


def test_only_tickets_stand_in_an_index(desk: tuple[DynamoTickets, Watch]) -> None:
    tickets, watch = desk
    tickets.write_messages(ref_of(1), [a_message()])
    tickets.file_email("<1@x.org>", ref_of(1))
    assert watch.operations() == ["PutItem", "PutItem"]
    written = b"".join(call.body for call in watch.calls)
    assert not re.search(rb'"(queue|customer|due)_[ps]k"', written)


# ---- everything that stands


def test_one_reading_gives_everything_that_is_not_done_by_list_and_place(tickets: DynamoTickets) -> None:
    waiting(tickets, 1, 30)
    waiting(tickets, 2, None, assignee_id="sam")
    waiting(tickets, 3, None, shelf=Shelf.SPAM)
    waiting(tickets, 4, None, status=Status.SOLVED, solved_at=NOON)
    waiting(tickets, 5, 10, team_id="")
    waiting(tickets, 6, None, status=Status.SOLVED, solved_at=NOON, follow_ups=(FollowUp("f", "low_rating", NOON),))
    found = tickets.standing(100)
    assert found.whole
    assert {(line.queue, line.card().ref) for line in found.lines} == {
        ("team:a", ref_of(1)),
        ("agent:sam", ref_of(2)),
        ("spam", ref_of(3)),
        ("team:", ref_of(5)),
        ("follow-ups", ref_of(6)),
    }
    for line in found.lines:
        assert line.place == urgency(line.card())
        assert [card.ref for card in tickets.queue([line.queue], 10).cards] == [line.card().ref]


def test_a_reading_that_is_cut_says_so_and_leaves_spam_to_the_end(tickets: DynamoTickets) -> None:
    for number in range(1, 6):
        waiting(tickets, number, None, shelf=Shelf.SPAM)
    waiting(tickets, 6, 30, team_id="z")
    found = tickets.standing(3)
    assert not found.whole
    assert "team:z" in {line.queue for line in found.lines}


@pytest.mark.parametrize("team", ["a#b", "1", "~", "2#x", "a:b", "灯"])
def test_a_list_s_name_may_hold_anything(tickets: DynamoTickets, team: str) -> None:
    waiting(tickets, 1, 30, team_id=team)
    waiting(tickets, 2, None, team_id=team)
    assert {line.queue for line in tickets.standing(10).lines} == {f"team:{team}"}
    assert refs(tickets.queue([f"team:{team}"], 10).cards) == [ref_of(1), ref_of(2)]
    assert [line.due for line in tickets.standing(10).lines] == ["2026-11-23T12:30:00", ""]
