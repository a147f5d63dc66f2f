"""An alarm's moment has come: it is recorded at its true time, and whoever should act is told, once.

An escalation may raise the priority, hand the ticket to another team, and tell another system. It hurries the desk and
promises nothing: the clocks keep the targets that they had, so that no step breaks a promise that nobody made.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sla import Rules, of_ticket, rules_of
from chalicelib.domain.sla_alarms import TASKS, Alarm, alarms_of, told_by
from chalicelib.domain.sla_policy import WHO_HEARS, Escalation
from chalicelib.domain.ticket import Happening, Priority, Status, Ticket

_RANKS = {priority: rank for rank, priority in enumerate(Priority)}


def noticed(ticket: Ticket, entry: Entry, settings: DeskSettings, now: datetime) -> Ticket:
    """Give the ticket after the alarms of the kind of `entry.task` that the clock `entry.about` has had by `now`.

    A clock that is gone, or whose promise has changed, has none.
    """
    rules = rules_of(settings)
    clock = next((one for one in of_ticket(ticket, settings, now) if one.key == entry.about), None)
    if clock is None:
        return ticket
    told, after = told_by(ticket.timeline), ticket
    for alarm in alarms_of(clock, rules):
        if TASKS[alarm.what] is not entry.task or alarm.is_in(told):
            continue
        if alarm.at > now:
            # it ended ahead of this worker's clock, and will not be planned anew
            return lifecycle.with_tasks(after, replace(entry, at=alarm.at)) if clock.judged else after
        after = _recorded(after, alarm, settings, rules, now)
    return after


def _recorded(ticket: Ticket, alarm: Alarm, settings: DeskSettings, rules: Rules, now: datetime) -> Ticket:
    clock, action = alarm.clock, alarm.action
    moot = not clock.open if alarm.what is not Happening.SLA_BREACHED else False
    if alarm.what is Happening.SLA_WARNED:
        moot = moot or clock.breached_at is not None
    hears = action.notify if action else ()
    after = ticket.with_fact(
        alarm.at,
        alarm.what,
        lifecycle.DESK,
        **clock.promise,
        due=clock.due_at.isoformat() if clock.due_at else "",
        step=alarm.step,
        notify="" if hears == WHO_HEARS else ",".join(hears),
        moot="yes" if moot and alarm.what is Happening.SLA_ESCALATED else "",
    )
    if alarm.what is Happening.SLA_BREACHED:
        after = _without_warnings(after, clock.key)
    if moot:
        return after
    if isinstance(action, Escalation):
        after = _escalated(after, alarm, action, now)
    if not hears:
        return after
    hours = rules.calendars.get(settings.quiet_hours.calendar, rules.calendar)
    at = settings.quiet_hours.alert_at(hours, after.priority, now)
    about = ":".join(part for part in (alarm.what.value, clock.key, alarm.step) if part)
    return lifecycle.with_tasks(after, Entry(at, Task.NOTIFY, about))


def _without_warnings(ticket: Ticket, key: str) -> Ticket:
    """A warning that still waits for the desk to open is overtaken by the breach itself."""
    overtaken = f"{Happening.SLA_WARNED.value}:{key}"
    kept = (
        entry
        for entry in ticket.agenda
        if not (entry.task is Task.NOTIFY and not entry.attempts and f"{entry.about}:".startswith(f"{overtaken}:"))
    )
    return replace(ticket, agenda=tuple(kept))


def _escalated(ticket: Ticket, alarm: Alarm, step: Escalation, now: datetime) -> Ticket:
    after, key = ticket, alarm.clock.key
    if step.priority and _RANKS[Priority(step.priority)] > _RANKS[ticket.priority]:
        after = lifecycle.prioritised(after, Priority(step.priority), alarm.at, lifecycle.DESK, escalation=key)
    if step.team and step.team != after.team_id and after.status is not Status.CLOSED:
        after = lifecycle.in_team(after, step.team, alarm.at, lifecycle.DESK, escalation=key)
    if step.webhook:
        after = lifecycle.with_tasks(after, Entry(now, Task.WEBHOOK, f"{key}:{alarm.step}"))
    return after
