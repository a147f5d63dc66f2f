"""Business time, case by case: nights, holidays, and what the jumps of clocks do to them."""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.calendar import BeyondCalendar, BusinessCalendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_DAYS = (*WEEKDAYS, "sat", "sun")
HOUR = 3600
REAL_CASES = Path(os.environ.get("PENNYDESK_DATA", Path(__file__).parents[3] / "shared" / "data")) / "hours/cases.json"


def every(days: tuple[str, ...], *windows: list[str], timezone: str = "UTC", **more: Any) -> BusinessCalendar:
    return BusinessCalendar.from_dict({"timezone": timezone, "hours": dict.fromkeys(days, windows), **more})


def at(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


OFFICE = every(WEEKDAYS, ["09:00", "12:30"], ["13:30", "18:00"])
BERLIN_OFFICE = every(WEEKDAYS, ["09:00", "17:00"], timezone="Europe/Berlin")
NIGHTS = every(("fri", "sat"), ["22:00", "06:00"])


class TestAdding:
    @pytest.mark.parametrize(
        ("calendar", "start", "seconds", "due"),
        [
            pytest.param(OFFICE, "2024-05-06T10:00", HOUR, "2024-05-06T11:00", id="within a window"),
            pytest.param(OFFICE, "2024-05-06T12:00", HOUR, "2024-05-06T14:00", id="a lunch break does not count"),
            pytest.param(OFFICE, "2024-05-06T07:00", HOUR, "2024-05-06T10:00", id="before opening it waits"),
            pytest.param(OFFICE, "2024-05-06T17:00", HOUR, "2024-05-06T18:00", id="reached at closing, due at closing"),
            pytest.param(OFFICE, "2024-05-06T18:00", 1, "2024-05-07T09:00:01", id="closing time is closed"),
            pytest.param(OFFICE, "2024-05-10T17:30", HOUR, "2024-05-13T09:30", id="a weekend does not count"),
            pytest.param(OFFICE, "2024-05-06T09:00", 80 * HOUR, "2024-05-17T18:00", id="two full weeks"),
            pytest.param(OFFICE, "2024-12-31T17:00", 2 * HOUR, "2025-01-01T10:00", id="over a new year"),
            pytest.param(OFFICE, "2024-05-06T10:00", 0.25, "2024-05-06T10:00:00.250000", id="part of a second"),
            pytest.param(OFFICE, "2024-05-04T10:00", 0, "2024-05-04T10:00", id="nothing added, though closed"),
            pytest.param(NIGHTS, "2024-05-05T05:00", 2 * HOUR, "2024-05-10T23:00", id="over midnight, then a week on"),
            pytest.param(NIGHTS, "2024-05-03T20:00", 8 * HOUR, "2024-05-04T06:00", id="a whole night"),
            pytest.param(
                BERLIN_OFFICE, "2024-03-29T16:00+01:00", 2 * HOUR, "2024-04-01T10:00+02:00", id="into summer time"
            ),
        ],
    )
    def test_gives_the_earliest_instant(self, calendar: BusinessCalendar, start: str, seconds: float, due: str) -> None:
        assert calendar.add(at(start), seconds) == at(due)

    def test_answers_in_utc(self) -> None:
        berlin = datetime(2024, 5, 6, 10, tzinfo=ZoneInfo("Europe/Berlin"))
        assert [BERLIN_OFFICE.add(berlin, seconds).tzinfo for seconds in (0, 60)] == [UTC, UTC]

    @pytest.mark.parametrize("seconds", [float("nan"), float("inf"), float("-inf")])
    def test_refuses_what_is_no_span_of_time(self, seconds: float) -> None:
        with pytest.raises(ValueError, match="seconds"):
            OFFICE.add(at("2024-05-06T10:00"), seconds)

    def test_a_hundred_years_of_office_hours_end_where_they_should(self) -> None:
        start, end = at("2024-01-01T00:00"), at("2124-01-01T00:00")
        days = sum((start + timedelta(days=n)).weekday() < 5 for n in range((end - start).days))
        assert OFFICE.add(start, days * 8 * HOUR) == at("2123-12-31T18:00")

    def test_time_that_no_year_holds_is_refused_and_not_sought_for_ever(self) -> None:
        with pytest.raises(BeyondCalendar, match="9999"):
            OFFICE.add(at("2024-05-06T10:00"), 10**15)
        with pytest.raises(BeyondCalendar, match="9999"):
            BusinessCalendar(always_open=True).add(at("2024-05-06T10:00"), 10**30)
        with pytest.raises(BeyondCalendar, match="9999"):
            OFFICE.add(at("2024-05-06T10:00"), 999_999_999 * 86_400)
        with pytest.raises(BeyondCalendar, match="year 0"):
            OFFICE.add(at("2024-05-06T10:00"), -(10**12))

    @pytest.mark.parametrize(
        ("calendar", "start", "seconds", "due"),
        [
            pytest.param(OFFICE, "2024-05-06T11:00", HOUR, "2024-05-06T10:00", id="within a window"),
            pytest.param(OFFICE, "2024-05-06T14:00", HOUR, "2024-05-06T12:00", id="over lunch"),
            pytest.param(OFFICE, "2024-05-06T10:00", HOUR, "2024-05-06T09:00", id="reached at opening, not at closing"),
            pytest.param(OFFICE, "2024-05-06T09:00", 1, "2024-05-03T17:59:59", id="over a weekend"),
            pytest.param(OFFICE, "2024-05-06T20:00", HOUR, "2024-05-06T17:00", id="from a closed hour"),
            pytest.param(OFFICE, "2024-05-18T00:00", 80 * HOUR, "2024-05-06T09:00", id="two full weeks"),
            pytest.param(OFFICE, "2025-01-01T10:00", 2 * HOUR, "2024-12-31T17:00", id="over a new year"),
            pytest.param(NIGHTS, "2024-05-04T01:00", 4 * HOUR, "2024-04-28T05:00", id="over midnight, then a week"),
            pytest.param(
                BusinessCalendar(always_open=True), "2024-05-06T10:00", HOUR, "2024-05-06T09:00", id="always open"
            ),
        ],
    )
    def test_fewer_than_no_seconds_go_back(
        self, calendar: BusinessCalendar, start: str, seconds: int, due: str
    ) -> None:
        assert calendar.add(at(start), -seconds) == at(due)


class TestCounting:
    @pytest.mark.parametrize(
        ("a", "b", "seconds"),
        [
            ("2024-05-06T08:00", "2024-05-06T20:00", 8 * HOUR),
            ("2024-05-06T12:00", "2024-05-06T13:31", 31 * 60),
            ("2024-05-10T17:00", "2024-05-13T10:00", 2 * HOUR),
            ("2024-05-11T10:00", "2024-05-12T10:00", 0),
            ("2024-05-06T10:00", "2024-05-06T09:30", -30 * 60),
            ("2024-12-31T17:00", "2025-01-01T10:00", 2 * HOUR),
        ],
    )
    def test_counts_open_seconds_only(self, a: str, b: str, seconds: int) -> None:
        assert OFFICE.between(at(a), at(b)) == seconds

    def test_whole_seconds_are_an_int_and_others_keep_their_fraction(self) -> None:
        start = at("2024-05-06T10:00")
        assert isinstance(OFFICE.between(start, start + timedelta(seconds=7)), int)
        assert OFFICE.between(start, start + timedelta(seconds=7.5)) == 7.5
        assert OFFICE.between(start + timedelta(seconds=7.5), start) == -7.5

    def test_all_the_time_there_is_can_be_counted(self) -> None:
        whole_days = every(ALL_DAYS, ["00:00", "24:00"])
        first, last = at("0001-01-01T00:00"), at("9999-12-31T23:59:59")
        assert whole_days.between(first, last) == (last - first).total_seconds()


class TestOpening:
    @pytest.mark.parametrize(
        ("moment", "is_open"),
        [("08:59:59", False), ("09:00", True), ("12:29:59", True), ("12:30", False), ("13:30", True), ("18:00", False)],
    )
    def test_opens_at_its_first_instant_and_closes_before_its_last(self, moment: str, is_open: bool) -> None:
        assert OFFICE.is_open(at(f"2024-05-06T{moment}")) is is_open

    def test_the_next_opening_is_now_while_open(self) -> None:
        assert OFFICE.next_open(at("2024-05-06T10:00")) == at("2024-05-06T10:00")

    def test_the_next_opening_is_after_lunch_or_after_the_weekend(self) -> None:
        assert OFFICE.next_open(at("2024-05-06T12:30")) == at("2024-05-06T13:30")
        assert OFFICE.next_open(at("2024-05-10T18:00")) == at("2024-05-13T09:00")

    def test_a_night_belongs_to_the_day_on_which_it_opens(self) -> None:
        moments = ["2024-05-03T05:00", "2024-05-03T23:00", "2024-05-04T05:00", "2024-05-05T05:00", "2024-05-05T23:00"]
        assert [NIGHTS.is_open(at(moment)) for moment in moments] == [False, True, True, True, False]

    def test_time_counts_once_where_windows_overlap(self) -> None:
        calendar = every(("mon",), ["09:00", "12:00"], ["11:00", "15:00"], ["11:30", "12:30"], ["15:00", "16:00"])
        assert calendar.between(at("2024-05-06T00:00"), at("2024-05-07T00:00")) == 7 * HOUR
        assert calendar.add(at("2024-05-06T09:00"), 4 * HOUR) == at("2024-05-06T13:00")
        over_the_week = BusinessCalendar.from_dict(
            {"timezone": "UTC", "hours": {"sun": [["22:00", "06:00"]], "mon": [["05:00", "07:00"]]}}
        )
        assert over_the_week.between(at("2024-05-05T12:00"), at("2024-05-06T12:00")) == 9 * HOUR

    def test_windows_that_touch_at_midnight_are_one(self) -> None:
        both = every(ALL_DAYS, ["20:00", "24:00"], ["00:00", "02:00"])
        assert both.add(at("2024-05-06T23:00"), 2 * HOUR) == at("2024-05-07T01:00")


class TestOpenings:
    def test_show_every_stretch_that_has_time_in_between_as_a_whole(self) -> None:
        shown = NIGHTS.openings(at("2024-05-04T01:00"), at("2024-05-04T23:00"))
        assert list(shown) == [
            (at("2024-05-03T22:00"), at("2024-05-04T06:00")),
            (at("2024-05-04T22:00"), at("2024-05-05T06:00")),
        ]

    def test_leave_out_what_only_touches(self) -> None:
        assert list(OFFICE.openings(at("2024-05-06T12:30"), at("2024-05-06T13:30"))) == []

    def test_one_over_the_new_year_is_one(self) -> None:
        nights = every(ALL_DAYS, ["22:00", "02:00"])
        shown = nights.openings(at("2024-12-31T23:00"), at("2025-01-01T01:00"))
        assert list(shown) == [(at("2024-12-31T22:00"), at("2025-01-01T02:00"))]

    def test_always_open_is_one_stretch(self) -> None:
        always = BusinessCalendar(always_open=True)
        assert list(always.openings(at("2024-05-04T01:00"), at("2024-05-04T23:00"))) == [
            (at("2024-05-04T01:00"), at("2024-05-04T23:00"))
        ]
        assert list(always.openings(at("2024-05-04T01:00"), at("2024-05-04T01:00"))) == []

    def test_of_the_last_year_there_is_are_refused(self) -> None:
        with pytest.raises(BeyondCalendar):
            list(OFFICE.openings(at("9999-05-04T01:00"), at("9999-05-05T01:00")))


class TestAlwaysOpen:
    calendar = BusinessCalendar.from_dict({"always_open": True})

    def test_every_second_counts(self) -> None:
        start = at("2024-05-04T23:00")
        assert self.calendar.add(start, 5 * HOUR) == at("2024-05-05T04:00")
        assert self.calendar.between(at("2024-05-05T04:00"), start) == -5 * HOUR
        assert self.calendar.is_open(start)
        assert self.calendar.next_open(start) == start

    def test_its_hours_are_kept_but_not_heeded(self) -> None:
        plain = {"always_open": True, "timezone": "Asia/Shanghai", "hours": {"mon": [["09:00", "12:00"]]}}
        calendar = BusinessCalendar.from_dict(plain)
        assert calendar.is_open(at("2024-05-05T00:00"))
        assert calendar.to_dict() == plain


class TestHolidays:
    def test_a_closed_holiday_does_not_count(self) -> None:
        calendar = every(WEEKDAYS, ["09:00", "17:00"], holidays=[{"date": "2024-05-09", "hours": []}])
        assert calendar.add(at("2024-05-08T16:00"), 2 * HOUR) == at("2024-05-10T10:00")

    def test_a_holiday_has_its_own_hours_even_at_a_weekend(self) -> None:
        holidays = [{"date": "2024-05-11", "hours": [["10:00", "12:00"]], "name": "Open day"}]
        calendar = every(WEEKDAYS, ["09:00", "17:00"], holidays=holidays)
        assert calendar.between(at("2024-05-11T00:00"), at("2024-05-13T00:00")) == 2 * HOUR

    def test_a_yearly_holiday_returns_before_and_after_its_year(self) -> None:
        calendar = every(ALL_DAYS, ["09:00", "17:00"], holidays=[{"date": "2024-12-25", "yearly": True}])
        assert [calendar.is_open(at(f"{year}-12-25T10:00")) for year in (1999, 2024, 2150)] == [False] * 3
        assert [calendar.is_open(at(f"{year}-12-26T10:00")) for year in (1999, 2024, 2150)] == [True] * 3

    def test_a_holiday_of_one_year_is_the_exception_from_the_yearly_one(self) -> None:
        holidays = [{"date": "2020-12-24", "yearly": True}, {"date": "2024-12-24", "hours": [["09:00", "12:00"]]}]
        calendar = every(ALL_DAYS, ["09:00", "17:00"], holidays=holidays)
        assert [calendar.is_open(at(f"{year}-12-24T10:00")) for year in (2023, 2024, 2025)] == [False, True, False]

    def test_the_night_shift_before_a_holiday_runs_on_into_it(self) -> None:
        calendar = every(ALL_DAYS, ["22:00", "06:00"], holidays=[{"date": "2024-05-09"}])
        assert calendar.between(at("2024-05-08T12:00"), at("2024-05-10T12:00")) == 8 * HOUR
        assert calendar.is_open(at("2024-05-09T05:00"))
        assert not calendar.is_open(at("2024-05-09T23:00"))

    def test_time_counts_once_where_the_night_shift_meets_the_holiday_s_own_hours(self) -> None:
        holidays = [{"date": "2024-05-09", "hours": [["04:00", "10:00"]]}]
        calendar = every(ALL_DAYS, ["22:00", "06:00"], holidays=holidays)
        assert calendar.between(at("2024-05-08T12:00"), at("2024-05-09T12:00")) == 12 * HOUR

    def test_the_night_shift_outlasts_a_holiday_s_shorter_hours(self) -> None:
        calendar = every(ALL_DAYS, ["22:00", "06:00"], holidays=[{"date": "2024-05-09", "hours": [["01:00", "02:00"]]}])
        assert calendar.between(at("2024-05-08T12:00"), at("2024-05-09T12:00")) == 8 * HOUR

    def test_a_holiday_far_away_is_one_of_its_own_year_alone(self) -> None:
        calendar = every(ALL_DAYS, ["09:00", "17:00"], holidays=[{"date": "2151-05-05"}])
        alike = [at(f"{year}-05-05T10:00") for year in (2145, 2151, 2162)]
        assert [calendar.is_open(moment) for moment in alike] == [True, False, True]

    def test_a_desk_open_on_leap_days_only_waits_for_them(self) -> None:
        holidays = [{"date": "2024-02-29", "hours": [["09:00", "12:00"]], "yearly": True}]
        calendar = BusinessCalendar.from_dict({"timezone": "UTC", "holidays": holidays})
        assert calendar.next_open(at("2096-03-01T00:00")) == at("2104-02-29T09:00")
        assert calendar.add(at("2025-01-01T00:00"), 7 * HOUR) == at("2036-02-29T10:00")

    def test_a_desk_whose_only_day_is_over_never_opens_again(self) -> None:
        holidays = [{"date": "2024-05-01", "hours": [["09:00", "12:00"]]}]
        calendar = BusinessCalendar.from_dict({"timezone": "UTC", "holidays": holidays})
        assert calendar.add(at("2024-01-01T00:00"), 3 * HOUR) == at("2024-05-01T12:00")
        with pytest.raises(BeyondCalendar):
            calendar.next_open(at("2024-05-01T12:00"))

    def test_a_long_closure_is_stepped_over(self) -> None:
        closed = [(date(2024, 1, 1) + timedelta(days=n)).isoformat() for n in range(800)]
        calendar = every(ALL_DAYS, ["09:00", "17:00"], holidays=[{"date": day} for day in closed])
        assert calendar.next_open(at("2024-01-01T10:00")) == at("2026-03-11T09:00")


class TestChangingClocks:
    """Berlin: 31 March 2024 has no 02:00 to 03:00, 27 October 2024 has it twice."""

    @pytest.mark.parametrize(
        ("day", "windows", "hours"),
        [
            pytest.param("2024-03-31", [["00:00", "24:00"]], 23, id="the short day"),
            pytest.param("2024-10-27", [["00:00", "24:00"]], 25, id="the long day"),
            pytest.param("2024-03-31", [["01:00", "02:30"]], 1, id="closing in the gap"),
            pytest.param("2024-03-31", [["02:30", "04:00"]], 1, id="opening in the gap"),
            pytest.param("2024-03-31", [["02:15", "02:45"]], 0, id="nothing but gap"),
            pytest.param("2024-10-27", [["01:00", "02:30"]], 2.5, id="closing in the repeated hour: the second pass"),
            pytest.param("2024-10-27", [["02:30", "04:00"]], 2.5, id="opening in the repeated hour: the first pass"),
            pytest.param("2024-10-27", [["01:00", "02:00"]], 1, id="closing before the repeated hour begins"),
            pytest.param("2024-10-27", [["03:00", "04:00"]], 1, id="opening when the repeated hour is over"),
            pytest.param("2024-10-27", [["01:00", "02:30"], ["02:30", "04:00"]], 4, id="nothing counts twice"),
        ],
    )
    def test_real_time_counts(self, day: str, windows: list[list[str]], hours: float) -> None:
        holidays = [{"date": day, "hours": windows}]
        calendar = BusinessCalendar.from_dict({"timezone": "Europe/Berlin", "holidays": holidays})
        noon = at(f"{day}T12:00")
        assert calendar.between(noon - timedelta(days=1), noon + timedelta(days=1)) == hours * HOUR

    def test_a_gap_at_midnight_delays_the_opening(self) -> None:
        havana = every(ALL_DAYS, ["00:00", "08:00"], timezone="America/Havana")
        assert havana.next_open(at("2024-03-10T04:30")) == at("2024-03-10T05:00")
        assert havana.between(at("2024-03-10T00:00-05:00"), at("2024-03-10T12:00-04:00")) == 7 * HOUR

    def test_closing_at_midnight_is_not_put_off_by_the_next_day_s_repeated_hour(self) -> None:
        havana = every(("sat",), ["20:00", "24:00"], timezone="America/Havana")
        assert havana.between(at("2024-11-02T12:00"), at("2024-11-03T12:00")) == 4 * HOUR

    def test_a_day_that_a_zone_left_out_holds_no_time(self) -> None:
        holidays = [{"date": "2011-12-30", "hours": [["09:00", "17:00"]]}]
        apia = every(("thu",), ["09:00", "17:00"], timezone="Pacific/Apia", holidays=holidays)
        assert apia.between(at("2011-12-30T12:00"), at("2012-01-02T00:00")) == 0

    @pytest.mark.parametrize("timezone", ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"])
    def test_years_far_away_follow_the_zone_s_last_rule(self, timezone: str) -> None:
        calendar = every(ALL_DAYS, ["09:00", "17:00"], timezone=timezone)
        for year in (1700, 2087, 2187, 2500, 4001, 9998):
            for month in (1, 4, 7, 10, 12):
                local = datetime(year, month, 28, 3, tzinfo=ZoneInfo(timezone))
                assert calendar.next_open(local) == local.replace(hour=9)


class TestTheEndsOfTime:
    def test_an_instant_outside_the_years_of_utc_is_refused(self) -> None:
        with pytest.raises(BeyondCalendar):
            OFFICE.is_open(datetime(9999, 12, 31, 23, tzinfo=ZoneInfo("America/New_York")))

    def test_the_last_night_ends_with_the_last_year(self) -> None:
        nights = every(ALL_DAYS, ["22:00", "06:00"], timezone="America/New_York")
        assert nights.is_open(at("9999-12-31T10:59"))
        with pytest.raises(BeyondCalendar):
            nights.next_open(at("9999-12-31T11:00"))

    @pytest.mark.parametrize(
        "ask",
        [
            lambda calendar, naive: calendar.add(naive, 1),
            lambda calendar, naive: calendar.between(naive, naive),
            lambda calendar, naive: calendar.is_open(naive),
            lambda calendar, naive: calendar.next_open(naive),
        ],
    )
    @pytest.mark.parametrize("calendar", [OFFICE, BusinessCalendar(always_open=True)])
    def test_a_time_without_a_zone_is_refused(
        self, ask: Callable[[BusinessCalendar, datetime], object], calendar: BusinessCalendar
    ) -> None:
        with pytest.raises(ValueError, match="has no time zone"):
            ask(calendar, at("2024-05-06T10:00").replace(tzinfo=None))


@pytest.mark.skipif(not REAL_CASES.exists(), reason="no real cases here: set PENNYDESK_DATA to where they are")
def test_other_projects_cases_come_out_as_they_say() -> None:
    cases = json.loads(REAL_CASES.read_text(encoding="utf-8"))
    assert [case["id"] for case in cases if not comes_out(case)] == []


def comes_out(case: dict[str, Any]) -> bool:
    overrides = case.get("date_overrides", {}) | {day: [] for day in case["holidays"]}
    holidays = [{"date": day, "hours": hours} for day, hours in overrides.items()]
    calendar = BusinessCalendar.from_dict({"timezone": case["tz"], "hours": case["hours"], "holidays": holidays})
    start = at(case["start"])
    if case["op"] == "is_open":
        return calendar.is_open(start) is case["expected"]
    if case["op"] == "within":
        return bool(calendar.between(start, at(case["end"])) == case["expected"])
    due, expected = calendar.add(start, case["amount_seconds"]), at(case["expected"])
    # Reached exactly at closing, a deadline is the closing; some say the next opening, which is the same open time.
    return due == expected or (due < expected and calendar.between(due, expected) == 0)
