"""From wall-clock hours to instants: a desk's open spans, year by year of UTC.

How the wall clock's jumps are met (`zoneinfo`, PEP 495): a window opens at the first instant at which the local clock
shows its opening time or later, and closes after the last instant at which the clock shows less than its closing
time. So a boundary that the clock skips falls on the end of the gap; in a repeated hour the first pass opens and the
second closes, and the whole real time between counts. Windows that come to touch or overlap that way are one span.
"""

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib.domain.opening_hours import Holiday, Window

_DAY = 24 * 60 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH = _EPOCH.replace(tzinfo=None)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LEAP_DAY = (2, 29)
_NOTHING = timedelta()
_FIRST_DAY, _LAST_DAY = date.min.toordinal() - _EPOCH_DAY, date.max.toordinal() - _EPOCH_DAY

_SETTLED_BEFORE, _SETTLED_FROM = 1840, 2100
"""Outside these years zones keep local mean time, or one yearly rule for ever: the database's (2026) first change of
an offset is in 1844, its last single one in 2086. There, years of the same length and first weekday are alike."""


class BeyondCalendar(ValueError):
    """What was asked for lies before year 1 or after year 9999 of UTC, or never comes."""


@dataclass(frozen=True, slots=True)
class Spans:
    """The open spans of one kind of year, disjoint and in order, as times since the year began in UTC."""

    opens: Sequence[timedelta]
    closes: Sequence[timedelta]
    before: Sequence[timedelta]
    """Open time before each span."""
    total: timedelta
    """Open time in the whole year."""


@dataclass(frozen=True, slots=True)
class Year:
    """One year of UTC: when it began, and its open spans."""

    number: int
    begin: datetime
    spans: Spans

    def worked(self, at: datetime) -> timedelta:
        """Open time in the year up to `at`."""
        spans, passed = self.spans, at - self.begin
        index = bisect_right(spans.opens, passed) - 1
        if index < 0:
            return _NOTHING
        closes = spans.closes[index]
        return spans.before[index] + (passed if passed < closes else closes) - spans.opens[index]

    def reached(self, worked: timedelta) -> datetime:
        """The first instant by which that much open time (0 < worked <= total) has passed."""
        index = bisect_left(self.spans.before, worked) - 1
        return self.begin + (self.spans.opens[index] + worked - self.spans.before[index])

    def left(self, worked: timedelta) -> datetime:
        """The last instant by which no more than that (0 <= worked < total) has passed."""
        index = bisect_right(self.spans.before, worked) - 1
        return self.begin + (self.spans.opens[index] + worked - self.spans.before[index])

    def instants(self) -> Iterator[tuple[datetime, datetime]]:
        """Every open span, from and to."""
        for opens, closes in zip(self.spans.opens, self.spans.closes, strict=True):
            yield self.begin + opens, self.begin + closes

    def open_from(self, at: datetime) -> datetime | None:
        """`at` when that is open, else the next opening in the year, if any."""
        passed = at - self.begin
        index = bisect_right(self.spans.closes, passed)
        return self.begin + max(passed, self.spans.opens[index]) if index < len(self.spans.opens) else None


class _Layer:
    """Holidays of equal standing; one of a single year goes before a yearly one."""

    def __init__(self, holidays: Sequence[Holiday]) -> None:
        self._single = {h.date: h.windows for h in holidays if not h.yearly}
        self._yearly = {(h.date.month, h.date.day): h.windows for h in holidays if h.yearly}

    def windows(self, day: date) -> Sequence[Window] | None:
        """The windows of a day; None where it is no holiday."""
        windows = self._single.get(day)
        return self._yearly.get((day.month, day.day)) if windows is None else windows

    def days(self, years: range) -> Iterator[date]:
        """Every holiday of some years, and maybe of others."""
        yield from self._single
        for year in years:
            for month, day in self._yearly:
                if (month, day) != _LEAP_DAY or isleap(year):
                    yield date(year, month, day)


class Openings:
    """The open spans of hours (seven days, Monday first) in a zone; each year is worked out when first asked for.

    A year in a settled era shares its spans with its likes, so all years together take about 300 computations.
    """

    def __init__(self, zone: ZoneInfo, hours: Sequence[Sequence[Window]], holidays: Sequence[Holiday]) -> None:
        self._zone = zone
        self._hours = hours
        own, taken = [h for h in holidays if not h.source], [h for h in holidays if h.source]
        self._layers = [_Layer(each) for each in (own, taken) if each]
        singles = {h.date.year for h in holidays if not h.yearly}
        self._peculiar = {year + near for year in singles for near in (-1, 0, 1)}
        self._peculiar |= {MINYEAR, MAXYEAR}
        self._years: dict[int, Year] = {}
        self._likes: dict[tuple[bool, bool, int], Spans] = {}

    def year(self, year: int) -> Year:
        """A year of UTC. Raises BeyondCalendar outside the years 1 to 9999."""
        return self._years.get(year) or self._remember(year)

    def _remember(self, year: int) -> Year:
        if not MINYEAR <= year <= MAXYEAR:
            raise BeyondCalendar(f"the opening hours of the years 1 to 9999 do not reach into year {year}")
        if _SETTLED_BEFORE <= year < _SETTLED_FROM or year in self._peculiar:
            spans = self._spans(year)
        else:
            first, last = date(year, 1, 1), date(year, 12, 31)
            kind = (year < _SETTLED_BEFORE, first.weekday() == last.weekday(), first.weekday())
            spans = self._likes.get(kind) or self._spans(year)
            self._likes[kind] = spans
        return self._years.setdefault(year, Year(year, datetime(year, 1, 1, tzinfo=UTC), spans))

    def _spans(self, year: int) -> Spans:
        begin = date(year, 1, 1).toordinal() - _EPOCH_DAY
        end = begin + date(year, 12, 31).timetuple().tm_yday
        start, stop = begin * _DAY, end * _DAY
        # A window reaches at most into the day after its own, and a zone is at most a day away from UTC.
        instants = sorted(self._instants(self._days(range(begin - 3, end + 1))))
        spans = [(max(a, start), min(b, stop)) for a, b in joined(instants) if a < stop and b > start]
        opens = [timedelta(0, a - start) for a, _ in spans]
        closes = [timedelta(0, b - start) for _, b in spans]
        before = [*accumulate((b - a for a, b in zip(opens, closes, strict=True)), initial=_NOTHING)]
        return Spans(opens, closes, before[:-1], before[-1])

    def _days(self, days: range) -> Iterable[int]:
        """The days that may have windows: of hours on no weekday, the holidays alone."""
        if any(self._hours):
            return days
        first, last = (min(max(day, _FIRST_DAY), _LAST_DAY) + _EPOCH_DAY for day in (days[0], days[-1]))
        years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
        holidays = {day.toordinal() - _EPOCH_DAY for layer in self._layers for day in layer.days(years)}
        return sorted(holidays & set(days))

    def _instants(self, days: Iterable[int]) -> Iterator[tuple[int, int]]:
        offset = cache(lambda day: _offset(self._zone, day * _DAY))
        for day in days:
            for window in self._windows(day):
                opens, closes = day * _DAY + window.opens * 60, day * _DAY + window.closes * 60
                # No zone ever changed twice within three days (the least is a week).
                if offset(day) == offset(day + 3):
                    yield opens - offset(day), closes - offset(day)
                else:
                    yield _first_showing(self._zone, opens), _last_before(self._zone, closes)

    def _windows(self, number: int) -> Sequence[Window]:
        if not _FIRST_DAY <= number <= _LAST_DAY:
            return ()
        day = date.fromordinal(number + _EPOCH_DAY)
        for layer in self._layers:
            windows = layer.windows(day)
            if windows is not None:
                return windows
        return self._hours[day.weekday()]


Moment = TypeVar("Moment", int, datetime)


def joined(spans: Iterable[tuple[Moment, Moment]]) -> list[tuple[Moment, Moment]]:
    """Give spans, which come in the order of their beginnings, with those that touch or overlap made one."""
    found: list[tuple[Moment, Moment]] = []
    for opens, closes in spans:
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        elif opens < closes:
            found.append((opens, closes))
    return found


def _first_showing(zone: ZoneInfo, local: int) -> int:
    """The first instant at which the zone's clock shows `local` (seconds of wall time since 1970) or later."""
    first, second = _readings(zone, local)
    return first if first <= second else _gap_end(zone, second, first)


def _last_before(zone: ZoneInfo, local: int) -> int:
    """The end of the last second that the zone's clock shows as earlier than `local`."""
    first, second = _readings(zone, local - 1)
    return second + 1 if first <= second else _gap_end(zone, second, first)


def _readings(zone: ZoneInfo, local: int) -> tuple[int, int]:
    """When the clock shows `local`, by the offset before and after a change; in that order except in a gap."""
    return local - _offset(zone, local), local - _offset(zone, local, fold=1)


def _gap_end(zone: ZoneInfo, earlier: int, later: int) -> int:
    def offset(instant: int) -> timedelta | None:
        return (_EPOCH + timedelta(seconds=instant)).astimezone(zone).utcoffset()

    old = offset(earlier)
    between = range(earlier, later + 1)
    return between[bisect_left(between, True, key=lambda instant: offset(instant) != old)]


def _offset(zone: ZoneInfo, local: int, fold: int = 0) -> int:
    """Seconds from UTC when the zone's clock shows `local`; outside the years 1 to 9999, as at their ends."""
    within = min(max(local, _FIRST_DAY * _DAY), _LAST_DAY * _DAY)
    offset = (_LOCAL_EPOCH + timedelta(seconds=within)).replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()
    return offset.days * _DAY + offset.seconds
