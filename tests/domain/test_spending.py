"""A month has its account; as it nears the cap the desk does without a few things, in order, and never without more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agenda import Task
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.prices import USD
from chalicelib.domain.spending import (
    CENT,
    MOST_CENTS,
    ORDER,
    Account,
    Saving,
    SpendingSettings,
    by_service,
    economy,
    end_of,
    fixed_lines,
    forecast,
    log_line,
    metered_lines,
    month_from,
    month_of,
    spent_by_day,
    spent_in,
    step_reached,
    total,
)
from chalicelib.domain.usage import Usage, cost_of
from chalicelib.usecases.run_agenda import PERFORM
from chalicelib.usecases.watch_spending import within_cap
from tests.adapters.sample_tickets import USAGES

NOVEMBER, DECEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
CAP = 1_000
"""Ten dollars, in cents."""
MONEY = st.integers(0, 2 * MOST_CENTS * CENT)
CAPS = st.integers(0, MOST_CENTS)


# ---- what is given up


@pytest.mark.parametrize(
    ("percent", "off"),
    [
        (0, ()),
        (89, ()),
        (90, (Saving.BOT,)),
        (94, (Saving.BOT,)),
        (95, (Saving.BOT, Saving.SURVEYS)),
        (99, (Saving.BOT, Saving.SURVEYS)),
        (100, (Saving.BOT, Saving.SURVEYS, Saving.ACKNOWLEDGEMENTS)),
        (1_000, (Saving.BOT, Saving.SURVEYS, Saving.ACKNOWLEDGEMENTS)),
    ],
)
def test_first_the_bot_goes_then_surveys_then_acknowledgements(percent: int, off: tuple[Saving, ...]) -> None:
    assert economy(percent * CAP * CENT // 100, CAP) == off


@given(MONEY)
def test_without_a_cap_nothing_is_ever_off_and_nobody_is_told(spent: int) -> None:
    assert economy(spent, 0) == ()
    assert step_reached(spent, SpendingSettings()) == 0


@given(MONEY, MONEY, CAPS)
def test_who_spends_more_never_has_more(one: int, other: int, cap: int) -> None:
    less, more = sorted((one, other))
    assert set(economy(less, cap)) <= set(economy(more, cap))


@given(MONEY, st.integers(1, MOST_CENTS), st.integers(1, MOST_CENTS))
def test_a_higher_cap_never_takes_anything_away(spent: int, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert set(economy(spent, high)) <= set(economy(spent, low))


@given(MONEY, CAPS)
def test_what_is_off_is_always_the_beginning_of_the_order(spent: int, cap: int) -> None:
    assert economy(spent, cap) == tuple(saving for saving, _ in ORDER)[: len(economy(spent, cap))]


def test_nothing_but_three_courtesies_can_be_given_up() -> None:
    assert set(Saving) == {Saving.BOT, Saving.SURVEYS, Saving.ACKNOWLEDGEMENTS}
    wrapped = within_cap(Saving.SURVEYS, PERFORM[Task.DELIVER]).__code__
    spared = {task for task, effect in PERFORM.items() if getattr(effect, "__code__", None) is wrapped}
    assert spared == {Task.ACKNOWLEDGE, Task.AUTO_ANSWER, Task.SURVEY, Task.SURVEY_REMINDER}


@given(MONEY, st.integers(1, MOST_CENTS), st.integers(1, 100))
def test_admins_are_told_before_or_when_anything_goes_off(spent: int, cap: int, warn_at: int) -> None:
    step = step_reached(spent, SpendingSettings(cap, warn_at))
    assert step in (0, warn_at, 90, 95, 100)
    assert bool(economy(spent, cap)) <= (step >= 90)
    assert (step >= warn_at) or 100 * spent < warn_at * cap * CENT


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"monthly_cap_cents": -1}, "spending.monthly_cap_cents"),
        ({"monthly_cap_cents": MOST_CENTS + 1}, "spending.monthly_cap_cents"),
        ({"warn_at_percent": 0}, "spending.warn_at_percent"),
        ({"warn_at_percent": 101}, "spending.warn_at_percent"),
    ],
)
def test_a_cap_that_cannot_be_is_refused(values: dict[str, int], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        SpendingSettings(**values)
    assert refused.value.field == field


# ---- the month


def test_a_month_is_a_month_of_utc() -> None:
    assert month_of(datetime(2026, 12, 1, 0, 30, tzinfo=UTC) + timedelta(hours=0)) == "2026-12"
    east = datetime.fromisoformat("2026-12-01T00:30:00+01:00")
    assert month_of(east) == "2026-11"
    assert (month_from("2026-11"), end_of(NOVEMBER)) == (NOVEMBER, DECEMBER)
    assert end_of(DECEMBER) == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "26-11", "2026-11-01", "november", "2026-1١"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="a month like"):
        month_from(text)


def test_an_idle_desk_costs_some_fifty_cents_a_month_of_thirty_days() -> None:
    lines = fixed_lines(Account("2026-11", bookings=1), DECEMBER)
    assert 50 * CENT < total(lines) < 60 * CENT
    assert {line.what for line in lines} >= {"sqs_request", "lambda_request", "read_half_unit"}


def test_idling_costs_by_the_time_that_is_gone() -> None:
    account = Account("2026-11", bookings=1)
    half = NOVEMBER + timedelta(days=15)
    assert total(fixed_lines(account, half)) == pytest.approx(total(fixed_lines(account, DECEMBER)) / 2, rel=1e-6)
    assert fixed_lines(account, NOVEMBER) == ()
    assert fixed_lines(account, DECEMBER + timedelta(days=40)) == fixed_lines(account, DECEMBER)


def test_a_month_gone_by_that_nobody_booked_into_had_no_desk() -> None:
    assert spent_in(Account("2026-11"), DECEMBER) == 0
    assert spent_in(Account("2026-11"), NOVEMBER + timedelta(days=1)) > 0
    assert spent_in(Account("2027-01"), NOVEMBER) == 0


@given(USAGES)
def test_the_lines_of_an_account_add_up_to_what_was_used(used: Usage) -> None:
    assert total(metered_lines(used)) == cost_of(used)
    account = Account("2026-11", used, bookings=1)
    idling = total(fixed_lines(account, DECEMBER))
    assert spent_in(account, DECEMBER) == cost_of(used) + log_line(used).picodollars + idling


def test_a_month_that_goes_on_as_it_began_ends_at_the_forecast() -> None:
    used = Usage(mails_out=1_000)
    account = Account("2026-11", used, bookings=1)
    third = forecast(account, NOVEMBER + timedelta(days=10))
    assert third == 3 * cost_of(used) + total(fixed_lines(account, DECEMBER))
    assert forecast(account, DECEMBER) == spent_in(account, DECEMBER)


def test_an_early_hour_is_not_the_pace_of_the_month() -> None:
    account = Account("2026-11", Usage(mails_out=10), bookings=1)
    hour, day = (forecast(account, NOVEMBER + timedelta(hours=hours)) for hours in (1, 24))
    assert hour == day < USD


# ---- day by day, and by service


@given(st.integers(0, 40 * 24), st.dictionaries(st.integers(1, 30), st.integers(0, USD)))
def test_days_hold_what_was_booked_and_add_up_with_the_idling(hours: int, booked: dict[int, int]) -> None:
    now = NOVEMBER + timedelta(hours=hours)
    account = Account("2026-11", bookings=1, days=booked)
    days = spent_by_day(account, now)
    seen = sum(picodollars for day, picodollars in booked.items() if day <= len(days))
    assert sum(picodollars for _, picodollars in days) == seen + total(fixed_lines(account, min(now, DECEMBER)))
    assert [day.day for day, _ in days] == list(range(1, len(days) + 1))


def test_a_month_without_a_desk_has_no_days() -> None:
    assert spent_by_day(Account("2026-11"), DECEMBER + timedelta(days=1)) == ()
    assert len(spent_by_day(Account("2026-11", bookings=1), DECEMBER + timedelta(days=1))) == 30


@given(USAGES)
def test_every_line_is_of_a_service_and_services_add_up_to_the_lines(used: Usage) -> None:
    lines = (*metered_lines(used), log_line(used), *fixed_lines(Account("2026-11", bookings=1), DECEMBER))
    costs = by_service(lines)
    assert sum(costs.values()) == total(lines)
    assert list(costs.values()) == sorted(costs.values(), reverse=True)
