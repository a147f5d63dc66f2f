"""How clocks look on the wire, and why they stand as they do."""

from datetime import datetime

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sla import Clock, Rules, counted, of_ticket, rules_of
from chalicelib.domain.sla_alarms import Told, alarms_of, told_by
from chalicelib.domain.sla_matching import Match, matches
from chalicelib.domain.ticket import Ticket
from chalicelib.web.api.views import Json, instant


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
