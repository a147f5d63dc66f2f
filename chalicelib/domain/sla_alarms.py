"""A clock's alarms: its warnings, its breach and the steps that follow, each recorded once at its true time.

An alarm is due when its clock has used so much time; so a step "30 minutes after the breach" counts the promise's own
hours, and waits while the clock is paused. The agenda holds the next alarm of each kind for each clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from chalicelib.domain import agenda, clock_history
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.clock_history import History
from chalicelib.domain.clock_verdict import Verdict
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sla import Clock, Rules, judged, reached, rules_of
from chalicelib.domain.sla_policy import USUAL_ESCALATION, WHO_HEARS, Escalation, SlaPolicy, Warn
from chalicelib.domain.ticket import Fact, Happening, Ticket

TASKS: Mapping[Happening, Task] = MappingProxyType(
    {
        Happening.SLA_WARNED: Task.SLA_WARNING,
        Happening.SLA_BREACHED: Task.SLA_BREACH,
        Happening.SLA_ESCALATED: Task.SLA_ESCALATION,
    }
)

Told = frozenset[tuple[Happening, str, str, str]]
"""The alarms that a timeline records: what, of which clock, of which target, which step."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One moment of a clock at which something is to be recorded, and what is done about it.

    `step` tells those of the same kind apart; it is empty for a breach, and for what a policy leaves as it usually is.
    """

    what: Happening
    clock: Clock
    at: datetime
    step: str = ""
    action: Warn | Escalation | None = None

    def is_in(self, told: Told) -> bool:
        """Whether it was recorded; a record that names no step stands for all of its kind."""
        known = (self.what, self.clock.key, str(self.clock.target))
        return (*known, self.step) in told or (*known, "") in told


def told_by(timeline: Sequence[Fact]) -> Told:
    """Give the alarms that a timeline records."""
    return frozenset(
        (fact.what, fact.detail.get("clock", ""), fact.detail.get("target", ""), fact.detail.get("step", ""))
        for fact in timeline
        if fact.what in TASKS
    )


def wanted(ticket: Ticket, what: str, about: str) -> tuple[str, ...]:
    """Give who should hear of a recorded alarm: `about` is its clock's key, with its step where it has one."""
    for fact in reversed(ticket.timeline):
        known = [fact.detail.get("clock", ""), *([fact.detail["step"]] if "step" in fact.detail else [])]
        if fact.what == what and ":".join(known) == about:
            return tuple(fact.detail["notify"].split(",")) if "notify" in fact.detail else WHO_HEARS
    return WHO_HEARS


def alarms_of(clock: Clock, rules: Rules) -> Iterator[Alarm]:
    """Give a clock's alarms, each kind in order of time; what its end came before is none."""
    policy = rules.policies.get(clock.policy_id)
    for alarm in _alarms(clock, policy, rules):
        if clock.ended_at is None or alarm.at < clock.ended_at:
            yield alarm


def _alarms(clock: Clock, policy: SlaPolicy | None, rules: Rules) -> Iterator[Alarm]:
    if policy is not None:
        warnings = sorted(_warnings(clock, policy, rules), key=lambda alarm: alarm.at)
        yield from warnings
    own = policy is not None and clock.metric in policy.escalations
    if clock.due_at is not None:
        yield Alarm(Happening.SLA_BREACHED, clock, clock.due_at, action=None if own else USUAL_ESCALATION)
    if policy is not None and own:
        for step in policy.escalations_of(clock.metric):
            at = reached(clock.segments, clock.target + step.after, rules.hours(policy, clock.metric))
            if at is not None and clock.due_at is not None:
                yield Alarm(Happening.SLA_ESCALATED, clock, at, step.step, step)


def _warnings(clock: Clock, policy: SlaPolicy, rules: Rules) -> Iterator[Alarm]:
    hours = rules.hours(policy, clock.metric)
    own = clock.metric in policy.warnings
    for warn in policy.warnings_of(clock.metric):
        after = warn.after(clock.target)
        at = None if after is None else reached(clock.segments, after, hours)
        if at is not None:
            yield Alarm(Happening.SLA_WARNED, clock, at, warn.step if own else "", warn)


def scheduled(ticket: Ticket, settings: DeskSettings, now: datetime) -> Ticket:
    """Give the ticket with its agenda's alarms as the clocks now stand, and with the verdicts of clocks that ended.

    A breach that happened unnoticed (a late sweep, an answer after the deadline) is put on the agenda at its true
    time; one that the timeline records already never comes again, unless the promise itself has changed since.
    """
    if ticket.shelf:
        return replace(ticket, agenda=agenda.without(ticket.agenda, *TASKS.values()))
    history, rules = clock_history.read(ticket.timeline), rules_of(settings)
    found = judged(history, rules, now)
    told = told_by(ticket.timeline)
    fresh = [entry for clock in found if not clock.judged for entry in _entries(clock, rules, told)]
    # what was still to be recorded of a clock when its verdict was written stands on the agenda since
    ended = {clock.key for clock in found if clock.judged}
    others = (entry for entry in ticket.agenda if entry.task not in TASKS.values() or entry.about in ended)
    return replace(
        ticket, agenda=agenda.put(tuple(others), *fresh), timeline=_with_verdicts(ticket, history, found, rules)
    )


def _entries(clock: Clock, rules: Rules, told: Told) -> Iterator[Entry]:
    waiting: dict[Task, Entry] = {}
    for alarm in alarms_of(clock, rules):
        task = TASKS[alarm.what]
        if task not in waiting and not alarm.is_in(told):
            waiting[task] = Entry(alarm.at, task, clock.key)
    yield from waiting.values()


def _with_verdicts(ticket: Ticket, history: History, found: Sequence[Clock], rules: Rules) -> tuple[Fact, ...]:
    """The timeline, in which each fact that ended clocks says what was promised then.

    That is written once, by the first save that knows the fact; what lies in the archive stays as it is.
    """
    verdicts = {
        clock.key: Verdict(clock.target, clock.business_time, clock.used, clock.due_at, clock.policy_id).written()
        for clock in found
        if clock.ended_at is not None and not clock.judged
    }
    details: dict[int, dict[str, str]] = {}
    for run in history.runs:
        if run.ended_at is None or run.record or run.by < ticket.archived or run.policy_id in ("", "none"):
            continue
        known = verdicts.get(run.key)
        about = {run.key: known} if known else {clock_history.UNPROMISED: clock_history.NOTHING}
        details.setdefault(run.by, {}).update(about)
    if not details:
        return ticket.timeline
    return tuple(
        replace(fact, detail={**fact.detail, **details[place]}) if place in details else fact
        for place, fact in enumerate(ticket.timeline)
    )
