"""What an owner sees of a week: one example reckoned by hand, and what holds for any."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.card import Card, card_of
from chalicelib.domain.report import Attainment, Satisfaction, nearest_rank, summarize
from chalicelib.domain.sla_policy import METRICS
from chalicelib.domain.ticket import Shelf, Status
from tests.domain.samples import DAY, HOUR, MINUTE, MONDAY, a_ticket, later, law, when

START, END = when("mon 00:00"), when("mon 00:00") + timedelta(days=7)
PLAIN = card_of(a_ticket(), ())

WEEK = [
    # opened and solved within the week
    replace(
        PLAIN,
        ref="A",
        created_at=when("mon 10:00"),
        status=Status.SOLVED,
        solved_at=when("mon 12:00"),
        first_response_seconds=10 * MINUTE,
        resolution_seconds=2 * HOUR,
        verdicts={"first_response": (1, 0), "next_response": (2, 1), "resolution": (1, 0)},
        surveys_sent=1,
        ratings=(5,),
    ),
    # solved in it twice as slowly, asked twice, rated once and badly
    replace(
        PLAIN,
        ref="B",
        created_at=when("tue 10:00"),
        status=Status.CLOSED,
        solved_at=when("tue 14:00"),
        first_response_seconds=30 * MINUTE,
        resolution_seconds=4 * HOUR,
        verdicts={"first_response": (1, 0), "resolution": (1, 1)},
        surveys_sent=2,
        ratings=(2,),
    ),
    # opened in it, solved after it
    replace(
        PLAIN,
        ref="C",
        created_at=when("wed 10:00"),
        status=Status.SOLVED,
        solved_at=END,
        first_response_seconds=2 * HOUR,
        resolution_seconds=90 * HOUR,
        verdicts={"first_response": (0, 1)},
        surveys_sent=1,
        ratings=(4,),
    ),
    # opened before it, solved in it
    replace(
        PLAIN,
        ref="D",
        created_at=START - timedelta(seconds=1),
        status=Status.SOLVED,
        solved_at=START,
        first_response_seconds=5 * MINUTE,
        resolution_seconds=9 * HOUR,
        verdicts={"first_response": (1, 0)},
        surveys_sent=1,
        ratings=(4,),
    ),
    # still open, unanswered
    replace(PLAIN, ref="E", created_at=START),
    # solved before it, opened after it, and never anybody's work
    replace(PLAIN, ref="F", created_at=START - timedelta(days=3), solved_at=START - timedelta(days=1)),
    replace(PLAIN, ref="G", created_at=END),
    replace(PLAIN, ref="H", created_at=when("tue 10:00"), shelf=Shelf.SPAM),
]


class TestAWeekReckonedByHand:
    SUMMARY = summarize(WEEK, START, END)

    def test_opened_solved_and_left(self) -> None:
        assert (self.SUMMARY.opened, self.SUMMARY.solved, self.SUMMARY.backlog) == (4, 3, 2)
        assert (self.SUMMARY.start, self.SUMMARY.end) == (START, END)

    def test_first_responses_count_where_tickets_were_opened(self) -> None:
        spread = self.SUMMARY.first_response  # A 10, B 30, C 120 minutes
        assert (spread.count, spread.median, spread.p90) == (3, 30 * MINUTE, 120 * MINUTE)

    def test_resolutions_count_where_tickets_were_solved(self) -> None:
        spread = self.SUMMARY.resolution  # A 2, B 4, D 9 hours
        assert (spread.count, spread.median, spread.p90) == (3, 4 * HOUR, 9 * HOUR)

    def test_promises_kept_and_broken(self) -> None:
        kept = {metric: (one.met, one.breached) for metric, one in self.SUMMARY.sla.items()}
        assert {name: each for name, each in kept.items() if sum(each)} == {
            "first_response": (2, 1),
            "next_response": (2, 1),
            "resolution": (2, 1),
        }
        assert (self.SUMMARY.sla_overall.met, self.SUMMARY.sla_overall.breached) == (6, 3)
        assert self.SUMMARY.sla_overall.share == pytest.approx(2 / 3)

    def test_satisfaction_counts_where_tickets_were_solved(self) -> None:
        found = self.SUMMARY.satisfaction  # A 5, B 2, D 4 of four surveys
        assert (found.sent, found.answered, found.response_rate) == (4, 3, 0.75)
        assert found.csat == pytest.approx(2 / 3)
        assert found.average == pytest.approx(11 / 3)


def test_a_week_in_which_nothing_happened_has_no_shares() -> None:
    summary = summarize([], START, END)
    assert (summary.opened, summary.solved, summary.backlog) == (0, 0, 0)
    assert (summary.first_response.count, summary.first_response.median, summary.resolution.p90) == (0, None, None)
    assert summary.sla_overall.share is None
    assert (summary.satisfaction.response_rate, summary.satisfaction.csat, summary.satisfaction.average) == (None,) * 3


@pytest.mark.parametrize(("rating", "satisfied"), [(1, 0), (2, 0), (3, 0), (4, 1), (5, 1)])
def test_four_and_five_are_satisfied(rating: int, satisfied: int) -> None:
    assert Satisfaction(1, Counter([rating])).csat == satisfied


def test_an_attainment_is_a_share_of_what_was_judged() -> None:
    assert Attainment(3, 1).share == 0.75
    assert Attainment(0, 2).share == 0
    assert Attainment(0, 0).share is None


def test_nine_in_ten_took_no_longer_than_the_ninetieth_percent() -> None:
    tickets = [replace(PLAIN, ref=str(n), created_at=START, first_response_seconds=n * MINUTE) for n in range(1, 11)]
    spread = summarize(tickets, START, END).first_response
    assert (spread.count, spread.median, spread.p90) == (10, 5 * MINUTE, 9 * MINUTE)


@law
@given(st.lists(st.integers(-50, 50), min_size=1).map(sorted), st.integers(1, 100))
def test_the_nearest_rank_is_the_smallest_value_that_covers_the_share(values: list[int], percent: int) -> None:
    found = nearest_rank(values, percent / 100)
    needed = ceil(percent * len(values) / 100)
    assert sum(1 for value in values if value <= found) >= needed
    assert sum(1 for value in values if value < found) < needed


INSTANTS = st.integers(-20 * DAY, 20 * DAY).map(later)


@st.composite
def cards(draw: st.DrawFn) -> Card:
    created = draw(INSTANTS)
    solved = draw(st.none() | st.integers(0, 20 * DAY).map(lambda seconds: created + timedelta(seconds=seconds)))
    answered = draw(st.none() | st.integers(0, 5 * DAY))
    counts = st.tuples(st.integers(0, 3), st.integers(0, 3))
    ratings = draw(st.lists(st.integers(1, 5), max_size=2)) if solved else []
    return replace(
        PLAIN,
        ref=str(draw(st.integers(0, 10**6))),
        created_at=created,
        solved_at=solved,
        status=Status.SOLVED if solved else Status.OPEN,
        shelf=draw(st.sampled_from([Shelf.NONE, Shelf.NONE, Shelf.SPAM])),
        first_response_seconds=answered,
        resolution_seconds=(solved - created).total_seconds() if solved else None,
        verdicts=draw(st.dictionaries(st.sampled_from(METRICS), counts)),
        surveys_sent=len(ratings) + draw(st.integers(0, 2)),
        ratings=tuple(ratings),
    )


CARDS = st.lists(cards(), max_size=6)


@law
@given(CARDS, st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_two_neighbouring_times_add_up_to_the_whole(tickets: list[Card], edges: list[datetime]) -> None:
    start, middle, end = edges
    first, second, whole = (summarize(tickets, *pair) for pair in ((start, middle), (middle, end), (start, end)))
    assert first.opened + second.opened == whole.opened
    assert first.solved + second.solved == whole.solved
    assert second.backlog == whole.backlog
    assert first.satisfaction.ratings + second.satisfaction.ratings == whole.satisfaction.ratings
    for metric in METRICS:
        assert first.sla[metric].met + second.sla[metric].met == whole.sla[metric].met
        assert first.sla[metric].breached + second.sla[metric].breached == whole.sla[metric].breached


@law
@given(CARDS, st.lists(INSTANTS, min_size=2, max_size=2).map(sorted))
def test_the_backlog_grows_by_what_is_opened_and_shrinks_by_what_is_solved(
    tickets: list[Card], edges: list[datetime]
) -> None:
    start, end = edges
    before, now = summarize(tickets, MONDAY - timedelta(days=999), start), summarize(tickets, start, end)
    assert now.backlog == before.backlog + now.opened - now.solved


@law
@given(CARDS)
def test_shares_lie_between_nothing_and_all(tickets: list[Card]) -> None:
    summary = summarize(tickets, START, END)
    found = summary.satisfaction
    shares = [summary.sla_overall.share, found.response_rate, found.csat, *(one.share for one in summary.sla.values())]
    assert all(share is None or 0 <= share <= 1 for share in shares)
    assert found.average is None or 1 <= found.average <= 5


@law
@given(CARDS)
def test_the_tenth_of_the_slowest_is_no_faster_than_the_middle(tickets: list[Card]) -> None:
    for spread in (summarize(tickets, START, END).first_response, summarize(tickets, START, END).resolution):
        assert (spread.median is None) == (spread.count == 0)
        assert spread.median is None or spread.p90 is None or spread.median <= spread.p90


@law
@given(CARDS)
def test_what_lies_on_a_shelf_does_not_count(tickets: list[Card]) -> None:
    assert summarize(tickets, START, END) == summarize([one for one in tickets if not one.shelf], START, END)
