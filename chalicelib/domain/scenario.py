"""Scenario plans: what a desk does differently for some days, a sale or the holidays.

A plan is running or not by the clock alone, and its times are those of a calendar's zone. Plain dataclasses, as all
settings are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.automation import ID
from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.calendar_settings import DEFAULT
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.macro import Macro

STRICT: dict[str, Any] = {"extra": "forbid"}
MOST_PLANS, MOST_PINNED, MOST_TAGS = 50, 20, 10
NAME_LIMIT, NOTICE_LIMIT, TAG_LIMIT = 100, 500, 50
LEAST_CAPACITY, MOST_CAPACITY = 10, 300
LANGUAGES = ("en", "zh")


class Phase(StrEnum):
    """Where a plan stands."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True)
class Scenario:
    """One plan. It runs from `starts` up to, not including, `ends`, both like `2026-11-27T00:00`, in the zone of
    `calendar` (the desk's own where empty).

    While it runs, customers read `notice` (by language), agents find `macros` on top, each of them can hold `capacity`
    percent of their usual tickets, and tickets that are opened get `tags`.
    """

    __pydantic_config__ = STRICT
    id: str
    name: str
    starts: str
    ends: str
    calendar: str = ""
    notice: Mapping[str, str] = field(default_factory=dict)
    macros: tuple[str, ...] = ()
    capacity: int = 100
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"scenarios[{self.id[:40]}]"
        _refuse_unless(bool(ID.fullmatch(self.id)), f"{where}.id", "an id is up to 40 of a-z, 0-9 and -")
        named = 0 < len(self.name) <= NAME_LIMIT and self.name.isprintable()
        _refuse_unless(named, f"{where}.name", f"must have 1 to {NAME_LIMIT} characters")
        began, ended = _local(self.starts, f"{where}.starts"), _local(self.ends, f"{where}.ends")
        _refuse_unless(began < ended, f"{where}.ends", "must be after its beginning")
        for language, text in self.notice.items():
            known = language in LANGUAGES
            _refuse_unless(known, f"{where}.notice.{language[:10]}", f"is not one of {', '.join(LANGUAGES)}")
            _refuse_unless(_plain(text), f"{where}.notice.{language}", f"must have at most {NOTICE_LIMIT} characters")
        few = len(self.macros) <= MOST_PINNED
        _refuse_unless(few, f"{where}.macros", f"at most {MOST_PINNED} of them")
        fits = LEAST_CAPACITY <= self.capacity <= MOST_CAPACITY
        _refuse_unless(fits, f"{where}.capacity", f"must be from {LEAST_CAPACITY} to {MOST_CAPACITY} percent")
        _refuse_unless(len(self.tags) <= MOST_TAGS, f"{where}.tags", f"at most {MOST_TAGS} of them")
        for tag in self.tags:
            right = 0 < len(tag) <= TAG_LIMIT and tag.isprintable() and tag == tag.strip()
            _refuse_unless(right, f"{where}.tags", f"each must have 1 to {TAG_LIMIT} characters")

    def span(self, calendars: Mapping[str, BusinessCalendar]) -> tuple[datetime, datetime]:
        """Give the UTC instants of its beginning and end. A calendar that is gone leaves it to the desk's own.

        An hour that the clocks skip is counted as before they did; of one that comes twice, the first is meant.
        """
        known = calendars.get(self.calendar or DEFAULT) or calendars.get(DEFAULT)
        zone = ZoneInfo(known.timezone) if known else UTC
        return _instant(self.starts, zone), _instant(self.ends, zone)

    def phase(self, now: datetime, calendars: Mapping[str, BusinessCalendar]) -> Phase:
        """Give where it stands at `now`."""
        starts, ends = self.span(calendars)
        return Phase.COMING if now < starts else Phase.RUNNING if now < ends else Phase.OVER

    def says(self, language: str) -> str:
        """Give the notice in a language, else in any, else nothing."""
        return self.notice.get(language, "") or next((text for text in self.notice.values() if text), "")

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> "Scenario":
        """Give the plan saved as `data`; names it doesn't know are passed over, missing ones get defaults."""
        known = {name: data[name] for name in data.keys() & Scenario.__dataclass_fields__.keys()}
        plain: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in known.items()}
        return Scenario(**plain)


def running(
    plans: Iterable[Scenario], now: datetime, calendars: Mapping[str, BusinessCalendar]
) -> tuple[Scenario, ...]:
    """Give the plans that run at `now`, in the order of the list."""
    return tuple(plan for plan in plans if plan.phase(now, calendars) is Phase.RUNNING)


def notices(plans: Iterable[Scenario], language: str) -> tuple[str, ...]:
    """Give what these plans tell customers, each text once."""
    return tuple(dict.fromkeys(text for plan in plans if (text := plan.says(language))))


def room(capacity: int, plans: Iterable[Scenario]) -> int:
    """Give how many tickets somebody of this capacity can hold while these plans run: at least one, where any."""
    percent = min((plan.capacity for plan in plans if plan.capacity != 100), default=100)
    return max(1, capacity * percent // 100) if capacity > 0 else capacity


def pinned_first(macros: Iterable[Macro], plans: Iterable[Scenario]) -> tuple[Macro, ...]:
    """Give macros with those that these plans pin on top, as the plans order them."""
    order = {name: place for place, name in enumerate(dict.fromkeys(name for plan in plans for name in plan.macros))}
    return tuple(sorted(macros, key=lambda macro: order.get(macro.id, len(order))))


def refuse_unusable(plans: tuple[Scenario, ...], macros: tuple[str, ...]) -> None:
    """Raise InvalidInput where plans are too many, share an id, or pin a macro that isn't there."""
    _refuse_unless(len(plans) <= MOST_PLANS, "scenarios", f"at most {MOST_PLANS} of them")
    ids = [plan.id for plan in plans]
    _refuse_unless(len(set(ids)) == len(ids), "scenarios", "every plan needs an id of its own")
    for plan in plans:
        for name in plan.macros:
            known = name in macros
            _refuse_unless(known, f"scenarios[{plan.id}].macros", f"{name} is not one of {', '.join(macros)}")


def _plain(text: str) -> bool:
    return len(text) <= NOTICE_LIMIT and all(symbol == "\n" or symbol.isprintable() for symbol in text)


def _local(text: str, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None or not 2000 <= at.year <= 9000:
        raise InvalidInput("must be a day and a time, like 2026-11-27T00:00, without a zone", where)
    return at


def _instant(text: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def _refuse_unless(right: bool, where: str, remedy: str) -> None:
    if not right:
        raise InvalidInput(remedy, where)
