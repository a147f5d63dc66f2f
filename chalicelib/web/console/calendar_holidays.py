"""A calendar's holidays from elsewhere: a country's or region's, or those of an iCalendar file."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.calendar import BusinessCalendar, Holiday
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.holiday_sources import ICAL, PUBLIC
from chalicelib.web.call import Call
from chalicelib.web.console.form_fields import told
from chalicelib.web.console.reader import reader_of
from chalicelib.web.console.setting_entries import Json
from chalicelib.web.pages.typed import typed_line

NEXT = 8
"""Holidays that are listed of a source."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where some of a calendar's holidays were taken from: a `country` and `region`, or a file of this `name`."""

    id: str
    country: str
    region: str
    name: str
    count: int
    next: tuple[Holiday, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What the library knows of a country, or of a region of it."""

    country: str
    region: str
    regions: tuple[str, ...]
    next: tuple[Holiday, ...]
    wrong: str = ""


def holiday_values(call: Call, known: DeskSettings, calendar: BusinessCalendar | None) -> Json:
    """Give what a calendar's page says of holidays; `country` and `region` in its address ask for the library's."""
    today, reader = call.desk.clock.now().date(), reader_of(call)
    countries = call.desk.public_holidays.countries() if calendar else {}
    asked = call.query.get("country", "")[:10]
    return {
        "countries": sorted(((code, reader.country(code)) for code in countries), key=lambda one: one[1]),
        "offer": _offer(call, known, countries, asked, today) if asked and calendar else None,
        "sources": sources(calendar, today) if calendar else (),
    }


def sources(calendar: BusinessCalendar, today: date) -> tuple[Source, ...]:
    """Give where a calendar's holidays were taken from, with the next ones of each."""
    names = dict.fromkeys(one.source for one in calendar.holidays if one.source)
    return tuple(_source(name, [one for one in calendar.holidays if one.source == name], today) for name in names)


def _source(name: str, holidays: list[Holiday], today: date) -> Source:
    country, _sep, region = name.removeprefix(PUBLIC).partition("-") if name.startswith(PUBLIC) else ("", "", "")
    return Source(name, country, region, name.removeprefix(ICAL), len(holidays), _next(holidays, today))


def _next(holidays: list[Holiday], today: date) -> tuple[Holiday, ...]:
    return tuple(sorted((one for one in holidays if one.date >= today), key=lambda one: one.date)[:NEXT])


def _offer(call: Call, known: DeskSettings, countries: dict[str, tuple[str, ...]], country: str, today: date) -> Offer:
    region = typed_line(call.query.get("region", ""))[:60]
    regions = countries.get(country, ())
    try:
        years = (today.year, today.year + 1)
        found = call.desk.public_holidays.of(country, region if region in regions else "", years, known.language)
    except InvalidInput as error:
        return Offer(country, "", (), (), told(call, {"country": error.message})["country"])
    return Offer(country, region if region in regions else "", regions, _next(list(found), today))
