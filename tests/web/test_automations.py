"""Automations and scenario plans through the API: saved with the settings, tried before, told to open tickets."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client

VIP = {
    "id": "vip",
    "name": "Important customers",
    "when": {"event": "opened"},
    "conditions": [{"what": "words", "values": ["lamp"]}],
    "actions": [{"do": "priority", "value": "high"}, {"do": "webhook", "value": "https://hooks.example.com/vip"}],
}
REMIND = {
    "id": "solve",
    "name": "Solve what is silent",
    "when": {"event": "silent", "status": "pending", "seconds": 86400},
    "actions": [{"do": "status", "value": "solved"}],
}
SALE = {
    "id": "sale",
    "name": "Sale",
    "starts": "2026-11-20T00:00",
    "ends": "2026-12-01T00:00",
    "notice": {"en": "Answers take a day longer <now>.", "zh": "回复可能延迟一天。"},
    "tags": ["sale"],
}


@pytest.fixture(autouse=True)
def as_it_was(api: Client, desk: LocalCloud) -> Iterator[None]:
    yield
    assert api.patch("/v1/settings", {"automations": [], "scenarios": []}).status == 200
    desk.settle()


def opened(api: Client, desk: LocalCloud, **fields: Any) -> str:
    body = {"subject": "Lamp", "text": "Dark.", "customer": {"email": "jo@customer.org"}, **fields}
    ref = api.post("/v1/tickets", body).json["ref"]
    desk.settle()
    return str(ref)


def test_a_rule_is_followed_and_the_history_names_it(api: Client, desk: LocalCloud) -> None:
    saved = api.patch("/v1/settings", {"automations": [VIP]})
    assert saved.status == 200
    ref = opened(api, desk)
    assert api.get(f"/v1/tickets/{ref}").json["priority"] == "high"
    events = api.get(f"/v1/tickets/{ref}/events?limit=100").json["items"]
    assert [event["what"] for event in events if event["detail"].get("rule") == "vip"][:2] == [
        "rule_fired",
        "priority_set",
    ]
    assert "https://hooks.example.com/vip" in {one["url"] for one in api.get("/v1/sla/webhooks").json["items"]}


def test_rules_are_tried_before_they_are_saved(api: Client, desk: LocalCloud) -> None:
    ref = opened(api, desk)
    found = api.post("/v1/automations/preview", {"automations": [VIP]}).json
    (effect,) = [one for one in found["items"] if one["ref"] == ref]
    assert (effect["automation"], effect["event"]) == ("vip", "opened")
    assert effect["changes"][0] == {"field": "priority", "before": "normal", "after": "high"}
    assert found["looked_at"] >= 1
    assert api.get(f"/v1/tickets/{ref}").json["priority"] == "normal"
    assert api.post("/v1/automations/preview", {}).json["items"] == []


def test_open_tickets_are_told_of_rules_about_silence(api: Client, desk: LocalCloud) -> None:
    ref = opened(api, desk)
    api.patch(f"/v1/tickets/{ref}", {"status": "pending"})
    api.patch("/v1/settings", {"automations": [REMIND]})
    assert ref in api.post("/v1/automations/apply").json["items"]
    assert api.post("/v1/automations/apply").json["changed"] == 0


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], "body"),
        ({"name": "Shop"}, "name"),
        ({"automations": [{}]}, "automations[0].id"),
        ({"automations": [{**VIP, "when": {"event": "born"}}]}, "automations[vip].when.event"),
        ({"automations": [{**VIP, "actions": [{"do": "answer", "value": "x"}]}]}, "automations[vip].actions[0].value"),
        (
            {"automations": [{**VIP, "conditions": [{"what": "tag", "values": "x"}]}]},
            "automations[vip].conditions[0].values",
        ),
        ({"automations": [{**VIP, "colour": 1}]}, "automations[vip].colour"),
    ],
)  # fmt: skip
def test_what_could_not_be_saved_can_not_be_tried(api: Client, body: Any, place: str) -> None:
    refused = api.post("/v1/automations/preview", body)
    named = {one["field"] for one in refused.json.get("errors", [])} | {refused.field}
    assert (refused.status, place in named) == (422, True), refused.body


def test_trying_shows_tickets_and_needs_the_scope_for_them(api: Client, desk: LocalCloud) -> None:
    key = api.post("/v1/api-keys", {"name": "settings only", "scopes": ["settings:read"]}).json["secret"]
    refused = Client(key).post("/v1/automations/preview", {})
    assert (refused.status, refused.field) == (403, "scopes")


def test_who_does_not_work_here_is_said_and_saved(api: Client) -> None:
    rule = {**VIP, "actions": [{"do": "assign", "value": "eve"}, {"do": "team", "value": "experts"}]}
    warned = api.patch("/v1/settings", {"automations": [rule]}).json["warnings"]
    assert {one["field"] for one in warned} == {
        "automations[vip].actions[0].value",
        "automations[vip].actions[1].value",
    }


def test_a_plan_that_runs_is_told_on_the_form_in_the_mail_and_by_its_tags(api: Client, desk: LocalCloud) -> None:
    assert api.patch("/v1/settings", {"scenarios": [SALE]}).status == 200
    (plan,) = api.get("/v1/scenarios").json["items"]
    assert (plan["phase"], plan["ends_at"]) == ("running", "2026-12-01T00:00:00.000Z")
    assert "Answers take a day longer &lt;now&gt;." in api.get("/help").body
    assert "回复可能延迟一天。" in api.get("/help", {}, lang="zh").body
    before = len(desk.sent_mail())
    ref = opened(api, desk)
    assert api.get(f"/v1/tickets/{ref}").json["tags"] == ["sale"]
    sent = b"".join(mail.raw for mail in desk.sent_mail()[before:])
    assert b"Answers take a day longer <now>." in sent
    assert b"Answers take a day longer &lt;now&gt;." in sent


def test_a_plan_to_come_changes_nothing(api: Client, desk: LocalCloud) -> None:
    later = {**SALE, "starts": "2027-01-01T00:00", "ends": "2027-01-02T00:00"}
    api.patch("/v1/settings", {"scenarios": [later]})
    assert [one["phase"] for one in api.get("/v1/scenarios").json["items"]] == ["coming"]
    assert "a day longer" not in api.get("/help").body
    assert api.get(f"/v1/tickets/{opened(api, desk)}").json["tags"] == []
