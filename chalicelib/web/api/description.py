"""The API's description as OpenAPI 3.1, made from the table of routes and the pydantic models."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from chalicelib import __version__
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.mailbox import LONGEST
from chalicelib.domain.ticket import Priority, Status
from chalicelib.usecases.list_at_risk import LONGEST_SECONDS
from chalicelib.web.api.calendar_models import FILE_NAME
from chalicelib.web.api.models import model_named
from chalicelib.web.api.search import LONGEST as LONGEST_QUESTION
from chalicelib.web.call import CURSOR_LIMIT, WORD_LIMIT
from chalicelib.web.dispatch import IDEMPOTENCY_KEY_LIMIT
from chalicelib.web.preconditions import TAG
from chalicelib.web.route import Route
from chalicelib.web.routes import EVENTS, ROUTES

Json = dict[str, Any]
CALENDAR_FILE = "CalendarFile"
"""What may also come as it is (RFC 5545), its options in the query."""

REFUSALS = {
    "400": "The request can't be read",
    "401": "No valid API key",
    "403": "The key lacks the scope",
    "404": "There is no such thing",
    "409": "The desk's state doesn't allow it, or the same Idempotency-Key is being worked on",
    "412": "It was changed since the version in If-Match",
    "413": "The body is too large",
    "415": "Not in this media type",
    "422": "A field holds what it can't hold",
    "503": "Briefly unable; try again",
    "default": "Something went wrong",
}


@cache
def description(public_url: str) -> Json:
    """Give the OpenAPI document of a desk at `public_url`."""
    routes = [route for route in ROUTES if not route.page]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Pennydesk",
            "version": __version__,
            "description": "The helpdesk's API. Errors are RFC 9457 problem details; instants are RFC 3339 in UTC.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        # without a known address, relative to where this document lies: one level above v1
        "servers": [{"url": public_url or ".."}],
        "security": [{"api_key": []}],
        "paths": _paths(routes),
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {"api_key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths(routes: list[Route]) -> Json:
    paths: Json = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return paths


def _operation(route: Route) -> Json:
    name = route.handler.partition(":")[2]
    operation: Json = {
        "operationId": f"{name}_{route.handler.partition(':')[0].rpartition('.')[2]}",
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": {**_responses(route), **_refusals(route)},
        "tags": [route.path.split("/")[2]],
    }
    if route.takes:
        operation["requestBody"] = {"required": True, "content": _content(route.takes)}
    if route.scope:
        operation["description"] = f"Needs the scope `{route.scope}`."
        operation["x-scope"] = route.scope
    else:
        operation["security"] = []
    return operation


def _responses(route: Route) -> Json:
    given: Json = {"description": route.summary}
    if route.gives:
        given["content"] = _content(route.gives)
    return {str(route.status): given}


def _refusals(route: Route) -> Json:
    apply = {"default"} | ({"401", "403", "422", "503"} if route.scope else set())
    apply |= {"404"} if "{" in route.path else set()
    apply |= {"400", "413", "415"} if route.takes else set()
    apply |= {"409"} if route.method != "GET" else set()
    apply |= {"412"} if route.versioned else set()
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": REFUSALS[status], "content": problem} for status in sorted(apply)}


def _parameters(route: Route) -> list[Json]:
    inside = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    found = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in inside]
    for name in route.query:
        required = name in ("from", "to", "email", "q") and not route.path.endswith("/openings")
        found.append({"name": name, "in": "query", "required": required, "schema": _query_schema(name, route)})
    if route.creates:
        said = "For a day, the same request with the same key is answered as it first was; another one is refused."
        found.append(_header("Idempotency-Key", said))
        found[-1]["schema"] = {"type": "string", "minLength": 1, "maxLength": IDEMPOTENCY_KEY_LIMIT}
    if route.versioned:
        found.append(_header("If-Match", "The version that was seen, as the ETag gave it; older ones are refused."))
        found[-1]["schema"] = {"type": "string", "pattern": rf"^(\*|{TAG})$"}
    return found


_PLAIN_QUERIES: dict[str, Json] = {
    "q": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION},
    "email": {"type": "string", "format": "email", "maxLength": LONGEST},
    "dry_run": {"type": "boolean"},
    "name": {"type": "string", "pattern": FILE_NAME},
}


def _query_schema(name: str, route: Route) -> Json:
    match name:
        case "limit":
            return {"type": "integer", "minimum": 1, "maximum": 500 if route.path == EVENTS else 100}
        case "within":
            return {"type": "integer", "minimum": 0, "maximum": LONGEST_SECONDS, "default": 3600}
        case "cursor":
            return {"type": "string", "maxLength": CURSOR_LIMIT}
        case "status":
            return {"type": "string", "enum": [one.value for one in Status]}
        case "priority":
            return {"type": "string", "enum": [one.value for one in Priority]}
        case _ if name in _PLAIN_QUERIES:
            return _PLAIN_QUERIES[name]
        case "from" | "to":
            return {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
        case _:
            return {"type": "string", "minLength": 1, "maxLength": WORD_LIMIT}


def _header(name: str, text: str) -> Json:
    return {"name": name, "in": "header", "required": False, "description": text, "schema": {"type": "string"}}


def _content(name: str) -> Json:
    schema = {"type": "object"} if name == "Anything" else {"$ref": f"#/components/schemas/{name}"}
    as_it_is: Json = {"text/calendar": {"schema": {"type": "string"}}} if name == CALENDAR_FILE else {}
    return {"application/json": {"schema": schema}, **as_it_is}


def _schemas(routes: list[Route]) -> Json:
    named = {name for route in routes for name in (route.takes, route.gives)} - {"", "Anything"}
    wanted = [model_named(name) for name in sorted(named | {"Problem"})]
    _, document = models_json_schema(
        [(model, "validation") for model in wanted], ref_template="#/components/schemas/{model}"
    )
    schemas: Json = document["$defs"]
    settings = _settings_schema()
    schemas.update(settings.pop("$defs", {}))
    told = {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}}
    schemas["Settings"] = {**settings, "properties": {**settings["properties"], "warnings": told}}
    schemas["SettingsChange"] = {
        **settings,
        "required": [],
        "properties": {name: one for name, one in settings["properties"].items() if name != "version"},
    }
    return schemas


def _settings_schema() -> Json:
    return TypeAdapter(DeskSettings).json_schema(ref_template="#/components/schemas/{model}")
