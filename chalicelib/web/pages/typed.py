"""What people typed into a form, without what nobody types."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import InvalidInput

_UNTYPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def typed(text: str) -> str:
    """Give several lines of text, as they were meant: no control characters, lines ended by \\n alone."""
    return _UNTYPABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def typed_line(text: str) -> str:
    """Give what was typed where there is one line: every run of spaces and line breaks is one space."""
    return " ".join(typed(text).split())


def typed_count(text: str) -> int | None:
    """Give a whole number from 0 to 999,999,999 that a form or an address holds, None for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def typed_instant(typed: str, zone: str) -> datetime | None:
    """Give the UTC instant of a date and time that was typed in a zone, None where nothing was. Raises InvalidInput.

    An hour that the clocks leave out counts from the hour before, one that comes twice is the first (PEP 495).
    """
    if not typed.strip():
        return None
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput("must be a date and a time", "at") from None
