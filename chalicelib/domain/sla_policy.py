"""What is promised to whom: a policy's targets, which hours count, what pauses them, and who hears when they run out.

Plain dataclasses, as all settings are. Lengths of time are in seconds, of the time that the metric counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ticket import Priority
from chalicelib.domain.webhook import refuse_unsafe

STRICT: dict[str, Any] = {"extra": "forbid"}
MINUTE, HOUR, DAY = 60, 3600, 86400

FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION = "first_response", "next_response", "resolution"
PROGRESS_UPDATE, RECOVERY = "progress_update", "recovery"
METRICS = (FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION, PROGRESS_UPDATE, RECOVERY)

PENDING, ON_HOLD = "pending", "on_hold"
PAUSES: Mapping[str, tuple[str, ...]] = {RESOLUTION: (PENDING, ON_HOLD), PROGRESS_UPDATE: (PENDING,)}
"""What pauses a metric of which a policy says nothing: waiting never pauses an answer that is owed."""

CONDITIONS = ("channel", "priority", "category", "team", "tag", "tier", "language", "address", "scenario")
PRIORITIES = tuple(priority.value for priority in Priority)
MOST_STEPS = 10
"""Warnings, and steps of escalation, that one metric may have."""

ASSIGNEE, LEADS = "assignee", "leads"
WHO_HEARS = (ASSIGNEE, LEADS)


@dataclass(frozen=True)
class Warn:
    """A word of warning: when `percent` of the target is used, or when only `seconds_before` are left of it.

    `notify` names who hears: `assignee`, `leads` (of the ticket's team), `agent:<id>`, `leads:<team>`.
    """

    __pydantic_config__ = STRICT
    percent: int = 0
    seconds_before: int = 0
    notify: tuple[str, ...] = WHO_HEARS

    @property
    def step(self) -> str:
        """What this warning is known by among those of its metric: `75%`, or `-600`."""
        return f"{self.percent}%" if self.percent else f"-{self.seconds_before}"

    def after(self, target: int) -> float | None:
        """Give the seconds of the target after which it comes; None where the target is no longer than the notice."""
        if self.percent:
            return target * self.percent / 100
        return target - self.seconds_before if target > self.seconds_before else None


@dataclass(frozen=True)
class Escalation:
    """What is done `after` so many further seconds of a broken promise; 0 is the breach itself.

    `notify` as in a warning. `priority` is raised to at least this one, `team` takes the ticket over, `webhook` is
    told by a signed POST. None of it changes what was promised.
    """

    __pydantic_config__ = STRICT
    after: int = 0
    notify: tuple[str, ...] = ()
    priority: str = ""
    team: str = ""
    webhook: str = ""

    @property
    def step(self) -> str:
        """What this step is known by among those of its metric."""
        return str(self.after)


@dataclass(frozen=True)
class SlaPolicy:
    """What is promised to the tickets that it matches; the first matching policy of the list applies.

    `match` names what a ticket must have, any of the listed values each: channel, priority, category, team,
    tag, tier, language, address (of ours, which they wrote to), scenario (a plan that ran when it was opened).
    `targets` gives seconds per metric and priority; a missing one is not promised.

    `business_time` says whether opening hours alone count: of all metrics, or metric by metric (yes, where left out);
    `calendar` names whose hours, the desk's own where empty. `pauses` gives the waiting states that stop a metric's
    clock. `warnings` and `escalations` are steps per metric, in order; without its own, a metric warns assignee and
    leads at `warn_at_percent`, and tells them of its breach.
    """

    __pydantic_config__ = STRICT
    id: str
    name: str = ""
    match: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    targets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    business_time: bool | Mapping[str, bool] = True
    calendar: str = ""
    pauses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warn_at_percent: int = 75
    warnings: Mapping[str, tuple[Warn, ...]] = field(default_factory=dict)
    escalations: Mapping[str, tuple[Escalation, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = f"sla_policies[{self.id}]"
        _refuse_unless(bool(self.id), "sla_policies", "every policy needs an id")
        _refuse_unless(1 <= self.warn_at_percent <= 99, f"{where}.warn_at_percent", "must be from 1 to 99")
        for name in self.match:
            _refuse_unless(name in CONDITIONS, f"{where}.match.{name}", f"is not one of {', '.join(CONDITIONS)}")
        by_metric: dict[str, Mapping[str, Any]] = {
            "targets": self.targets,
            "business_time": {} if isinstance(self.business_time, bool) else self.business_time,
            "pauses": self.pauses,
            "warnings": self.warnings,
            "escalations": self.escalations,
        }
        for name, values in by_metric.items():
            for metric in values:
                place = f"{where}.{name}.{metric}"
                _refuse_unless(metric in METRICS, place, f"is not one of {', '.join(METRICS)}")
        _check_targets(self.targets, f"{where}.targets")
        _check_pauses(self.pauses, f"{where}.pauses")
        _check_warnings(self.warnings, f"{where}.warnings")
        _check_escalations(self.escalations, f"{where}.escalations")

    def target(self, metric: str, priority: str) -> int | None:
        """Give the seconds promised for a metric at a priority, or None where nothing is."""
        return self.targets.get(metric, {}).get(priority)

    def in_business_time(self, metric: str) -> bool:
        """Whether opening hours alone count for a metric."""
        every = self.business_time
        return every if isinstance(every, bool) else every.get(metric, True)

    def paused_by(self, metric: str) -> tuple[str, ...]:
        """Give the waiting states that stop a metric's clock."""
        return tuple(self.pauses.get(metric, PAUSES.get(metric, ())))

    def warnings_of(self, metric: str) -> tuple[Warn, ...]:
        """Give the warnings of a metric, its own or the usual one."""
        return self.warnings.get(metric, (Warn(percent=self.warn_at_percent),))

    def escalations_of(self, metric: str) -> tuple[Escalation, ...]:
        """Give the steps after a breach of a metric, its own or the usual one."""
        return self.escalations.get(metric, (USUAL_ESCALATION,))

    @property
    def steps(self) -> tuple[Escalation, ...]:
        """Every step of every metric that has steps of its own."""
        return tuple(step for each in self.escalations.values() for step in each)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> "SlaPolicy":
        """Give the policy saved as `data`; names it doesn't know are passed over, missing ones get defaults."""
        plain = {name: data[name] for name in data.keys() & SlaPolicy.__dataclass_fields__.keys()}
        for name, kind in (("warnings", Warn), ("escalations", Escalation)):
            steps = plain.get(name, {})
            plain[name] = {metric: tuple(_step(kind, one) for one in each) for metric, each in steps.items()}
        for name in ("match", "pauses"):
            plain[name] = {each: tuple(values) for each, values in plain.get(name, {}).items()}
        return SlaPolicy(**plain)


USUAL_ESCALATION = Escalation(notify=WHO_HEARS)


def _step(kind: Any, data: Mapping[str, Any]) -> Any:
    known = {name: data[name] for name in data.keys() & kind.__dataclass_fields__.keys()}
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()})


def _refuse_unless(right: bool, where: str, remedy: str) -> None:
    if not right:
        raise InvalidInput(remedy, where)


def _check_targets(targets: Mapping[str, Mapping[str, int]], where: str) -> None:
    for metric, by_priority in targets.items():
        for priority, seconds in by_priority.items():
            place = f"{where}.{metric}.{priority}"
            _refuse_unless(priority in PRIORITIES, place, f"is not one of {', '.join(PRIORITIES)}")
            _refuse_unless(1 <= seconds <= 366 * DAY, place, "must be from 1 second to a year")


def _check_pauses(pauses: Mapping[str, tuple[str, ...]], where: str) -> None:
    for metric, states in pauses.items():
        for state in states:
            _refuse_unless(state in (PENDING, ON_HOLD), f"{where}.{metric}", f"is not one of {PENDING}, {ON_HOLD}")


def _check_warnings(warnings: Mapping[str, tuple[Warn, ...]], where: str) -> None:
    for metric, steps in warnings.items():
        for number, warn in enumerate(steps):
            place = f"{where}.{metric}[{number}]"
            either = bool(warn.percent) != bool(warn.seconds_before)
            _refuse_unless(either, place, "needs either percent or seconds_before")
            _refuse_unless(0 <= warn.percent <= 99, f"{place}.percent", "must be from 1 to 99")
            _refuse_unless(0 <= warn.seconds_before <= 366 * DAY, f"{place}.seconds_before", "must be at most a year")
            _check_notify(warn.notify, place)
            _refuse_unless(bool(warn.notify), f"{place}.notify", "must name somebody")
        _check_steps([warn.step for warn in steps], f"{where}.{metric}")


def _check_escalations(escalations: Mapping[str, tuple[Escalation, ...]], where: str) -> None:
    for metric, steps in escalations.items():
        for number, step in enumerate(steps):
            place = f"{where}.{metric}[{number}]"
            _refuse_unless(0 <= step.after <= 30 * DAY, f"{place}.after", "must be from 0 seconds to 30 days")
            wanted = step.priority in ("", *PRIORITIES)
            _refuse_unless(wanted, f"{place}.priority", f"is not one of {', '.join(PRIORITIES)}")
            does = bool(step.notify or step.priority or step.team or step.webhook)
            _refuse_unless(does, place, "needs something to do: notify, priority, team or webhook")
            _check_notify(step.notify, place)
            if step.webhook:
                refuse_unsafe(step.webhook, f"{place}.webhook")
        _check_steps([step.step for step in steps], f"{where}.{metric}")
        ordered = sorted(steps, key=lambda step: step.after)
        _refuse_unless(list(steps) == ordered, f"{where}.{metric}", "must be in the order in which they come")


def _check_notify(notify: Iterable[str], place: str) -> None:
    for who in notify:
        kind, _, name = who.partition(":")
        known = who in WHO_HEARS or (kind in ("agent", LEADS) and bool(name))
        remedy = "must be assignee, leads, agent:<id> or leads:<team>"
        _refuse_unless(known, f"{place}.notify", remedy)


def _check_steps(steps: list[str], place: str) -> None:
    _refuse_unless(len(set(steps)) == len(steps), place, "holds two for the same moment")
    _refuse_unless(len(steps) <= MOST_STEPS, place, f"holds more than {MOST_STEPS}")


def _each(**hours: float) -> dict[str, int]:
    return {priority: round(value * HOUR) for priority, value in hours.items()}


def _all(seconds: int) -> dict[str, int]:
    return dict.fromkeys(PRIORITIES, seconds)


def default_policies() -> tuple[SlaPolicy, ...]:
    """Give what a new desk promises: to complaints, by each channel that has a promise of its own, and to the rest.

    Chat within 30 seconds, a callback within the hour, social messages within a day, a complaint answered in ten
    minutes and settled in a day, and whoever was disappointed hears from a person within three hours.
    """
    recovery = {RECOVERY: _all(3 * HOUR)}
    usual = {
        FIRST_RESPONSE: _each(urgent=0.5, high=1, normal=4, low=8),
        NEXT_RESPONSE: _each(urgent=1, high=2, normal=4, low=8),
        RESOLUTION: _each(urgent=4, high=8, normal=24, low=40),
        **recovery,
    }
    return (
        SlaPolicy(
            id="complaint",
            name="Complaints",
            match={"category": ("complaint",)},
            targets={
                **recovery,
                FIRST_RESPONSE: _all(10 * MINUTE),
                NEXT_RESPONSE: _all(HOUR),
                RESOLUTION: _all(DAY),
            },
            business_time={RESOLUTION: False},
        ),
        SlaPolicy(
            id="chat",
            name="Chat",
            match={"channel": ("chat",)},
            targets={**usual, FIRST_RESPONSE: _all(30), NEXT_RESPONSE: _all(2 * MINUTE)},
        ),
        SlaPolicy(
            id="phone",
            name="Callbacks",
            match={"channel": ("phone",)},
            targets={**usual, FIRST_RESPONSE: _each(urgent=0.25, high=0.5, normal=1, low=1)},
        ),
        SlaPolicy(
            id="social",
            name="Social media",
            match={"channel": ("social",)},
            targets={**usual, FIRST_RESPONSE: _all(DAY), NEXT_RESPONSE: _all(DAY)},
            business_time={FIRST_RESPONSE: False, NEXT_RESPONSE: False},
        ),
        SlaPolicy(id="standard", name="Standard", targets=usual),
    )
