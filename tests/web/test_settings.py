"""Settings through the API: what is wrong is named by its line, and nothing is taken for what it isn't."""

from copy import deepcopy
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client

HOURS = {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "tue": [["22:00", "06:00"]]}
POLICY: dict[str, Any] = {
    "id": "standard",
    "name": "Standard",
    "match": {"channel": ["email"], "tier": ["gold"]},
    "targets": {"first_response": {"urgent": 600}, "resolution": {"urgent": 7200, "low": 86400}},
    "business_time": {"resolution": False},
    "calendar": "",
    "pauses": {"resolution": ["pending"]},
    "warn_at_percent": 80,
    "warnings": {"first_response": [{"percent": 50, "seconds_before": 0, "notify": ["agent:ada"]}]},
    "escalations": {
        "first_response": [
            {"after": 0, "notify": ["assignee", "leads"], "priority": "", "team": "", "webhook": ""},
            {
                "after": 1800,
                "notify": ["leads:support"],
                "priority": "urgent",
                "team": "support",
                "webhook": "https://hooks.example.com/late",
            },
        ]
    },
}
STANDARD = "sla_policies[standard]"
RULE = {"words": ["灯", "lamp"], "priority": "high", "tags": ["light"], "skills": ["electric"]}


def change(api: Client, settings: object) -> Any:
    return api.patch("/v1/settings", settings)


def test_settings_are_read_and_changed_by_name(api: Client) -> None:
    before = api.get("/v1/settings")
    assert before.etag == f'"{before.json["version"]}"'
    new = {
        "name": "灯 & Co",
        "language": "zh",
        "acknowledge": False,
        "reopen_seconds": 0,
        "calendar": {"timezone": "Asia/Shanghai", "hours": HOURS, "holidays": [{"date": "2026-12-25"}]},
        "sla_policies": [POLICY, {"id": "rest"}],
        "triage": [RULE],
    }
    after = api.patch("/v1/settings", new, {"If-Match": before.etag})
    assert after.status == 200, after.body
    assert {name: after.json[name] for name in ("name", "language", "acknowledge", "calendar")} == {
        name: new[name] for name in ("name", "language", "acknowledge", "calendar")
    }
    assert after.json["sla_policies"][0] == POLICY
    assert after.json["triage"] == [{"category": "", "team_id": "", **RULE}]
    untouched = ("support_address", "survey", "default_team", "public_url")
    assert {name: after.json[name] for name in untouched} == {name: before.json[name] for name in untouched}
    assert after.json["version"] == before.json["version"] + 1
    assert api.get("/v1/settings").json == after.json
    refused = api.patch("/v1/settings", {"name": "Old"}, {"If-Match": before.etag})
    assert (refused.status, refused.field) == (412, "If-Match")


def test_settings_survive_being_kept_and_read_again(api: Client, desk: LocalCloud) -> None:
    changed = change(api, {"sla_policies": [POLICY], "calendar": {"timezone": "UTC", "hours": HOURS}, "triage": [RULE]})
    desk.desk.__dict__.pop("settings")
    assert api.get("/v1/settings").json == changed.json


def test_what_the_survey_leaves_out_stays(api: Client) -> None:
    change(api, {"survey": {"low_rating": 3}})
    survey = change(api, {"survey": {"delay_seconds": 60}}).json["survey"]
    assert (survey["low_rating"], survey["delay_seconds"]) == (3, 60)


def test_the_version_is_counted_by_the_desk(api: Client) -> None:
    reply = change(api, {"version": 99})
    assert (reply.status, reply.field) == (422, "version")


def in_policy(*path: str, value: object) -> dict[str, object]:
    """Settings with one policy that is wrong at one place."""
    policy = deepcopy(POLICY)
    part = policy
    for name in path[:-1]:
        part = part.setdefault(name, {})
    part[path[-1]] = value
    return {"sla_policies": [{"id": "first"}, policy]}


def in_calendar(**more: object) -> dict[str, object]:
    return {"calendar": {"timezone": "UTC", "hours": HOURS, **more}}


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"colour": "red"}, "colour"),
        ({"name": ""}, "name"),
        ({"name": 7}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": None}, "name"),
        ({"support_address": "nobody"}, "support_address"),
        ({"support_address": ["a@b.org"]}, "support_address"),
        ({"public_url": "javascript:alert(1)"}, "public_url"),
        ({"language": "fr"}, "language"),
        ({"acknowledge": "yes"}, "acknowledge"),
        ({"acknowledge": 1}, "acknowledge"),
        ({"reopen_seconds": "604800"}, "reopen_seconds"),
        ({"reopen_seconds": 1.5}, "reopen_seconds"),
        ({"reopen_seconds": True}, "reopen_seconds"),
        ({"reopen_seconds": -1}, "reopen_seconds"),
        ({"sla_policies": "standard"}, "sla_policies"),
        ({"sla_policies": ["standard"]}, "sla_policies[0]"),
        ({"sla_policies": [{}]}, "sla_policies[0].id"),
        ({"sla_policies": [{"id": 1}]}, "sla_policies[0].id"),
        ({"sla_policies": [{"id": ""}]}, "sla_policies"),
        ({"sla_policies": [{"id": "a"}, {"id": "a"}]}, "sla_policies"),
        (in_policy("colour", value="red"), f"{STANDARD}.colour"),
        (in_policy("targets", value=[]), f"{STANDARD}.targets"),
        (in_policy("targets", "resolution", value=3600), f"{STANDARD}.targets.resolution"),
        (in_policy("targets", "resolution", "urgent", value="4h"), f"{STANDARD}.targets.resolution.urgent"),
        (in_policy("targets", "resolution", "urgent", value="3600"), f"{STANDARD}.targets.resolution.urgent"),
        (in_policy("targets", "resolution", "urgent", value=0), f"{STANDARD}.targets.resolution.urgent"),
        (in_policy("targets", "resolution", "urgent", value=10**12), f"{STANDARD}.targets.resolution.urgent"),
        (in_policy("targets", "resolution", "asap", value=60), f"{STANDARD}.targets.resolution.asap"),
        (in_policy("targets", "smile", "low", value=60), f"{STANDARD}.targets.smile"),
        (in_policy("match", "colour", value=["red"]), f"{STANDARD}.match.colour"),
        (in_policy("match", "channel", value="email"), f"{STANDARD}.match.channel"),
        (in_policy("match", "channel", value=[1]), f"{STANDARD}.match.channel[0]"),
        (in_policy("business_time", value="no"), f"{STANDARD}.business_time"),
        (in_policy("warn_at_percent", value=100), f"{STANDARD}.warn_at_percent"),
        (in_policy("warn_at_percent", value=75.5), f"{STANDARD}.warn_at_percent"),
        ({"triage": [RULE, {"words": []}]}, "triage[1].words"),
        ({"triage": [RULE, {}]}, "triage[1].words"),
        ({"triage": [RULE, {"words": "lamp"}]}, "triage[1].words"),
        ({"triage": [RULE, {"words": ["lamp", 3]}]}, "triage[1].words[1]"),
        ({"triage": [{"words": ["lamp"], "priority": "asap"}]}, "triage[0].priority"),
        ({"triage": {"words": ["lamp"]}}, "triage"),
        ({"survey": []}, "survey"),
        ({"survey": {"colour": 1}}, "survey.colour"),
        ({"survey": {"low_rating": 5}}, "survey.low_rating"),
        ({"survey": {"delay_seconds": "1"}}, "survey.delay_seconds"),
        ({"survey": {"enabled": None}}, "survey.enabled"),
        ({"survey": {"reminder_seconds": 10**9}}, "survey"),
        ({"calendar": []}, "calendar"),
        ({"calendar": {}}, "calendar.timezone"),
        (in_calendar(colour="red"), "calendar.colour"),
        (in_calendar(timezone="Mars/Olympus"), "calendar.timezone"),
        (in_calendar(timezone="../../etc/passwd"), "calendar.timezone"),
        (in_calendar(hours={"tue": [["09:00", "12:00"], ["25:00", "26:00"]]}), "calendar.hours.tue[1]"),
        (in_calendar(hours={"tue": [["09:00", "12:00"], ["11:00", "13:00"]]}), "calendar.hours.tue[1]"),
        (in_calendar(hours={"tue": [["09:00", "12:00"], "13:00"]}), "calendar.hours.tue[1]"),
        (in_calendar(hours={"tue": [["09:00", "12:00"], [9, 17]]}), "calendar.hours.tue[1]"),
        (in_calendar(hours={"tuesday": []}), "calendar.hours.tuesday"),
        (in_calendar(hours={}), "calendar.hours"),
        (in_calendar(holidays=[{"date": "2026-02-30"}]), "calendar.holidays[0].date"),
        (in_calendar(holidays=[{"date": "2026-12-25", "yearly": "yes"}]), "calendar.holidays[0].yearly"),
        (in_calendar(always_open="yes"), "calendar.always_open"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_named_by_its_line_and_nothing_changes(api: Client, settings: object, place: str) -> None:
    before = api.get("/v1/settings").json
    reply = change(api, settings)
    assert (reply.status, reply.field) == (422, place), reply.body
    assert api.get("/v1/settings").json == before


def test_every_wrong_line_is_named_at_once(api: Client) -> None:
    reply = change(api, {"acknowledge": 1, "triage": [{"words": []}], "colour": "red"})
    assert {one["field"] for one in reply.json["errors"]} == {"acknowledge", "triage[0].words", "colour"}


def test_settings_together_have_a_limit(api: Client) -> None:
    rules = [{"words": [f"{'灯' * 100}{number}"]} for number in range(1000)]
    reply = change(api, {"triage": rules})
    assert reply.status == 413
    assert "200,000" in reply.json["detail"]
    assert change(api, {"triage": rules[:200]}).status == 200
