"""Business time: when a desk is open, and what a clock that only runs while it is open shows.

Instants go in as aware datetimes of any zone and come out in UTC. Time counts in microseconds, exactly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, datetime, timedelta
from functools import cached_property, lru_cache
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
from chalicelib.domain.openings import BeyondCalendar, Openings, Year, joined

__all__ = ["BeyondCalendar", "BusinessCalendar", "Holiday", "InvalidCalendar", "Window"]

_KEYS = {"timezone", "hours", "holidays", "always_open"}
_TOO_LONG = f"that much time reaches out of the years 1 to {MAXYEAR}"
_NOTHING, _SECOND = timedelta(), timedelta(seconds=1)


@dataclass(frozen=True)
class BusinessCalendar:
    """Opening hours in a zone, and arithmetic with the time that they hold.

    - `timezone`: an IANA name. Wall-clock hours become instants by its rules; `openings` says how at its changes.
    - `hours`: windows by weekday (mon to sun); a day left out is closed. A window over midnight belongs to the day on
      which it opens. Where windows overlap, time counts once.
    - `holidays`: dates with their own windows instead of their weekday's. What opened the evening before runs on into
      a holiday until it closes, as the people of that shift do; where it meets the holiday's own windows, time counts
      once.
    - `always_open`: every instant is open, whatever the hours, which are kept for the day this is switched off.

    A window is open from its first instant until just before its closing time. Raises InvalidCalendar when made with
    an unknown zone or day, or hours that never open.
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
        not. Fewer than none go back, to the latest instant from which on so many pass until `start`. Raises ValueError
        for a naive start and what is no number, BeyondCalendar outside the years 1 to 9999.
        """
        at = start if start.tzinfo is UTC else _in_utc(start)
        amount = _span(seconds)
        if self.always_open:
            return _later(at, amount)
        if not amount:
            return at
        try:
            return self._moved(at, amount)
        except OverflowError:
            raise BeyondCalendar(_TOO_LONG) from None

    def _moved(self, at: datetime, amount: timedelta) -> datetime:
        year = self._openings.year(at.year)
        worked = year.worked(at) + amount
        if amount < _NOTHING:
            return self._back(year, worked)
        while worked > year.spans.total:
            worked -= year.spans.total
            year = self._openings.year(year.number + 1)
        return year.reached(worked)

    def _back(self, year: Year, worked: timedelta) -> datetime:
        while worked < _NOTHING:
            year = self._openings.year(year.number - 1)
            worked += year.spans.total
        return year.left(worked)

    def between(self, a: datetime, b: datetime) -> float:
        """Business seconds from `a` to `b`, negative when `b` is the earlier; an int when they are whole.

        Raises ValueError for naive datetimes.
        """
        start, end = _in_utc(a), _in_utc(b)
        if self.always_open:
            worked = end - start
        else:
            worked = self._worked(start, end) if start <= end else -self._worked(end, start)
        return worked / _SECOND if worked.microseconds else worked // _SECOND

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at that instant: at an opening it is, at a closing no more.

        Raises ValueError for a naive datetime.
        """
        instant = _in_utc(at)
        return self.always_open or self._openings.year(instant.year).open_from(instant) == instant

    def next_open(self, at: datetime) -> datetime:
        """The first open instant from `at` on: `at` itself when it is open.

        Raises ValueError for a naive datetime, BeyondCalendar when there is none before the end of year 9999.
        """
        instant = _in_utc(at)
        if self.always_open:
            return instant
        year = self._openings.year(instant.year)
        opening = year.open_from(instant)
        while opening is None:
            year = self._openings.year(year.number + 1)
            opening = year.open_from(year.begin)
        return opening

    def openings(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every stretch of opening with time from `start` and before `end`, whole, in order.

        One that lasts for years is cut off at the end of the year before `start`'s, and after `end`'s. Raises
        ValueError for naive datetimes, BeyondCalendar next to the years 1 and 9999.
        """
        first, last = _in_utc(start), _in_utc(end)
        if self.always_open:
            yield from [(first, last)] if first < last else []
            return
        years = [self._openings.year(number) for number in range(first.year - 1, last.year + 2)]
        for opens, closes in joined(span for year in years for span in year.instants()):
            if closes > first and opens < last:
                yield opens, closes

    def _worked(self, start: datetime, end: datetime) -> timedelta:
        first, last = self._openings.year(start.year), self._openings.year(end.year)
        between = last.worked(end) - first.worked(start)
        for number in range(first.number, last.number):
            between += self._openings.year(number).spans.total
        return between

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


def _span(seconds: float) -> timedelta:
    try:
        return timedelta(0, seconds)
    except (ValueError, OverflowError):
        if seconds - seconds != 0:  # true of what is no number, and of the infinite ones
            raise ValueError(f"seconds: {seconds} is not a span of time") from None
        raise BeyondCalendar(_TOO_LONG) from None


def _later(start: datetime, span: timedelta) -> datetime:
    try:
        return start + span
    except OverflowError:
        raise BeyondCalendar(_TOO_LONG) from None
