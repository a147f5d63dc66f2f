"""The days of a report, by a desk's wall clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.report_range import LONGEST_DAYS, Period, ReportRange, last_days, this_month
from tests.domain.samples import law

BERLIN = ZoneInfo("Europe/Berlin")
NOVEMBER = ReportRange(date(2026, 11, 1), date(2026, 11, 30), BERLIN)

RANGES = st.builds(
    lambda first, days, zone: ReportRange(first, first + timedelta(days=days), ZoneInfo(zone)),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(0, LONGEST_DAYS - 1),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia"]),
)


def test_a_day_begins_when_the_desks_clock_says_so() -> None:
    assert NOVEMBER.start == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert NOVEMBER.end == datetime(2026, 11, 30, 23, tzinfo=UTC)


def test_the_day_on_which_clocks_are_put_back_is_longer() -> None:
    sunday = date(2026, 10, 25)
    day = ReportRange(sunday, sunday, BERLIN)
    assert day.end - day.start == timedelta(hours=25)


def test_the_range_before_has_as_many_days_and_ends_where_this_one_begins() -> None:
    assert NOVEMBER.before() == ReportRange(date(2026, 10, 2), date(2026, 10, 31), BERLIN)


def test_days_weeks_or_months_by_how_long_it_is() -> None:
    assert len(NOVEMBER.periods()) == 30
    weeks = ReportRange(date(2026, 9, 2), date(2026, 10, 31), BERLIN).periods()
    assert weeks[:2] == (Period(date(2026, 9, 2), date(2026, 9, 6)), Period(date(2026, 9, 7), date(2026, 9, 13)))
    months = ReportRange(date(2026, 1, 31), date(2026, 12, 1), BERLIN).periods()
    assert months[:2] == (Period(date(2026, 1, 31), date(2026, 1, 31)), Period(date(2026, 2, 1), date(2026, 2, 28)))
    assert months[-1] == Period(date(2026, 12, 1), date(2026, 12, 1))


def test_presets_end_today() -> None:
    today = date(2026, 11, 22)
    assert last_days(7, today, UTC) == ReportRange(date(2026, 11, 16), today, UTC)
    assert this_month(today, UTC) == ReportRange(date(2026, 11, 1), today, UTC)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "from"),
        (date(2025, 1, 1), date(2026, 11, 1), "from"),
        (date(1, 1, 1), date(1, 1, 2), "from"),
        (date(9999, 12, 30), date(9999, 12, 31), "to"),
    ],
)
def test_a_range_that_cannot_be_is_refused(first: date, last: date, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ReportRange(first, last, UTC)
    assert refusal.value.field == field


@law
@given(RANGES)
def test_the_periods_are_the_range_without_gap_or_overlap(within: ReportRange) -> None:
    lengths = [(period.first, (period.last - period.first).days + 1) for period in within.periods()]
    days = [first + timedelta(days=n) for first, length in lengths for n in range(length)]
    assert days == [within.first + timedelta(days=n) for n in range(within.days)]


@law
@given(RANGES, st.lists(st.integers(-500 * 24, 500 * 24), max_size=9))
def test_what_happened_in_the_range_is_in_one_period_and_nothing_else_is(within: ReportRange, hours: list[int]) -> None:
    instants = [within.start + timedelta(hours=each) for each in hours]
    found = within.by_period(instants, lambda at: at)
    assert sorted(at for each in found.values() for at in each) == sorted(
        at for at in instants if within.start <= at < within.end
    )
    for period, each in found.items():
        assert all(period.first <= at.astimezone(within.zone).date() <= period.last for at in each)


@law
@given(RANGES)
def test_two_ranges_in_a_row_touch(within: ReportRange) -> None:
    assert within.before().end == within.start
    assert within.before().days == within.days
