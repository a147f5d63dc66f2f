"""The API's view of the desk itself: health, settings, API keys, reports, and its own description."""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime

from chalicelib import __version__
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import Forbidden, InvalidInput, NotFound, StaleVersion, TooLarge
from chalicelib.domain.report import Spread
from chalicelib.domain.report_scores import Ease, Recommendation
from chalicelib.usecases import change_settings as usecase
from chalicelib.usecases.report_summary import report_summary
from chalicelib.web.api.spending import spread_view
from chalicelib.web.api.views import Json, attainment_view, instant, key_view
from chalicelib.web.call import Answer, Call
from chalicelib.web.preconditions import etag, version_wanted

GROUPS = ("brand", "chat", "survey", "spending", "quiet_hours", "uploads", "help_form")
SETTINGS_LIMIT = 200_000
"""Bytes of all settings together, as JSON; they lie in one DynamoDB item, which ends at 400 kB."""


def health(call: Call) -> Answer:
    """Say that the desk is there."""
    return Answer({"status": "ok", "version": __version__})


def openapi(call: Call) -> Answer:
    """Describe the API (OpenAPI 3.1)."""
    from chalicelib.web.api.description import description

    return Answer(description(call.desk.settings.load().public_url))


def settings(call: Call) -> Answer:
    """Read the settings."""
    known = call.desk.settings.load()
    return Answer(asdict(known), headers=etag(known.version))


def change_settings(call: Call) -> Answer:
    """Change settings by their names; what is left out stays."""
    changes = call.json()
    if not isinstance(changes, dict):
        raise InvalidInput("must be an object of settings", "body")
    changed, warnings = keep_settings(call, changes)
    return Answer({**asdict(changed), **warnings}, headers=etag(changed.version))


def keep_settings(call: Call, changes: Json) -> tuple[DeskSettings, Json]:
    """Give the settings after these changes, kept, and `warnings` of what is worth a second look, if anything is.

    The call may name the version that it has seen.
    """
    wanted, known = version_wanted(call), call.desk.settings.load()
    if wanted is not None and wanted != known.version:
        raise StaleVersion(f"they are at version {known.version} by now; read them again", "If-Match")
    changed, concerns = usecase.change_settings(call.desk, known, settings_after(known, changes))
    warnings = [{"field": one.field, "message": one.message} for one in concerns]
    return changed, {"warnings": warnings} if warnings else {}


def settings_after(known: DeskSettings, changes: Json) -> DeskSettings:
    """Give the settings after these changes. Raises InvalidInput, naming the line, or TooLarge."""
    from chalicelib.web.api.validation import settings_from

    if "version" in changes:
        raise InvalidInput("is counted by the desk; name the version you have seen in If-Match", "version")
    after = {**asdict(known), **_completed(changes, known)}
    refuse_too_long(after)
    return settings_from(DeskSettings, after)


def refuse_too_long(after: Json) -> None:
    """Raise TooLarge where these settings together are longer than can be kept."""
    if len(json.dumps(after)) > SETTINGS_LIMIT:
        raise TooLarge(f"all settings together have more than {SETTINGS_LIMIT:,} bytes", "body")


def _completed(changes: Json, known: DeskSettings) -> Json:
    """The changes with what groups of settings leave out; lists and calendars are taken as wholes."""
    groups = {name: asdict(getattr(known, name)) for name in GROUPS}
    parts = {
        name: {**groups[name], **part} for name, part in changes.items() if name in groups and isinstance(part, dict)
    }
    return {**changes, **parts}


def keys(call: Call) -> Answer:
    """List the API keys."""
    return Answer({"items": [key_view(key) for key in call.desk.api_keys.every()], "next_cursor": None})


def issue_key(call: Call) -> Answer:
    """Make an API key; its secret is shown this once."""
    from chalicelib.web.api import taken
    from chalicelib.web.api.validation import body_of

    body = body_of(call, taken.NewApiKey)
    beyond = set(body.scopes) - (call.key.scopes if call.key else frozenset())
    if beyond:
        raise Forbidden(f"a key can't give what it lacks: {', '.join(sorted(beyond))}", "scopes")
    key, secret = call.desk.api_keys.issue(body.name, body.scopes, call.desk.clock.now(), by=call.by)
    return Answer({**key_view(key), "secret": secret}, 201, {"Cache-Control": "no-store"})


def revoke_key(call: Call) -> Answer:
    """Remove an API key; it stops working within a minute."""
    key_id = call.path["key_id"]
    if not re.fullmatch(r"[0-9a-f]{12}", key_id) or not call.desk.api_keys.revoke(key_id):
        raise NotFound("there is no such key", "key_id")
    return Answer(None, 204)


def summary(call: Call) -> Answer:
    """Sum up how the desk did between two instants."""
    found = report_summary(call.desk, instant_asked(call, "from"), instant_asked(call, "to"))
    happy = found.satisfaction
    satisfaction: Json = {
        "sent": happy.sent,
        "answered": happy.answered,
        "response_rate": happy.response_rate,
        "csat": happy.csat,
        "average": happy.average,
        "ratings": {str(rating): happy.ratings[rating] for rating in range(1, 6)},
    }
    return Answer(
        {
            "from": instant(found.start),
            "to": instant(found.end),
            "opened": found.opened,
            "solved": found.solved,
            "backlog": found.backlog,
            "first_response": _spread(found.first_response),
            "resolution": _spread(found.resolution),
            "sla": attainment_view(found.sla_overall),
            "sla_by_metric": {metric: attainment_view(one) for metric, one in found.sla.items()},
            "satisfaction": satisfaction,
            "csat": happy.csat,
            "response_rate": happy.response_rate,
            "nps": _recommendation(found.recommendation),
            "ces": _ease(found.ease),
            "cost": spread_view(found.cost),
        }
    )


def _recommendation(found: Recommendation) -> Json:
    counts = {"promoters": found.promoters, "passives": found.passives, "detractors": found.detractors}
    return {"answered": found.answered, **counts, "nps": found.nps}


def _ease(found: Ease) -> Json:
    return {"answered": found.answered, "easy": found.easy, "easy_share": found.easy_share, "ces": found.ces}


def _spread(spread: Spread) -> Json:
    return {"count": spread.count, "median_seconds": spread.median, "p90_seconds": spread.p90}


def instant_asked(call: Call, name: str) -> datetime:
    """Give the instant that a query parameter names, UTC where it has no offset. Raises InvalidInput."""
    text = call.query.get(name, "")
    try:
        # an offset's + that wasn't percent-encoded arrives as a space
        at = datetime.fromisoformat(text.replace(" ", "+"))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput("must be an instant like 2026-11-01T00:00:00Z, or a date", name) from None
