"""Events of an iCalendar file (RFC 5545), as far as whole days need them. Any text at all can be read.

Our own small reader: holidays need seven properties of one component, and the usual packages weigh megabytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import InvalidInput

MOST_EVENTS = 1000
LONGEST_SUMMARY = 200

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r'([A-Za-z0-9-]{1,60})((?:;[A-Za-z0-9-]{1,60}=(?:"[^"]*"|[^":;])*)*):(.*)', re.DOTALL)
_WHEN = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")
_DURATION = re.compile(r"\+?P(?:([0-9]{1,4})W|([0-9]{1,5})D)(?:T(?:0{1,2}[HMS]){1,3})?")
_ESCAPED = re.compile(r"\\([\\;,nN])")


@dataclass(slots=True)
class Event:
    """One VEVENT: its properties by name, each with every value it came with, parameters in front."""

    properties: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The first value of a property; empty where there is none."""
        return self.properties.get(name, [("", "")])[0][1].strip()

    @property
    def summary(self) -> str:
        """What it is called, in one line."""
        text = _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], self.value("SUMMARY"))
        return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_SUMMARY]

    def days(self, name: str, zone: ZoneInfo) -> list[date]:
        """The local days that a property's values begin on; values that are none are left out."""
        found = (_moment(text, zone) for _, values in self.properties.get(name, []) for text in values.split(","))
        return [moment.date() for moment in found if moment]

    def length(self, zone: ZoneInfo) -> int | None:
        """How many whole days it lasts; None when it is no matter of whole days."""
        start, end = (_moment(self.value(name), zone) for name in ("DTSTART", "DTEND"))
        if start is None or start.time() != time():
            return None
        if end is None:
            return self._declared_length()
        if end == start:
            return 1
        return (end - start).days if end.time() == time() and end > start else None

    def _declared_length(self) -> int | None:
        found = _DURATION.fullmatch(self.value("DURATION").upper())
        if found:
            return int(found[1] or 0) * 7 + int(found[2] or 0) or None
        timed = "T" in self.value("DTSTART").upper()
        return None if timed or self.value("DURATION") or self.value("DTEND") else 1


def read_events(text: str) -> list[Event]:
    """Give the events of a file in their order. Raises InvalidInput where it is no iCalendar, or has too many."""
    if "BEGIN:VCALENDAR" not in text.upper():
        raise InvalidInput("is not an iCalendar file (text/calendar, RFC 5545)", "body")
    events: list[Event] = []
    for event in _events(text):
        if len(events) == MOST_EVENTS:
            raise InvalidInput(f"has more than {MOST_EVENTS:,} events; import the years you need", "body")
        events.append(event)
    return events


def _events(text: str) -> Iterator[Event]:
    event, inner = None, 0
    for line in _FOLD.sub("", text.lstrip("\ufeff")).splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        name, value = found[1].upper(), found[3]
        if name == "BEGIN" and event is None:
            event = Event() if value.strip().upper() == "VEVENT" else None
        elif name == "BEGIN":
            inner += 1
        elif name == "END" and inner:
            inner -= 1
        elif name == "END" and event is not None:
            yield event
            event = None
        elif event is not None and not inner:
            event.properties.setdefault(name, []).append((found[2], value))


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A day or a time by the local clock. A time with a TZID counts as that clock shows it; UTC is read by `zone`'s."""
    found = _WHEN.fullmatch(text.strip().upper())
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2] or '000000'}")
    except ValueError:
        return None
    if not found[3]:
        return moment
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
