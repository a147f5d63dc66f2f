"""Holidays out of an iCalendar file: closed days, those that return included."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.ical import Event, read_events
from chalicelib.domain.opening_hours import Holiday
from chalicelib.domain.recurrence import UnreadableRule, occurrences, read_rule

LONGEST_EVENT_DAYS = 366
MOST_RECURRING = 200
"""Events with a rule that one file may have; so many take seconds at worst, however they are made."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An event that makes no holiday, and why."""

    summary: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: holidays by their dates, one for each day, and what was left out."""

    holidays: tuple[Holiday, ...]
    skipped: tuple[Skipped, ...]


def read_holidays(text: str, source: str, zone: ZoneInfo, first: date, last: date) -> Reading:
    """Read the closed days from `first` to `last`; an anniversary without an end becomes a yearly holiday.

    Events of whole days count, each of their days. Raises InvalidInput where the text is no iCalendar file.
    """
    events = read_events(text)
    overridden = Counter((event.value("UID"), day) for event in events for day in event.days("RECURRENCE-ID", zone))
    found: dict[tuple[bool, date], Holiday] = {}
    skipped: list[Skipped] = []
    recurring = 0
    for event in events:
        try:
            recurring += bool(event.value("RRULE"))
            if recurring > MOST_RECURRING and event.value("RRULE"):
                raise UnreadableRule(f"more than {MOST_RECURRING} events of the file return")
            moved = [day for uid, day in overridden if uid == event.value("UID") and uid]
            for day, yearly in _days(event, zone, () if event.value("RECURRENCE-ID") else moved, first, last):
                found.setdefault((yearly, day), Holiday(day, (), event.summary, yearly, source))
        except UnreadableRule as reason:
            skipped.append(Skipped(event.summary, str(reason)))
    ordered = sorted(found.values(), key=lambda holiday: (holiday.date, holiday.yearly))
    return Reading(tuple(ordered), tuple(skipped))


def _days(event: Event, zone: ZoneInfo, moved: Sequence[date], first: date, last: date) -> Iterator[tuple[date, bool]]:
    """Every day of an event and of its returns, and whether it returns each year. Raises UnreadableRule."""
    start, length = next(iter(event.days("DTSTART", zone)), None), event.length(zone)
    if event.value("STATUS").upper() == "CANCELLED":
        raise UnreadableRule("it is cancelled")
    if start is None:
        raise UnreadableRule("it has no date")
    if length is None or length > LONGEST_EVENT_DAYS:
        raise UnreadableRule("it is no matter of whole days" if length is None else "it lasts longer than a year")
    left_out = {*event.days("EXDATE", zone), *moved}
    rule = read_rule(event.value("RRULE")) if event.value("RRULE") else None
    if rule and rule.is_anniversary(start) and not left_out and start <= last:
        yield from ((start + timedelta(n), True) for n in range(length))
        return
    begins = [start] if rule is None else occurrences(rule, start, first - timedelta(length), last)
    for begin in {*begins, *event.days("RDATE", zone)} - left_out:
        for day in (begin + timedelta(n) for n in range(length)):
            if first <= day <= last:
                yield day, False
