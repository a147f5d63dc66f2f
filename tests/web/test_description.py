"""The API describes itself in OpenAPI 3.1: valid, complete, and true (tests/web/client.py holds every answer to it)."""

from collections import Counter
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import app as chalice_app
from chalicelib.web.api.description import description
from chalicelib.web.routes import ROUTES
from infra.local.cloud import LocalCloud
from tests.web.client import Client, described

OPERATIONS = [
    (path, method, operation) for path, methods in described()["paths"].items() for method, operation in methods.items()
]


def test_anybody_may_read_it(stranger: Client) -> None:
    reply = stranger.get("/v1/openapi.json")
    assert reply.status == 200
    assert reply.json == {**described(), "servers": [{"url": ".."}]}


def test_it_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(described()).iter_errors()) == []


def test_it_names_its_server_where_the_desk_knows_it(desk: LocalCloud) -> None:
    assert description("https://desk.example/api")["servers"] == [{"url": "https://desk.example/api"}]
    assert description("")["servers"] == [{"url": ".."}]


def test_every_address_of_the_app_is_described_and_no_other() -> None:
    app_has = {
        (path, method.lower())
        for path, methods in chalice_app.app.routes.items()
        for method in methods
        if path.startswith("/v1/")
    }
    assert {(path, method) for path, method, _ in OPERATIONS} == app_has


def test_the_table_of_routes_has_each_address_once() -> None:
    assert max(Counter((route.method, route.path) for route in ROUTES).values()) == 1


def test_every_operation_has_an_id_of_its_own() -> None:
    assert max(Counter(operation["operationId"] for _, _, operation in OPERATIONS).values()) == 1


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=lambda value: str(value)[:40])
def test_what_an_operation_needs_and_may_answer_is_said(path: str, method: str, operation: dict[str, Any]) -> None:
    answers = set(operation["responses"])
    named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
    assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}
    assert "default" in answers
    assert ("404" in answers) >= bool(named)
    if operation.get("security") != []:
        assert {"401", "403", "422"} <= answers
        assert operation["x-scope"]
    if "requestBody" in operation:
        assert {"400", "413", "415", "422"} <= answers


def test_the_examples_of_every_kind_of_settings_are_described() -> None:
    schemas = described()["components"]["schemas"]
    assert {"SlaPolicy", "TriageRule", "SurveySettings"} <= schemas.keys()
    assert schemas["Settings"]["additionalProperties"] is False
    assert "version" not in schemas["SettingsChange"]["properties"]
