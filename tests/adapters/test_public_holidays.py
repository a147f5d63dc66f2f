"""Public holidays as a package reckons them: what the desk asks of it, and what it must never do to the desk."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from chalicelib.adapters.public_holidays import PackagedHolidays
from chalicelib.domain.errors import InvalidInput

ROOT = Path(__file__).parents[2]
known = PackagedHolidays()


def named(country: str, region: str, year: int, language: str) -> dict[date, str]:
    return {one.date: one.name for one in known.of(country, region, [year], language)}


def test_a_region_has_its_own() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in named("DE", "BY", 2026, "en")
    assert epiphany not in named("DE", "", 2026, "en")


def test_they_are_named_in_the_desk_s_language_where_the_country_knows_it() -> None:
    christmas = date(2026, 12, 25)
    assert named("DE", "", 2026, "en")[christmas] == "Christmas Day"
    assert named("CN", "", 2026, "zh")[date(2026, 1, 1)] == "元旦"
    assert named("DE", "", 2026, "zh")[christmas] == "Christmas Day"


def test_they_say_where_they_come_from() -> None:
    assert {one.source for one in known.of("DE", "BY", [2026], "en")} == {"public:DE-BY"}
    assert {one.source for one in known.of("FR", "", [2026], "en")} == {"public:FR"}


def test_only_the_years_that_were_asked_for_come() -> None:
    assert {one.date.year for one in known.of("US", "", [2026, 2028], "en")} == {2026, 2028}


def test_weekends_that_make_up_for_a_holiday_are_told() -> None:
    assert date(2025, 1, 26) in known.working_weekends("CN", "", [2025])
    assert known.working_weekends("DE", "", [2025]) == ()


@pytest.mark.parametrize(
    ("country", "region", "years", "field"),
    [
        ("XX", "", [2026], "country"),
        ("de", "", [2026], "country"),
        ("DE", "XX", [2026], "region"),
        ("DE", "", [1], "years"),
    ],
)
def test_what_is_not_known_is_refused(country: str, region: str, years: list[int], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        known.of(country, region, years, "en")
    assert caught.value.field == field


def test_no_function_imports_it_at_its_start() -> None:
    asked = "import app, sys; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0
