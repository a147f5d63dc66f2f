"""The days that a report is about, by the desk's wall clock, and the periods into which its charts cut them."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from chalicelib.domain.errors import InvalidInput

Thing = TypeVar("Thing")

LONGEST_DAYS = 400
FIRST_YEAR, LAST_YEAR = 1990, 2200
MOST_DAILY = 31
MOST_WEEKLY = 185
"""Up to so many days a chart has one column for each day, and up to so many one for each week; beyond, each month."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some days on end, with both their ends."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ReportRange:
    """Whole days from `first` to `last`, both included, as clocks in `zone` show them."""

    first: date
    last: date
    zone: tzinfo

    def __post_init__(self) -> None:
        if not self.first.year >= FIRST_YEAR:
            raise InvalidInput(f"must not be before {FIRST_YEAR}", "from")
        if self.last.year > LAST_YEAR:
            raise InvalidInput(f"must not be after {LAST_YEAR}", "to")
        if self.last < self.first:
            raise InvalidInput("must not be later than `to`", "from")
        if self.days > LONGEST_DAYS:
            raise InvalidInput(f"must be at most {LONGEST_DAYS} days before `to`", "from")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """The UTC instant at which the first day begins."""
        return self._begins(self.first)

    @property
    def end(self) -> datetime:
        """The UTC instant at which the day after the last begins."""
        return self._begins(self.last + timedelta(days=1))

    def before(self) -> "ReportRange":
        """Give as many days just before these."""
        length = timedelta(days=self.days)
        return ReportRange(self.first - length, self.last - length, self.zone)

    def periods(self) -> tuple[Period, ...]:
        """Give the days, weeks (from Monday) or months that it has, the outer ones cut at its ends."""
        found, day = [], self.first
        while day <= self.last:
            last = min(self._period_end(day), self.last)
            found.append(Period(day, last))
            day = last + timedelta(days=1)
        return tuple(found)

    def by_period(self, things: Iterable[Thing], at: Callable[[Thing], datetime]) -> dict[Period, list[Thing]]:
        """Give every period with the things that happened in it; those outside the range are left out."""
        periods = self.periods()
        starts = [self._begins(period.first) for period in periods]
        found: dict[Period, list[Thing]] = {period: [] for period in periods}
        end = self.end
        for thing in things:
            instant = at(thing)
            if starts[0] <= instant < end:
                found[periods[bisect_right(starts, instant) - 1]].append(thing)
        return found

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _period_end(self, day: date) -> date:
        if self.days <= MOST_DAILY:
            return day
        if self.days <= MOST_WEEKLY:
            return day + timedelta(days=6 - day.weekday())
        return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def last_days(count: int, today: date, zone: tzinfo) -> ReportRange:
    """Give the last so many days, today included."""
    return ReportRange(today - timedelta(days=count - 1), today, zone)


def this_month(today: date, zone: tzinfo) -> ReportRange:
    """Give the month so far, today included."""
    return ReportRange(today.replace(day=1), today, zone)
