"""Public holidays of countries and their regions, as the package `holidays` reckons them: no network is asked.

Imported where holidays are asked for, never with a function: it takes some 60 ms of processor time.
"""

from collections.abc import Iterable
from datetime import date

import holidays

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.holiday_sources import PUBLIC
from chalicelib.domain.opening_hours import Holiday

LANGUAGES = {"en": "en_US", "zh": "zh_CN"}
"""What the package calls the desk's languages, first the one that stands in for another; the only ones that ship."""

FIRST_YEAR, LAST_YEAR = 1970, 2100


class PackagedHolidays:
    """See ports.PublicHolidays."""

    def countries(self) -> dict[str, tuple[str, ...]]:
        """See ports.PublicHolidays."""
        return {
            code: tuple(regions) for code, regions in holidays.list_supported_countries(include_aliases=False).items()
        }

    def of(self, country: str, region: str, years: Iterable[int], language: str) -> tuple[Holiday, ...]:
        """See ports.PublicHolidays."""
        wanted = sorted(set(years))
        for year in wanted:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise InvalidInput(f"must be from {FIRST_YEAR} to {LAST_YEAR}", "years")
        source = f"{PUBLIC}{country}-{region}" if region else f"{PUBLIC}{country}"
        found = _found(country, region, wanted, language)
        return tuple(Holiday(day, (), name, False, source) for day, name in sorted(found.items()))

    def working_weekends(self, country: str, region: str, years: Iterable[int]) -> tuple[date, ...]:
        """See ports.PublicHolidays."""
        wanted = set(years)
        return tuple(
            sorted(day for day in _found(country, region, sorted(wanted)).weekend_workdays if day.year in wanted)
        )


def _found(country: str, region: str, years: list[int], language: str = "") -> holidays.HolidayBase:
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        raise InvalidInput("is not the ISO 3166 code of a country whose holidays are known, like DE", "country")
    if region and region not in known[country]:
        remedy = f"is not one of {', '.join(known[country])}" if known[country] else "this country has no regions"
        raise InvalidInput(remedy, "region")
    spoken = type(holidays.country_holidays(country)).supported_languages
    chosen = next((one for one in (LANGUAGES.get(language), *LANGUAGES.values()) if one in spoken), None)
    return holidays.country_holidays(country, region or None, years, expand=False, language=chosen)
