"""The API's calendars: their hours, when these are open, and where their holidays come from."""

import re
from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import BusinessCalendar, Holiday
from chalicelib.domain.calendar_settings import users_of
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.usecases import manage_calendars
from chalicelib.usecases.manage_calendars import Taken, find_calendar
from chalicelib.web.api.calendar_models import FILE_NAME, CalendarFile, PublicHolidays
from chalicelib.web.api.desk import instant_asked, refuse_too_long
from chalicelib.web.api.validation import body_of
from chalicelib.web.api.views import Json, instant
from chalicelib.web.call import Answer, Call
from chalicelib.web.preconditions import etag, version_wanted

USUAL_DAYS, MOST_DAYS = 14, 400
FIRST_YEAR, LAST_YEAR = 1900, 2200
FIRST_YEAR, LAST_YEAR = 1900, 2200


def every(call: Call) -> Answer:
    """List all calendars."""
    settings = call.desk.settings.load()
    items = [_view(settings, name) for name in settings.business_calendars]
    return Answer({"items": items, "next_cursor": None}, headers=etag(settings.version))


def get(call: Call) -> Answer:
    """Read a calendar."""
    settings = call.desk.settings.load()
    find_calendar(settings, call.path["calendar_id"])
    return Answer(_view(settings, call.path["calendar_id"]), headers=etag(settings.version))


def put(call: Call) -> Answer:
    """Make a calendar, or replace it wholly."""
    name, data = call.path["calendar_id"], call.json()
    if not isinstance(data, dict):
        raise InvalidInput("must be an object with the calendar's hours", "body")
    known = call.desk.settings.load()
    refuse_too_long({**asdict(known), "calendars": {**known.calendars, name: data}})
    after = manage_calendars.set_calendar(call.desk, name, data, version_wanted(call))
    return Answer(_view(after, name), headers=etag(after.version))


def delete(call: Call) -> Answer:
    """Remove a calendar that nothing counts by."""
    manage_calendars.remove_calendar(call.desk, call.path["calendar_id"], version_wanted(call))
    return Answer(None, 204)


def openings(call: Call) -> Answer:
    """Show when a calendar is open, from now and for two weeks unless told otherwise."""
    calendar = find_calendar(call.desk.settings.load(), call.path["calendar_id"])
    start = instant_asked(call, "from") if "from" in call.query else call.desk.clock.now()
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise InvalidInput(f"must be from {FIRST_YEAR} to {LAST_YEAR}", "from")
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise InvalidInput(f"must be from {FIRST_YEAR} to {LAST_YEAR}", "from")
    end = instant_asked(call, "to") if "to" in call.query else start + timedelta(days=USUAL_DAYS)
    if not timedelta() < end - start <= timedelta(days=MOST_DAYS):
        raise InvalidInput(f"must be after from, by at most {MOST_DAYS} days", "to")
    zone = ZoneInfo(calendar.timezone)
    items = [_opening(opens, closes, zone) for opens, closes in calendar.openings(start, end)]
    holidays = [] if calendar.always_open else [_holiday(one) for one in _between(calendar, start, end)]
    name = call.path["calendar_id"]
    return Answer({"calendar_id": name, "timezone": calendar.timezone, "items": items, "holidays": holidays})


def take_public(call: Call) -> Answer:
    """Take a country's public holidays into a calendar."""
    body = body_of(call, PublicHolidays)
    taken = manage_calendars.take_public_holidays(
        call.desk,
        call.path["calendar_id"],
        body.country,
        body.region,
        body.years,
        rehearsal=body.dry_run,
        version=version_wanted(call),
    )
    return _answer(taken, dry_run=body.dry_run)


def take_file(call: Call) -> Answer:
    """Take holidays from an iCalendar file into a calendar."""
    file = _file(call)
    taken = manage_calendars.take_calendar_file(
        call.desk,
        call.path["calendar_id"],
        file.ical,
        file.name,
        rehearsal=file.dry_run,
        version=version_wanted(call),
    )
    return _answer(taken, dry_run=file.dry_run)


def _file(call: Call) -> CalendarFile:
    """The file as it is, with its options in the query, or both in JSON."""
    if call.media_type != "text/calendar":
        return body_of(call, CalendarFile)
    name, dry_run = call.query.get("name", "file"), call.query.get("dry_run", "false")
    if not re.fullmatch(FILE_NAME, name):
        raise InvalidInput("is up to 40 of a-z, 0-9 and -", "name")
    if dry_run not in ("true", "false"):
        raise InvalidInput("must be true or false", "dry_run")
    return CalendarFile(ical=call.calendar_file(), name=name, dry_run=dry_run == "true")


def countries(call: Call) -> Answer:
    """List the countries whose public holidays are known."""
    known = call.desk.public_holidays.countries()
    return Answer({"countries": {code: list(regions) for code, regions in sorted(known.items())}})


def _answer(taken: Taken, *, dry_run: bool) -> Answer:
    body: Json = {
        "source": taken.source,
        "saved": not dry_run,
        "added": [_holiday(one) for one in taken.news.added],
        "removed": [_holiday(one) for one in taken.news.removed],
        "overruled": [_holiday(one) for one in taken.news.overruled],
        "skipped": [asdict(one) for one in taken.skipped],
        "version": taken.settings.version,
    }
    return Answer(body, headers=etag(taken.settings.version))


def _view(settings: DeskSettings, name: str) -> Json:
    calendar = settings.business_calendars[name]
    return {
        "id": name,
        "timezone": calendar.timezone,
        "hours": {day: [window.plain() for window in windows] for day, windows in calendar.hours.items()},
        "holidays": [_holiday(one) for one in calendar.holidays],
        "always_open": calendar.always_open,
        "used_by": users_of(settings.calendar_users, name),
        "version": settings.version,
    }


def _holiday(holiday: Holiday) -> Json:
    return {**holiday.plain(), "source": holiday.source}


def _opening(opens: datetime, closes: datetime, zone: ZoneInfo) -> Json:
    return {
        "opens": instant(opens),
        "closes": instant(closes),
        "opens_local": opens.astimezone(zone).isoformat(timespec="minutes"),
        "closes_local": closes.astimezone(zone).isoformat(timespec="minutes"),
        "seconds": (closes - opens).total_seconds(),
    }


def _between(calendar: BusinessCalendar, start: datetime, end: datetime) -> list[Holiday]:
    zone = ZoneInfo(calendar.timezone)
    first, last = start.astimezone(zone).date(), (end - timedelta(microseconds=1)).astimezone(zone).date()
    days = {first + timedelta(n) for n in range((last - first).days + 1)}
    dates = {(day.month, day.day) for day in days}
    found = [one for one in calendar.holidays if one.date in days or (one.yearly and _month_day(one) in dates)]
    return sorted(found, key=_month_day)


def _month_day(holiday: Holiday) -> tuple[int, int]:
    return holiday.date.month, holiday.date.day
