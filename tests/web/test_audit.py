"""The audit log by the API, and that nothing of the desk itself can be changed without it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client

ADMINISTERED = ("people", "templates", "api-keys")
CHANGES: list[tuple[str, str, Any]] = [
    ("PATCH", "/v1/settings", {"name": "Cups"}),
    ("POST", "/v1/agents", {"id": "zoe", "name": "Zoe", "email": "zoe@example.com"}),
    ("PATCH", "/v1/agents/zoe", {"capacity": 4}),
    ("POST", "/v1/teams", {"id": "night", "name": "Night"}),
    ("PATCH", "/v1/teams/night", {"name": "Nights"}),
    ("PUT", "/v1/templates/survey/en", {"subject": "How was it?", "text": "{{ survey.link }} {{ unsubscribe.link }}"}),
    ("DELETE", "/v1/templates/survey/en", None),
    ("PUT", "/v1/calendars/night", {"timezone": "UTC", "always_open": True}),
    ("DELETE", "/v1/calendars/night", None),
    ("PUT", "/v1/sla/policies", {"items": [{"id": "a", "name": "A", "targets": {}}]}),
    ("POST", "/v1/api-keys", {"name": "Shop", "scopes": ["tickets:read"]}),
]


@pytest.fixture
def unnoted(desk: LocalCloud) -> Iterator[list[str]]:
    """Every write of something administered that no entry of the log goes with."""
    found: list[str] = []

    def hear(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name == "TransactWriteItems":
            writes = [next(iter(one.values())) for one in params["TransactItems"]]
            if not any(_pk(write).startswith("audit#") for write in writes):
                found.extend(key for write in writes if (key := _administered(write)))
        elif model.name in ("PutItem", "UpdateItem", "DeleteItem") and (key := _administered(params)):
            # what an agent holds is work, not administration
            found.extend([] if "holding" in params.get("UpdateExpression", "") else [f"{model.name} {key}"])

    events = desk.desk.aws.client("dynamodb").meta.events
    events.register("provide-client-params.dynamodb", hear)
    yield found
    events.unregister("provide-client-params.dynamodb", hear)


def _pk(write: dict[str, Any]) -> str:
    found: str = (write.get("Item") or write["Key"])["pk"]["S"]
    return found


def _administered(write: dict[str, Any]) -> str:
    key = write.get("Item") or write["Key"]
    settings = (key["pk"]["S"], key["sk"]["S"]) == ("desk", "settings")
    return f"{key['pk']['S']} {key['sk']['S']}" if settings or key["pk"]["S"] in ADMINISTERED else ""


def newest(api: Client, **asked: str | int) -> list[Any]:
    found: list[Any] = api.get("/v1/audit", None, **asked).json["items"]
    return found


def test_nothing_of_the_desk_itself_is_written_without_an_entry(
    api: Client, desk: LocalCloud, unnoted: list[str]
) -> None:
    for method, path, body in CHANGES:
        desk.clock.move_by(timedelta(seconds=1))
        before = newest(api)[:1]
        reply = api.send(method, path, None) if body is None else getattr(api, method.lower())(path, body)
        assert reply.status in (200, 201, 204), (path, reply.body)
        assert newest(api)[:1] != before, f"{method} {path} left no entry"
    assert unnoted == []


def test_an_entry_says_who_when_what_and_from_what_to_what(api: Client, desk: LocalCloud) -> None:
    api.patch("/v1/settings", {"name": "Before"})
    desk.clock.move_by(timedelta(seconds=1))
    api.patch("/v1/settings", {"name": "After", "survey": {"low_rating": 1}})
    (entry,) = newest(api, limit=1)
    key = next(key for key in desk.desk.api_keys.every() if key.name == "local")
    assert (entry["by"], entry["kind"], entry["deed"]) == (f"key:{key.id}", "settings", "changed")
    assert {"field": "name", "before": "Before", "after": "After"} in entry["changes"]
    assert {"field": "survey.low_rating", "before": "2", "after": "1"} in entry["changes"]


def test_a_key_s_secret_never_gets_into_the_log(api: Client) -> None:
    secret = api.post("/v1/api-keys", {"name": "Quiet", "scopes": ["tickets:read"]}).json["secret"]
    assert secret not in api.get("/v1/audit").body


def test_a_revoked_key_s_name_stays_in_the_log(api: Client, desk: LocalCloud) -> None:
    key = api.post("/v1/api-keys", {"name": "Gone", "scopes": ["tickets:read"]}).json
    desk.clock.move_by(timedelta(seconds=1))
    api.delete(f"/v1/api-keys/{key['id']}")
    (entry,) = newest(api, limit=1)
    assert (entry["deed"], entry["subject"], entry["name"]) == ("removed", key["id"], "Gone")


def test_the_log_is_asked_by_area_by_whom_and_by_days_and_paged(api: Client, desk: LocalCloud) -> None:
    for number in range(5):
        desk.clock.move_by(timedelta(seconds=1))
        api.patch("/v1/settings", {"reopen_seconds": 1000 + number})
    page = api.get("/v1/audit", None, area="reopen_seconds", limit=2).json
    seen = list(page["items"])
    while page["next_cursor"]:
        page = api.get("/v1/audit", None, area="reopen_seconds", limit=2, cursor=page["next_cursor"]).json
        seen += page["items"]
    assert [entry["changes"][0]["after"] for entry in seen] == ["1004", "1003", "1002", "1001", "1000"]
    assert newest(api, area="reopen_seconds", by="agent:sam") == []
    tomorrow = (desk.clock.now() + timedelta(days=1)).date().isoformat()
    assert newest(api, **{"from": tomorrow, "to": "2030-01-01"}) == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"area": "nonsense"}, "area"),
        ({"from": "2026-12-01", "to": "2026-11-01"}, "from"),
        ({"from": "1900-01-01"}, "from"),
        ({"cursor": "eHl6"}, "cursor"),
        ({"by": ""}, "by"),
    ],
)
def test_what_can_t_be_asked_is_refused(api: Client, asked: dict[str, str], field: str) -> None:
    reply = api.get("/v1/audit", None, **asked)
    assert (reply.status, reply.field) == (422, field)
