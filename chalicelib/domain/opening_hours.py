"""When a desk is open, as people write it down: windows of wall-clock time, by weekday and for holidays.

Values here know nothing of time zones; `openings` turns them into instants.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from chalicelib.domain.errors import InvalidInput

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
"""Minutes in a day of 24 hours."""

LONGEST_NAME = 200
"""Characters of a holiday's name, and of its source."""

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class InvalidCalendar(InvalidInput):
    """A calendar that makes no sense; `field` is the place, like `hours.tue[1]`."""


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of opening, in minutes since midnight of the day on which it opens.

    `closes` beyond 1440 lies on the next day. A window lasts less than 24 hours, or is the whole day 0 to 1440.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= self.opens + DAY or self.opens >= DAY:
            raise InvalidCalendar(f"{self.opens} to {self.closes} minutes after midnight is not a window")

    def __str__(self) -> str:
        return " to ".join(self.plain())

    def plain(self) -> list[str]:
        """The window as two times of day, `["22:00", "06:00"]`; midnight at its end is written 24:00."""
        closes = self.closes if self.closes <= DAY else self.closes - DAY
        return [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (self.opens, closes)]


@dataclass(frozen=True, slots=True)
class Holiday:
    """A local date whose hours differ from its weekday's; no windows means closed.

    A yearly holiday returns on its month and day in every year, before and after its own; one of 29 February
    only in leap years. `source` names where it was taken from (`public:DE-BY`, `ical:school`); what the desk's own
    people set has none, and goes before whatever else is said of the day.
    """

    date: date
    windows: tuple[Window, ...] = ()
    name: str = ""
    yearly: bool = False
    source: str = ""

    def plain(self) -> dict[str, object]:
        """The holiday in its JSON form, all keys present but an empty source."""
        hours = [window.plain() for window in self.windows]
        plain = {"date": self.date.isoformat(), "hours": hours, "name": self.name, "yearly": self.yearly}
        return plain | ({"source": self.source} if self.source else {})


def parse_hours(data: object) -> dict[str, tuple[Window, ...]]:
    """Read `{"mon": [["09:00", "12:30"], …], …}`.

    Raises InvalidCalendar at a window that is none. The names of the days are checked by `check_hours`.
    """
    if not isinstance(data, Mapping):
        raise InvalidCalendar("must be an object with a list of windows for each day", "hours")
    return {str(day): _windows(windows, f"hours.{day}") for day, windows in data.items()}


def parse_holidays(data: object) -> tuple[Holiday, ...]:
    """Read `[{"date": "2024-12-25", "hours": [], "name": "…", "yearly": true}, …]`; only the date is required.

    Raises InvalidCalendar with the place of what cannot be read.
    """
    return tuple(_holiday(item, f"holidays[{index}]") for index, item in enumerate(_items(data, "holidays")))


def check_hours(hours: Mapping[str, Sequence[Window]]) -> None:
    """Raise InvalidCalendar when a day is unknown."""
    for day in hours:
        if day not in DAYS:
            raise InvalidCalendar(f"is not a day ({', '.join(DAYS)})", f"hours.{day}")


def check_holidays(holidays: Iterable[Holiday]) -> None:
    """Raise InvalidCalendar when two holidays want one date at different hours, and neither goes before the other.

    The desk's own go before those of a source, and one of a single year before a yearly one.
    """
    known: dict[tuple[bool, bool, object], tuple[str, Holiday]] = {}
    for index, holiday in enumerate(holidays):
        place = f"holidays[{index}]"
        day = (holiday.date.month, holiday.date.day) if holiday.yearly else holiday.date
        earlier, other = known.setdefault((holiday.yearly, bool(holiday.source), day), (place, holiday))
        if set(other.windows) != set(holiday.windows):
            raise InvalidCalendar(f"{holiday.date} has other hours in {earlier}", f"{place}.date")


def refuse_overlaps(hours: Mapping[str, Sequence[Window]], holidays: Iterable[Holiday]) -> None:
    """Raise InvalidCalendar where windows of the week overlap, also over midnight, or those of one holiday do.

    Calendars reckon with such hours, and count time once; in what a person sets they are most likely a slip.
    """
    week = [placed for number, day in enumerate(DAYS) for placed in _placed(hours.get(day, ()), f"hours.{day}", number)]
    if week:
        opens, closes, place, window = min(week)
        week.append((opens + 7 * DAY, closes + 7 * DAY, place, window))
    _refuse_overlaps(week)
    for index, holiday in enumerate(holidays):
        _refuse_overlaps(_placed(holiday.windows, f"holidays[{index}].hours"))


_Placed = tuple[int, int, str, Window]


def _placed(windows: Iterable[Window], place: str, day: int = 0) -> list[_Placed]:
    start = day * DAY
    return [(start + w.opens, start + w.closes, f"{place}[{index}]", w) for index, w in enumerate(windows)]


def _refuse_overlaps(placed: list[_Placed]) -> None:
    for (_, closes, earlier, before), (opens, _, place, window) in pairwise(sorted(placed)):
        if opens < closes:
            raise InvalidCalendar(f"{window} overlaps {earlier} ({before})", place)


def _items(data: object, place: str) -> Sequence[object]:
    if not isinstance(data, list | tuple):
        raise InvalidCalendar("must be a list", place)
    return data


def _windows(data: object, place: str) -> tuple[Window, ...]:
    return tuple(_window(item, f"{place}[{index}]") for index, item in enumerate(_items(data, place)))


def _window(data: object, place: str) -> Window:
    times = _items(data, place)
    if len(times) != 2:
        raise InvalidCalendar("must be two times of day, opening and closing", place)
    opens, closes = (_minutes(time, place) for time in times)
    if opens in (DAY, closes):
        raise InvalidCalendar(f'"{times[0]}" to "{times[1]}" is no time at all (a whole day: 00:00 to 24:00)', place)
    return Window(opens, closes if closes > opens else closes + DAY)


def _minutes(text: object, place: str) -> int:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise InvalidCalendar(f'"{text}" is not a time of day (HH:MM, up to 24:00)', place)
    return int(text[:2]) * 60 + int(text[3:])


def _holiday(data: object, place: str) -> Holiday:
    if not isinstance(data, Mapping):
        raise InvalidCalendar("must be an object with a date", place)
    if unknown := data.keys() - {"date", "hours", "name", "yearly", "source"}:
        raise InvalidCalendar("is not part of a holiday", f"{place}.{min(map(str, unknown))}")
    name, source, yearly = data.get("name", ""), data.get("source", ""), data.get("yearly", False)
    for key, text in (("name", name), ("source", source)):
        if not isinstance(text, str) or len(text) > LONGEST_NAME:
            raise InvalidCalendar(f"must be text of at most {LONGEST_NAME} characters", f"{place}.{key}")
    if not isinstance(yearly, bool):
        raise InvalidCalendar("must be true or false", f"{place}.yearly")
    day = _date(data.get("date"), f"{place}.date")
    return Holiday(day, _windows(data.get("hours", []), f"{place}.hours"), str(name), yearly, str(source))


def _date(text: object, place: str) -> date:
    if isinstance(text, str) and _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise InvalidCalendar(f'"{text}" is not a date (YYYY-MM-DD)', place)
