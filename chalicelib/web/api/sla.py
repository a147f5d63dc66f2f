"""The API's promises: policies, what other ones would change, what is in danger, how it went."""

from dataclasses import asdict
from typing import Any

from chalicelib.domain.automation import Deed
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.webhook import secret_in_words
from chalicelib.usecases.list_at_risk import list_at_risk
from chalicelib.usecases.preview_sla import apply_sla, preview_sla
from chalicelib.usecases.report_sla import report_sla
from chalicelib.web.api.desk import instant_asked, keep_settings, settings_after
from chalicelib.web.api.sla_views import at_risk_view, difference_view, report_view
from chalicelib.web.call import Answer, Call, cursor_for
from chalicelib.web.preconditions import etag

PROPOSABLE = ("sla_policies", "calendar", "calendars")


def _object_of(call: Call, names: tuple[str, ...]) -> dict[str, Any]:
    """Give the body, an object that holds nothing but what these names call."""
    body = call.json()
    if not isinstance(body, dict):
        raise InvalidInput(f"must be an object of {', '.join(names)}", "body")
    unknown = next((name for name in body if name not in names), None)
    if unknown is not None:
        raise InvalidInput(f"is none of {', '.join(names)}", unknown[:100])
    return body


def policies(call: Call) -> Answer:
    """Read the policies, in the order in which they are tried."""
    known = call.desk.settings.load()
    return Answer({"items": asdict(known)["sla_policies"], "next_cursor": None}, headers=etag(known.version))


def replace_policies(call: Call) -> Answer:
    """Put other policies in the place of all there are."""
    body = _object_of(call, ("items",))
    if "items" not in body:
        raise InvalidInput("must be the list of policies", "items")
    kept, warnings = keep_settings(call, {"sla_policies": body["items"]})
    items = asdict(kept)["sla_policies"]
    return Answer({"items": items, "next_cursor": None, **warnings}, headers=etag(kept.version))


def preview(call: Call) -> Answer:
    """Say what other policies or calendars would change on the open tickets, page by page; nothing is saved."""
    changes = _object_of(call, PROPOSABLE)
    proposed = settings_after(call.desk.settings.load(), changes)
    found = preview_sla(call.desk, proposed, call.limit(100), call.cursor())
    return Answer(
        {
            "looked_at": found.looked_at,
            "changed": len(found.differences),
            "newly_breached": sum(any(one.newly_breached for one in each.changes) for each in found.differences),
            "items": [difference_view(each) for each in found.differences],
            "next_cursor": cursor_for(found.after),
        }
    )


def apply(call: Call) -> Answer:
    """Let the open tickets follow the policies and calendars as they are saved, page by page."""
    found = apply_sla(call.desk, call.limit(100), call.cursor())
    return Answer(
        {
            "looked_at": found.looked_at,
            "changed": len(found.refs),
            "items": list(found.refs),
            "next_cursor": cursor_for(found.after),
        }
    )


def at_risk(call: Call) -> Answer:
    """List the open tickets whose deadline has passed or comes soon."""
    text = call.query.get("within", "3600")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInput("must be a whole number of seconds", "within")
    page = list_at_risk(call.desk, int(text), call.limit(), call.cursor())
    now = call.desk.clock.now()
    return Answer({"items": [at_risk_view(card, now) for card in page.cards], "next_cursor": cursor_for(page.after)})


def webhooks(call: Call) -> Answer:
    """Show the addresses that policies and automations tell, with the secrets by which each knows us."""
    known = call.desk.settings.load()
    by_policies = {step.webhook for policy in known.sla_policies for step in policy.steps if step.webhook}
    by_rules = {one.value for rule in known.automations for one in rule.actions if one.do == Deed.WEBHOOK}
    urls = sorted(by_policies | by_rules)
    secret = call.desk.signer.secret()
    items = [{"url": url, "secret": secret_in_words(secret, url)} for url in urls]
    return Answer({"items": items, "next_cursor": None}, headers={"Cache-Control": "no-store"})


def report(call: Call) -> Answer:
    """Say which promises were kept on the tickets opened between two instants."""
    return Answer(report_view(report_sla(call.desk, instant_asked(call, "from"), instant_asked(call, "to"))))
