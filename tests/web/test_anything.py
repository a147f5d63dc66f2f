"""Whatever is sent to any address, the answer is one that the description foresees, and never a failure of ours."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.web.route import Route
from chalicelib.web.routes import ROUTES
from tests.web.client import Client, described, new_ref

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, False, 0, -1, 1, 10**18, 10**400, 0.5, 1e308, -0.0),
        *("", " ", "\n", "\0", "\ud800", "a\u2028b", "\x1b[0m", "灯", "🦉" * 60, "x" * 300, "x" * 100_001, "e\u0301"),
        *(
            "new",
            "solved",
            "closed",
            "urgent",
            "reply",
            "note",
            "en",
            "support",
            "sam",
            "tickets:read",
            "jo@x.org",
            "7",
        ),
        *("7K3F-92QX", "2026-11-23", "0001-01-01", "9999-12-31T23:59:59Z", "team:", "agent:sam", "done:2026-11", "%00"),
        *([], {}, [[]], [{}], {"": ""}, ["a", 1, None], {"id": "x", "words": ["a"]}, [["09:00", "25:00"]]),
    ]
)
VALUES = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
NAMES = ["%00", "x" * 3000, "%F0%9F", "7K3F-92QX"]
KINDS = ["", "text/plain", "application/json; charset=x", "application/x-www-form-urlencoded"]
QUERY_VALUES = st.sampled_from(
    [
        *("", "1", "100", "open", "solved", "agent:sam", "team:support", "done:2026-11", "spam", "jo@x.org"),
        *("%00", "%FF", "x" * 2000, "+", "Zm9v", "YWdlbnQ6c2FtfHg", "c0123456789"),
        *("2026-11-01", "2026-11-30T00:00:00Z", "9999-12-31", "0001-01-01"),
    ]
)
API = [route for route in ROUTES if not route.page]
PAGES = [route for route in ROUTES if route.page]


def fields_of(model: str) -> list[str]:
    return list(described()["components"]["schemas"][model]["properties"]) if model else []


@st.composite
def bodies(draw: st.DrawFn, route: Route) -> bytes | None:
    """Nothing, any JSON, or an object with some of the fields that the address takes."""
    if not route.takes or draw(st.integers(0, 9)) == 0:
        return draw(st.none() | VALUES.map(_json) | st.binary(max_size=20))
    names = draw(st.lists(st.sampled_from([*fields_of(route.takes), "customer", "other"]), max_size=4, unique=True))
    valid = {"subject": "A", "text": "B", "customer": {"email": "jo@x.org"}, "kind": "note", "id": "i", "name": "N"}
    begun = (
        {name: value for name, value in valid.items() if name in fields_of(route.takes)} if draw(st.booleans()) else {}
    )
    return _json({**begun, **{name: draw(VALUES) for name in names}})


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


@st.composite
def requests(draw: st.DrawFn, routes: list[Route], ref: str) -> tuple[str, str, bytes | None, dict[str, str]]:
    route = draw(st.sampled_from(routes))
    path = route.path
    for part in path.split("/"):
        if part.startswith("{"):
            known = {"{ref}": ref, "{agent_id}": "sam", "{team_id}": "support", "{calendar_id}": "default"}.get(
                part, "x"
            )
            path = path.replace(part, draw(st.just(known) | st.sampled_from(NAMES)))
    names = draw(st.lists(st.sampled_from([*route.query, "lang", "other"]), max_size=3, unique=True))
    query = "&".join(f"{name}={draw(QUERY_VALUES)}" for name in names)
    headers = {"Content-Type": "application/json"} | draw(HEADERS)
    return route.method, f"{path}?{query}" if query else path, draw(bodies(route)), headers


HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "If-Match": st.sampled_from(["*", '"1"', 'W/"2"', "3", "", '"x"', "9" * 400, "ü"]),
        "Idempotency-Key": st.sampled_from(["", "a", "b", "x" * 300, "🦉", "\n"]),
        "Content-Type": st.sampled_from(
            ["", "text/plain", "application/json; charset=x", "application/x-www-form-urlencoded"]
        ),
        "Accept-Language": st.text(max_size=20),
        "Accept": st.sampled_from(["*/*", "image/png", "application/octet-stream", "nonsense"]),
    },
)


@pytest.mark.parametrize("routes", [API, PAGES], ids=["api", "pages"])
def test_nothing_that_is_sent_makes_the_desk_fail(api: Client, routes: list[Route]) -> None:
    ref = new_ref(api)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(requests(routes, ref))
    def try_one(request: tuple[str, str, bytes | None, dict[str, str]]) -> None:
        method, path, body, headers = request
        reply = api.send(method, path, body, headers)
        assert reply.status < 500, f"{method} {path} {headers} {body!r}: {reply.body}"

    try_one()
