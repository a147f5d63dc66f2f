"""An escalation or an automation tells another system, by one signed POST that is known by its id when repeated."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry
from chalicelib.domain.automation import Deed
from chalicelib.domain.automation_event import RULE
from chalicelib.domain.errors import WebhookRefused
from chalicelib.domain.sla import Clock, of_ticket
from chalicelib.domain.ticket import Fact, Happening, Ticket
from chalicelib.domain.webhook import Webhook, signed
from chalicelib.usecases.ports import Desk


def send_webhook(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Tell the address that the policy names for the step `entry.about` (`resolution:1:1800`), or the rule for its
    action (`rule:<id>:<event>:<number>`).

    It says which ticket, which promise and since when, and nothing of the customer. Raises WebhookRefused, also where
    the policy or the rule names no address any more, or TryAgain.
    """
    if entry.about.startswith(f"{RULE}:"):
        return _send_of_rule(desk, ticket, entry.about)
    key, _, step = entry.about.rpartition(":")
    fact = _escalation(ticket, key, step)
    clock = next((one for one in of_ticket(ticket, desk.settings.load(), desk.clock.now()) if one.key == key), None)
    url = _address(desk, clock, step)
    if fact is None or clock is None or not url:
        raise WebhookRefused("the policy names no address for this step any more")
    hook = Webhook(
        f"{ticket.ref}-{key}-{fact.detail['target']}-{step}".replace(":", "-"), url, _told(ticket, clock, fact)
    )
    desk.webhooks.post(hook, signed(hook, desk.signer.secret(), desk.clock.now()))

    def remember(current: Ticket) -> Ticket:
        about = {"clock": key, "step": step, "host": urlsplit(url).hostname or ""}
        return current.with_fact(desk.clock.now(), Happening.WEBHOOK_SENT, lifecycle.DESK, **about)

    return remember


def _send_of_rule(desk: Desk, ticket: Ticket, about: str) -> Callable[[Ticket], Ticket]:
    _, rule_id, rest = about.split(":", 2)
    event, _, number = rest.rpartition(":")
    rule = next((one for one in desk.settings.load().automations if one.id == rule_id), None)
    fact = next((one for one in ticket.timeline if one.tells(Happening.RULE_FIRED, rule=rule_id, event=event)), None)
    action = rule.actions[int(number)] if rule and int(number) < len(rule.actions) else None
    if rule is None or fact is None or action is None or action.do != Deed.WEBHOOK:
        raise WebhookRefused("the rule names no address any more")
    body = {
        "type": "automation.fired",
        "timestamp": fact.at.isoformat(),
        "data": {**_standing(ticket), "rule": rule.id, "event": rule.when.event},
    }
    hook = Webhook(f"{ticket.ref}-{about}".replace(":", "-"), action.value, json.dumps(body).encode())
    desk.webhooks.post(hook, signed(hook, desk.signer.secret(), desk.clock.now()))

    def remember(current: Ticket) -> Ticket:
        told = {RULE: rule_id, "host": urlsplit(hook.url).hostname or ""}
        return current.with_fact(desk.clock.now(), Happening.WEBHOOK_SENT, lifecycle.DESK, **told)

    return remember


def _standing(ticket: Ticket) -> dict[str, Any]:
    return {
        "ref": ticket.ref,
        "status": ticket.status.value,
        "priority": ticket.priority.value,
        "team_id": ticket.team_id or None,
        "assignee_id": ticket.assignee_id or None,
    }


def _escalation(ticket: Ticket, key: str, step: str) -> Fact | None:
    return next(
        (
            fact
            for fact in reversed(ticket.timeline)
            if fact.what is Happening.SLA_ESCALATED and (fact.detail["clock"], fact.detail["step"]) == (key, step)
        ),
        None,
    )


def _address(desk: Desk, clock: Clock | None, step: str) -> str:
    policy = desk.settings.load().policy(clock.policy_id) if clock else None
    steps = policy.escalations_of(clock.metric) if policy and clock else ()
    return next((one.webhook for one in steps if one.step == step), "")


def _told(ticket: Ticket, clock: Clock, fact: Fact) -> bytes:
    data: dict[str, Any] = {
        **_standing(ticket),
        "metric": clock.metric,
        "number": clock.number,
        "policy_id": clock.policy_id,
        "target_seconds": clock.target,
        "due_at": fact.detail.get("due"),
        "seconds_after": int(fact.detail["step"]),
    }
    return json.dumps({"type": "sla.escalated", "timestamp": fact.at.isoformat(), "data": data}).encode()
