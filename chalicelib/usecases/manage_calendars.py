"""Calendars come, change and go; their holidays are taken from a country's list or a file, and taken again later.

All calendars lie in the settings, so a change of one is a change of these: decided on a version, refused when somebody
else came first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.calendar_settings import DEFAULT, users_of
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import Conflict, InvalidInput, NotFound, StaleVersion
from chalicelib.domain.holiday_sources import ICAL, Refreshed, refreshed, usual_years
from chalicelib.domain.ical_holidays import Skipped, read_holidays
from chalicelib.domain.opening_hours import DAYS, Holiday
from chalicelib.usecases.ports import Desk

MOST_YEARS = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking holidays from a source comes to; saved unless it was a rehearsal."""

    source: str
    settings: DeskSettings
    news: Refreshed
    skipped: tuple[Skipped, ...] = ()


def find_calendar(settings: DeskSettings, calendar_id: str) -> BusinessCalendar:
    """Give a calendar, or raise NotFound."""
    found = settings.business_calendars.get(calendar_id)
    if found is None:
        raise NotFound(f"there is no calendar {calendar_id}", "calendar_id")
    return found


def set_calendar(desk: Desk, calendar_id: str, data: Any, version: int | None) -> DeskSettings:
    """Make a calendar, or replace it wholly, by its JSON form. Raises StaleVersion, or InvalidInput with its line."""
    known = _settings(desk, version)
    return desk.settings.save(_with(known, calendar_id, data))


def remove_calendar(desk: Desk, calendar_id: str, version: int | None) -> DeskSettings:
    """Remove a calendar. Raises NotFound, StaleVersion, or Conflict while something counts by it."""
    known = _settings(desk, version)
    find_calendar(known, calendar_id)
    if calendar_id == DEFAULT:
        raise Conflict("the desk's own calendar can be changed, not removed", "calendar_id")
    if users := users_of(known.calendar_users, calendar_id):
        raise Conflict(f"it is used by {', '.join(users)}; let them count by another one first", "calendar_id")
    others = {name: data for name, data in known.calendars.items() if name != calendar_id}
    return desk.settings.save(replace(known, calendars=others))


def take_public_holidays(
    desk: Desk,
    calendar_id: str,
    country: str,
    region: str = "",
    years: Iterable[int] = (),
    *,
    rehearsal: bool = False,
    version: int | None = None,
) -> Taken:
    """Take a country's or region's public holidays into a calendar, in place of those taken before for these years.

    On weekend days on which the country works to make up for one, the hours of the first open weekday hold, unless the
    desk is open then anyway. Raises NotFound, StaleVersion or InvalidInput.
    """
    known = _settings(desk, version)
    calendar = find_calendar(known, calendar_id)
    wanted = sorted(set(years)) or list(usual_years(desk.clock.now().date()))
    if len(wanted) > MOST_YEARS:
        raise InvalidInput(f"at most {MOST_YEARS} at a time", "years")
    found = desk.public_holidays.of(country, region, wanted, known.language)
    source = f"public:{country}-{region}" if region else f"public:{country}"
    made_up = [
        Holiday(day, windows, "", False, source)
        for day in desk.public_holidays.working_weekends(country, region, wanted)
        if not calendar.hours.get(DAYS[day.weekday()]) and (windows := _usual_hours(calendar))
    ]
    news = refreshed(calendar.holidays, source, [*found, *made_up], wanted)
    return _taken(desk, known, calendar_id, source, news, rehearsal=rehearsal)


def take_calendar_file(
    desk: Desk, calendar_id: str, text: str, name: str, *, rehearsal: bool = False, version: int | None = None
) -> Taken:
    """Take the closed days of an iCalendar file into a calendar, in place of those taken before under the same name.

    Raises NotFound, StaleVersion or InvalidInput.
    """
    known = _settings(desk, version)
    calendar = find_calendar(known, calendar_id)
    years = usual_years(desk.clock.now().date())
    source = f"{ICAL}{name}"
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    reading = read_holidays(text, source, ZoneInfo(calendar.timezone), first, last)
    news = refreshed(calendar.holidays, source, reading.holidays, years)
    return replace(_taken(desk, known, calendar_id, source, news, rehearsal=rehearsal), skipped=reading.skipped)


def _taken(
    desk: Desk, known: DeskSettings, calendar_id: str, source: str, news: Refreshed, *, rehearsal: bool
) -> Taken:
    changed = replace(find_calendar(known, calendar_id), holidays=news.holidays)
    after = _with(known, calendar_id, changed.to_dict())
    if rehearsal or not (news.added or news.removed):
        return Taken(source, known, news)
    return Taken(source, desk.settings.save(after), news)


def _usual_hours(calendar: BusinessCalendar) -> Any:
    return next((calendar.hours[day] for day in DAYS if calendar.hours.get(day)), ())


def _settings(desk: Desk, version: int | None) -> DeskSettings:
    known = desk.settings.load()
    if version is not None and version != known.version:
        raise StaleVersion(f"they are at version {known.version} by now; read them again", "If-Match")
    return known


def _with(settings: DeskSettings, calendar_id: str, data: Any) -> DeskSettings:
    if calendar_id == DEFAULT:
        return replace(settings, calendar=_plain(data))
    return replace(settings, calendars={**settings.calendars, calendar_id: _plain(data)})


def _plain(data: Any) -> Any:
    return dict(data) if isinstance(data, Mapping) else data
