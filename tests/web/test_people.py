"""Customers, agents and teams through the API."""

import pytest

from infra.local.cloud import LocalCloud
from tests.usecases.fake_accounts import FakeAccounts
from tests.web.client import Client, new_ticket


def test_a_customer_is_found_by_address_in_any_case(api: Client) -> None:
    ticket = new_ticket(api, customer={"email": "Zoe@Customer.org", "name": "Zoë"}).json
    [found] = api.get("/v1/customers", email=" zOE@customer.ORG ").json["items"]
    assert (found["id"], found["name"], found["email"]) == (ticket["customer_id"], "Zoë", "zoe@customer.org")


@pytest.mark.parametrize("email", ["", "zoë", "@", "a b@c.org"])
def test_to_find_a_customer_takes_an_address(api: Client, email: str) -> None:
    reply = api.get("/v1/customers", email=email)
    assert (reply.status, reply.field) == (422, "email")


def test_nobody_is_found_by_an_address_that_never_wrote(api: Client) -> None:
    assert api.get("/v1/customers", email="never@customer.org").json["items"] == []


def test_a_customer_is_changed_by_who_saw_the_latest(api: Client) -> None:
    path = f"/v1/customers/{new_ticket(api).json['customer_id']}"
    seen = api.get(path)
    change = {"name": "Jo Ann", "tier": "gold", "language": "zh", "tags": ["vip", "灯"]}
    changed = api.patch(path, change, {"If-Match": seen.etag})
    assert changed.status == 200
    assert {name: changed.json[name] for name in change} == change
    assert api.get(path).json == changed.json
    refused = api.patch(path, {"tier": ""}, {"If-Match": seen.etag})
    assert (refused.status, refused.field) == (412, "If-Match")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 101),
        ("name", "a\nb"),
        ("tier", 1),
        ("language", "german"),
        ("tags", ["x"] * 31),
        ("email", "a@b.org"),
    ],
)
def test_a_customer_holds_only_what_it_can(api: Client, field: str, value: object) -> None:
    reply = api.patch(f"/v1/customers/{new_ticket(api).json['customer_id']}", {field: value})
    assert (reply.status, reply.field) == (422, field)


def test_an_agent_is_taken_in_read_and_changed(api: Client) -> None:
    new = {
        "name": "Mei",
        "email": "Mei.Li@Example.com",
        "role": "lead",
        "team_ids": ["support"],
        "skills": ["billing"],
        "languages": ["zh", "en"],
        "available": False,
        "capacity": 0,
    }
    added = api.post("/v1/agents", new)
    assert added.status == 201
    assert added.headers["Location"] == "/v1/agents/mei-li"
    assert {name: added.json[name] for name in new} == {**new, "email": "mei.li@example.com"}
    assert added.json in api.get("/v1/agents").json["items"]
    change = {"available": True, "capacity": 3, "role": "agent"}
    changed = api.patch("/v1/agents/mei-li", change, {"If-Match": added.etag})
    assert (changed.json["available"], changed.json["capacity"], changed.json["role"]) == (True, 3, "agent")
    assert changed.json["skills"] == ["billing"]
    assert api.patch("/v1/agents/mei-li", {"active": False}, {"If-Match": added.etag}).status == 412
    assert api.get("/v1/agents/mei-li").json == changed.json


def test_who_is_taken_in_is_invited_to_sign_in_and_once_more_on_request(
    api: Client, desk: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = FakeAccounts()
    monkeypatch.setitem(vars(desk.desk), "accounts", accounts)
    api.post("/v1/agents", {"name": "Noor", "email": "noor@example.com"})
    assert accounts.invited == ["noor@example.com"]
    assert api.post("/v1/agents/noor/invitation", {}).status == 204
    assert accounts.invited == ["noor@example.com"] * 2
    assert api.post("/v1/agents/nobody/invitation", {}).status == 404


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("id", "Mei", "id"),
        ("id", "../x", "id"),
        ("id", "", "id"),
        ("name", "  ", "name"),
        ("email", "mei", "email"),
        ("role", "owner", "role"),
        ("team_ids", ["nowhere"], "team_ids"),
        ("team_ids", "support", "team_ids"),
        ("languages", ["french"], "languages[0]"),
        ("available", "yes", "available"),
        ("available", 1, "available"),
        ("capacity", "10", "capacity"),
        ("capacity", 1.5, "capacity"),
        ("capacity", True, "capacity"),
        ("capacity", -1, "capacity"),
        ("capacity", 10**30, "capacity"),
    ],
)
def test_an_agent_holds_only_what_it_can(api: Client, field: str, value: object, place: str) -> None:
    new = {"id": "kim", "name": "Kim", "email": "kim@example.com", field: value}
    for reply in (api.post("/v1/agents", new), api.patch("/v1/agents/sam", {field: value})):
        assert (reply.status, reply.field) == (422, place)
    assert api.get("/v1/agents/kim").status == 404


def test_an_agent_who_left_answers_no_more(api: Client) -> None:
    api.post("/v1/agents", {"id": "gone", "name": "Gone", "email": "gone@example.com"})
    api.patch("/v1/agents/gone", {"active": False})
    assert new_ticket(api, assignee_id="gone").field == "assignee_id"


def test_a_team_is_founded_read_and_changed(api: Client) -> None:
    added = api.post("/v1/teams", {"id": "sales", "name": "Sales", "lead_ids": ["lin"]})
    assert (added.status, added.headers["Location"]) == (201, "/v1/teams/sales")
    assert added.json in api.get("/v1/teams").json["items"]
    changed = api.patch("/v1/teams/sales", {"name": "销售", "lead_ids": ["lin", "ada"]}, {"If-Match": added.etag})
    assert (changed.json["name"], changed.json["lead_ids"]) == ("销售", ["lin", "ada"])
    assert api.get("/v1/teams/sales").json == changed.json
    assert api.patch("/v1/teams/sales", {"name": "Old"}, {"If-Match": added.etag}).status == 412


@pytest.mark.parametrize(("field", "value"), [("lead_ids", ["nobody"]), ("name", ""), ("name", "x" * 101)])
def test_a_team_holds_only_what_it_can(api: Client, field: str, value: object) -> None:
    for reply in (
        api.post("/v1/teams", {"id": "new", "name": "New", field: value}),
        api.patch("/v1/teams/support", {field: value}),
    ):
        assert (reply.status, reply.field) == (422, field)


@pytest.mark.parametrize("path", ["/v1/agents", "/v1/teams"])
def test_a_name_is_given_once(api: Client, path: str) -> None:
    new = {"id": "twin", "name": "Twin"} | ({"email": "twin@example.com"} if "agents" in path else {})
    assert api.post(path, new).status == 201
    assert (api.post(path, new).status, api.post(path, new).field) == (409, "id")
