"""A clock's bar shows where it ran, where it was paused, and where the desk was closed."""

from dataclasses import replace

import pytest

from chalicelib.domain import sla
from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.sla import Clock, Rules, Segment
from chalicelib.domain.sla_bar import MOST_PARTS, bar_of
from tests.domain.samples import HOUR, OFFICE_HOURS, when

RULES = Rules({}, BusinessCalendar.from_dict(OFFICE_HOURS))


def clock(*segments: Segment, ended: str = "", due: str = "", business: bool = True) -> Clock:
    return Clock(
        metric="resolution",
        number=1,
        policy_id="gone",
        business_time=business,
        target=4 * HOUR,
        used=0,
        state="running",
        started_at=segments[0].start,
        due_at=when(due) if due else None,
        warn_at=None,
        fulfilled_at=None,
        breached_at=None,
        segments=segments,
        ended_at=when(ended) if ended else None,
    )


def running(start: str, end: str = "", state: str = "running") -> Segment:
    return Segment(state, when(start), when(end) if end else None, "opened")


def shown(found: Clock, now: str) -> list[tuple[str, str, str]]:
    parts = bar_of(found, RULES, when(now)).parts
    return [(part.state, f"{part.start:%a %H:%M}".lower(), f"{part.end:%a %H:%M}".lower()) for part in parts]


def test_a_lunch_break_is_closed_and_a_wait_is_paused() -> None:
    found = clock(running("mon 10:00", "mon 14:00"), running("mon 14:00", "mon 15:00", "paused"), running("mon 15:00"))
    assert shown(found, "mon 16:00") == [
        ("running", "mon 10:00", "mon 12:30"),
        ("closed", "mon 12:30", "mon 13:30"),
        ("running", "mon 13:30", "mon 14:00"),
        ("paused", "mon 14:00", "mon 15:00"),
        ("running", "mon 15:00", "mon 16:00"),
    ]


def test_a_night_is_closed_to_its_end_and_counts_around_the_clock_where_that_was_promised() -> None:
    assert shown(clock(running("mon 20:00")), "mon 23:00") == [("closed", "mon 20:00", "mon 23:00")]
    assert shown(clock(running("mon 20:00"), business=False), "mon 23:00") == [("running", "mon 20:00", "mon 23:00")]


def test_a_bar_reaches_to_its_deadline_and_ends_where_the_clock_ended() -> None:
    open_still = bar_of(clock(running("mon 10:00"), due="mon 15:00"), RULES, when("mon 12:30"))
    assert (open_still.share(when("mon 10:00")), open_still.share(when("mon 12:30"))) == (0, 50)
    ended = bar_of(clock(running("mon 10:00", "mon 11:00"), ended="mon 11:00"), RULES, when("fri 10:00"))
    assert (ended.end, ended.share(when("fri 10:00"))) == (when("mon 11:00"), 100)


def test_a_clock_that_began_this_very_moment_has_an_empty_bar() -> None:
    bar = bar_of(clock(running("mon 10:00")), RULES, when("mon 10:00"))
    assert (bar.parts, bar.share(when("mon 10:00"))) == ((), 0)


@pytest.mark.parametrize("business", [True, False])
def test_what_was_counted_is_what_runs_on_the_bar(business: bool) -> None:
    waited = running("tue 11:00", "wed 09:30", "paused")
    found = clock(running("mon 10:00", "tue 11:00"), waited, running("wed 09:30"), business=business)
    bar = bar_of(found, RULES, when("thu 12:00"))
    lasted = sum((part.end - part.start).total_seconds() for part in bar.parts if part.state == "running")
    assert lasted == sum(sla.counted(found, RULES, when("thu 12:00")))


def test_a_long_life_shows_its_last_stretches() -> None:
    day = running("mon 10:00")
    long_ago = replace(day, start=day.start.replace(year=2025))
    assert len(bar_of(clock(long_ago), RULES, when("mon 12:00")).parts) == MOST_PARTS
