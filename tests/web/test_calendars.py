"""Calendars through the API: hours that can be seen before anybody relies on them, and holidays from elsewhere."""

import json
from typing import Any

import pytest

from tests.web.client import Client, Reply

STORE = {"timezone": "Europe/Berlin", "hours": {"mon": [["09:00", "12:00"]], "fri": [["22:00", "02:00"]]}}
FEED = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20261227
SUMMARY:Christmas\\, all of it
END:VEVENT
BEGIN:VEVENT
DTSTART:20261210T120000
DTEND:20261210T130000
SUMMARY:Lunch
END:VEVENT
END:VCALENDAR
"""


def put(api: Client, name: str, data: object, **headers: str) -> Reply:
    return api.send(
        "PUT", f"/v1/calendars/{name}", json.dumps(data).encode(), {"Content-Type": "application/json", **headers}
    )


def with_monday(*windows: list[str]) -> dict[str, object]:
    return {**STORE, "hours": {"mon": windows}}


def send_file(api: Client, text: str, query: str = "", kind: str = "text/calendar; charset=utf-8") -> Reply:
    path = f"/v1/calendars/store/holidays/import{query}"
    return api.send("POST", path, text.encode(), {"Content-Type": kind})


@pytest.fixture
def store(api: Client) -> Client:
    """The API, with a calendar `store` as it was made."""
    assert put(api, "store", STORE).status == 200
    return api


def dates(reply: Reply, name: str) -> list[str]:
    return [one["date"] for one in reply.json[name]]


def test_a_calendar_is_made_read_listed_and_removed(api: Client) -> None:
    made = put(api, "night", STORE)
    assert made.status == 200
    assert {name: made.json[name] for name in ("id", "timezone", "hours", "used_by")} == {
        "id": "night",
        **STORE,
        "used_by": [],
    }
    read = api.get("/v1/calendars/night")
    assert (read.json, read.etag) == (made.json, made.etag)
    listed = [one["id"] for one in api.get("/v1/calendars").json["items"]]
    assert listed[0] == "default"
    assert "night" in listed
    assert api.delete("/v1/calendars/night").status == 204
    assert api.get("/v1/calendars/night").status == 404
    assert api.delete("/v1/calendars/night").status == 404


def test_the_desk_s_own_is_changed_and_never_removed(api: Client) -> None:
    before = api.get("/v1/settings").json["calendar"]
    assert put(api, "default", STORE).json["timezone"] == "Europe/Berlin"
    assert api.get("/v1/settings").json["calendar"] == STORE
    refused = api.delete("/v1/calendars/default")
    assert (refused.status, refused.field) == (409, "calendar_id")
    assert put(api, "default", before).status == 200


def test_what_counts_by_it_is_named_and_keeps_it(store: Client) -> None:
    before = store.get("/v1/settings").json["sla_policies"]
    counting = store.patch("/v1/settings", {"sla_policies": [{"id": "chat", "calendar": "store"}]})
    assert counting.status == 200, counting.body
    assert store.get("/v1/calendars/store").json["used_by"] == ["sla_policies[chat]"]
    refused = store.delete("/v1/calendars/store")
    assert (refused.status, refused.field) == (409, "calendar_id")
    assert "sla_policies[chat]" in refused.json["detail"]
    unknown = store.patch("/v1/settings", {"calendars": {}})
    assert (unknown.status, unknown.field) == (422, "sla_policies[chat].calendar")
    assert store.patch("/v1/settings", {"sla_policies": before}).status == 200


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        (
            "store",
            {**STORE, "hours": {"mon": [["09:00", "12:00"], ["25:00", "26:00"]]}},
            "calendars.store.hours.mon[1]",
        ),
        (
            "store",
            {**STORE, "hours": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}},
            "calendars.store.hours.mon[1]",
        ),
        ("store", {**STORE, "colour": "red"}, "calendars.store.colour"),
        ("store", [], "body"),
        ("Store", STORE, "calendars.Store"),
        ("default", {"timezone": "UTC"}, "calendar.hours"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(store: Client, name: str, data: object, place: str) -> None:
    before = store.get("/v1/calendars").json
    reply = put(store, name, data)
    assert (reply.status, reply.field) == (422, place)
    assert store.get("/v1/calendars").json == before


def test_a_calendar_that_somebody_changed_meanwhile_is_not_overwritten(store: Client) -> None:
    seen = store.get("/v1/calendars/store").etag
    assert put(store, "store", STORE, **{"If-Match": seen}).status == 200
    refused = put(store, "store", STORE, **{"If-Match": seen})
    assert (refused.status, refused.field) == (412, "If-Match")


def test_a_person_sees_when_it_is_open(store: Client) -> None:
    query = {"from": "2026-10-23T00:00:00Z", "to": "2026-10-27T00:00:00Z"}
    shown = store.get("/v1/calendars/store/openings", None, **query).json
    assert [(one["opens_local"], one["closes_local"], one["seconds"]) for one in shown["items"]] == [
        ("2026-10-23T22:00+02:00", "2026-10-24T02:00+02:00", 4 * 3600),
        ("2026-10-26T09:00+01:00", "2026-10-26T12:00+01:00", 3 * 3600),
    ]
    assert shown["items"][1]["opens"] == "2026-10-26T08:00:00.000Z"


def test_openings_name_the_holidays_on_the_way(store: Client) -> None:
    holiday = {"date": "2020-10-26", "hours": [["10:00", "11:00"]], "name": "Fair", "yearly": True}
    put(store, "store", {**STORE, "holidays": [holiday]})
    shown = store.get("/v1/calendars/store/openings", None, **{"from": "2026-10-26", "to": "2026-10-27"}).json
    assert [one["name"] for one in shown["holidays"]] == ["Fair"]
    assert [one["seconds"] for one in shown["items"]] == [3600]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "soon"}, "from"),
        ({"from": "2026-10-26", "to": "2026-10-26"}, "to"),
        ({"from": "2026-01-01", "to": "2028-01-01"}, "to"),
        ({"from": "9999-12-31"}, "from"),
    ],
)
def test_openings_have_a_beginning_and_an_end(store: Client, query: dict[str, Any], field: str) -> None:
    reply = store.get("/v1/calendars/store/openings", None, **query)
    assert (reply.status, reply.field) == (422, field)


def test_openings_begin_now_and_last_two_weeks(store: Client) -> None:
    assert len(store.get("/v1/calendars/store/openings").json["items"]) == 5
    assert store.get("/v1/calendars/shop/openings").status == 404


def test_public_holidays_are_rehearsed_then_taken(store: Client) -> None:
    asked = {"country": "DE", "region": "BY", "years": [2026]}
    rehearsed = store.post("/v1/calendars/store/holidays/public", {**asked, "dry_run": True})
    assert (rehearsed.json["saved"], rehearsed.json["source"]) == (False, "public:DE-BY")
    assert "2026-01-06" in dates(rehearsed, "added")
    assert store.get("/v1/calendars/store").json["holidays"] == []
    taken = store.post("/v1/calendars/store/holidays/public", asked)
    assert dates(taken, "added") == dates(rehearsed, "added")
    kept = store.get("/v1/calendars/store").json["holidays"]
    assert {one["source"] for one in kept} == {"public:DE-BY"}
    assert dates(store.post("/v1/calendars/store/holidays/public", asked), "added") == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"country": "XX"}, "country"),
        ({"country": "de"}, "country"),
        ({"country": "DE", "region": "XX"}, "region"),
        ({"country": "DE", "years": [1]}, "years"),
        ({}, "country"),
    ],
)
def test_holidays_of_nowhere_are_refused(store: Client, asked: dict[str, Any], field: str) -> None:
    reply = store.post("/v1/calendars/store/holidays/public", asked)
    assert (reply.status, reply.field) == (422, field)


def test_the_countries_that_are_known_are_listed(api: Client) -> None:
    countries = api.get("/v1/public-holidays").json["countries"]
    assert "BY" in countries["DE"]
    assert "CN" in countries


def test_a_calendar_file_is_rehearsed_then_taken(store: Client) -> None:
    rehearsed = send_file(store, FEED, "?name=school&dry_run=true")
    assert rehearsed.json["saved"] is False
    taken = send_file(store, FEED, "?name=school")
    assert dates(taken, "added") == dates(rehearsed, "added") == ["2026-12-24", "2026-12-25", "2026-12-26"]
    assert taken.json["skipped"] == [{"summary": "Lunch", "reason": "it is no matter of whole days"}]
    kept = store.get("/v1/calendars/store").json["holidays"]
    assert [(one["name"], one["source"]) for one in kept[:1]] == [("Christmas, all of it", "ical:school")]


def test_a_calendar_file_may_come_within_json(store: Client) -> None:
    taken = store.post("/v1/calendars/store/holidays/import", {"ical": FEED, "name": "school"})
    assert dates(taken, "added") == ["2026-12-24", "2026-12-25", "2026-12-26"]


def test_what_is_no_calendar_file_is_refused(store: Client) -> None:
    assert send_file(store, FEED, kind="text/plain").status == 415
    assert send_file(store, "Christmas is closed").field == "body"
    assert send_file(store, FEED, "?name=../x").field == "name"
    assert send_file(store, FEED, "?dry_run=maybe").field == "dry_run"
    assert send_file(store, "x" * 1_000_001).status == 413
