"""Tickets are linked, and things to do are noted, on a ticket's page by plain forms; and what a page costs to read."""

from collections.abc import Callable
from html import unescape

import pytest

from chalicelib.web.console.references import referenced
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]


@pytest.fixture
def two(api: Client, desk: LocalCloud) -> tuple[str, str]:
    refs = new_ref(api, subject="The lamp flickers"), new_ref(api, subject="No power in the street")
    desk.settle()
    return refs


def test_two_tickets_are_linked_shown_on_both_and_taken_apart(
    signed_in: As, desk: LocalCloud, two: tuple[str, str]
) -> None:
    one, other = two
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{one}")
    page = browser.send(f"{one}/links", kind="caused_by", ticket=f" {other.lower()} ").body
    assert "caused by" in page
    assert "No power in the street" in page
    desk.settle()
    page = browser.open(f"/console/tickets/{other}").body
    assert "is the problem behind</span>\n" in page
    assert "The lamp flickers" in page
    browser.send(f"{other}/links", remove=one)
    desk.settle()
    assert "No power in the street" not in browser.open(f"/console/tickets/{one}").body


@pytest.mark.parametrize("typed", ["", "???", "0000-0000", "itself", "\x00" * 9, "7" * 5000])
def test_a_link_that_can_t_be_is_refused_beside_its_field(signed_in: As, two: tuple[str, str], typed: str) -> None:
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{two[0]}")
    reply = browser.send(f"{two[0]}/links", kind="<b>", ticket=two[0] if typed == "itself" else typed)
    assert (reply.status, 'id="wrong-link"' in reply.body) == (422, True)


def test_a_link_that_is_removed_but_never_was_is_gone(signed_in: As, two: tuple[str, str]) -> None:
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{two[0]}")
    assert browser.send(f"{two[0]}/links", remove=two[1]).status == 200


def test_a_program_links_and_takes_apart(api: Client, desk: LocalCloud, two: tuple[str, str]) -> None:
    one, other = two
    made = api.post(f"/v1/tickets/{one}/links", {"ticket": other, "kind": "causes"}).json
    assert made["links"] == [{"ticket": other, "kind": "causes"}]
    desk.settle()
    assert api.get(f"/v1/tickets/{other}").json["links"] == [{"ticket": one, "kind": "caused_by"}]
    assert api.delete(f"/v1/tickets/{one}/links/{other}").status == 204
    assert api.get(f"/v1/tickets/{one}").json["links"] == []
    assert api.delete(f"/v1/tickets/{one}/links/no-such").status == 404
    assert api.post(f"/v1/tickets/{one}/links", {"ticket": "nonsense"}).field == "ticket"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("See 7K3F-92QX, please", 'See <a href="/dev/console/tickets/7K3F-92QX">7K3F-92QX</a>, please'),
        ("<b>7K3F-92QX</b>", '&lt;b&gt;<a href="/dev/console/tickets/7K3F-92QX">7K3F-92QX</a>&lt;/b&gt;'),
        ("见7K3F-92QX。", '见<a href="/dev/console/tickets/7K3F-92QX">7K3F-92QX</a>。'),
        ("some-what 1234-5678-9012 X7K3F-92QX ILOU-0000", "some-what 1234-5678-9012 X7K3F-92QX ILOU-0000"),
        ('" onclick="x', "&#34; onclick=&#34;x"),
    ],
)
def test_a_reference_is_a_link_and_everything_else_stays_text(text: str, html: str) -> None:
    assert str(referenced(text, "/dev")) == html


def test_a_reference_in_a_note_leads_to_its_ticket(signed_in: As, two: tuple[str, str]) -> None:
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{two[0]}")
    page = browser.send(f"{two[0]}/messages", kind="note", text=f"<i>Like</i> {two[1]}").body
    assert f'&lt;i&gt;Like&lt;/i&gt; <a href="/console/tickets/{two[1]}">{two[1]}</a>' in page


def test_something_to_do_is_noted_for_a_time_told_then_and_done(
    signed_in: As, api: Client, desk: LocalCloud, two: tuple[str, str]
) -> None:
    ref = two[0]
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    year = int(api.get(f"/v1/tickets/{ref}").json["created_at"][:4])
    page = browser.send(ref, follow_up_reason="Call them <back>", follow_up_due=f"{year + 1}-01-02T09:00").body
    assert "wants somebody to follow up: Call them &lt;back&gt;" in page
    (task,) = api.get(f"/v1/tickets/{ref}").json["follow_ups"]
    assert task["due_at"] == f"{year + 1}-01-02T09:00:00.000Z"
    browser.post(f"/console/tickets/{ref}", {**browser.form(ref).fields, "follow_up": task["id"]})
    assert api.get(f"/v1/tickets/{ref}").json["open_follow_ups"] == 0


def test_asked_for_twice_by_the_same_form_it_is_one(signed_in: As, api: Client, two: tuple[str, str]) -> None:
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{two[0]}")
    act = unescape(browser.page.body).partition('name="form" value="')[2].partition('"')[0]
    token = browser.form(f"{two[0]}/links").fields["form_token"]
    for _ in range(2):
        browser.post(f"/console/tickets/{two[0]}", {"form_token": token, "form": act, "follow_up_reason": "Call"})
    assert api.get(f"/v1/tickets/{two[0]}").json["open_follow_ups"] == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"follow_up_reason": " "},
        {"follow_up_reason": "x" * 201},
        {"follow_up_due": "2020-01-01T09:00"},
        {"follow_up_due": "?"},
    ],
)
def test_what_is_to_be_done_that_can_t_be_is_refused_beside_its_field(
    signed_in: As, two: tuple[str, str], typed: dict[str, str]
) -> None:
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{two[0]}")
    token = browser.form(f"{two[0]}/links").fields["form_token"]
    reply = browser.post(f"/console/tickets/{two[0]}", {"form_token": token, "follow_up_reason": "Call", **typed})
    assert (reply.status, 'id="wrong-follow-up"' in reply.body) == (422, True)


def test_a_page_of_fifty_messages_with_links_is_three_calls_of_dynamodb(
    signed_in: As, api: Client, desk: LocalCloud, two: tuple[str, str]
) -> None:
    one, other = two
    for number in range(49):
        api.post(f"/v1/tickets/{one}/messages", {"kind": "note", "text": f"Note {number}"})
    api.post(f"/v1/tickets/{one}/links", {"ticket": other})
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{one}")
    calls: list[str] = []
    events = desk.desk.aws.client("dynamodb").meta.events
    events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name), unique_id="counted")
    try:
        assert browser.open(f"/console/tickets/{one}").body.count('class="message ') == 50
    finally:
        events.unregister("before-call.dynamodb", unique_id="counted")
    assert calls == ["Query", "Query", "BatchGetItem"]
