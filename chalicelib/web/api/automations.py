"""The API's automations: what rules would do, telling open tickets of new ones, and scenario plans as they stand."""

from typing import Any

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import Forbidden, InvalidInput
from chalicelib.usecases.preview_automations import Would, preview_automations, tell_open_tickets
from chalicelib.web.api.desk import settings_after
from chalicelib.web.api.views import Json, instant
from chalicelib.web.call import Answer, Call, cursor_for


def preview(call: Call) -> Answer:
    """Say what rules would do to the open tickets; nothing is saved."""
    if call.key is None or "tickets:read" not in call.key.scopes:
        raise Forbidden("to see what would become of tickets the key needs the scope tickets:read", "scopes")
    found = preview_automations(call.desk, _proposed(call))
    return Answer(
        {
            "looked_at": found.looked_at,
            "more": found.more,
            "unread": found.unread,
            "items": [would_view(one) for one in found.would],
        }
    )


def apply(call: Call) -> Answer:
    """Let the open tickets wait for silence by the rules as they are saved, page by page."""
    told = tell_open_tickets(call.desk, call.limit(100), call.cursor())
    return Answer(
        {
            "looked_at": told.looked_at,
            "changed": len(told.refs),
            "items": list(told.refs),
            "next_cursor": cursor_for(told.after),
        }
    )


def scenarios(call: Call) -> Answer:
    """List the scenario plans with where each stands."""
    settings, now = call.desk.settings.load(), call.desk.clock.now()
    items = []
    for plan in settings.scenarios:
        starts, ends = plan.span(settings.business_calendars)
        phase = plan.phase(now, settings.business_calendars).value
        items.append(
            {
                "id": plan.id,
                "name": plan.name,
                "phase": phase,
                "starts_at": instant(starts),
                "ends_at": instant(ends),
                "capacity": plan.capacity,
                "tags": list(plan.tags),
            }
        )
    return Answer({"items": items, "next_cursor": None})


def would_view(one: Would) -> Json:
    """Give what a rule would do to a ticket."""
    return {
        "automation": one.rule_id,
        "ref": one.ref,
        "subject": one.subject,
        "event": one.event,
        "at": instant(one.at),
        "due_at": instant(one.due_at) if one.due_at else None,
        "changes": [{"field": each.field, "before": each.before, "after": each.after} for each in one.changes],
    }


def _proposed(call: Call) -> DeskSettings:
    body: Any = call.json()
    if not isinstance(body, dict):
        raise InvalidInput("must be an object of automations", "body")
    unknown = next((name for name in body if name != "automations"), None)
    if unknown is not None:
        raise InvalidInput("is none of automations", unknown[:100])
    return settings_after(call.desk.settings.load(), body)
