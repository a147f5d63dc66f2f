"""Tickets through the API: opened, read, and changed by whoever saw the latest of them."""

import pytest

from tests.web.client import Client, new_ref, new_ticket


def test_a_ticket_is_opened_with_what_was_said_of_it(api: Client) -> None:
    reply = new_ticket(
        api,
        subject="  A lamp  ",
        priority="high",
        category="defect",
        tags=["vip", "vip", "灯"],
        fields={"order": "4711"},
        language="zh",
        team_id="support",
        assignee_id="sam",
        customer={"email": "Jo@Customer.ORG", "name": "Jo"},
    )
    ticket = reply.json
    assert reply.status == 201
    assert reply.headers["Location"] == f"/v1/tickets/{ticket['ref']}"
    assert reply.etag == f'"{ticket["version"]}"'
    told = {name: ticket[name] for name in ("subject", "priority", "category", "tags", "fields", "language")}
    assert told == {
        "subject": "A lamp",
        "priority": "high",
        "category": "defect",
        "tags": ["vip", "灯"],
        "fields": {"order": "4711"},
        "language": "zh",
    }
    assert (ticket["status"], ticket["channel"], ticket["assignee_id"]) == ("new", "api", "sam")
    assert ticket["requester"] == {"name": "Jo", "email": "jo@customer.org"}
    assert ticket["created_at"] == "2026-11-23T10:00:00.000Z"


def test_a_ticket_reads_the_same_as_it_was_opened(api: Client) -> None:
    opened = new_ticket(api)
    assert api.get(f"/v1/tickets/{opened.json['ref']}").json == opened.json


def test_a_reference_is_read_however_people_type_it(api: Client) -> None:
    ref = new_ref(api)
    for typed in (ref.lower(), ref.replace("-", ""), f"%20{ref}%20", ref.replace("0", "o").replace("1", "l")):
        assert api.get(f"/v1/tickets/{typed}").json["ref"] == ref


@pytest.mark.parametrize("email", ["jo", "jo@", "@x.org", "jo@x", "jo smith@x.org", "a@b@c.org", "jo\n@x.org", 7, None])
def test_what_is_no_address_is_refused(api: Client, email: object) -> None:
    reply = new_ticket(api, customer={"email": email})
    assert (reply.status, reply.field) == (422, "customer.email")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", "   "),
        ("subject", "two\nlines"),
        ("subject", 5),
        ("text", "\n \t"),
        ("priority", "asap"),
        ("language", "french"),
        ("channel", "Carrier Pigeon"),
        ("team_id", "nowhere"),
        ("assignee_id", "nobody"),
        ("assignee_id", 3),
        ("tags", "vip"),
        ("tags", [f"t{number}" for number in range(31)]),
        ("fields", ["a"]),
    ],
)
def test_a_field_that_holds_what_it_cannot_hold_is_named(api: Client, field: str, value: object) -> None:
    reply = new_ticket(api, **{field: value})
    assert (reply.status, reply.field) == (422, field)


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("tags", ["fine", 4], "tags[1]"),
        ("tags", ["x" * 51], "tags[0]"),
        ("fields", {"order": 4711}, "fields.order"),
        ("customer", {"email": "jo@x.org", "phone": "1"}, "customer.phone"),
        ("customer", {}, "customer.email"),
    ],
)
def test_a_place_within_a_field_is_named(api: Client, field: str, value: object, place: str) -> None:
    reply = new_ticket(api, **{field: value})
    assert (reply.status, reply.field) == (422, place)


@pytest.mark.parametrize(
    ("field", "longest", "limit"), [("subject", 250, "250"), ("text", 100_000, "100000"), ("category", 100, "100")]
)
def test_over_long_text_is_refused_with_its_limit(api: Client, field: str, longest: int, limit: str) -> None:
    assert new_ticket(api, **{field: "长" * longest}).status == 201
    reply = new_ticket(api, **{field: "长" * (longest + 1)})
    assert (reply.status, reply.field) == (422, field)
    assert limit in reply.json["detail"]


def test_several_wrong_fields_are_all_named(api: Client) -> None:
    reply = api.post("/v1/tickets", {"subject": "", "extra": 1})
    assert {one["field"] for one in reply.json["errors"]} == {"subject", "text", "customer", "extra"}


@pytest.mark.parametrize("spelling", ['"{}"', 'W/"{}"', "{}", "*", ' "{}" '])
def test_a_change_names_the_version_it_saw(api: Client, spelling: str) -> None:
    seen = new_ticket(api).json
    header = {"If-Match": spelling.format(seen["version"])}
    reply = api.patch(f"/v1/tickets/{seen['ref']}", {"priority": "urgent"}, header)
    assert (reply.status, reply.json["priority"]) == (200, "urgent")
    assert reply.etag == f'"{seen["version"] + 1}"'


def test_a_change_without_a_version_is_made_on_the_latest(api: Client) -> None:
    assert api.patch(f"/v1/tickets/{new_ref(api)}", {"tags": ["a"]}).json["tags"] == ["a"]


def test_a_change_on_an_old_version_is_refused_and_changes_nothing(api: Client) -> None:
    seen = new_ticket(api)
    path = f"/v1/tickets/{seen.json['ref']}"
    after = api.patch(path, {"priority": "high"})
    refused = api.patch(path, {"priority": "low"}, {"If-Match": seen.etag})
    assert (refused.status, refused.field) == (412, "If-Match")
    assert api.get(path).json == after.json


@pytest.mark.parametrize("nonsense", ["", "seven", '"seven"', '"1", "2"', "-1", '"1', "W/1", "٣", "1" * 400])
def test_a_precondition_that_is_none_is_refused(api: Client, nonsense: str) -> None:
    reply = api.patch(f"/v1/tickets/{new_ref(api)}", {"priority": "low"}, {"If-Match": nonsense})
    assert (reply.status, reply.field) == (422, "If-Match")


def test_a_change_that_changes_nothing_makes_no_new_version(api: Client) -> None:
    ticket = new_ticket(api).json
    reply = api.patch(f"/v1/tickets/{ticket['ref']}", {"priority": "normal", "category": None})
    assert (reply.status, reply.json["version"]) == (200, ticket["version"])


def test_a_ticket_is_given_to_somebody_and_back_to_its_queue(api: Client) -> None:
    path = f"/v1/tickets/{new_ref(api, team_id='support')}"
    assert api.patch(path, {"assignee_id": "ada"}).json["assignee_id"] == "ada"
    assert api.patch(path, {"assignee_id": ""}).json["assignee_id"] is None
    assert api.patch(path, {"assignee_id": "ada"}).json["assignee_id"] == "ada"
    assert api.patch(path, {"assignee_id": None}).json["assignee_id"] is None


def test_fields_are_set_one_by_one_and_removed_by_emptying_them(api: Client) -> None:
    path = f"/v1/tickets/{new_ref(api, fields={'order': '1', 'colour': 'red'})}"
    assert api.patch(path, {"fields": {"colour": "", "size": "L"}}).json["fields"] == {"order": "1", "size": "L"}


def test_a_solved_ticket_says_when(api: Client) -> None:
    path = f"/v1/tickets/{new_ref(api)}"
    assert api.patch(path, {"status": "solved"}).json["solved_at"] == "2026-11-23T10:00:00.000Z"
    assert api.patch(path, {"status": "open"}).json["solved_at"] is None


def test_a_closed_ticket_changes_no_more(api: Client) -> None:
    path = f"/v1/tickets/{new_ref(api)}"
    assert api.patch(path, {"status": "closed"}).json["status"] == "closed"
    for change in ({"priority": "high"}, {"status": "open"}):
        assert api.patch(path, change).status == 409
    assert api.post(f"{path}/messages", {"kind": "reply", "text": "Hm"}).status == 409


@pytest.mark.parametrize("change", [{"status": "new"}, {"status": "done"}, {"team_id": "nowhere"}, {"subject": ""}])
def test_a_change_to_what_cannot_be_is_refused(api: Client, change: dict[str, str]) -> None:
    reply = api.patch(f"/v1/tickets/{new_ref(api)}", change)
    assert (reply.status, reply.field) == (422, next(iter(change)))
