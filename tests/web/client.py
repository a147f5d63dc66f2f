"""A client of the desk's web side: events as API Gateway makes them, into the real Chalice app.

Every answer of the API is held to the API's own description, whatever a test is about.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode

from chalice.local import RouteMatcher
from jsonschema import Draft202012Validator, FormatChecker

import app as chalice_app
from chalicelib.web.api.description import description
from infra.local.lambda_events import LocalContext

Json = Any
MATCHER = RouteMatcher(list(chalice_app.app.routes))


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Json:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def field(self) -> str:
        """The field that a refusal blames."""
        return str(self.json.get("field", ""))

    @property
    def etag(self) -> str:
        """The version, as a precondition names it."""
        return self.headers["ETag"]


class Client:
    """Asks with one API key, or with none, as somebody who reaches the desk under a stage's path would."""

    def __init__(self, secret: str = "", stage: str = "") -> None:
        self.secret = secret
        self.stage = stage

    def get(self, path: str, headers: Mapping[str, str] | None = None, /, **query: str | int) -> Reply:
        """GET, with these query parameters."""
        return self.send("GET", path + (f"?{urlencode(query)}" if query else ""), headers=headers)

    def post(self, path: str, body: Json = None, headers: Mapping[str, str] | None = None) -> Reply:
        """POST a JSON body."""
        return self.send("POST", path, _json(body), {"Content-Type": "application/json", **(headers or {})})

    def put(self, path: str, body: Json, headers: Mapping[str, str] | None = None) -> Reply:
        """PUT a JSON body."""
        return self.send("PUT", path, _json(body), {"Content-Type": "application/json", **(headers or {})})

    def patch(self, path: str, body: Json, headers: Mapping[str, str] | None = None) -> Reply:
        """PATCH with a JSON body."""
        return self.send("PATCH", path, _json(body), {"Content-Type": "application/json", **(headers or {})})

    def delete(self, path: str) -> Reply:
        """DELETE."""
        return self.send("DELETE", path)

    def form(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Reply:
        """POST a form as a browser does."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(fields).encode(), {**kind, **(headers or {})})

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send anything at all."""
        key = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return self.hand_over(self.event(method, path, body, {**key, **(headers or {})}))

    def hand_over(self, event: Mapping[str, Any]) -> Reply:
        """Hand an event to the app, and hold what comes back to the description."""
        answer = chalice_app.app(dict(event), LocalContext("api_handler"))
        reply = Reply(answer["statusCode"], answer["headers"], answer["body"])
        _hold_to_description(event["httpMethod"], event["resource"], reply)
        return reply

    def event(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> dict[str, Any]:
        """What API Gateway hands to a function (AWS: "Input format of a Lambda function for proxy integration")."""
        address, _, query = path.partition("?")
        match = MATCHER.match_route(address)
        text, encoded = _as_gateway_sends(body)
        return {
            "resource": match.route,
            "path": address,
            "httpMethod": method,
            "headers": dict(headers),
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "multiValueQueryStringParameters": parse_qs(query, keep_blank_values=True) or None,
            "pathParameters": match.captured or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": match.route,
                "httpMethod": method,
                "path": f"{self.stage}{address}",
                "identity": {"sourceIp": "127.0.0.1"},
            },
            "body": text,
            "isBase64Encoded": encoded,
        }


def new_ticket(api: Client, /, **more: object) -> Reply:
    """Open a ticket with what matters to a test, the rest made up."""
    body = {"subject": "A lamp", "text": "It is dark.", "customer": {"email": "jo@customer.org", "name": "Jo"}, **more}
    return api.post("/v1/tickets", body)


def new_ref(api: Client, /, **more: object) -> str:
    """Open a ticket, and give its reference."""
    reply = new_ticket(api, **more)
    assert reply.status == 201, reply.body
    return str(reply.json["ref"])


def _json(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _as_gateway_sends(body: bytes | None) -> tuple[str | None, bool]:
    if body is None:
        return None, False
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return b64encode(body).decode(), True


def _hold_to_description(method: str, route: str, reply: Reply) -> None:
    operation = described()["paths"].get(route, {}).get(method.lower())
    if operation is None:
        return
    known = operation["responses"]
    foreseen = reply.status < 500 or reply.status == 503
    assert str(reply.status) in known or not foreseen, f"{method} {route} doesn't describe {reply.status}: {reply.body}"
    content = known[str(reply.status) if foreseen else "default"].get("content")
    if content is None:
        assert reply.body == ""
        return
    kind = reply.headers["Content-Type"]
    _validator(json.dumps(content[kind]["schema"])).validate(reply.json)


@cache
def described() -> dict[str, Any]:
    """The API's description."""
    return description("https://desk.example")


@cache
def _validator(schema: str) -> Draft202012Validator:
    whole = {**json.loads(schema), "components": described()["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())
