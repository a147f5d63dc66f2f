"""Calendars come, change and go, and take holidays from elsewhere."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, InvalidInput, NotFound, StaleVersion
from chalicelib.domain.quiet_hours import QuietHours
from chalicelib.usecases.manage_calendars import (
    remove_calendar,
    set_calendar,
    take_calendar_file,
    take_public_holidays,
)
from tests.domain.samples import OFFICE_HOURS, promise
from tests.usecases.fakes import FakeDesk

ALWAYS = {"always_open": True}
FEED = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261224\nSUMMARY:Eve\nEND:VEVENT\nBEGIN:VEVENT\nEND:VEVENT\n"


@pytest.fixture
def shop(desk: FakeDesk) -> FakeDesk:
    """A desk with a second calendar."""
    set_calendar(desk, "store", OFFICE_HOURS, None)
    return desk


def holidays(desk: FakeDesk, name: str = "store") -> list[tuple[str, str]]:
    return [(one.date.isoformat(), one.source) for one in desk.settings.load().business_calendars[name].holidays]


def test_a_calendar_is_set_changed_and_removed(shop: FakeDesk) -> None:
    assert set_calendar(shop, "store", ALWAYS, None).business_calendars["store"].always_open
    assert "store" not in remove_calendar(shop, "store", None).business_calendars


def test_the_desk_s_own_is_the_one_called_default(shop: FakeDesk) -> None:
    assert set_calendar(shop, "default", ALWAYS, None).calendar == ALWAYS
    with pytest.raises(Conflict, match="not removed"):
        remove_calendar(shop, "default", None)


def test_what_somebody_counts_by_is_not_removed(shop: FakeDesk) -> None:
    counting = (promise("chat", calendar="store"), promise())
    shop.settings.change(sla_policies=counting, quiet_hours=QuietHours(calendar="store"))
    with pytest.raises(Conflict, match=r"used by sla_policies\[chat\], quiet_hours; "):
        remove_calendar(shop, "store", None)


def test_what_is_not_there_is_not_removed(shop: FakeDesk) -> None:
    with pytest.raises(NotFound):
        remove_calendar(shop, "night", None)


def test_whoever_saw_an_older_version_is_refused(shop: FakeDesk) -> None:
    with pytest.raises(StaleVersion):
        set_calendar(shop, "store", ALWAYS, shop.settings.load().version - 1)
    with pytest.raises(StaleVersion):
        take_public_holidays(shop, "store", "ZZ", version=shop.settings.load().version - 1)


def test_public_holidays_are_taken_for_the_years_around(shop: FakeDesk) -> None:
    taken = take_public_holidays(shop, "store", "ZZ", "NN")
    assert [one.date.year for one in taken.news.added[:2]] == [2025, 2026]
    assert (taken.news.added[0].name, taken.source) == ("New Year (en)", "public:ZZ-NN")
    assert ("2029-01-01", "public:ZZ-NN") in holidays(shop)


def test_a_weekend_day_that_makes_up_for_a_holiday_has_the_first_weekday_s_hours(shop: FakeDesk) -> None:
    take_public_holidays(shop, "store", "ZZ", "", [2027])
    saturday = shop.settings.load().business_calendars["store"].holidays[-1]
    assert [window.plain() for window in saturday.windows] == [["09:00", "12:30"], ["13:30", "18:00"]]


def test_a_desk_that_is_open_on_saturdays_keeps_its_saturday(shop: FakeDesk) -> None:
    set_calendar(shop, "store", {"timezone": "UTC", "hours": {"sat": [["09:00", "12:00"]]}}, None)
    take_public_holidays(shop, "store", "ZZ", "", [2027])
    assert holidays(shop) == [("2027-01-01", "public:ZZ")]


def test_a_rehearsal_saves_nothing(shop: FakeDesk) -> None:
    before = shop.settings.load()
    assert take_public_holidays(shop, "store", "ZZ", rehearsal=True).news.added
    assert take_calendar_file(shop, "store", FEED, "school", rehearsal=True).news.added
    assert shop.settings.load() is before


def test_what_is_no_news_is_not_saved_again(shop: FakeDesk) -> None:
    take_public_holidays(shop, "store", "ZZ")
    before = shop.settings.load()
    assert not take_public_holidays(shop, "store", "ZZ").news.added
    assert shop.settings.load() is before


def test_too_many_years_are_refused(shop: FakeDesk) -> None:
    with pytest.raises(InvalidInput, match="at most 20"):
        take_public_holidays(shop, "store", "ZZ", "", range(2000, 2030))


def test_a_file_is_taken_under_its_name_beside_other_sources(shop: FakeDesk) -> None:
    take_public_holidays(shop, "store", "ZZ", "", [2026])
    taken = take_calendar_file(shop, "store", FEED, "school")
    assert holidays(shop) == [("2026-01-01", "public:ZZ"), ("2026-12-24", "ical:school")]
    assert [one.reason for one in taken.skipped] == ["it has no date"]


def test_holidays_are_taken_into_the_desk_s_own_calendar_too(shop: FakeDesk) -> None:
    take_calendar_file(shop, "default", FEED, "school")
    assert holidays(shop, "default") == [("2026-12-24", "ical:school")]
    shop.settings.kept = replace(shop.settings.kept, calendars={})
    with pytest.raises(NotFound):
        take_calendar_file(shop, "store", FEED, "school")
