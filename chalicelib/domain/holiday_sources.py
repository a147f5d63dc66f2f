"""Holidays taken from elsewhere, and taken again later: what the desk's own people set is never touched by that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.opening_hours import Holiday

PUBLIC, ICAL = "public:", "ical:"
"""How sources begin: a country's public holidays, and a file."""

YEARS_BEFORE, YEARS_AHEAD = 1, 3
"""Years around the present one for which holidays are taken, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A calendar's holidays after a source was taken again, and what of that is news."""

    holidays: tuple[Holiday, ...]
    added: tuple[Holiday, ...]
    removed: tuple[Holiday, ...]
    overruled: tuple[Holiday, ...]
    """Of the source, but the desk's own people say something else of these days."""


def usual_years(now: date) -> range:
    """Give the years for which holidays are taken."""
    return range(now.year - YEARS_BEFORE, now.year + YEARS_AHEAD + 1)


def refreshed(holidays: Sequence[Holiday], source: str, fresh: Iterable[Holiday], years: Iterable[int]) -> Refreshed:
    """Give the holidays with those of one source replaced, as far as they are yearly or of these years.

    Those of other years stay, since clocks of older tickets are still judged by them.
    """
    wanted = set(years)
    concerned = [one for one in holidays if one.source == source and (one.yearly or one.date.year in wanted)]
    kept = [one for one in holidays if one not in concerned]
    new = sorted(set(fresh), key=_order)
    own = {_day(one) for one in holidays if not one.source}
    return Refreshed(
        holidays=(*kept, *new),
        added=tuple(one for one in new if one not in concerned),
        removed=tuple(sorted((one for one in concerned if one not in new), key=_order)),
        overruled=tuple(one for one in new if _day(one) in own or (False, one.date) in own),
    )


def _order(holiday: Holiday) -> tuple[date, bool]:
    return holiday.date, holiday.yearly


def _day(holiday: Holiday) -> tuple[bool, object]:
    return (True, (holiday.date.month, holiday.date.day)) if holiday.yearly else (False, holiday.date)
