"""When a desk is open on the days to come: as bars that a template draws, and in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import BeyondCalendar, BusinessCalendar
from chalicelib.web.console.reader import Reader

DAYS_SHOWN = 14
MINUTES = 24 * 60
FAR = timedelta(days=8)
"""What is open for longer than that has no end that anybody would want to read."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of opening on one day: where it begins and how long it is in percent of the day, and its two times."""

    x: float
    width: float
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class OpeningDay:
    """One day of a calendar; `special` names what makes it one with other hours than its weekday."""

    date: date
    bars: tuple[Bar, ...]
    special: str = ""
    is_special: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """Whether a calendar is open now, and until when that stays so, in its own time; an empty one has no near end."""

    is_open: bool
    until: str


def days(calendar: BusinessCalendar, now: datetime) -> tuple[OpeningDay, ...]:
    """Give today and the days after it, as the calendar's own clock shows them."""
    zone = ZoneInfo(calendar.timezone)
    first = now.astimezone(zone).date()
    wanted = [first + timedelta(days=number) for number in range(DAYS_SHOWN)]
    start, end = (datetime.combine(day, time(), zone) for day in (first, first + timedelta(days=DAYS_SHOWN)))
    found: dict[date, list[Bar]] = {day: [] for day in wanted}
    for opens, closes in calendar.openings(start, end):
        for day, bar in _split(max(opens, start).astimezone(zone), min(closes, end).astimezone(zone)):
            found[day].append(bar)
    return tuple(_day(calendar, day, tuple(bars)) for day, bars in found.items())


def present(calendar: BusinessCalendar, reader: Reader, now: datetime) -> Present:
    """Give how the calendar stands now, in words of the reader but by the calendar's own clock."""
    there = replace(reader, zone=calendar.timezone)
    try:
        if not calendar.is_open(now):
            return Present(False, there.by_clock(calendar.next_open(now), now))
        closes = next((closes for _opens, closes in calendar.openings(now, now + FAR)), now + FAR)
    except BeyondCalendar:
        return Present(False, "")
    return Present(True, "" if calendar.always_open or closes >= now + FAR else there.by_clock(closes, now))


def _split(opens: datetime, closes: datetime) -> Iterator[tuple[date, Bar]]:
    """One stretch day by day, by the hands of the clock: a day of 23 or 25 hours is drawn like any other."""
    day = opens.date()
    while day < closes.date() or (day == closes.date() and closes.time() > time()):
        begin = _minutes(opens) if day == opens.date() else 0
        end = _minutes(closes) if day == closes.date() else MINUTES
        width = max(end - begin, 1)
        yield day, Bar(round(begin / MINUTES * 100, 2), round(width / MINUTES * 100, 2), _clock(begin), _clock(end))
        day += timedelta(days=1)


def _minutes(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _day(calendar: BusinessCalendar, day: date, bars: tuple[Bar, ...]) -> OpeningDay:
    """A day of a single year goes before a yearly one, the desk's own before one that was taken from elsewhere."""
    fits = [
        one
        for one in calendar.holidays
        if one.date == day or (one.yearly and (one.date.month, one.date.day) == (day.month, day.day))
    ]
    best = min(fits, key=lambda one: (bool(one.source), one.yearly), default=None)
    if best is None or calendar.always_open:
        return OpeningDay(day, bars)
    return OpeningDay(day, bars, best.name, is_special=True)
