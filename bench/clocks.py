"""Business time and clocks: what one question costs in processor time, usual calendars and histories given."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.domain import sla
from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.ticket import Fact, Happening

OFFICE = {
    "timezone": "Europe/Berlin",
    "hours": {day: [["09:00", "12:30"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": [{"date": "2026-12-25", "yearly": True}],
}
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
STARTS = [FIRST + timedelta(minutes=97 * number) for number in range(4000)]
FOUR_HOURS, TEN_YEARS = 4 * 3600, 10 * 52 * 5 * 8 * 3600
ROUNDS, FACTS = 5, 500


@dataclass(frozen=True)
class Reckoned:
    """Microseconds of processor time for one question: medians over five rounds."""

    add_usual: float
    add_ten_years: float
    between_a_week: float
    first_year: float
    clocks_of_long_ticket: float


def measure() -> Reckoned:
    """Give what questions cost a calendar that has met its years, a first question, and a ticket of 500 facts."""
    office = BusinessCalendar.from_dict(OFFICE)
    pairs = list(zip(STARTS, STARTS[100:], strict=False))
    timeline, settings = _long_timeline(), DeskSettings(calendar=OFFICE)
    policies = {policy.id: policy for policy in settings.sla_policies}
    return Reckoned(
        add_usual=_each(len(STARTS), lambda: [office.add(start, FOUR_HOURS) for start in STARTS]),
        add_ten_years=_each(len(STARTS), lambda: [office.add(start, TEN_YEARS) for start in STARTS]),
        between_a_week=_each(len(pairs), lambda: [office.between(a, b) for a, b in pairs]),
        first_year=_each(1, lambda: _unmet().add(FIRST, FOUR_HOURS)),
        clocks_of_long_ticket=_each(1, lambda: sla.clocks(timeline, policies, office, FIRST + timedelta(days=400))),
    )


def _each(questions: int, ask: Callable[[], object]) -> float:
    ask()
    found = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        ask()
        found.append(1e6 * (time.process_time() - begun) / questions)
    return statistics.median(found)


_zones = iter(range(10_000))


def _unmet() -> BusinessCalendar:
    """A calendar like no other so far, whose years nobody has worked out."""
    name = f"unmet {next(_zones)}"
    return BusinessCalendar.from_dict({**OFFICE, "holidays": [{"date": "2026-12-25", "yearly": True, "name": name}]})


def _long_timeline() -> list[Fact]:
    """A customer and an agent write to each other for months; every tenth time the ticket waits."""
    turns = [Happening.CUSTOMER_WROTE, Happening.AGENT_ANSWERED, Happening.WAITING_ON_CUSTOMER, Happening.RESUMED]
    kinds = [Happening.OPENED, *(turns[n % 2 + (2 if n % 20 > 17 else 0)] for n in range(FACTS - 1))]
    opened = {"policy": "standard", "priority": "normal"}
    return [
        Fact(FIRST + timedelta(hours=9 + 17 * number), kind, "desk", {} if number else opened)
        for number, kind in enumerate(kinds)
    ]
