"""Business time: when a desk is open, and what a clock that only runs while it is open shows.

Instants go in as aware datetimes of any zone and come out in UTC. Time counts in microseconds, exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, datetime, timedelta
from functools import cached_property, lru_cache
from math import inf
from zoneinfo import ZoneInfo

from chalicelib.domain.opening_hours import (
    DAYS,
    Holiday,
    InvalidCalendar,
    Window,
    check_holidays,
    check_hours,
    parse_holidays,
    parse_hours,
)
from chalicelib.domain.openings import SECOND, BeyondCalendar, Openings

__all__ = ["BeyondCalendar", "BusinessCalendar", "Holiday", "InvalidCalendar", "Window"]

_KEYS = {"timezone", "hours", "holidays", "always_open"}
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class BusinessCalendar:
    """Opening hours in a zone, and arithmetic with the time that they hold.

    - `timezone`: an IANA name. Wall-clock hours become instants by its rules; `openings` says how at its changes.
    - `hours`: windows by weekday (mon to sun); a day left out is closed. A window over midnight belongs to the day on
      which it opens.
    - `holidays`: dates with their own windows instead of their weekday's. What opened the evening before runs on into
      a holiday until it closes, as the people of that shift do; where it meets the holiday's own windows, time counts
      once.
    - `always_open`: every instant is open, whatever the hours, which are kept for the day this is switched off.

    A window is open from its first instant until just before its closing time. Raises InvalidCalendar when made with
    an unknown zone or day, overlapping windows, or hours that never open.
    """

    timezone: str = "UTC"
    hours: Mapping[str, tuple[Window, ...]] = field(default_factory=dict, hash=False)
    holidays: tuple[Holiday, ...] = ()
    always_open: bool = False

    def __post_init__(self) -> None:
        _zone(self.timezone)
        check_hours(self.hours)
        check_holidays(self.holidays)
        if not self.always_open and not self._ever_opens():
            raise InvalidCalendar("the calendar never opens, on no day of the week and on no holiday", "hours")

    @classmethod
    def from_dict(cls, data: object) -> "BusinessCalendar":
        """Read the JSON form: `{"timezone": …, "hours": {…}, "holidays": […]}` or `{"always_open": true}`.

        Raises InvalidCalendar, whose `field` and message name the place: `hours.tue[1]: "25:00" is not a time of day`.
        """
        if not isinstance(data, Mapping):
            raise InvalidCalendar("must be an object", "calendar")
        if unknown := data.keys() - _KEYS:
            raise InvalidCalendar("is not part of a calendar", min(map(str, unknown)))
        always_open = data.get("always_open", False)
        if not isinstance(always_open, bool):
            raise InvalidCalendar("must be true or false", "always_open")
        timezone = data.get("timezone", "UTC" if always_open else None)
        if not isinstance(timezone, str):
            raise InvalidCalendar("the name of a time zone is missing", "timezone")
        return cls(timezone, parse_hours(data.get("hours", {})), parse_holidays(data.get("holidays", [])), always_open)

    def to_dict(self) -> dict[str, object]:
        """The JSON form; `from_dict` makes an equal calendar of it. Midnight at a window's end is written 24:00."""
        plain: dict[str, object] = {
            "timezone": self.timezone,
            "hours": {day: [window.plain() for window in windows] for day, windows in self.hours.items()},
            "holidays": [holiday.plain() for holiday in self.holidays],
        }
        if not self.always_open:
            return plain
        return {"always_open": True} | {key: value for key, value in plain.items() if value and value != "UTC"}

    def add(self, start: datetime, seconds: float) -> datetime:
        """The earliest instant by which `seconds` of business time have passed since `start`.

        What is reached at closing is due at closing, not at the next opening; no seconds give `start` itself, open or
        not. Raises ValueError for a naive start and negative or infinite seconds, BeyondCalendar past year 9999.
        """
        if not 0 <= seconds < inf:
            raise ValueError(f"seconds: {seconds} is not a span of time")
        amount = round(seconds * SECOND)
        at = _in_utc(start)
        if self.always_open:
            return _later(at, amount)
        if not amount:
            return at
        year = at.year
        spans = self._openings.year(year)
        amount += spans.worked(_since_new_year(at))
        while amount > spans.total:
            amount -= spans.total
            year += 1
            spans = self._openings.year(year)
        return _later(datetime(year, 1, 1, tzinfo=UTC), spans.reached(amount))

    def between(self, a: datetime, b: datetime) -> float:
        """Business seconds from `a` to `b`, negative when `b` is the earlier; an int when they are whole.

        Raises ValueError for naive datetimes.
        """
        start, end = _in_utc(a), _in_utc(b)
        if self.always_open:
            worked = _microseconds(end - start)
        else:
            worked = self._worked(start, end) if start <= end else -self._worked(end, start)
        return worked / SECOND if worked % SECOND else worked // SECOND

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at that instant: at an opening it is, at a closing no more.

        Raises ValueError for a naive datetime.
        """
        instant = _in_utc(at)
        if self.always_open:
            return True
        moment = _since_new_year(instant)
        return self._openings.year(instant.year).open_from(moment) == moment

    def next_open(self, at: datetime) -> datetime:
        """The first open instant from `at` on: `at` itself when it is open.

        Raises ValueError for a naive datetime, BeyondCalendar when there is none before the end of year 9999.
        """
        instant = _in_utc(at)
        if self.always_open:
            return instant
        year = instant.year
        opening = self._openings.year(year).open_from(_since_new_year(instant))
        while opening is None:
            year += 1
            opening = self._openings.year(year).open_from(0)
        return _later(datetime(year, 1, 1, tzinfo=UTC), opening)

    def _worked(self, start: datetime, end: datetime) -> int:
        year = self._openings.year
        whole = sum(year(number).total for number in range(start.year, end.year))
        return whole + year(end.year).worked(_since_new_year(end)) - year(start.year).worked(_since_new_year(start))

    @cached_property
    def _openings(self) -> Openings:
        return _openings(self.timezone, tuple(tuple(self.hours.get(day, ())) for day in DAYS), tuple(self.holidays))

    def _ever_opens(self) -> bool:
        if any(holiday.windows for holiday in self.holidays):
            return True
        # In 400 years every month and day falls on every weekday, so one that no holiday closes opens some year.
        closed_every_year = {(h.date.month, h.date.day) for h in self.holidays if h.yearly}
        return any(self.hours.values()) and len(closed_every_year) < 366


@lru_cache(maxsize=16)
def _openings(timezone: str, hours: tuple[tuple[Window, ...], ...], holidays: tuple[Holiday, ...]) -> Openings:
    """One for all equal calendars: settings are read again and again, and seldom change."""
    return Openings(_zone(timezone), hours, holidays)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidCalendar(f'"{name}" is not a time zone of the IANA database', "timezone") from None


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BeyondCalendar(f"{at.isoformat()} is not within the years 1 to 9999 of UTC") from None


def _later(start: datetime, microseconds: int) -> datetime:
    try:
        return start + timedelta(0, 0, microseconds)
    except OverflowError:
        raise BeyondCalendar(f"that much time takes until after year {MAXYEAR}") from None


def _since_new_year(at: datetime) -> int:
    return _microseconds(at - datetime(at.year, 1, 1, tzinfo=UTC))


def _microseconds(span: timedelta) -> int:
    return (span.days * _DAY + span.seconds) * SECOND + span.microseconds
