"""A repeated request with an Idempotency-Key does nothing again (draft-ietf-httpapi-idempotency-key-header)."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, Reply, new_ref
from tests.web.conftest import SECRET

BODY = {"subject": "A lamp", "text": "It is dark.", "customer": {"email": "twice@customer.org"}}


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def tickets_of(api: Client, email: str) -> int:
    found = api.get("/v1/customers", email=email).json["items"]
    return len(api.get("/v1/tickets", customer=found[0]["id"]).json["items"]) if found else 0


def test_the_same_request_gets_the_same_answer_byte_for_byte_and_makes_one_ticket(
    api: Client, desk: LocalCloud
) -> None:
    body = {**BODY, "customer": {"email": "same@customer.org"}, "fields": {"ü": "灯", "b": "1", "a": "2"}}
    first = api.post("/v1/tickets", body, keyed("same"))
    desk.clock.move_by(timedelta(hours=23))
    api.patch(f"/v1/tickets/{first.json['ref']}", {"priority": "high"})
    again = api.post("/v1/tickets", body, keyed("same"))
    assert (again.status, again.body) == (201, first.body)
    assert (again.headers["Location"], again.etag) == (first.headers["Location"], first.etag)
    assert tickets_of(api, "same@customer.org") == 1


def test_the_key_with_another_body_is_refused_and_does_nothing(api: Client) -> None:
    api.post("/v1/tickets", BODY, keyed("other"))
    reply = api.post("/v1/tickets", {**BODY, "text": "Dark still."}, keyed("other"))
    assert (reply.status, reply.field) == (422, "Idempotency-Key")


def test_without_a_key_two_requests_are_two(api: Client) -> None:
    for _ in range(2):
        api.post("/v1/tickets", {**BODY, "customer": {"email": "two@customer.org"}})
    assert tickets_of(api, "two@customer.org") == 2


def test_each_client_and_each_address_has_keys_of_its_own(api: Client, desk: LocalCloud) -> None:
    desk.issue_key("pd_another")
    refs = [client.post("/v1/tickets", BODY, keyed("mine")).json["ref"] for client in (api, Client("pd_another"))]
    said = [api.post(f"/v1/tickets/{ref}/messages", {"kind": "note", "text": "Hm"}, keyed("mine")) for ref in refs]
    assert len(set(refs)) == len({reply.json["id"] for reply in said}) == 2


def test_a_refused_request_may_be_mended_under_its_key(api: Client) -> None:
    assert api.post("/v1/tickets", {**BODY, "subject": ""}, keyed("mended")).status == 422
    assert api.post("/v1/tickets", BODY, keyed("mended")).status == 201


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_1_to_255_characters(api: Client, key: str) -> None:
    reply = api.post("/v1/tickets", BODY, keyed(key))
    assert (reply.status, reply.field) == (422, "Idempotency-Key")


@pytest.mark.parametrize("key", ["x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "ключ", "a b:c#d"])
def test_a_key_may_be_anything_else(api: Client, key: str) -> None:
    first, again = (api.post("/v1/tickets", BODY, keyed(key)) for _ in range(2))
    assert (first.status, first.body) == (201, again.body)


def test_a_request_that_is_being_worked_on_is_put_off(
    api: Client, desk: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile: list[Reply] = []
    meet = desk.desk.customers.meet

    def slowly(*about: object) -> object:
        monkeypatch.undo()
        meanwhile.append(api.post("/v1/tickets", BODY, keyed("slow")))
        return meet(*about)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.desk.customers, "meet", slowly)
    assert api.post("/v1/tickets", BODY, keyed("slow")).status == 201
    assert meanwhile[0].status == 409
    assert "Retry-After" in meanwhile[0].headers


def forgotten(desk: LocalCloud) -> None:
    """Let a day pass for the table's time to live."""
    table = desk.desk.table
    for item in table.client.scan(TableName=table.name)["Items"]:
        if item["pk"]["S"].startswith("once#"):
            table.delete(item["pk"]["S"], item["sk"]["S"])


@pytest.mark.parametrize("change", [lambda body: body, lambda body: {**body, "text": "Something else entirely."}])
def test_once_its_answer_is_forgotten_a_key_repeats_nothing_and_loses_nothing(
    api: Client, desk: LocalCloud, change: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    body: dict[str, object] = {**BODY, "customer": {"email": "old@customer.org"}}
    first = api.post("/v1/tickets", body, keyed("old"))
    forgotten(desk)
    again = api.post("/v1/tickets", change(body), keyed("old"))
    assert (again.json["ref"] == first.json["ref"]) == (change(body) == body)


def test_a_forgotten_message_is_still_the_same(api: Client, desk: LocalCloud) -> None:
    path = f"/v1/tickets/{new_ref(api)}/messages"
    first = api.post(path, {"kind": "reply", "text": "Hm"}, keyed("said"))
    forgotten(desk)
    desk.clock.move_by(timedelta(minutes=5))
    assert api.post(path, {"kind": "reply", "text": "Hm"}, keyed("said")).body == first.body
    assert len(api.get(path).json["items"]) == 2


def test_an_answer_too_long_to_be_remembered_is_given_again_all_the_same(api: Client) -> None:
    path = f"/v1/tickets/{new_ref(api)}/messages"
    first, again = (api.post(path, {"kind": "note", "text": "灯" * 100_000}, keyed("long")) for _ in range(2))
    assert first.status == 201, first.body
    assert (again.status, again.body) == (201, first.body)
    assert len(api.get(path).json["items"]) == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/agents", {"name": "Kim", "email": "kim@example.com"}),
        ("/v1/teams", {"id": "sales", "name": "Sales"}),
    ],
)
def test_people_too_are_taken_in_once(api: Client, path: str, body: dict[str, str]) -> None:
    first, again = (api.post(path, body, keyed("people")) for _ in range(2))
    assert (first.status, again.status, first.body) == (201, 201, again.body)
    taken = api.post(path, body)
    assert (taken.status, taken.field) == (409, "id")


def test_a_keys_secret_is_never_remembered(api: Client, desk: LocalCloud) -> None:
    body = {"name": "twice", "scopes": ["tickets:read"]}
    secrets = {api.post("/v1/api-keys", body, keyed("secret")).json["secret"] for _ in range(2)}
    assert len(secrets) == 2
    whole = json.dumps(desk.desk.table.client.scan(TableName=desk.desk.table.name)["Items"], default=str)
    assert not any(secret in whole for secret in (*secrets, SECRET))
