"""How clocks look on the wire, and why they stand as they do."""

from datetime import datetime

from chalicelib.domain.card import Card
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sla import Clock, Rules, counted, of_ticket, rules_of
from chalicelib.domain.sla_alarms import Told, alarms_of, told_by
from chalicelib.domain.sla_difference import Difference
from chalicelib.domain.sla_matching import Match, matches
from chalicelib.domain.sla_report import Group, SlaReport
from chalicelib.domain.ticket import Ticket
from chalicelib.web.api.views import Json, attainment_view, card_view, instant


def explanation(ticket: Ticket, settings: DeskSettings, now: datetime) -> Json:
    """Give everything about a ticket's clocks: which policy and why, what counted, what is due when."""
    rules, told = rules_of(settings), told_by(ticket.timeline)
    return {
        "ref": ticket.ref,
        "policy_id": ticket.policy_id or None,
        "now": instant(now),
        "policies": [_match_view(match) for match in matches(ticket, settings)],
        "clocks": [clock_view(clock, rules, now, told) for clock in of_ticket(ticket, settings, now)],
    }


def clock_view(clock: Clock, rules: Rules, now: datetime, told: Told = frozenset()) -> Json:
    """Give one SLA clock with its segments and its alarms; `told` are the alarms that are recorded."""
    used = counted(clock, rules, now)
    return {
        "metric": clock.metric,
        "number": clock.number,
        "policy_id": clock.policy_id,
        "calendar": clock.calendar or None,
        "business_time": clock.business_time,
        "state": clock.state,
        "target_seconds": clock.target,
        "used_seconds": clock.used,
        "remaining_seconds": clock.target - clock.used,
        "started_at": instant(clock.started_at),
        "due_at": instant(clock.due_at),
        "warn_at": instant(clock.warn_at),
        "fulfilled_at": instant(clock.fulfilled_at),
        "breached_at": instant(clock.breached_at),
        "ended_at": instant(clock.ended_at),
        "recorded": clock.judged,
        "segments": [
            {
                "state": part.state,
                "start": instant(part.start),
                "end": instant(part.end),
                "reason": part.reason,
                "used_seconds": seconds,
            }
            for part, seconds in zip(clock.segments, used, strict=True)
        ],
        "alarms": [
            {"what": alarm.what.value, "step": alarm.step, "at": instant(alarm.at), "recorded": alarm.is_in(told)}
            for alarm in alarms_of(clock, rules)
        ],
    }


def _match_view(match: Match) -> Json:
    return {
        "id": match.policy.id,
        "name": match.policy.name,
        "fits": match.fits,
        "conditions": {
            one.name: {"wanted": list(one.wanted), "has": [has for has in one.has if has], "met": one.met}
            for one in match.conditions
        },
    }


def difference_view(found: Difference) -> Json:
    """Give what would change on a ticket."""
    return {
        "ref": found.ref,
        "policy_before": found.policy_before or None,
        "policy_after": found.policy_after or None,
        "newly_breached": any(change.newly_breached for change in found.changes),
        "changes": [
            {
                "clock": change.key,
                "newly_breached": change.newly_breached,
                "before": _figures(change.before),
                "after": _figures(change.after),
            }
            for change in found.changes
        ],
    }


def _figures(clock: Clock | None) -> Json | None:
    if clock is None:
        return None
    return {
        "policy_id": clock.policy_id,
        "target_seconds": clock.target,
        "business_time": clock.business_time,
        "calendar": clock.calendar or None,
        "state": clock.state,
        "warn_at": instant(clock.warn_at),
        "due_at": instant(clock.due_at),
        "breached_at": instant(clock.breached_at),
    }


def at_risk_view(card: Card, now: datetime) -> Json:
    """Give a ticket in danger as a list shows it."""
    left = (card.due_at - now).total_seconds() if card.due_at else 0.0
    return {**card_view(card), "overdue": left <= 0, "remaining_seconds": left}


def report_view(report: SlaReport) -> Json:
    """Give how promises went."""
    return {
        "from": instant(report.start),
        "to": instant(report.end),
        "everything": _group_view(report.everything),
        **{f"by_{name}": [_group_view(group) for group in groups] for name, groups in report.by.items()},
    }


def _group_view(group: Group) -> Json:
    return {
        "value": group.value,
        "tickets": group.tickets,
        "overall": attainment_view(group.overall),
        "by_metric": {metric: attainment_view(one) for metric, one in group.by_metric.items()},
    }
