"""What a report tells apart: channels, hours, people, topics and ages, reckoned by hand, and what holds for any."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import report_backlog, report_people, report_quality, report_topics, report_volume
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.report import summarize
from chalicelib.domain.report_range import ReportRange
from chalicelib.domain.report_stretch import Stretch, Tally, stretch_of
from chalicelib.domain.ticket import Shelf, Status
from tests.domain.samples import DAY, HOUR, MINUTE, MONDAY, a_ticket, law, when

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = MONDAY.date()
WEEK = ReportRange(FIRST, FIRST + timedelta(days=6), BERLIN)
PLAIN = card_of(a_ticket(), ())


def a_card(ref: str, created: datetime, solved: datetime | None = None, **more: Any) -> Card:
    """Give the card of a ticket, solved or not."""
    resolution = (solved - created).total_seconds() if solved else None
    status = Status.SOLVED if solved else Status.OPEN
    fields: dict[str, Any] = {"solved_at": solved, "resolution_seconds": resolution, "status": status, **more}
    return replace(PLAIN, ref=ref, created_at=created, **fields)


CARDS = [
    a_card("A", when("mon 10:00"), when("mon 12:00"), channel="email", assignee_id="ada", category="refund",
           first_response_seconds=10 * MINUTE, ratings=(5,), nps=9, ces=6, surveys_sent=1,
           verdicts={"first_response": (1, 0)}),
    a_card("B", when("mon 23:30"), when("wed 09:00"), channel="email", assignee_id="sam", category="refund",
           first_response_seconds=30 * MINUTE, ratings=(2,), nps=0, ces=2, surveys_sent=1,
           verdicts={"resolution": (0, 1)}),
    a_card("C", when("tue 10:00"), channel="chat", assignee_id="ada", first_response_seconds=HOUR),
    a_card("D", when("wed 10:00"), channel="chat", category="delivery"),
    a_card("E", when("mon 10:00") - timedelta(days=7), when("tue 10:00"), channel="email", assignee_id="ada"),
    a_card("F", when("mon 10:00") - timedelta(days=40), channel="phone", category="refund"),
    a_card("G", when("mon 10:00"), channel="email", shelf=Shelf.SPAM),
]  # fmt: skip
NOW, BEFORE = stretch_of(CARDS, WEEK), stretch_of(CARDS, WEEK.before())


def refs(cards: tuple[Card, ...]) -> str:
    return "".join(sorted(card.ref for card in cards))


def test_a_stretch_knows_what_was_opened_solved_and_left() -> None:
    assert [refs(cards) for cards in (NOW.opened, NOW.solved, NOW.left)] == ["ABCD", "ABE", "CDF"]
    assert [refs(cards) for cards in (BEFORE.opened, BEFORE.solved, BEFORE.left)] == ["E", "", "EF"]


def test_channels_stand_beside_those_of_the_range_before() -> None:
    assert report_volume.by_channel(NOW, BEFORE) == (Tally("email", 2, 1), Tally("chat", 2, 0))


def test_hours_are_those_that_the_desks_clock_shows() -> None:
    counts = report_volume.by_hour(NOW)
    # a quarter to midnight in UTC is Tuesday's first hour in Berlin
    assert (counts[0][11], counts[1][0], counts[1][11], counts[2][11]) == (1, 1, 1, 1)
    assert sum(map(sum, counts)) == 4


def test_days_tell_what_came_and_what_went() -> None:
    found = {period.first: (opened, solved) for period, opened, solved in report_volume.by_period(NOW)}
    assert [found[FIRST + timedelta(days=n)] for n in range(4)] == [(1, 1), (2, 1), (1, 1), (0, 0)]


def test_service_is_told_by_the_day() -> None:
    medians = [spread.median for _, spread in report_quality.first_responses(NOW)]
    assert medians[:3] == [10 * MINUTE, 30 * MINUTE, None]
    assert [spread.count for _, spread in report_quality.resolutions(NOW)][:3] == [1, 1, 1]
    assert [one.share for _, one in report_quality.attainments(NOW)][:3] == [1, 0, None]
    assert [one.csat for _, one in report_quality.satisfactions(NOW)][:3] == [1, None, 0]
    assert [one.nps for _, one in report_quality.recommendations(NOW)][:3] == [100, None, -100]
    assert [one.ces for _, one in report_quality.eases(NOW)][:3] == [6, None, 2]


def test_each_agent_has_a_record_and_what_nobody_has_comes_last() -> None:
    ada, sam, nobody = report_people.by_agent(NOW)
    assert (ada.id, ada.opened, ada.answered, ada.solved, ada.left) == ("ada", 2, 2, 2, 1)
    assert (ada.first_response.median, ada.satisfaction.csat) == (10 * MINUTE, 1)
    assert (ada.recommendation.nps, ada.ease.ces, sam.recommendation.nps, nobody.ease.ces) == (100, 6, -100, None)
    assert (sam.id, sam.opened, sam.solved, sam.satisfaction.csat) == ("sam", 1, 1, 0)
    assert (nobody.id, nobody.opened, nobody.answered, nobody.left) == ("", 1, 0, 2)


def test_topics_are_counted_and_none_is_one() -> None:
    assert report_topics.by_topic(NOW, BEFORE) == (Tally("refund", 2, 0), Tally("", 1, 1), Tally("delivery", 1, 0))


@pytest.mark.parametrize(
    ("now", "before", "rises"),
    [(2, 0, False), (3, 0, True), (3, 1, False), (5, 3, False), (10, 3, True), (3, 10, False), (110, 100, False)],
)
def test_a_topic_rises_when_chance_would_hardly_do_it(now: int, before: int, rises: bool) -> None:
    found = report_topics.rising([Tally("refund", now, before), Tally("", 9, 9)])
    assert bool(found) is rises


def test_at_a_desk_that_just_began_nothing_rises() -> None:
    assert report_topics.rising([Tally("refund", 9, 0), Tally("delivery", 5, 0)]) == ()


def test_the_surest_rise_comes_first_and_what_has_no_topic_does_not_rise() -> None:
    topics = [Tally("a", 6, 1), Tally("", 50, 0), Tally("b", 30, 2)]
    assert [one.name for one in report_topics.rising(topics)] == ["b", "a"]


def test_the_backlog_is_told_by_its_age() -> None:
    found = report_backlog.ages(NOW.left, WEEK.end)
    assert [(group.least // DAY, group.count) for group in found] == [(0, 0), (1, 0), (3, 2), (7, 0), (30, 1)]


@pytest.mark.parametrize(("seconds", "group"), [(0, 0), (DAY - 1, 0), (DAY, 1), (7 * DAY, 3), (30 * DAY, 4)])
def test_an_age_of_just_a_day_is_no_less_than_a_day(seconds: int, group: int) -> None:
    found = report_backlog.ages([replace(PLAIN, created_at=MONDAY)], MONDAY + timedelta(seconds=seconds))
    assert [each.count for each in found].index(1) == group


def test_those_who_wait_longest_wait_still() -> None:
    later = a_card("H", when("mon 09:00"), WEEK.end + timedelta(days=1))
    assert [card.ref for card in report_backlog.longest_waiting([*NOW.left, later], 2)] == ["F", "C"]


@st.composite
def stretches(draw: st.DrawFn) -> tuple[list[Card], Stretch]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        created = MONDAY + timedelta(seconds=draw(st.integers(-20 * DAY, 20 * DAY)))
        length = draw(st.none() | st.integers(0, 9 * DAY))
        solved = None if length is None else created + timedelta(seconds=length)
        found.append(
            a_card(
                str(number),
                created,
                solved,
                assignee_id=draw(st.sampled_from(["", "ada", "sam"])),
                channel=draw(st.sampled_from(["email", "chat"])),
                category=draw(st.sampled_from(["", "refund"])),
                first_response_seconds=draw(st.none() | st.just(HOUR)),
                ratings=(4,) if solved and draw(st.booleans()) else (),
                nps=draw(st.none() | st.integers(0, 10)) if solved else None,
                ces=draw(st.none() | st.integers(1, 7)) if solved else None,
            )
        )
    within = ReportRange(date(2026, 11, 1), date(2026, 11, draw(st.integers(1, 30))), BERLIN)
    return found, stretch_of(found, within)


@law
@given(stretches())
def test_every_breakdown_adds_up_to_the_summary(drawn: tuple[list[Card], Stretch]) -> None:
    cards, stretch = drawn
    whole = summarize(cards, stretch.range.start, stretch.range.end)
    nothing = stretch_of([], stretch.range.before())
    assert sum(one.now for one in report_volume.by_channel(stretch, nothing)) == whole.opened
    assert sum(one.now for one in report_topics.by_topic(stretch, nothing)) == whole.opened
    assert sum(map(sum, report_volume.by_hour(stretch))) == whole.opened
    periods = report_volume.by_period(stretch)
    assert (sum(one[1] for one in periods), sum(one[2] for one in periods)) == (whole.opened, whole.solved)
    for records in (report_people.by_agent(stretch), report_people.by_team(stretch)):
        assert sum(one.solved for one in records) == whole.solved
        assert sum(one.answered for one in records) == whole.first_response.count
        assert sum(one.satisfaction.answered for one in records) == whole.satisfaction.answered
        assert sum(one.recommendation.promoters for one in records) == whole.recommendation.promoters
        assert sum(one.ease.easy for one in records) == whole.ease.easy
    recommendations = [one for _, one in report_quality.recommendations(stretch)]
    assert sum((one.answers for one in recommendations), Counter()) == whole.recommendation.answers
    assert sum((one.answers for _, one in report_quality.eases(stretch)), Counter()) == whole.ease.answers
    assert sum(one.count for one in report_backlog.ages(stretch.left, stretch.range.end)) == whole.backlog
