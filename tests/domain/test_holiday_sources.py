"""Holidays from elsewhere, taken again: what the desk's own people set stays, and goes first."""

from collections.abc import Mapping
from datetime import date

from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.holiday_sources import refreshed, usual_years
from chalicelib.domain.opening_hours import Holiday
from tests.domain.samples import OFFICE_HOURS, when

PUBLIC = "public:DE"


def public(day: str, name: str = "", yearly: bool = False) -> Holiday:
    return Holiday(date.fromisoformat(day), (), name, yearly, PUBLIC)


OWN = Holiday(date(2026, 12, 24), (), "Party")


def test_the_years_around_now_are_taken() -> None:
    assert list(usual_years(date(2026, 11, 23))) == [2025, 2026, 2027, 2028, 2029]


def test_only_what_came_from_the_source_in_these_years_is_replaced() -> None:
    other = Holiday(date(2026, 1, 6), (), "Epiphany", False, "ical:school")
    past, gone, stays, new = (public(day) for day in ("2020-01-01", "2026-10-31", "2026-12-25", "2026-12-26"))
    after = refreshed([OWN, other, past, gone, stays], PUBLIC, [new, stays], [2026])
    assert after.holidays == (OWN, other, past, stays, new)
    assert (after.added, after.removed, after.overruled) == ((new,), (gone,), ())


def test_a_yearly_one_is_replaced_whatever_its_year() -> None:
    after = refreshed([public("1990-12-25", yearly=True)], PUBLIC, [], [2026])
    assert (after.holidays, len(after.removed)) == ((), 1)


def test_a_new_name_is_news() -> None:
    after = refreshed([public("2026-12-25", "Xmas")], PUBLIC, [public("2026-12-25", "Christmas")], [2026])
    assert [one.name for one in after.added + after.removed] == ["Christmas", "Xmas"]


def test_taking_the_same_twice_changes_nothing() -> None:
    once = refreshed([OWN], PUBLIC, [public("2026-12-25")], [2026])
    again = refreshed(once.holidays, PUBLIC, [public("2026-12-25")], [2026])
    assert again.holidays == once.holidays
    assert not again.added + again.removed


def test_days_of_which_the_desk_says_something_else_are_told() -> None:
    yearly = Holiday(date(2000, 12, 25), (), "Party", True)
    fresh = [public("2026-12-24"), public("1990-12-25", yearly=True), public("2026-12-26")]
    assert refreshed([OWN, yearly], PUBLIC, fresh, [2026]).overruled == (fresh[1], fresh[0])


def open_hours(*holidays: Mapping[str, object]) -> float:
    """The hours that Tuesday has with these holidays, in seconds."""
    calendar = BusinessCalendar.from_dict({**OFFICE_HOURS, "holidays": list(holidays)})
    return calendar.between(when("tue 00:00"), when("wed 00:00"))


def test_the_desk_s_own_word_goes_before_a_source_s() -> None:
    closed = {"date": "2026-11-24", "source": PUBLIC}
    morning = {"date": "2026-11-24", "hours": [["09:00", "12:00"]]}
    yearly = {"date": "2000-11-24", "hours": [["09:00", "11:00"]], "yearly": True}
    assert open_hours(closed) == 0
    assert open_hours(closed, morning) == open_hours(morning, closed) == 3 * 3600
    assert open_hours(closed, yearly) == 2 * 3600
    assert open_hours(closed, yearly, morning) == 3 * 3600


def test_a_source_is_kept_in_the_plain_form() -> None:
    plain = {**OFFICE_HOURS, "holidays": [{"date": "2026-12-25", "source": PUBLIC}]}
    again = BusinessCalendar.from_dict(BusinessCalendar.from_dict(plain).to_dict())
    assert again.holidays == (public("2026-12-25"),)
