"""What the API takes and gives of calendars."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.web.api.given import Given

FILE_NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"
Window = Annotated[list[str], Field(min_length=2, max_length=2)]


class CalendarHours(BaseModel):
    """Opening hours: wall-clock windows by weekday (mon to sun), holidays with hours of their own, or always open."""

    timezone: str = "UTC"
    hours: dict[str, list[Window]] = {}
    holidays: list[dict[str, Any]] = []
    always_open: bool = False


class PublicHolidays(BaseModel):
    """Whose public holidays are taken: a country (ISO 3166), a region of it, and for which years."""

    model_config = ConfigDict(extra="forbid", strict=True)
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    region: Annotated[str, StringConstraints(max_length=60)] = ""
    years: Annotated[list[int], Field(max_length=20)] = []
    dry_run: bool = False


class CalendarFile(BaseModel):
    """An iCalendar file (RFC 5545), and under which name its holidays are taken. It may also come as text/calendar."""

    model_config = ConfigDict(extra="forbid", strict=True)
    ical: str
    name: Annotated[str, StringConstraints(pattern=FILE_NAME)] = "file"
    dry_run: bool = False


class HolidayGiven(Given):
    """A date with hours of its own; none of them: closed. `source` is empty for what the desk's own people set."""

    date: date
    hours: list[list[str]]
    name: str
    yearly: bool
    source: str


class Calendar(Given):
    """A calendar with what counts by it. `version` is that of the settings in which calendars lie."""

    id: str
    timezone: str
    hours: dict[str, list[list[str]]]
    holidays: list[HolidayGiven]
    always_open: bool
    used_by: list[str]
    version: int


class CalendarList(Given):
    """All calendars, the desk's own, `default`, first."""

    items: list[Calendar]
    next_cursor: str | None


class Opening(Given):
    """A stretch of opening, in UTC and as the calendar's own clock shows it; `seconds` count."""

    opens: datetime
    closes: datetime
    opens_local: str
    closes_local: str
    seconds: float


class Openings(Given):
    """When a calendar is open between two instants, and the holidays on the way."""

    calendar_id: str
    timezone: str
    items: list[Opening]
    holidays: list[HolidayGiven]


class SkippedEvent(Given):
    """An event of a file that makes no holiday, and why."""

    summary: str
    reason: str


class HolidaysTaken(Given):
    """What taking holidays changed, or, where `saved` is false, would change.

    `overruled` are dates of which the desk's own people say something else, which holds.
    """

    source: str
    saved: bool
    added: list[HolidayGiven]
    removed: list[HolidayGiven]
    overruled: list[HolidayGiven]
    skipped: list[SkippedEvent]
    version: int


class HolidayCountries(Given):
    """The countries whose public holidays are known, each with its regions."""

    countries: dict[str, list[str]]
