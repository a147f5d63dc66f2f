"""Days that return by a rule of RFC 5545 (3.3.10), as calendars write it: `FREQ=YEARLY;BYMONTH=11;BYDAY=4TH`.

Whole days only. Rules that no holiday needs (by hour, week number or day of the year) are refused, not guessed at.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_PERIODS = 3000
"""Days, weeks, months or years that are gone through for one rule: 250 years of months, eight of days."""

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"}
_BY_DAY = re.compile(r"([+-]?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)")


class UnreadableRule(ValueError):
    """A rule that is none, or that is not one of days; the message says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as read. `days` are weekdays (Monday is 0) with the how-manieth of the month, 0 for every one."""

    frequency: str
    interval: int = 1
    count: int = 0
    until: date | None = None
    week_begins: int = 0
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = field(default=())

    def is_anniversary(self, start: date) -> bool:
        """Whether it means nothing but the same month and day every year, for ever."""
        plain = self.frequency == "YEARLY" and self.interval == 1 and not (self.count or self.until or self.days)
        month, day = self.months in ((), (start.month,)), self.month_days in ((), (start.day,))
        # a day without a month is that day of every month
        return plain and not self.positions and month and day and not (self.month_days and not self.months)


def read_rule(text: str) -> Rule:
    """Read the value of an RRULE. Raises UnreadableRule."""
    parts = dict(part.split("=", 1) for part in text.upper().strip().rstrip(";").split(";") if "=" in part)
    if parts.get("FREQ") not in _FREQUENCIES:
        raise UnreadableRule(f"it repeats by {parts.get('FREQ', 'nothing')[:20].lower()}")
    if unknown := parts.keys() - _KNOWN:
        raise UnreadableRule(f"its rule has {min(unknown)[:20]}")
    rule = Rule(
        frequency=parts["FREQ"],
        interval=_number(parts.get("INTERVAL", "1"), 1, 1000),
        count=_number(parts["COUNT"], 1, MOST_PERIODS) if "COUNT" in parts else 0,
        until=_day(parts["UNTIL"]) if "UNTIL" in parts else None,
        week_begins=WEEKDAYS.index(parts["WKST"]) if parts.get("WKST") in WEEKDAYS else 0,
        months=_numbers(parts, "BYMONTH", 1, 12),
        month_days=_numbers(parts, "BYMONTHDAY", -31, 31),
        days=tuple(_by_day(day) for day in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        positions=_numbers(parts, "BYSETPOS", -366, 366),
    )
    return _refuse_unusual(rule)


def occurrences(rule: Rule, start: date, first: date, last: date) -> Iterator[date]:
    """Give the days from `first` to `last` on which what began on `start` returns, `start` itself included.

    Raises UnreadableRule when that takes more than MOST_PERIODS.
    """
    end = min(last, rule.until or last)
    number = 1
    if first <= start <= end:
        yield start
    for day in _after(rule, start, first, end):
        number += 1
        if rule.count and number > rule.count:
            return
        if day >= first:
            yield day


def _after(rule: Rule, start: date, first: date, end: date) -> Iterator[date]:
    # without a count nothing before `first` matters
    begin = 0 if rule.count else max(0, _periods(rule.frequency, start, first) // rule.interval - 1)
    for number in count(begin):
        if number - begin > MOST_PERIODS:
            raise UnreadableRule("it began too long ago to be counted")
        days = _days(rule, start, number * rule.interval)
        if days is None or _beginning(rule, start, number * rule.interval) > end:
            return
        for day in _chosen(rule.positions, days):
            if start < day <= end:
                yield day


def _periods(frequency: str, start: date, first: date) -> int:
    years, days = first.year - start.year, (first - start).days
    return {"YEARLY": years, "MONTHLY": 12 * years + first.month - start.month, "WEEKLY": days // 7}.get(
        frequency, days
    )


def _beginning(rule: Rule, start: date, ahead: int) -> date:
    """The first day of the period so many ahead of the one that `start` lies in."""
    if rule.frequency == "YEARLY":
        return date(min(start.year + ahead, date.max.year), 1, 1)
    if rule.frequency == "MONTHLY":
        months = start.year * 12 + start.month - 1 + ahead
        return date(min(months // 12, date.max.year), months % 12 + 1, 1)
    back = (start.weekday() - rule.week_begins) % 7 if rule.frequency == "WEEKLY" else 0
    each = 7 if rule.frequency == "WEEKLY" else 1
    return date.fromordinal(min(max(start.toordinal() - back + ahead * each, 1), date.max.toordinal()))


def _days(rule: Rule, start: date, ahead: int) -> list[date] | None:
    """The days of one period; None beyond the last year there is."""
    begin = _beginning(rule, start, ahead)
    if begin.year >= date.max.year:
        return None
    if rule.frequency == "DAILY":
        days = [begin]
    elif rule.frequency == "WEEKLY":
        wanted = {weekday for weekday, _ in rule.days} or {start.weekday()}
        days = [day for n in range(7) if (day := begin + timedelta(n)).weekday() in wanted]
    elif rule.frequency == "MONTHLY":
        days = _of_month(rule, start, begin)
    else:
        months = rule.months or (range(1, 13) if rule.month_days or rule.days else (start.month,))
        days = [day for month in months for day in _of_month(rule, start, begin.replace(month=month))]
    return sorted({day for day in days if not rule.months or day.month in rule.months})


def _of_month(rule: Rule, start: date, begin: date) -> list[date]:
    end = (begin.replace(day=28) + timedelta(4)).replace(day=1)
    every = [begin + timedelta(n) for n in range((end - begin).days)]
    if not (rule.month_days or rule.days):
        return [day for day in every if day.day == start.day]
    numbers = {number if number > 0 else len(every) + 1 + number for number in rule.month_days}
    chosen = [day for day in every if day.day in numbers] if rule.month_days else every
    return [day for day in chosen if _is_day(day, rule.days, len(every))] if rule.days else chosen


def _is_day(day: date, wanted: tuple[tuple[int, int], ...], length: int) -> bool:
    nth, from_the_end = (day.day + 6) // 7, -((length - day.day) // 7 + 1)
    return any(day.weekday() == weekday and which in (0, nth, from_the_end) for weekday, which in wanted)


def _chosen(positions: tuple[int, ...], days: list[date]) -> list[date]:
    if not positions:
        return days
    wanted = {position - 1 if position > 0 else len(days) + position for position in positions}
    return [day for number, day in enumerate(days) if number in wanted]


def _refuse_unusual(rule: Rule) -> Rule:
    if rule.frequency == "DAILY" and (rule.days or rule.month_days or rule.positions):
        raise UnreadableRule("it repeats by days and by something else")
    if rule.frequency == "WEEKLY" and (rule.month_days or rule.positions or any(which for _, which in rule.days)):
        raise UnreadableRule("it repeats by weeks and by something else")
    if rule.frequency == "YEARLY" and rule.days and not rule.months and any(which for _, which in rule.days):
        raise UnreadableRule("it repeats by the weeks of a year")
    if 0 in (*rule.month_days, *rule.positions):
        raise UnreadableRule("its rule has a day 0")
    return rule


def _by_day(text: str) -> tuple[int, int]:
    found = _BY_DAY.fullmatch(text.strip())
    if found is None:
        raise UnreadableRule(f"its rule has the day {text[:20]}")
    return WEEKDAYS.index(found[2]), int(found[1] or 0)


def _numbers(parts: Mapping[str, str], name: str, least: int, most: int) -> tuple[int, ...]:
    return tuple(_number(each, least, most) for each in parts[name].split(",")) if name in parts else ()


def _number(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,6}", text.strip()) or not least <= int(text) <= most:
        raise UnreadableRule(f"its rule has the number {text[:20]}")
    return int(text)


def _day(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise UnreadableRule(f"it ends on {text[:20]}") from None
