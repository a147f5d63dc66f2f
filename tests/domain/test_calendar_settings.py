"""A desk's calendars: its own, and others by name; what is wrong is named by its line."""

from typing import Any

import pytest

from chalicelib.domain.calendar_settings import MOST_CALENDARS, read_calendars, refuse_unknown
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from tests.domain.samples import OFFICE_HOURS, when

ALWAYS = {"always_open": True}


def test_the_desk_s_own_is_called_default() -> None:
    calendars = read_calendars(ALWAYS, {"store": OFFICE_HOURS})
    assert list(calendars) == ["default", "store"]
    assert calendars["default"].always_open
    assert calendars["store"].add(when("mon 12:00"), 3600) == when("mon 14:00")


@pytest.mark.parametrize(
    ("others", "place"),
    [
        ({"store": {**OFFICE_HOURS, "hours": {"mon": [["09:00", "12:00"], ["25:00", "26:00"]]}}}, "store.hours.mon[1]"),
        ({"store": {**OFFICE_HOURS, "hours": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}}}, "store.hours.mon[1]"),
        ({"store": {**OFFICE_HOURS, "holidays": [{"date": "2026-02-30"}]}}, "store.holidays[0].date"),
        ({"store": {"timezone": "UTC"}}, "store.hours"),
        ({"store": "mon-fri"}, "store"),
        ({"store": None}, "store"),
        ({"default": ALWAYS}, "default"),
        ({"Store": ALWAYS}, "Store"),
        ({"": ALWAYS}, ""),
        ({"a" * 41: ALWAYS}, "a" * 40),
    ],
)
def test_a_mistake_is_named_by_its_line(others: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_calendars(ALWAYS, others)
    assert caught.value.field == f"calendars.{place}"


def test_a_mistake_in_the_desk_s_own_is_named_too() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_calendars({"timezone": "UTC", "hours": {"mon": [["9", "10"]]}}, {})
    assert caught.value.field == "calendar.hours.mon[0]"


def test_there_is_an_end_to_calendars() -> None:
    with pytest.raises(InvalidInput, match=f"at most {MOST_CALENDARS}"):
        read_calendars(ALWAYS, {f"c{n}": ALWAYS for n in range(MOST_CALENDARS + 1)})


def test_a_calendar_that_is_named_has_to_be_there() -> None:
    calendars = read_calendars(ALWAYS, {"store": ALWAYS})
    refuse_unknown([("a", ""), ("b", "store"), ("c", "default")], calendars)
    with pytest.raises(InvalidInput, match="is not one of default, store") as caught:
        refuse_unknown([("a", "store"), ("sla_policies[x].calendar", "shop")], calendars)
    assert caught.value.field == "sla_policies[x].calendar"


def test_settings_know_their_calendars() -> None:
    settings = DeskSettings(calendar=OFFICE_HOURS, calendars={"store": ALWAYS})
    assert settings.business_calendar == settings.business_calendars["default"]
    assert settings.business_calendars["store"].always_open
