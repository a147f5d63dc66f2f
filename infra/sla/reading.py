"""What cases and timelines have in common: instants, calendars, and how a mistake is told."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.errors import InvalidInput


def calendar_of(asked: Mapping[str, Any]) -> BusinessCalendar:
    """Read `calendar`; left out, every instant counts. Raises InvalidInput at a place: `calendar.hours.mon[0]`."""
    try:
        return BusinessCalendar.from_dict(asked.get("calendar", {"always_open": True}))
    except InvalidInput as mistake:
        place = mistake.field if mistake.field == "calendar" else f"calendar.{mistake.field}"
        raise InvalidInput(mistake.message, place) from None


def instant_of(asked: Mapping[str, Any], name: str, zone: str, place: str = "") -> datetime:
    """Read an ISO 8601 instant, with an offset or Z; without either, the zone's clock shows it.

    Raises InvalidInput where it is missing, or none.
    """
    text = asked.get(name)
    if not isinstance(text, str):
        raise InvalidInput("an instant is missing, like 2026-11-23T09:00:00Z", place or name)
    try:
        at = datetime.fromisoformat(text)
        local = at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(f'"{text}" is not an instant like 2026-11-23T09:00:00Z', place or name) from None


def written(at: datetime) -> str:
    """Give an instant in UTC, `2026-11-23T09:00:00Z`; parts of a second only where there are some."""
    return at.isoformat().replace("+00:00", "Z")


def refusal(mistake: InvalidInput) -> dict[str, str]:
    """Give what stands in the place of an answer."""
    return {"error": str(mistake), "field": mistake.field}
