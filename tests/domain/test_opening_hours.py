"""Opening hours as people write them down: read, refused with the place of the mistake, and given back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.calendar import BusinessCalendar, InvalidCalendar, Window
from chalicelib.domain.opening_hours import refuse_overlaps

ALL_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLAIN = {
    "timezone": "Asia/Shanghai",
    "hours": {"mon": [["09:00", "12:30"], ["13:30", "24:00"]], "sat": [["22:00", "06:00"]], "sun": []},
    "holidays": [
        {"date": "2024-10-01", "hours": [], "name": "国庆节", "yearly": True},
        {"date": "2024-10-04", "hours": [["10:00", "12:00"]], "name": "", "yearly": False},
    ],
}


def every(days: tuple[str, ...], *windows: list[str], timezone: str = "UTC", **more: Any) -> BusinessCalendar:
    return BusinessCalendar.from_dict({"timezone": timezone, "hours": dict.fromkeys(days, windows), **more})


def at(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class TestThePlainForm:
    def test_is_given_back_as_it_was_taken(self) -> None:
        assert BusinessCalendar.from_dict(PLAIN).to_dict() == PLAIN

    def test_makes_equal_calendars(self) -> None:
        one, other = (BusinessCalendar.from_dict(PLAIN) for _ in range(2))
        assert one == other
        assert hash(one) == hash(other)

    def test_always_open_needs_no_more_than_saying_so(self) -> None:
        assert BusinessCalendar.from_dict({"always_open": True}).to_dict() == {"always_open": True}

    def test_midnight_at_a_window_s_end_is_written_24_00(self) -> None:
        assert every(("mon",), ["22:00", "00:00"]) == every(("mon",), ["22:00", "24:00"])

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"timezone": "Mars/Olympus"}, 'timezone: "Mars/Olympus" is not a time zone'),
            ({"timezone": "../etc/passwd"}, "timezone: "),
            ({"timezone": ""}, "timezone: "),
            ({"timezone": "Europe"}, "timezone: "),
            ({"timezone": None}, "timezone: "),
            ({"hours": []}, "hours: must be an object"),
            ({"hours": {"tues": [["09:00", "10:00"]]}}, "hours.tues: is not a day"),
            ({"hours": {"tue": "09:00-10:00"}}, "hours.tue: must be a list"),
            ({"hours": {"tue": ["09:00"]}}, "hours.tue[0]: must be a list"),
            ({"hours": {"tue": [["09:00"]]}}, "hours.tue[0]: must be two times"),
            (
                {"hours": {"tue": [["09:00", "10:00"], ["11:00", "25:00"]]}},
                'hours.tue[1]: "25:00" is not a time of day (HH:MM, up to 24:00)',
            ),
            ({"hours": {"tue": [["9:00", "10:00"]]}}, 'hours.tue[0]: "9:00" is not a time of day'),
            ({"hours": {"tue": [["09:00", "24:01"]]}}, 'hours.tue[0]: "24:01" is not a time of day'),
            ({"hours": {"tue": [["０9:00", "10:00"]]}}, "hours.tue[0]: "),
            ({"hours": {"tue": [[9, 17]]}}, 'hours.tue[0]: "9" is not a time of day'),
            ({"hours": {"tue": [["09:00", "09:00"]]}}, 'hours.tue[0]: "09:00" to "09:00" is no time at all'),
            ({"hours": {"tue": [["24:00", "06:00"]]}}, "hours.tue[0]: "),
            ({"hours": {"mon": []}}, "hours: the calendar never opens"),
            ({"hours": {}}, "hours: the calendar never opens"),
            ({"holidays": {}}, "holidays: must be a list"),
            ({"holidays": ["2024-05-01"]}, "holidays[0]: must be an object"),
            ({"holidays": [{"hours": []}]}, "holidays[0].date: "),
            ({"holidays": [{"date": "2023-02-29"}]}, 'holidays[0].date: "2023-02-29" is not a date (YYYY-MM-DD)'),
            ({"holidays": [{"date": "20240501"}]}, "holidays[0].date: "),
            ({"holidays": [{"date": "2024-05-01", "hours": [["08:00", "7pm"]]}]}, 'holidays[0].hours[0]: "7pm"'),
            ({"holidays": [{"date": "2024-05-01", "name": 1}]}, "holidays[0].name: "),
            ({"holidays": [{"date": "2024-05-01", "yearly": 1}]}, "holidays[0].yearly: "),
            ({"holidays": [{"date": "2024-05-01", "year": 1}]}, "holidays[0].year: is not part of a holiday"),
            (
                {"holidays": [{"date": "2024-05-01"}, {"date": "2024-05-01", "hours": [["08:00", "12:00"]]}]},
                "holidays[1].date: 2024-05-01 has other hours in holidays[0]",
            ),
            ({"always_open": "yes"}, "always_open: "),
            ({"holiday": []}, "holiday: is not part of a calendar"),
        ],
    )
    def test_a_mistake_is_named_with_its_place(self, change: dict[str, object], message: str) -> None:
        with pytest.raises(InvalidCalendar) as caught:
            BusinessCalendar.from_dict({"timezone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}} | change)
        assert str(caught.value).startswith(message)
        assert caught.value.field == message.partition(":")[0]

    def test_what_is_no_object_is_refused(self) -> None:
        with pytest.raises(InvalidCalendar):
            BusinessCalendar.from_dict("mon-fri 9-17")

    def test_hours_that_yearly_holidays_take_away_wholly_are_refused(self) -> None:
        leap_year = [(date(2024, 1, 1) + timedelta(days=n)).isoformat() for n in range(366)]
        holidays = [{"date": day, "yearly": True} for day in leap_year]
        with pytest.raises(InvalidCalendar, match="never opens"):
            every(ALL_DAYS, ["09:00", "17:00"], holidays=holidays)
        all_but_one = every(("mon",), ["09:00", "17:00"], holidays=holidays[:59] + holidays[60:])
        assert all_but_one.next_open(at("2024-01-01T00:00")) == at("2044-02-29T09:00")

    def test_two_feasts_on_one_date_agree(self) -> None:
        feasts = [{"date": "2008-05-01", "name": "Ascension"}, {"date": "2008-05-01", "name": "Labour Day"}]
        assert not every(ALL_DAYS, ["09:00", "17:00"], holidays=feasts).is_open(at("2008-05-01T10:00"))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (
                {"hours": {"tue": [["09:00", "12:00"], ["11:00", "15:00"]]}},
                "hours.tue[1]: 11:00 to 15:00 overlaps hours.tue[0] (09:00 to 12:00)",
            ),
            ({"hours": {"tue": [["22:00", "06:00"]], "wed": [["05:00", "07:00"]]}}, "hours.wed[0]: "),
            ({"hours": {"sun": [["22:00", "06:00"]], "mon": [["05:00", "07:00"]]}}, "hours.mon[0]: "),
            (
                {"holidays": [{"date": "2024-05-01", "hours": [["08:00", "12:00"], ["11:00", "13:00"]]}]},
                "holidays[0].hours[1]: ",
            ),
        ],
    )
    def test_overlaps_are_named_where_a_person_sets_them(self, change: dict[str, object], message: str) -> None:
        calendar = BusinessCalendar.from_dict({"timezone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}} | change)
        with pytest.raises(InvalidCalendar) as caught:
            refuse_overlaps(calendar.hours, calendar.holidays)
        assert str(caught.value).startswith(message)

    def test_a_calendar_put_together_by_hand_is_checked_too(self) -> None:
        with pytest.raises(InvalidCalendar, match="is not a day"):
            BusinessCalendar("UTC", {"monday": (Window(540, 600),)})
        with pytest.raises(InvalidCalendar, match="not a window"):
            Window(600, 540)
