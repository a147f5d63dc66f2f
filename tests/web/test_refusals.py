"""Every way in which a request can be wrong has its own answer: a 4xx in problem details (RFC 9457), never a 500."""

import json

import pytest

from chalicelib.domain.api_key import SCOPES
from chalicelib.web.call import BODY_LIMIT
from chalicelib.web.route import Route
from chalicelib.web.routes import ROUTES
from infra.local.cloud import LocalCloud
from tests.web.client import Client, Reply, new_ref

JSON = {"Content-Type": "application/json"}
API = [route for route in ROUTES if not route.page]
GUARDED = [route for route in API if route.scope]
TAKING = [route for route in API if route.takes]


IDS = ("customer_id", "agent_id", "team_id", "key_id", "calendar_id", "note_id")


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def address_of(route: Route) -> str:
    """The address of something that doesn't exist."""
    for name in ("ref", "message_id", "follow_up", "email", *IDS):
        route_path = route.path.replace(f"{{{name}}}", "7K3F-92QX" if name == "ref" else "none")
        route = Route(route.method, route_path, route.handler, route.summary)
    return route.path


def refused(reply: Reply, status: int, kind: str) -> bool:
    assert reply.status == status, reply.body
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = reply.json
    assert problem["type"] == f"urn:pennydesk:problem:{kind}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return True


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_without_a_key_nothing_is_told(stranger: Client, route: Route) -> None:
    reply = stranger.send(route.method, address_of(route), b"{}", JSON)
    assert refused(reply, 401, "unauthenticated")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("secret", ["pd_unknown", "x" * 5000, "schlüssel", "a b"])
def test_an_unknown_key_is_refused(desk: LocalCloud, secret: str) -> None:
    assert refused(Client(secret).get("/v1/tickets"), 401, "unauthenticated")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic am86am8=", "pd_test_all_scopes"])
def test_a_key_that_is_not_borne_is_refused(stranger: Client, header: str) -> None:
    assert refused(stranger.get("/v1/tickets", {"Authorization": header}), 401, "unauthenticated")


def test_the_scheme_is_read_in_any_case(stranger: Client) -> None:
    assert stranger.get("/v1/agents", {"authorization": "bearer pd_test_all_scopes"}).status == 200


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_a_key_without_the_scope_is_refused_before_anything_is_read(desk: LocalCloud, route: Route) -> None:
    others = [scope for scope in SCOPES if scope != route.scope]
    secret = f"pd_all_but_{route.scope}"
    if desk.desk.api_keys.find(secret) is None:
        desk.issue_key(secret, others)
    reply = Client(secret).send(route.method, address_of(route), b"not JSON", JSON)
    assert refused(reply, 403, "forbidden")
    assert route.scope in reply.json["detail"]


@pytest.mark.parametrize("route", TAKING, ids=named)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": "ä"}'.encode("utf-16"),
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": "\\udc00\\ud800"}',
        b'{"a": "\x01"}',
        b"[" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_json_is_refused(api: Client, route: Route, body: bytes) -> None:
    assert refused(api.send(route.method, address_of(route), body, JSON), 400, "malformed-request")


@pytest.mark.parametrize("route", TAKING, ids=named)
@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"1", b"1e400", b"-0.0", b"true"])
def test_a_body_that_is_no_object_is_refused(api: Client, route: Route, body: bytes) -> None:
    reply = api.send(route.method, address_of(route), body, JSON)
    assert refused(reply, 422, "invalid-input")
    assert reply.field == "body"


@pytest.mark.parametrize("route", TAKING, ids=named)
def test_an_unknown_field_is_named(api: Client, route: Route) -> None:
    reply = api.send(route.method, address_of(route), b'{"colour": "red"}', JSON)
    assert refused(reply, 422, "invalid-input")
    assert "colour" in {one["field"].rpartition(".")[2] for one in reply.json["errors"]}


@pytest.mark.parametrize("route", TAKING, ids=named)
def test_the_character_nul_is_refused_and_its_place_named(api: Client, route: Route) -> None:
    reply = api.send(route.method, address_of(route), b'{"name": {"deep": ["fine", "a\\u0000b"]}}', JSON)
    assert refused(reply, 422, "invalid-input")
    assert reply.field == "name.deep[1]"


@pytest.mark.parametrize("route", TAKING, ids=named)
@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_another_content_type_is_refused(api: Client, route: Route, kind: str) -> None:
    reply = api.send(route.method, address_of(route), b"{}", {"Content-Type": kind})
    assert refused(reply, 415, "unsupported-media-type")
    assert reply.field == "Content-Type"


def test_a_content_type_may_name_its_charset(api: Client) -> None:
    reply = api.send("POST", "/v1/tickets", b"{}", {"content-type": "Application/JSON; charset=utf-8"})
    assert reply.status == 422


@pytest.mark.parametrize("route", TAKING, ids=named)
def test_a_body_that_is_too_large_is_refused_with_the_limit(api: Client, route: Route) -> None:
    body = json.dumps({"text": "x" * BODY_LIMIT}).encode()
    reply = api.send(route.method, address_of(route), body, JSON)
    assert refused(reply, 413, "too-large")
    assert f"{BODY_LIMIT:,}" in reply.json["detail"]


BODIES = {
    "NewMessage": {"kind": "note", "text": "Hm"},
    "TicketChange": {"priority": "low"},
    "Merge": {"into": "7K3F-92QX"},
    "Split": {},
    "NewLink": {"ticket": "7K3F-92QX"},
    "Snooze": {"until": "2026-11-24T09:00:00Z"},
    "NewFollowUp": {"reason": "Call back"},
    "CustomerChange": {"name": "Jo"},
    "CustomerMerge": {"other": "jo@work.example"},
    "CustomerSeparation": {"part": "c0123456789"},
    "NewCustomerNote": {"text": "Hm"},
    "AgentChange": {"name": "Jo"},
    "TeamChange": {"name": "Us"},
    "TemplateChange": {"subject": "A", "text": "B"},
    "TemplateDraft": {},
    "PublicHolidays": {"country": "DE"},
    "CalendarFile": {"ical": "BEGIN:VCALENDAR"},
}
MAKING = "PUT /v1/calendars/{calendar_id}"
"""The one address that makes what does not exist."""

NAMING = [route for route in API if "{" in route.path and named(route) != MAKING]


@pytest.mark.parametrize("route", NAMING, ids=named)
def test_what_does_not_exist_is_not_found(api: Client, route: Route) -> None:
    body = json.dumps(BODIES[route.takes]).encode() if route.takes else None
    assert refused(api.send(route.method, address_of(route), body, JSON), 404, "not-found")


@pytest.mark.parametrize("route", NAMING, ids=named)
@pytest.mark.parametrize(
    "name",
    ["x", "%00", "%2F..%2F", "%FF%FE", "%ED%A0%80", "x" * 3000, "%E7%81%AF" * 700, "7K3F-92QU", "%25", "{ref}"],
)
def test_a_name_that_can_be_nobodys_is_not_found(api: Client, route: Route, name: str) -> None:
    path = route.path
    for parameter in ("ref", "message_id", "follow_up", "email", *IDS):
        path = path.replace(f"{{{parameter}}}", name)
    body = json.dumps(BODIES[route.takes]).encode() if route.takes else None
    assert refused(api.send(route.method, path, body, JSON), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/v1/tickets"), ("PUT", "/v1/settings"), ("HEAD", "/v1/health"), ("PATCH", "/help")]
)
def test_a_method_that_an_address_lacks_is_refused_with_those_it_has(api: Client, method: str, path: str) -> None:
    reply = api.send(method, path)
    assert refused(reply, 405, "method-not-allowed")
    has = {name for route in ROUTES if route.path == path for name in [route.method]}
    assert has <= set(reply.headers["Allow"].split(", "))
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/v1/tickets?stauts=open", "/v1/agents?limit=5", "/v1/tickets/7K3F-92QX?fields=ref"])
def test_a_parameter_that_an_address_does_not_know_is_named(api: Client, path: str) -> None:
    reply = api.get(path)
    assert refused(reply, 422, "invalid-input")
    assert reply.field == path.partition("?")[2].partition("=")[0]


def test_a_probe_may_add_what_it_likes_to_the_address_of_health(stranger: Client) -> None:
    assert stranger.get("/v1/health", _=1).json["status"] == "ok"


def test_a_body_that_is_not_the_base64_it_claims_to_be_is_refused(api: Client) -> None:
    event = api.event("POST", "/v1/tickets", b"\xff", {"Authorization": f"Bearer {api.secret}", **JSON})
    assert refused(api.hand_over({**event, "body": "%%%"}), 400, "malformed-request")


def test_an_unforeseen_failure_tells_nothing_of_itself(
    api: Client, desk: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(ref: str) -> None:
        raise RuntimeError("secret innards")

    monkeypatch.setattr(desk.desk.tickets, "get", fail)
    reply = api.get(f"/v1/tickets/{new_ref(api)}")
    assert refused(reply, 500, "internal")
    assert "innards" not in reply.body
