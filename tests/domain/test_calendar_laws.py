"""What holds for business time whatever the hours, the zone and the jumps of its clock."""

import json
import time
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.calendar import BusinessCalendar, Window

ALL_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

CLOCK_CHANGES = [
    ("Europe/Berlin", date(2024, 3, 31)),
    ("Europe/Berlin", date(2024, 10, 27)),
    ("America/New_York", date(2024, 3, 10)),
    ("America/New_York", date(2024, 11, 3)),
    ("Australia/Lord_Howe", date(2024, 4, 7)),
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("Asia/Shanghai", date(1986, 5, 4)),
    ("Asia/Shanghai", date(1986, 9, 14)),
    ("Asia/Shanghai", date(2024, 12, 31)),
    ("America/Havana", date(2024, 11, 3)),
    ("Pacific/Apia", date(2011, 12, 30)),
]
STEP = timedelta(minutes=15)
WALK = 6 * 96
"""Steps that the slow walker walks, the change in their middle; every boundary here falls on one."""


def time_of_day(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


@st.composite
def day_windows(draw: st.DrawFn, nights: bool) -> list[list[str]]:
    """Up to three windows of a day; with nights, none opens before 03:00, and one over midnight may run until then."""
    edges = sorted(draw(st.lists(st.integers(12 if nights else 0, 88 if nights else 96), max_size=6, unique=True)))
    windows = [[time_of_day(edge) for edge in pair] for pair in zip(edges[::2], edges[1::2], strict=False)]
    if nights and draw(st.booleans()):
        windows.append([time_of_day(draw(st.integers(88, 95))), time_of_day(draw(st.integers(0, 12)))])
    return windows


@st.composite
def calendars(draw: st.DrawFn) -> tuple[BusinessCalendar, datetime]:
    """A calendar around a change of its zone's clock, and the first instant of its surroundings."""
    timezone, change = draw(st.sampled_from(CLOCK_CHANGES))
    nights = draw(st.booleans())
    days = draw(st.lists(st.integers(-2, 2), max_size=2, unique=True))
    holidays = [
        {
            "date": (change + timedelta(days=day)).isoformat(),
            "hours": draw(day_windows(draw(st.booleans()))),
            "yearly": draw(st.booleans()),
        }
        for day in days
    ]
    hours = {day: draw(day_windows(nights)) for day in ALL_DAYS} | {"wed": [["08:00", "12:00"]]}
    plain = {"timezone": timezone, "hours": hours, "holidays": holidays}
    begin = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=3)
    return BusinessCalendar.from_dict(plain), begin


@cache
def wall_clock(timezone: str, begin: datetime) -> list[datetime]:
    return [wall((begin + n * STEP).astimezone(ZoneInfo(timezone))) for n in range(WALK)]


def wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def walk(calendar: BusinessCalendar, begin: datetime) -> list[bool]:
    """Step by step, whether the desk is open: from the first that shows a window's opening time or later to the last
    that shows less than its closing time."""
    shown = wall_clock(calendar.timezone, begin)
    is_open = [False] * WALK
    for number in range(-2, 9):
        midnight = wall(begin) + timedelta(days=number)
        for window in windows_of(calendar, midnight.date()):
            opens, closes = (midnight + timedelta(minutes=minutes) for minutes in (window.opens, window.closes))
            first = next((n for n in range(WALK) if shown[n] >= opens), WALK)
            last = next((n for n in reversed(range(WALK)) if shown[n] < closes), -1)
            is_open[first : last + 1] = [True] * max(0, last + 1 - first)
    return is_open


def windows_of(calendar: BusinessCalendar, day: date) -> tuple[Window, ...]:
    windows = calendar.hours.get(ALL_DAYS[day.weekday()], ())
    for holiday in sorted(calendar.holidays, key=lambda holiday: not holiday.yearly):
        if holiday.date == day or (holiday.yearly and (holiday.date.month, holiday.date.day) == (day.month, day.day)):
            windows = holiday.windows
    return windows


moments = st.integers(0, 60 * 366 * 86_400 * 10**6).map(
    lambda micro: datetime(1980, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)
)
spans = st.integers(0, 10**7) | st.integers(0, 10**12).map(lambda micro: micro / 1_000_000)
laws = settings(deadline=None, max_examples=60)


@given(calendars())
@settings(deadline=None, max_examples=150)
def test_it_agrees_with_a_slow_walk(drawn: tuple[BusinessCalendar, datetime]) -> None:
    calendar, begin = drawn
    walked = walk(calendar, begin)
    steps = 0
    for n in range(WALK):
        now = begin + n * STEP
        assert calendar.is_open(now) == walked[n], now
        assert calendar.between(begin, now) == steps * STEP.total_seconds(), now
        if True in walked[n:]:
            assert calendar.next_open(now) == begin + walked.index(True, n) * STEP
        if walked[n]:
            steps += 1
            assert calendar.add(begin, steps * STEP.total_seconds()) == now + STEP


@given(calendars(), moments, spans)
@laws
def test_what_was_added_is_what_is_counted(
    drawn: tuple[BusinessCalendar, datetime], start: datetime, seconds: float
) -> None:
    calendar, _ = drawn
    due = calendar.add(start, seconds)
    assert calendar.between(start, due) == seconds
    assert calendar.between(due, start) == -calendar.between(start, due)


@given(calendars(), moments, spans)
@laws
def test_what_was_taken_back_is_what_is_counted(
    drawn: tuple[BusinessCalendar, datetime], end: datetime, seconds: float
) -> None:
    calendar, _ = drawn
    begun = calendar.add(end, -seconds)
    assert calendar.between(begun, end) == seconds
    assert not seconds or calendar.is_open(begun)
    # and on from there it is the earliest instant again: the end itself, or the closing before it
    assert calendar.between(calendar.add(begun, seconds), end) == 0


@given(calendars(), moments, spans.map(int), spans.map(int))
@laws
def test_taking_back_twice_is_taking_back_the_sum(
    drawn: tuple[BusinessCalendar, datetime], end: datetime, one: int, other: int
) -> None:
    calendar, _ = drawn
    assert calendar.add(calendar.add(end, -one), -other) == calendar.add(end, -one - other)


@given(calendars(), moments, st.integers(0, 40 * 86_400))
@settings(deadline=None, max_examples=25)
def test_openings_hold_the_time_that_is_counted(
    drawn: tuple[BusinessCalendar, datetime], start: datetime, length: int
) -> None:
    calendar, _ = drawn
    end = start + timedelta(seconds=length)
    shown = list(calendar.openings(start, end))
    assert all(one[1] < other[0] for one, other in pairwise(shown))
    within = [(max(opens, start), min(closes, end)) for opens, closes in shown]
    counted = sum((closes - opens for opens, closes in within), timedelta())
    assert counted.total_seconds() == calendar.between(start, end)
    for opens, closes in shown:
        assert calendar.next_open(opens) == opens
        assert not calendar.is_open(closes)


@given(calendars(), moments, st.integers(1, 10**6))
@laws
def test_no_earlier_instant_would_do(drawn: tuple[BusinessCalendar, datetime], start: datetime, seconds: int) -> None:
    calendar, _ = drawn
    just_before = calendar.add(start, seconds) - timedelta(microseconds=1)
    assert calendar.between(start, just_before) < seconds
    assert calendar.is_open(just_before)


@given(calendars(), moments, spans.map(int), spans.map(int))
@laws
def test_adding_twice_is_adding_the_sum(
    drawn: tuple[BusinessCalendar, datetime], start: datetime, one: int, other: int
) -> None:
    calendar, _ = drawn
    assert calendar.add(calendar.add(start, one), other) == calendar.add(start, one + other)


@given(calendars(), moments, moments, moments)
@laws
def test_counting_adds_up_over_any_stop(
    drawn: tuple[BusinessCalendar, datetime], a: datetime, b: datetime, c: datetime
) -> None:
    calendar, _ = drawn
    total = calendar.between(a, b) + calendar.between(b, c)
    assert total == pytest.approx(calendar.between(a, c), abs=1e-5, rel=0)


@given(calendars(), moments, moments, spans)
@laws
def test_who_starts_later_is_due_no_earlier(
    drawn: tuple[BusinessCalendar, datetime], a: datetime, b: datetime, seconds: float
) -> None:
    calendar, _ = drawn
    first, second = sorted((a, b))
    assert calendar.between(first, second) >= 0
    if seconds:
        assert calendar.add(first, seconds) <= calendar.add(second, seconds)
    assert calendar.next_open(first) <= calendar.next_open(second)


@given(calendars())
@laws
def test_the_plain_form_makes_the_same_calendar(drawn: tuple[BusinessCalendar, datetime]) -> None:
    calendar, _ = drawn
    assert BusinessCalendar.from_dict(json.loads(json.dumps(calendar.to_dict()))) == calendar


@pytest.mark.parametrize("machine", ["UTC", "Pacific/Apia", "America/St_Johns", "Europe/Berlin"])
def test_the_machine_s_own_zone_means_nothing(monkeypatch: pytest.MonkeyPatch, machine: str) -> None:
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    hours = {day: [["01:00", "03:30"], ["22:00", "00:30"]] for day in ALL_DAYS}
    try:
        for timezone, change in CLOCK_CHANGES:
            calendar = BusinessCalendar.from_dict({"timezone": timezone, "hours": hours})
            begin = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=3)
            walked = walk(calendar, begin)
            assert [calendar.is_open(begin + n * STEP) for n in range(WALK)] == walked
            assert calendar.between(begin, begin + WALK * STEP) == sum(walked) * STEP.total_seconds()
    finally:
        monkeypatch.undo()
        time.tzset()
