"""API keys: shown once, kept as a hash, bound to their scopes, gone when they are removed."""

import json

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client


def issue(api: Client, *scopes: str) -> dict[str, str]:
    reply = api.post("/v1/api-keys", {"name": "Shop", "scopes": list(scopes)})
    assert reply.status == 201
    found: dict[str, str] = reply.json
    return found


def test_a_secret_is_shown_once_and_kept_nowhere(api: Client, desk: LocalCloud) -> None:
    key = issue(api, "tickets:read")
    assert key["secret"].startswith("pd_")
    listed = api.get("/v1/api-keys")
    assert key["id"] in {one["id"] for one in listed.json["items"]}
    assert "secret" not in listed.body
    whole = json.dumps(desk.desk.table.client.scan(TableName=desk.desk.table.name)["Items"], default=str)
    assert key["secret"] not in whole


def test_a_key_opens_what_its_scopes_say_and_nothing_else(api: Client) -> None:
    reader = Client(issue(api, "tickets:read", "people:read")["secret"])
    assert reader.get("/v1/tickets").status == 200
    assert reader.get("/v1/agents").status == 200
    assert reader.get("/v1/settings").status == 403
    assert reader.post("/v1/tickets", {}).status == 403


def test_a_key_can_not_give_what_it_lacks(api: Client) -> None:
    issuer = Client(issue(api, "keys:write", "tickets:read")["secret"])
    assert issuer.post("/v1/api-keys", {"name": "Like me", "scopes": ["tickets:read"]}).status == 201
    more = issuer.post("/v1/api-keys", {"name": "More", "scopes": ["tickets:read", "settings:write"]})
    assert (more.status, more.field) == (403, "scopes")


def test_a_removed_key_is_a_strangers(api: Client) -> None:
    key = issue(api, "tickets:read")
    user = Client(key["secret"])
    assert user.get("/v1/tickets").status == 200
    removed = api.delete(f"/v1/api-keys/{key['id']}")
    assert (removed.status, removed.body) == (204, "")
    assert user.get("/v1/tickets").status == 401
    assert api.delete(f"/v1/api-keys/{key['id']}").status == 404


@pytest.mark.parametrize("key_id", ["", "a", "0123456789a", "0123456789ab0", "ABCDEFABCDEF", "%25%25%25%25"])
def test_only_a_whole_id_removes_a_key(api: Client, key_id: str) -> None:
    before = api.get("/v1/api-keys").json
    assert api.delete(f"/v1/api-keys/{key_id or '%20'}").status == 404
    assert api.get("/v1/api-keys").json == before


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"name": "Shop", "scopes": []}, "scopes"),
        ({"name": "Shop", "scopes": ["everything"]}, "scopes[0]"),
        ({"name": "Shop", "scopes": "tickets:read"}, "scopes"),
        ({"name": "", "scopes": ["tickets:read"]}, "name"),
        ({"scopes": ["tickets:read"]}, "name"),
        ({"name": "Shop"}, "scopes"),
        ({"name": "Shop", "scopes": ["tickets:read"], "secret": "mine"}, "secret"),
    ],
)
def test_a_key_that_cannot_be_is_refused(api: Client, body: object, place: str) -> None:
    reply = api.post("/v1/api-keys", body)
    assert (reply.status, reply.field) == (422, place)
