"""The calendars of a desk: its own, called `default`, and others under names of their own.

They are kept in the settings in their JSON form; here they are read, and every mistake named by its line
(`calendars.store.hours.mon[1]`).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.opening_hours import refuse_overlaps

DEFAULT = "default"
"""What the desk's own calendar is called where calendars are named; the setting `calendar` holds it."""

MOST_CALENDARS = 50
"""Calendars beside the desk's own."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def read_calendars(own: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, BusinessCalendar]:
    """Give every calendar by its id, the desk's own as `default`. Raises InvalidInput with the line that is wrong."""
    if len(others) > MOST_CALENDARS:
        raise InvalidInput(f"at most {MOST_CALENDARS} of them", "calendars")
    for name in others:
        if not _ID.fullmatch(name) or name == DEFAULT:
            remedy = f"an id is up to 40 of a-z, 0-9 and -, and not {DEFAULT}, which the setting calendar holds"
            raise InvalidInput(remedy, f"calendars.{name[:40]}")
    named = {name: _read(data, f"calendars.{name}") for name, data in others.items()}
    return {DEFAULT: _read(own, "calendar"), **named}


def refuse_unknown(named: Iterable[tuple[str, str]], calendars: Mapping[str, BusinessCalendar]) -> None:
    """Raise InvalidInput where a setting (its place first) names a calendar that isn't there; "" names the desk's."""
    for place, name in named:
        if name and name not in calendars:
            raise InvalidInput(f"is not one of {', '.join(calendars)}", place)


def users_of(named: Iterable[tuple[str, str]], calendar_id: str) -> list[str]:
    """Give what counts by a calendar, out of the places of the settings that name one: `sla_policies[chat]`."""
    names = {calendar_id, ""} if calendar_id == DEFAULT else {calendar_id}
    return [place.removesuffix(".calendar") for place, name in named if name in names]


def _read(data: Any, place: str) -> BusinessCalendar:
    try:
        calendar = BusinessCalendar.from_dict(dict(data) if isinstance(data, Mapping) else data)
        refuse_overlaps(calendar.hours, calendar.holidays)
    except InvalidInput as mistake:
        line = place if mistake.field in ("calendar", "") else f"{place}.{mistake.field}"
        raise InvalidInput(mistake.message, line) from None
    return calendar
