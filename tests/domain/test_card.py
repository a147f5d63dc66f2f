"""A ticket as one line of a list: what it says, where it stands, and before whom."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle, sla
from chalicelib.domain.card import Card, card_of, queue_of, urgency
from chalicelib.domain.ticket import FollowUp, Happening, Priority, Shelf, Status, Survey, Ticket
from tests.domain.samples import DAY, MONDAY, SETTINGS, a_ticket, in_work, later, law, opened, when


def card(ticket: Ticket, now: str = "mon 10:00") -> Card:
    return card_of(ticket, sla.of_ticket(ticket, SETTINGS, when(now)))


def plain(**fields: Any) -> Card:
    return replace(card(a_ticket()), **fields)


class TestWhatItSays:
    def test_it_says_what_the_ticket_says(self) -> None:
        ticket = in_work(
            priority=Priority.HIGH, category="refund", language="zh", tags=("vip",), fields={"order": "17"}
        )
        line = card(replace(ticket, version=7, updated_at=later(5)))
        assert (line.ref, line.subject, line.channel, line.customer_id) == ("7K3F-92QX", "My parcel", "email", "c1")
        assert (line.status, line.priority, line.category, line.language) == ("new", "high", "refund", "zh")
        assert (line.assignee_id, line.team_id, line.tags, line.fields) == ("sam", "support", ("vip",), {"order": "17"})
        assert (line.created_at, line.updated_at, line.version) == (MONDAY, later(5), 7)

    def test_an_unanswered_ticket_has_no_times_yet(self) -> None:
        line = card(opened())
        assert (line.first_response_seconds, line.resolution_seconds, line.solved_at) == (None, None, None)
        assert (line.surveys_sent, line.ratings, line.follow_ups, line.verdicts) == (0, (), 0, {})

    def test_the_first_answer_counts_and_no_later_one(self) -> None:
        ticket = lifecycle.answered(opened(), "m2", when("mon 10:10"), "agent:sam")
        ticket = lifecycle.answered(ticket, "m3", when("mon 10:50"), "agent:sam")
        assert card(ticket).first_response_seconds == 600

    def test_the_solution_is_reckoned_from_the_opening(self) -> None:
        ticket = lifecycle.solved(opened(), when("mon 12:00"), "agent:sam", SETTINGS)
        assert card(ticket).resolution_seconds == 7200

    def test_it_is_due_when_its_most_pressing_promise_is(self) -> None:
        assert card(opened()).due_at == when("mon 11:00")
        answered = lifecycle.answered(opened(), "m2", when("mon 10:10"), "agent:sam")
        assert card(answered).due_at == when("mon 14:00")

    @pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED])
    def test_what_is_done_is_not_due_though_an_answer_was_owed(self, status: Status) -> None:
        ticket = lifecycle.with_status(opened(), status, when("mon 12:00"), "agent:sam", SETTINGS)
        assert card(ticket, "mon 13:00").due_at is None

    def test_verdicts_count_kept_and_broken_promises_by_metric(self) -> None:
        ticket = lifecycle.answered(opened(), "m2", when("mon 11:10"), "agent:sam")
        for hour in (12, 13, 14):
            ticket = ticket.with_fact(when(f"mon {hour}:00"), Happening.CUSTOMER_WROTE, "customer:c1")
            ticket = lifecycle.answered(ticket, "m", when(f"mon {hour}:{10 if hour < 14 else 50}"), "agent:sam")
        assert card(ticket, "mon 13:59").verdicts == {"first_response": (0, 1), "next_response": (2, 1)}
        assert card(ticket, "mon 14:50").verdicts["resolution"] == (0, 1)

    def test_surveys_ratings_and_open_follow_ups_are_counted(self) -> None:
        surveys = (
            Survey(1, MONDAY, later(9), rating=4),
            Survey(2, MONDAY, later(9)),
            Survey(3, MONDAY, later(9), rating=1),
        )
        follow_ups = (FollowUp("a", "x", MONDAY), FollowUp("b", "x", MONDAY, MONDAY), FollowUp("c", "x", MONDAY))
        line = card(a_ticket(surveys=surveys, follow_ups=follow_ups))
        assert (line.surveys_sent, line.ratings, line.follow_ups) == (3, (4, 1), 2)

    def test_the_latest_answer_says_whether_they_recommend_us_and_how_easy_it_was(self) -> None:
        first, silent = Survey(1, MONDAY, later(9), rating=4, nps=9, ces=6), Survey(3, MONDAY, later(9))
        latest = Survey(2, MONDAY, later(9), rating=1, nps=0)
        for surveys, said in (((), (None, None)), ((first, silent), (9, 6)), ((first, latest, silent), (0, None))):
            line = card(a_ticket(surveys=surveys))
            assert (line.nps, line.ces) == said


@pytest.mark.parametrize(
    ("fields", "queue"),
    [
        ({"assignee_id": "sam", "team_id": "support"}, "agent:sam"),
        ({"team_id": "support"}, "team:support"),
        ({}, "team:"),
        ({"status": Status.PENDING, "assignee_id": "sam"}, "agent:sam"),
        ({"follow_ups": 1, "assignee_id": "sam"}, "agent:sam"),
        ({"status": Status.SOLVED, "solved_at": when("mon 12:00"), "assignee_id": "sam"}, "done:2026-11"),
        ({"status": Status.CLOSED, "solved_at": later(30 * DAY)}, "done:2026-12"),
        ({"status": Status.SOLVED, "solved_at": when("mon 12:00"), "follow_ups": 1}, "follow-ups"),
        ({"shelf": Shelf.SPAM, "team_id": "support"}, "spam"),
        ({"shelf": Shelf.UNPARSED, "status": Status.SOLVED}, "unparsed"),
    ],
)
def test_a_ticket_stands_in_one_queue(fields: dict[str, object], queue: str) -> None:
    assert queue_of(plain(**fields)) == queue


INSTANTS = st.integers(0, 10**6).map(later)


class TestOrder:
    @law
    @given(INSTANTS, INSTANTS)
    def test_the_earlier_deadline_comes_first(self, one: datetime, other: datetime) -> None:
        first, second = (plain(ref="A", due_at=one), plain(ref="B", due_at=other))
        assert (urgency(first) < urgency(second)) is (one <= other)

    @law
    @given(INSTANTS, INSTANTS)
    def test_whatever_has_a_deadline_comes_before_what_has_none(self, due: datetime, created: datetime) -> None:
        assert urgency(plain(due_at=due)) < urgency(plain(created_at=created))

    @law
    @given(INSTANTS, INSTANTS)
    def test_without_deadlines_the_older_comes_first(self, one: datetime, other: datetime) -> None:
        first, second = plain(ref="A", created_at=one), plain(ref="B", created_at=other)
        assert (urgency(first) < urgency(second)) is (one <= other)

    @law
    @given(INSTANTS, INSTANTS)
    def test_what_is_done_is_in_the_order_of_its_solution(self, one: datetime, other: datetime) -> None:
        first = plain(ref="A", status=Status.SOLVED, solved_at=one, due_at=MONDAY)
        second = plain(ref="B", status=Status.CLOSED, solved_at=other)
        assert (urgency(first) < urgency(second)) is (one <= other)

    def test_no_two_tickets_share_a_place(self) -> None:
        assert urgency(plain(ref="A")) != urgency(plain(ref="B"))
