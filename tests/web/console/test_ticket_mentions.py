"""Somebody is called upon in a note, and finds the ticket under their mentions."""

from collections.abc import Callable

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]


def test_who_is_called_upon_sees_it_everywhere_until_they_have_seen_it(
    signed_in: As, api: Client, desk: LocalCloud
) -> None:
    ref = new_ref(api, subject="The lamp flickers")
    desk.settle()
    sam, lin = signed_in("sam"), signed_in("lin")
    sam.open(f"/console/tickets/{ref}")
    sam.send(f"{ref}/messages", kind="note", text="@lin <b>what</b> do you think?")
    desk.settle()
    assert "Mentions <span" in lin.open("/console").body
    assert "The lamp flickers" in lin.open("/console/mentions").body
    assert "Somebody called upon you here" in lin.open(f"/console/tickets/{ref}").body
    assert "Mentions <span" not in sam.open("/console").body
    lin.open("/console/mentions")
    lin.send(f"{ref}/mention")
    assert "Nothing here" in lin.page.body
    assert "Mentions <span" not in lin.open("/console").body


def test_who_writes_on_the_ticket_has_seen_it(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    api.post(f"/v1/tickets/{ref}/messages", {"kind": "note", "text": "@lin?"})
    desk.settle()
    lin = signed_in("lin")
    lin.open(f"/console/tickets/{ref}")
    lin.send(f"{ref}/messages", kind="note", text="Seen to it.")
    assert "Mentions <span" not in lin.open("/console").body


def test_a_program_s_note_calls_upon_people_too(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    api.post(f"/v1/tickets/{ref}/messages", {"kind": "note", "text": "@lin, the parcel came back"})
    desk.settle()
    events = api.get(f"/v1/tickets/{ref}/events").json["items"]
    assert [event["what"] for event in events].count("mentioned") == 1
