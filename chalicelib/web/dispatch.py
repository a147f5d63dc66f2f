"""From a framework's request to an answer: who asks, may they, has it been asked before, and what if it fails."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import unquote

from chalicelib import telemetry
from chalicelib.domain.api_key import ApiKey
from chalicelib.domain.errors import Conflict, Forbidden, InvalidInput, SignInNeeded, StaleVersion, Unauthenticated
from chalicelib.domain.network import network_of
from chalicelib.web import problems
from chalicelib.web.call import Answer, Call, WebDesk
from chalicelib.web.headers import API_HEADERS, COMMON

IDEMPOTENCY_KEY_LIMIT = 255
RECORD_LIMIT = 300_000
"""Bytes of an answer that is remembered under an Idempotency-Key; DynamoDB's items end at 400 kB."""

Handler = Callable[[Call], Answer]
PROBLEM_JSON = {"Content-Type": "application/problem+json"}


class Routed(Protocol):
    """What dispatch needs to know of a route."""

    @property
    def path(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def query(self) -> tuple[str, ...]: ...
    @property
    def creates(self) -> bool: ...
    @property
    def page(self) -> bool: ...
    @property
    def role(self) -> str: ...


def respond(
    route: Any,
    handler_of: Callable[[Any], Handler],
    desk: WebDesk,
    request: Any,
    path: Mapping[str, str],
    context: Any,
) -> Answer:
    """Give the finished answer to a request: never an exception, its body ready to be sent."""
    call = Call(
        desk=desk,
        method=request.method,
        path={name: unquote(value) for name, value in path.items()},
        query=_query(request),
        headers={name.lower(): value for name, value in (request.headers or {}).items()},
        body=_body(request),
        context=context,
        address=(address := request.context.get("path") or "/"),
        root=root_of(address, route.path),
        network=network_of((request.context.get("identity") or {}).get("sourceIp") or ""),
    )
    if "ref" in path:
        telemetry.logger().append_keys(ticket=call.path["ref"][:20])
    answer = _or_else(
        lambda: _answered(route, handler_of(route), call),
        lambda error: _or_else(lambda: _failed(route, call, error), _at_least),
    )
    ready = replace(answer, headers={**COMMON, **answer.headers}) if answer.html else _as_json(answer)
    return replace(ready, body="") if call.method == "HEAD" else ready


def root_of(address: str, path: str) -> str:
    """Give what stands before a route's path in an address: the API's stage, where there is one.

    An address with its last slash, or that of the front page without it, has the same root.
    """
    parts, own = address.rstrip("/").split("/"), [part for part in path.split("/") if part]
    return "/".join(parts[: max(1, len(parts) - len(own))])


def _or_else(do: Callable[[], Answer], otherwise: Callable[[Exception], Answer]) -> Answer:
    try:
        return do()
    except Exception as error:  # noqa: BLE001 - the one place where anything that failed becomes an answer
        return otherwise(error)


def _query(request: Any) -> dict[str, str]:
    found = request.query_params
    return {} if found is None else {name: found[name] for name in found}


def _body(request: Any) -> bytes:
    try:
        return request.raw_body or b""
    except ValueError:
        # neither Base64 nor text: a byte that is no UTF-8 either is refused wherever a body is read
        return b"\xff"


def _answered(route: Routed, handler: Handler, call: Call) -> Answer:
    if route.role:
        from chalicelib.web.console.session import admitted

        return _done(handler, admitted(call, route.role))
    if not route.scope:
        return handler(call)
    key = authenticated(call)
    if route.scope not in key.scopes:
        raise Forbidden(f"the key lacks the scope {route.scope}", "Authorization")
    _refuse_unknown_parameters(route, call)
    known = replace(call, key=key)
    chosen = call.headers.get("idempotency-key")
    if not route.creates or chosen is None:
        return _done(handler, known)
    return _once(lambda once: _done(handler, once), known, chosen, route.path)


def _done(handler: Handler, call: Call) -> Answer:
    with call.desk.acting(call.by):
        return handler(call)


def authenticated(call: Call) -> ApiKey:
    """Give the API key that a request bears (RFC 6750, 2.1). Raises Unauthenticated."""
    scheme, _, secret = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("send an API key as `Authorization: Bearer <key>`", "Authorization")
    key = call.desk.api_keys.find(secret.strip())
    if key is None:
        raise Unauthenticated("the desk doesn't know this key", "Authorization")
    return key


def _refuse_unknown_parameters(route: Routed, call: Call) -> None:
    known = {name for each in route.query for name in (each, f"{each}_id")}
    for name in call.query:
        if name not in known:
            allowed = f"it knows {', '.join(route.query)}" if route.query else "it knows none"
            raise InvalidInput(f"is not a parameter of this address; {allowed}", name[:100])


def _once(handler: Handler, call: Call, chosen: str, path: str) -> Answer:
    if not 1 <= len(chosen) <= IDEMPOTENCY_KEY_LIMIT:
        raise InvalidInput(f"must have 1 to {IDEMPOTENCY_KEY_LIMIT} characters", "Idempotency-Key")

    fresh: list[Answer] = []

    def do() -> dict[str, Any]:
        answer = handler(call)
        fresh.append(answer)
        text = _text(answer.body)
        if len(json.dumps(text)) > RECORD_LIMIT:
            # too long to be remembered: what was created follows from the key, so doing it again gives the same
            return {"again": True}
        # as text, since what is remembered is kept with its names sorted
        return {"text": text, "status": answer.status, "headers": dict(answer.headers)}

    payload = {"path": dict(call.path), "body": call.body.decode("utf-8", "replace")}
    kept = call.desk.once.answer(f"{call.by}:{path}:{sorted(call.path.items())}:{chosen}", payload, do, call.context)
    if fresh:
        return fresh[0]
    return handler(call) if "again" in kept else Answer(json.loads(kept["text"]), kept["status"], kept["headers"])


def _failed(route: Routed, call: Call, error: Exception) -> Answer:
    if isinstance(error, StaleVersion):
        error = _blamed(error, call)
    status, kind = problems.status_of(error)
    if status >= 500:
        telemetry.logger().exception("a request failed", extra={"kind": kind, "route": route.path})
        telemetry.measure("RequestFailed")
    if isinstance(error, SignInNeeded):
        from chalicelib.web.console.sign_in import to_sign_in

        return to_sign_in(call)
    if route.role:
        from chalicelib.web.console.problem import problem_page as console_problem_page

        return console_problem_page(call, error, status)
    if route.page:
        from chalicelib.web.pages.problem import problem_page

        return problem_page(call, error, status)
    return Answer(problems.problem(error), status, {**PROBLEM_JSON, **problems.extra_headers(error)})


def _blamed(error: StaleVersion, call: Call) -> Conflict:
    """A lost race is a failed precondition only where the client set one (RFC 9110, 15.5.13); else it is a conflict."""
    conditional = call.headers.get("if-match", "*").strip() != "*"
    return StaleVersion(error.message, "If-Match") if conditional else Conflict(error.message)


def _at_least(error: Exception) -> Answer:
    """The answer when even saying what failed has failed."""
    telemetry.logger().error("an error could not be shown", extra={"kind": type(error).__name__})
    return Answer(problems.refusal(500), 500, PROBLEM_JSON)


def refusal(status: int, headers: Mapping[str, Any]) -> Answer:
    """Give, as problem details, what the framework refused before any handler saw it."""
    return _as_json(Answer(problems.refusal(status), status, {**headers, **PROBLEM_JSON}))


def _as_json(answer: Answer) -> Answer:
    body = "" if answer.body is None else _text(answer.body)
    return replace(answer, body=body, headers={**API_HEADERS, **answer.headers})


def _text(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
