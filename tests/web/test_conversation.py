"""What is said on a ticket, what happened to it, and its clocks, through the API."""

from datetime import timedelta

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, Reply, new_ref


def say(api: Client, ref: str, text: str = "Try the switch.", kind: str = "reply", **more: object) -> Reply:
    return api.post(f"/v1/tickets/{ref}/messages", {"kind": kind, "text": text, **more})


def happened(api: Client, ref: str) -> list[str]:
    return [event["what"] for event in api.get(f"/v1/tickets/{ref}/events").json["items"]]


def test_a_reply_is_the_agents_who_writes_it(api: Client) -> None:
    ref = new_ref(api)
    reply = say(api, ref, author_id="sam")
    assert reply.status == 201
    told = {name: reply.json[name] for name in ("kind", "author", "author_name", "text")}
    assert told == {"kind": "reply", "author": "agent:sam", "author_name": "Sam", "text": "Try the switch."}
    assert api.get(f"/v1/tickets/{ref}").json["status"] == "open"


def test_without_an_author_the_key_speaks(api: Client) -> None:
    reply = say(api, new_ref(api))
    assert reply.json["author"].startswith("key:")
    assert reply.json["author_name"] == "local"


def test_an_author_who_is_nobody_is_refused(api: Client) -> None:
    reply = say(api, new_ref(api), author_id="nobody")
    assert (reply.status, reply.field) == (422, "author_id")


def test_a_note_leaves_the_status_as_it_is(api: Client) -> None:
    ref = new_ref(api)
    assert say(api, ref, kind="note").json["kind"] == "note"
    assert api.get(f"/v1/tickets/{ref}").json["status"] == "new"
    assert happened(api, ref) == ["opened", "note_added"]


@pytest.mark.parametrize("status", ["open", "pending", "on_hold", "solved", "closed"])
def test_a_status_is_set_with_a_message(api: Client, status: str) -> None:
    ref = new_ref(api)
    assert say(api, ref, status=status).status == 201
    assert api.get(f"/v1/tickets/{ref}").json["status"] == status


@pytest.mark.parametrize(
    "text",
    [
        "一\n二\r\n三",
        "🦉 e\u0301 שלום \u202e",
        "  indented\n\n\n",
        '<script>alert(1)</script> & "quotes" {{7*7}} %s',
        "x",
    ],
)
def test_a_message_reads_the_same_as_it_was_written(api: Client, text: str) -> None:
    ref = new_ref(api)
    assert say(api, ref, text).json["text"] == text
    assert api.get(f"/v1/tickets/{ref}/messages").json["items"][1]["text"] == text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "customer"),
        ("kind", None),
        ("text", ""),
        ("text", " \n"),
        ("text", ["a"]),
        ("status", "new"),
        ("markdown", "**b**"),
    ],
)
def test_a_message_that_cannot_be_is_refused(api: Client, field: str, value: object) -> None:
    reply = api.post(f"/v1/tickets/{new_ref(api)}/messages", {"kind": "note", "text": "Hm", field: value})
    assert (reply.status, reply.field) == (422, field)


def test_a_message_that_is_too_long_is_refused_with_the_limit(api: Client) -> None:
    ref = new_ref(api)
    assert say(api, ref, "长" * 100_000, kind="note").status == 201
    reply = say(api, ref, "长" * 100_001, kind="note")
    assert (reply.status, reply.field) == (422, "text")
    assert "100000" in reply.json["detail"]


def test_a_message_of_characters_that_are_four_bytes_each_has_a_limit_too(api: Client) -> None:
    ref = new_ref(api)
    assert say(api, ref, "🦉" * 87_500, kind="note").json["text"] == "🦉" * 87_500
    assert api.get(f"/v1/tickets/{ref}/messages").json["items"][1]["text"] == "🦉" * 87_500
    reply = say(api, ref, "🦉" * 87_501, kind="note")
    assert (reply.status, reply.field) == (422, "text")
    assert "350,000" in reply.json["detail"]


def test_a_fact_is_told_in_at_most_500_characters_so_that_a_hundred_fit_beside_the_ticket(api: Client) -> None:
    path = f"/v1/tickets/{new_ref(api)}"
    tags = [f"{'灯' * 48}{tag}" for tag in range(10, 40)]
    assert api.patch(path, {"tags": tags}).json["tags"] == tags
    told = api.get(f"{path}/events").json["items"][1]["detail"]["tags"]
    assert (len(told), told[-1]) == (500, "…")


def test_a_ticket_holds_so_many_fields_and_no_more(api: Client) -> None:
    path = f"/v1/tickets/{new_ref(api, fields={f'a{number}': 'x' for number in range(29)})}"
    assert api.patch(path, {"fields": {"b": "x"}}).status == 200
    reply = api.patch(path, {"fields": {"c": "x"}})
    assert (reply.status, reply.field) == (422, "fields")
    assert api.patch(path, {"fields": {"c": "x", "b": ""}}).status == 200


def test_events_tell_what_happened_when_and_by_whom(api: Client) -> None:
    ref = new_ref(api)
    api.patch(f"/v1/tickets/{ref}", {"priority": "high", "tags": ["a", "b"], "subject": "Two lamps"})
    events = api.get(f"/v1/tickets/{ref}/events").json["items"]
    assert [event["what"] for event in events] == ["opened", "subject_set", "tags_set", "priority_set"]
    assert events[0]["by"].startswith("customer:")
    assert events[2]["detail"] == {"tags": "a, b"}
    assert {event["by"] for event in events[1:]} == {f"key:{events[1]['by'][4:]}"}


def test_clocks_are_explained_segment_by_segment(api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api, priority="urgent")
    desk.clock.move_by(timedelta(minutes=10))
    say(api, ref, status="pending")
    desk.clock.move_by(timedelta(hours=2))
    api.patch(f"/v1/tickets/{ref}", {"status": "open"})
    desk.clock.move_by(timedelta(minutes=5))
    first, resolution = api.get(f"/v1/tickets/{ref}/sla").json["clocks"]
    assert (first["metric"], first["state"], first["used_seconds"]) == ("first_response", "met", 600)
    assert (resolution["metric"], resolution["state"], resolution["used_seconds"]) == ("resolution", "running", 900)
    assert resolution["remaining_seconds"] == resolution["target_seconds"] - 900
    assert [part["state"] for part in resolution["segments"]] == ["running", "paused", "running"]


def test_a_follow_up_that_is_not_there_is_not_found(api: Client) -> None:
    reply = api.post(f"/v1/tickets/{new_ref(api)}/follow-ups/survey_1_low/done")
    assert (reply.status, reply.field) == (404, "follow_up")
