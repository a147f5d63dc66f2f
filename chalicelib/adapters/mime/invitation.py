"""Says in a few lines what an invitation says (RFC 5545, RFC 5546), in no language: by signs and values."""

import re
from typing import NamedTuple

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r'([A-Za-z0-9-]{1,60})((?:;[A-Za-z0-9-]{1,60}=(?:"[^"]{0,500}"|[^";:]{0,500})){0,20}):(.*)')
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,60})=(?:"([^"]{0,500})"|([^";:]{0,500}))')
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d{0,2}Z?)?")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_LONGEST = 200_000  # characters that are looked at
_MOST_EVENTS = 5


class _Value(NamedTuple):
    text: str
    parameters: dict[str, str]


def words_of_invitation(calendar: str) -> str:
    """What each event of an iCalendar object is, when, where and by whom: a line each; "" when it has none.

    Times stand as the organizer wrote them, with their zone: nobody's clock has to be known to read them.
    """
    method = ""
    events: list[dict[str, _Value]] = []
    within: list[str] = []
    for line in _FOLD.sub("", calendar[:_LONGEST]).splitlines():
        parsed = _LINE.match(line)
        if not parsed:
            continue
        name, value = parsed[1].upper(), parsed[3].strip()
        if name == "BEGIN":
            within.append(value.upper())
            if value.upper() == "VEVENT":
                events.append({})
        elif name == "END":
            within = within[:-1]
        elif name == "METHOD":
            method = value.upper()
        elif events and within[-1:] == ["VEVENT"]:
            events[-1].setdefault(name, _Value(_unescaped(value), _parameters(parsed[2])))
    return "\n\n".join(filter(None, (_shown(event, method) for event in events[:_MOST_EVENTS])))


def _shown(event: dict[str, _Value], method: str) -> str:
    cancelled = method == "CANCEL" or (event.get("STATUS") or _Value("", {})).text.upper() == "CANCELLED"
    summary = _text(event, "SUMMARY")
    lines = (
        f"{'❌' if cancelled else '📅'} {summary}" if summary or cancelled else "",
        _labelled("🕒", _when(event)),
        _labelled("🔁", _text(event, "RRULE")),
        _labelled("📍", _text(event, "LOCATION")),
        _labelled("👤", _person(event.get("ORGANIZER"))),
        _text(event, "DESCRIPTION").strip(),
    )
    return "\n".join(line for line in lines if line)


def _text(event: dict[str, _Value], name: str) -> str:
    return event[name].text if name in event else ""


def _labelled(sign: str, text: str) -> str:
    return f"{sign} {text}" if text else ""


def _when(event: dict[str, _Value]) -> str:
    start, end = (_time(event.get(name)) for name in ("DTSTART", "DTEND"))
    zone = event["DTSTART"].parameters.get("TZID", "") if "DTSTART" in event else ""
    zone = zone or ("UTC" if start and event["DTSTART"].text.endswith("Z") else "")
    if end[:10] == start[:10] and len(end) > 10:
        end = end[11:]
    length = _text(event, "DURATION")
    return (
        f"{start}{f' – {end}' if end else ''}{f' ({zone})' if start and zone else ''}{f' {length}' if length else ''}"
    )


def _time(value: _Value | None) -> str:
    """`2026-05-04 14:00`, or `2026-05-04` for a whole day; what can't be read stays as it is."""
    if value is None:
        return ""
    found = _TIME.fullmatch(value.text)
    if not found:
        return value.text[:60]
    return "-".join(found.group(1, 2, 3)) + (f" {found[4]}:{found[5]}" if found[4] else "")


def _person(value: _Value | None) -> str:
    if value is None:
        return ""
    email = re.sub(r"(?i)^mailto:", "", value.text)
    name = value.parameters.get("CN", "")
    return f"{name} <{email}>" if name and name != email else email


def _parameters(text: str) -> dict[str, str]:
    return {found[1].upper(): found[2] or found[3] or "" for found in _PARAMETER.finditer(text)}


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
