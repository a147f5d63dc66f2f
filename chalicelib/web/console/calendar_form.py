"""A calendar's opening hours and own days as a form, and back. What was taken from elsewhere isn't in it, and stays."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.opening_hours import DAYS, Holiday
from chalicelib.web.console.form_fields import Fields, one_each
from chalicelib.web.console.setting_entries import Json

WINDOW, OWN_DAY = ("opens", "closes"), ("date", "name", "hours")
WEEKDAYS = DAYS[1:5]
"""The days to which Monday's hours are copied by a button."""

_BETWEEN = re.compile(r" *(?:-|–|—|~|～|至|到|\bto\b) *")
_APART = re.compile(r"[,;，；、]")
_TIME = re.compile(r"([0-9]{1,2})[:：.]([0-9]{2})(?::00)?")


def shown(calendar: BusinessCalendar) -> Fields:
    """Give a calendar's fields."""
    values = one_each({"timezone": calendar.timezone, "always_open": calendar.always_open})
    for day in DAYS:
        for number, window in enumerate(calendar.hours.get(day, ())):
            for name, time in zip(WINDOW, window.plain(), strict=True):
                values[f"hours-{day}-{number}-{name}"] = ["00:00" if time == "24:00" else time]
    for number, one in enumerate(own_days(calendar)):
        hours = ", ".join("–".join(window.plain()) for window in one.windows)
        own = {"date": one.date.isoformat(), "name": one.name, "hours": hours, "yearly": one.yearly}
        values |= one_each({f"holidays-{number}-{name}": value for name, value in own.items()})
    return Fields(values)


def own_days(calendar: BusinessCalendar) -> Sequence[Holiday]:
    """Give the days of which the desk's own people said something."""
    return [one for one in calendar.holidays if not one.source]


def packed(fields: Fields) -> Fields:
    """Give what was typed with its rows numbered as refusals name them."""
    for day in DAYS:
        fields = fields.packed(f"hours-{day}", WINDOW)
    return fields.packed("holidays", OWN_DAY)


def read(fields: Fields, taken: Sequence[Holiday]) -> Json:
    """Give the calendar that was typed, in its JSON form, with the holidays that were `taken` from elsewhere."""
    own = [_own_day(fields, f"holidays-{row}") for row in fields.rows("holidays", OWN_DAY)]
    hours = {day: _windows(fields, f"hours-{day}") for day in DAYS}
    plain: Json = {
        "timezone": fields.line("timezone") or "UTC",
        "hours": {day: windows for day, windows in hours.items() if windows},
        "holidays": [*own, *(one.plain() for one in taken)],
    }
    return {**plain, "always_open": True} if fields.on("always_open") else plain


def with_mondays_hours(fields: Fields) -> Fields:
    """Give the fields with Monday's hours from Tuesday to Friday, too."""
    others = tuple(f"hours-{day}-" for day in WEEKDAYS)
    kept = {name: values for name, values in fields.values.items() if not name.startswith(others)}
    mondays = {name[len("hours-mon") :]: values for name, values in kept.items() if name.startswith("hours-mon-")}
    return Fields(kept | {f"hours-{day}{rest}": values for day in WEEKDAYS for rest, values in mondays.items()})


def _windows(fields: Fields, place: str) -> list[list[str]]:
    rows = fields.rows(place, WINDOW)
    return [_times(fields.line(f"{place}-{row}-opens"), fields.line(f"{place}-{row}-closes")) for row in rows]


def _times(opens: str, closes: str) -> list[str]:
    """Two times of day as calendars have them; midnight at the end is 24:00, however it was typed."""
    first, last = (_TIME.sub(_padded, time.strip()) for time in (opens, closes))
    return [first, "24:00" if last == "00:00" else last]


def _padded(found: re.Match[str]) -> str:
    return f"{found[1]:0>2}:{found[2]}"


def _own_day(fields: Fields, place: str) -> Mapping[str, Any]:
    pieces = [piece.strip() for piece in _APART.split(fields.line(f"{place}-hours")) if piece.strip()]
    return {
        "date": fields.line(f"{place}-date"),
        "hours": [_between(piece) for piece in pieces],
        "name": fields.line(f"{place}-name"),
        "yearly": fields.on(f"{place}-yearly"),
    }


def _between(piece: str) -> list[str]:
    ends = _BETWEEN.split(piece)
    return _times(*ends) if len(ends) == 2 else [piece]
