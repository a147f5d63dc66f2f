"""Promises through the API: explained, kept, tried, applied, in danger, and reported."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client

HOUR = 3600
POLICIES: list[dict[str, Any]] = [
    {"id": "gold", "name": "Gold", "match": {"tag": ["gold"]}, "targets": {"first_response": {"normal": HOUR}}},
    {
        "id": "standard",
        "targets": {"first_response": {"normal": 4 * HOUR, "urgent": 1800}},
        "warnings": {"first_response": [{"percent": 50}]},
        "escalations": {"first_response": [{"after": 60, "webhook": "https://hooks.example.com/late"}]},
    },
]


@pytest.fixture(autouse=True)
def promised(api: Client, desk: LocalCloud) -> Iterator[None]:
    """The desk has these policies before each test."""
    assert api.put("/v1/sla/policies", {"items": POLICIES}).status == 200
    yield
    desk.settle()


def opened(api: Client, desk: LocalCloud, **fields: Any) -> str:
    body = {"subject": "Lamp", "text": "Dark.", "customer": {"email": "jo@customer.org"}, **fields}
    ref = api.post("/v1/tickets", body).json["ref"]
    desk.settle()
    return str(ref)


def test_policies_are_read_and_replaced_as_a_whole(api: Client) -> None:
    before = api.get("/v1/sla/policies")
    assert [policy["id"] for policy in before.json["items"]] == ["gold", "standard"]
    after = api.put("/v1/sla/policies", {"items": POLICIES[:1]}, {"If-Match": before.etag})
    assert (after.status, [policy["id"] for policy in after.json["items"]]) == (200, ["gold"])
    assert api.get("/v1/settings").json["sla_policies"] == after.json["items"]
    late = api.put("/v1/sla/policies", {"items": POLICIES}, {"If-Match": before.etag})
    assert (late.status, late.field) == (412, "If-Match")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "items"),
        ({"items": [], "more": 1}, "more"),
        ({"items": [{}]}, "sla_policies[0].id"),
        (
            {"items": [{"id": "a", "warnings": {"resolution": [{"percent": "x"}]}}]},
            "sla_policies[a].warnings.resolution[0].percent",
        ),
        (
            {"items": [{"id": "a", "escalations": {"resolution": [{"webhook": "http://x.org"}]}}]},
            "sla_policies[a].escalations.resolution[0].webhook",
        ),
        ({"items": [{"id": "a", "calendar": "moon"}]}, "sla_policies[a].calendar"),
        ({"items": [{"id": "a", "business_time": "yes"}]}, "sla_policies[a].business_time"),
        ({"items": [{"id": "a", "business_time": {"resolution": 1}}]}, "sla_policies[a].business_time.resolution"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_line_and_nothing_changes(api: Client, body: Any, place: str) -> None:
    refused = api.put("/v1/sla/policies", body)
    assert (refused.status, place in {one["field"] for one in refused.json["errors"]} | {refused.field}) == (422, True)
    assert len(api.get("/v1/sla/policies").json["items"]) == 2


def test_a_tickets_clocks_are_explained_with_what_was_held_against_it(api: Client, desk: LocalCloud) -> None:
    ref = opened(api, desk)
    told = api.get(f"/v1/tickets/{ref}/sla").json
    gold, standard = told["policies"]
    assert (told["policy_id"], gold["fits"], standard["fits"]) == ("standard", False, True)
    assert gold["conditions"] == {"tag": {"wanted": ["gold"], "has": [], "met": False}}
    (clock,) = told["clocks"]
    assert (clock["target_seconds"], clock["state"], clock["recorded"]) == (4 * HOUR, "running", False)
    assert [(alarm["what"], alarm["step"], alarm["recorded"]) for alarm in clock["alarms"]] == [
        ("sla_warned", "50%", False),
        ("sla_breached", "", False),
        ("sla_escalated", "60", False),
    ]
    assert [part["used_seconds"] for part in clock["segments"]] == [0]


class TestPreview:
    def test_it_says_what_would_change_and_changes_nothing(self, api: Client, desk: LocalCloud) -> None:
        ref = opened(api, desk)
        desk.clock.move_to(desk.clock.now().replace(minute=desk.clock.now().minute + 5))
        quick = [{"id": "standard", "targets": {"first_response": {"normal": 60}}}]
        before = (api.get(f"/v1/tickets/{ref}/sla").json, api.get("/v1/settings").json)
        preview = api.post("/v1/sla/preview", {"sla_policies": quick}).json
        (item,) = [one for one in preview["items"] if one["ref"] == ref]
        assert (item["policy_before"], item["policy_after"], item["newly_breached"]) == ("standard", "standard", True)
        (change,) = item["changes"]
        assert (change["before"]["target_seconds"], change["after"]["target_seconds"]) == (4 * HOUR, 60)
        assert (change["before"]["state"], change["after"]["state"]) == ("running", "breached")
        assert preview["newly_breached"] >= 1
        assert (api.get(f"/v1/tickets/{ref}/sla").json, api.get("/v1/settings").json) == before

    def test_the_same_settings_change_nothing(self, api: Client, desk: LocalCloud) -> None:
        opened(api, desk)
        preview = api.post("/v1/sla/preview", {}).json
        assert preview["looked_at"] >= 1
        assert preview["items"] == []

    def test_another_calendar_moves_deadlines(self, api: Client, desk: LocalCloud) -> None:
        ref = opened(api, desk)
        closed = {"timezone": "UTC", "hours": {"sun": [["09:00", "18:00"]]}}
        items = api.post("/v1/sla/preview", {"calendar": closed}).json["items"]
        (item,) = [one for one in items if one["ref"] == ref]
        assert item["changes"][0]["after"]["due_at"] == "2026-11-29T13:00:00.000Z"

    def test_it_goes_page_by_page(self, api: Client, desk: LocalCloud) -> None:
        refs = {opened(api, desk) for _ in range(3)}
        quick = {"sla_policies": [{"id": "standard", "targets": {"first_response": {"normal": 60}}}]}
        found: set[str] = set()
        pages, cursor = 0, ""
        while cursor or not pages:
            page = api.post("/v1/sla/preview?limit=2" + (f"&cursor={cursor}" if cursor else ""), quick).json
            assert page["looked_at"] <= 2
            found |= {item["ref"] for item in page["items"]}
            cursor, pages = page["next_cursor"], pages + 1
        assert refs <= found
        assert pages >= 2

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ([], "body"),
            ({"name": "Shop"}, "name"),
            ({"sla_policies": [{"id": ""}]}, "sla_policies"),
            ({"calendar": {"timezone": "Mars"}}, "calendar.timezone"),
        ],
    )
    def test_what_could_not_be_saved_can_not_be_tried(self, api: Client, body: Any, place: str) -> None:
        refused = api.post("/v1/sla/preview", body)
        assert (refused.status, refused.field) == (422, place)


def test_policies_are_applied_at_once_to_what_is_open(api: Client, desk: LocalCloud) -> None:
    ref = opened(api, desk)
    quick = [{"id": "quick", "targets": {"first_response": {"normal": 60}}}]
    api.put("/v1/sla/policies", {"items": quick})
    applied = api.post("/v1/sla/apply").json
    assert ref in applied["items"]
    assert api.get(f"/v1/tickets/{ref}/sla").json["policy_id"] == "quick"
    assert api.post("/v1/sla/apply").json["changed"] == 0
    desk.advance(61)
    events = api.get(f"/v1/tickets/{ref}/events").json["items"]
    assert [event["detail"]["target"] for event in events if event["what"] == "sla_breached"] == ["60"]


class TestAtRisk:
    def test_what_is_due_soon_or_late_is_listed_by_its_deadline(self, api: Client, desk: LocalCloud) -> None:
        soon, later = opened(api, desk, priority="urgent"), opened(api, desk)
        items = api.get("/v1/sla/at-risk", within=1800).json["items"]
        mine = {item["ref"]: item for item in items}
        assert later not in mine
        assert (mine[soon]["overdue"], mine[soon]["remaining_seconds"]) == (False, 1800)
        assert [item["due_at"] for item in items] == sorted(item["due_at"] for item in items)

    def test_it_goes_page_by_page(self, api: Client, desk: LocalCloud) -> None:
        refs = {opened(api, desk, priority="urgent") for _ in range(3)}
        found: list[str] = []
        cursor: str | None = None
        while cursor or not found:
            page = api.get("/v1/sla/at-risk?within=3600&limit=2" + (f"&cursor={cursor}" if cursor else "")).json
            found += [item["ref"] for item in page["items"]]
            cursor = page["next_cursor"]
        assert refs <= set(found)
        assert len(found) == len(set(found))

    @pytest.mark.parametrize("within", ["", "-1", "soon", "9999999", "٣"])
    def test_how_soon_is_a_number_of_seconds(self, api: Client, within: str) -> None:
        assert api.get("/v1/sla/at-risk", within=within).field == "within"


def test_webhooks_secrets_are_shown_to_who_may_change_settings(api: Client, desk: LocalCloud) -> None:
    (hook,) = api.get("/v1/sla/webhooks").json["items"]
    assert hook["url"] == "https://hooks.example.com/late"
    assert hook["secret"].startswith("whsec_")
    _, secret = desk.desk.api_keys.issue("reader", ("settings:read",), desk.clock.now())
    assert Client(secret).get("/v1/sla/webhooks").status == 403


def test_the_report_tells_kept_and_broken_promises_apart(api: Client, desk: LocalCloud) -> None:
    kept, broken = opened(api, desk, channel="chat"), opened(api, desk, channel="chat", tags=["gold"])
    api.post(f"/v1/tickets/{kept}/messages", {"kind": "reply", "text": "Hello"})
    desk.advance(2 * HOUR)
    api.post(f"/v1/tickets/{broken}/messages", {"kind": "reply", "text": "Sorry"})
    desk.settle()
    report = api.get("/v1/reports/sla", **{"from": "2026-11-23", "to": "2026-11-24"}).json
    (chat,) = [group for group in report["by_channel"] if group["value"] == "chat"]
    assert (chat["tickets"], chat["overall"]) == (2, {"met": 1, "breached": 1, "attainment": 0.5})
    (gold,) = [group for group in report["by_policy"] if group["value"] == "gold"]
    assert gold["by_metric"]["first_response"] == {"met": 0, "breached": 1, "attainment": 0}
    assert sum(group["tickets"] for group in report["by_hour_of_week"]) == report["everything"]["tickets"]
    assert report["by_hour_of_week"][0]["value"] == "mon 10"
