"""Automations: rules by which a ticket changes when something happens to it. Values; automation_course.py follows them.

Plain dataclasses, as all settings are. Lengths of time are in seconds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ticket import Priority, Status
from chalicelib.domain.webhook import refuse_unsafe

STRICT: dict[str, Any] = {"extra": "forbid"}
MOST_RULES, MOST_CONDITIONS, MOST_ACTIONS, MOST_VALUES = 100, 10, 10, 30
NAME_LIMIT, VALUE_LIMIT, NOTE_LIMIT = 100, 200, 2_000
"""Most characters of a rule's name, of one value of a condition or an action, and of the text of a note."""

SHORTEST_SILENCE, LONGEST_SILENCE = 60, 366 * 86400
NONE = "none"
"""What stands for "no team", "nobody", "no topic" among a condition's values."""

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Occasion(StrEnum):
    """What a rule can answer to."""

    OPENED = "opened"
    CUSTOMER_WROTE = "customer_wrote"
    AGENT_ANSWERED = "agent_answered"
    STATUS_CHANGED = "status_changed"
    RATED = "rated"
    SILENT = "silent"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"


class Trait(StrEnum):
    """What a condition can look at. `hours` are those of a calendar, `scenario` is a plan that is running."""

    CHANNEL = "channel"
    PRIORITY = "priority"
    STATUS = "status"
    CATEGORY = "category"
    TAG = "tag"
    TIER = "tier"
    LANGUAGE = "language"
    TEAM = "team"
    ASSIGNEE = "assignee"
    ADDRESS = "address"
    WORDS = "words"
    HOURS = "hours"
    SCENARIO = "scenario"


class Deed(StrEnum):
    """What a rule can do."""

    PRIORITY = "priority"
    CATEGORY = "category"
    ADD_TAGS = "add_tags"
    REMOVE_TAGS = "remove_tags"
    TEAM = "team"
    ASSIGN = "assign"
    STATUS = "status"
    NOTE = "note"
    ANSWER = "answer"
    FOLLOW_UP = "follow_up"
    WEBHOOK = "webhook"


PASSING = frozenset({Trait.SCENARIO})
"""Conditions that time alone can change, for which a rule about silence can't wait."""

SILENT_IN = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED)
SETTABLE = (Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED)


@dataclass(frozen=True)
class When:
    """What a rule answers to: `status` goes with status_changed and silent, `rating` (at most) with rated, `seconds`
    (so long nobody said anything) with silent."""

    __pydantic_config__ = STRICT
    event: str
    status: str = ""
    rating: int = 0
    seconds: int = 0


@dataclass(frozen=True)
class Condition:
    """What a ticket must have: any of these values; with `negated`, none of them."""

    __pydantic_config__ = STRICT
    what: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Action:
    """One thing to do: `value` is what is set, tags with commas between, a macro's id, a text, or an address."""

    __pydantic_config__ = STRICT
    do: str
    value: str

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that the value names."""
        return tuple(dict.fromkeys(tag for tag in re.split(r"[,，\s]+", self.value) if tag))


@dataclass(frozen=True)
class Automation:
    """One rule: when its event happens to a ticket that meets all conditions, its actions are done, in order."""

    __pydantic_config__ = STRICT
    id: str
    name: str
    when: When
    conditions: tuple[Condition, ...] = ()
    actions: tuple[Action, ...] = ()
    enabled: bool = True

    def __post_init__(self) -> None:
        where = f"automations[{self.id[:40]}]"
        remedy = "an id is up to 40 of a-z, 0-9 and -"
        _refuse_unless(bool(ID.fullmatch(self.id)), f"{where}.id", remedy)
        named = 0 < len(self.name) <= NAME_LIMIT and self.name.isprintable()
        _refuse_unless(named, f"{where}.name", f"must have 1 to {NAME_LIMIT} characters")
        _check_when(self.when, f"{where}.when")
        few = len(self.conditions) <= MOST_CONDITIONS
        _refuse_unless(few, f"{where}.conditions", f"at most {MOST_CONDITIONS} of them")
        for number, condition in enumerate(self.conditions):
            _check_condition(condition, f"{where}.conditions[{number}]", silent=self.silent)
        some = 0 < len(self.actions) <= MOST_ACTIONS
        _refuse_unless(some, f"{where}.actions", f"a rule does 1 to {MOST_ACTIONS} things")
        for number, action in enumerate(self.actions):
            _check_action(action, f"{where}.actions[{number}]")

    @property
    def silent(self) -> bool:
        """Whether it waits for silence, rather than for something that happens."""
        return self.when.event == Occasion.SILENT

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> "Automation":
        """Give the rule saved as `data`; names it doesn't know are passed over, missing ones get defaults."""
        plain = _known(Automation, data)
        plain["when"] = When(**_known(When, plain["when"]))
        found = (_known(Condition, one) for one in plain.get("conditions", ()))
        plain["conditions"] = tuple(Condition(**{**one, "values": tuple(one["values"])}) for one in found)
        plain["actions"] = tuple(Action(**_known(Action, one)) for one in plain.get("actions", ()))
        return Automation(**plain)


def calendar_users(rules: tuple[Automation, ...]) -> list[tuple[str, str]]:
    """Give each place of rules that names a calendar, with the name."""
    return [
        (f"automations[{rule.id}].conditions[{number}].values", name)
        for rule in rules
        for number, condition in enumerate(rule.conditions)
        if condition.what == Trait.HOURS
        for name in condition.values
    ]


def refuse_unusable(rules: tuple[Automation, ...], macros: tuple[str, ...]) -> None:
    """Raise InvalidInput where rules are too many, share an id, or name a macro that isn't there."""
    _refuse_unless(len(rules) <= MOST_RULES, "automations", f"at most {MOST_RULES} of them")
    ids = [rule.id for rule in rules]
    _refuse_unless(len(set(ids)) == len(ids), "automations", "every rule needs an id of its own")
    for rule in rules:
        for number, action in enumerate(rule.actions):
            if action.do == Deed.ANSWER:
                place = f"automations[{rule.id}].actions[{number}].value"
                _refuse_unless(action.value in macros, place, f"is not one of the macros {', '.join(macros)}")


_STATUSES = tuple(status.value for status in Status)
_PRIORITIES = tuple(priority.value for priority in Priority)
_KNOWN: Mapping[str, tuple[str, ...]] = {
    Trait.PRIORITY: _PRIORITIES,
    Trait.STATUS: _STATUSES,
}


def _check_when(when: When, where: str) -> None:
    _refuse_unless(when.event in tuple(Occasion), f"{where}.event", f"is not one of {', '.join(Occasion)}")
    changed, silent = when.event == Occasion.STATUS_CHANGED, when.event == Occasion.SILENT
    allowed = _STATUSES[1:] if changed else tuple(SILENT_IN) if silent else ("",)
    remedy = f"is not one of {', '.join(allowed)}" if changed or silent else "goes with status_changed and silent only"
    _refuse_unless(when.status in allowed, f"{where}.status", remedy)
    if when.event == Occasion.RATED:
        _refuse_unless(1 <= when.rating <= 5, f"{where}.rating", "must be from 1 to 5")
    else:
        _refuse_unless(when.rating == 0, f"{where}.rating", "goes with rated only")
    fits = SHORTEST_SILENCE <= when.seconds <= LONGEST_SILENCE if silent else when.seconds == 0
    remedy = "must be from a minute to a year" if silent else "goes with silent only"
    _refuse_unless(fits, f"{where}.seconds", remedy)


def _check_condition(condition: Condition, where: str, *, silent: bool) -> None:
    _refuse_unless(condition.what in tuple(Trait), f"{where}.what", f"is not one of {', '.join(Trait)}")
    some = 0 < len(condition.values) <= MOST_VALUES
    _refuse_unless(some, f"{where}.values", f"must be 1 to {MOST_VALUES} values")
    for value in condition.values:
        fits = 0 < len(value) <= VALUE_LIMIT and value.isprintable() and value == value.strip()
        _refuse_unless(fits, f"{where}.values", f"each must have 1 to {VALUE_LIMIT} characters")
        known = _KNOWN.get(condition.what)
        if known:
            _refuse_unless(value in known, f"{where}.values", f"{value} is not one of {', '.join(known)}")
    if silent:
        asks_time = condition.what in PASSING or (condition.what == Trait.HOURS and condition.negated)
        _refuse_unless(not asks_time, f"{where}.what", "can't be asked of silence; hours can be waited for only")


def _check_action(action: Action, where: str) -> None:
    _refuse_unless(action.do in tuple(Deed), f"{where}.do", f"is not one of {', '.join(Deed)}")
    place, value = f"{where}.value", action.value
    if action.do == Deed.NOTE:
        _refuse_unless(0 < len(value.strip()) <= NOTE_LIMIT, place, f"must have 1 to {NOTE_LIMIT:,} characters")
        return
    if action.do == Deed.WEBHOOK:
        refuse_unsafe(value, place)
        return
    fits = 0 < len(value.strip()) <= VALUE_LIMIT and value.isprintable()
    _refuse_unless(fits, place, f"must have 1 to {VALUE_LIMIT} characters")
    if action.do in (Deed.PRIORITY, Deed.STATUS):
        known = _PRIORITIES if action.do == Deed.PRIORITY else tuple(SETTABLE)
        _refuse_unless(value in known, place, f"is not one of {', '.join(known)}")
    if action.do in (Deed.ADD_TAGS, Deed.REMOVE_TAGS):
        right = 0 < len(action.tags) <= MOST_VALUES and all(len(tag) <= 50 for tag in action.tags)
        _refuse_unless(right, place, "must be tags of at most 50 characters, with commas between")


def _known(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in data.keys() & kind.__dataclass_fields__.keys()}


def _refuse_unless(right: bool, where: str, remedy: str) -> None:
    if not right:
        raise InvalidInput(remedy, where)
