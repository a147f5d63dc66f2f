"""From a framework's request to an answer: who asks, may they, has it been asked before, and what if it fails."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import unquote

from chalicelib import telemetry
from chalicelib.domain.api_key import ApiKey
from chalicelib.domain.errors import Forbidden, InvalidInput, Unauthenticated
from chalicelib.web import problems
from chalicelib.web.call import Answer, Call, WebDesk
from chalicelib.web.headers import API_HEADERS

IDEMPOTENCY_KEY_LIMIT = 255
Handler = Callable[[Call], Answer]


class Routed(Protocol):
    """What dispatch needs to know of a route."""

    @property
    def path(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def creates(self) -> bool: ...
    @property
    def page(self) -> bool: ...


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
        body=request.raw_body or b"",
        context=context,
    )
    if "ref" in path:
        telemetry.logger().append_keys(ticket=call.path["ref"][:20])
    try:
        answer = _answered(route, handler_of(route), call)
    except Exception as error:  # noqa: BLE001 - the one place where anything that failed becomes an answer
        answer = _failed(route, call, error)
    return answer if answer.html else _as_json(answer)


def _query(request: Any) -> dict[str, str]:
    found = request.query_params
    return {} if found is None else {name: found[name] for name in found}


def _answered(route: Routed, handler: Handler, call: Call) -> Answer:
    if not route.scope:
        return handler(call)
    key = authenticated(call)
    if route.scope not in key.scopes:
        raise Forbidden(f"the key lacks the scope {route.scope}", "Authorization")
    known = replace(call, key=key)
    chosen = call.headers.get("idempotency-key")
    if not route.creates or chosen is None:
        return handler(known)
    return _once(handler, known, chosen, route.path)


def authenticated(call: Call) -> ApiKey:
    """Give the API key that a request bears (RFC 6750, 2.1). Raises Unauthenticated."""
    scheme, _, secret = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("send an API key as `Authorization: Bearer <key>`", "Authorization")
    key = call.desk.api_keys.find(secret.strip())
    if key is None:
        raise Unauthenticated("the desk doesn't know this key", "Authorization")
    return key


def _once(handler: Handler, call: Call, chosen: str, path: str) -> Answer:
    if not 1 <= len(chosen) <= IDEMPOTENCY_KEY_LIMIT:
        raise InvalidInput(f"must have 1 to {IDEMPOTENCY_KEY_LIMIT} characters", "Idempotency-Key")

    def do() -> dict[str, Any]:
        answer = handler(call)
        return {"body": answer.body, "status": answer.status, "headers": dict(answer.headers)}

    payload = {"path": dict(call.path), "body": call.body.decode("utf-8", "replace")}
    kept = call.desk.once.answer(f"{call.by}:{path}:{sorted(call.path.items())}:{chosen}", payload, do, call.context)
    return Answer(kept["body"], kept["status"], kept["headers"])


def _failed(route: Routed, call: Call, error: Exception) -> Answer:
    status, kind = problems.status_of(error)
    if status >= 500:
        telemetry.logger().exception("a request failed", extra={"kind": kind, "route": route.path})
        telemetry.measure("RequestFailed")
    if route.page:
        from chalicelib.web.pages.problem import problem_page

        return problem_page(call, error, status)
    return Answer(
        problems.problem(error), status, {"Content-Type": "application/problem+json", **problems.extra_headers(error)}
    )


def _as_json(answer: Answer) -> Answer:
    body = "" if answer.body is None else json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    return replace(answer, body=body, headers={**API_HEADERS, **answer.headers})
