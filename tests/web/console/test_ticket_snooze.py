"""A ticket is put away on its page by plain forms, and brought back."""

from collections.abc import Callable
from html import unescape

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]
DAY = 86400


def offered(page: str, label: str) -> str:
    """Give the value of the choice that begins with these words."""
    return unescape(page.partition(f'">{label}')[0].rpartition('value="')[2])


@pytest.fixture
def ref(api: Client, desk: LocalCloud) -> str:
    ref = new_ref(api, subject="The lamp flickers")
    desk.settle()
    return ref


def test_a_ticket_put_away_until_tomorrow_leaves_the_queue_and_is_back_in_the_morning(
    signed_in: As, desk: LocalCloud, ref: str
) -> None:
    browser = signed_in("sam")
    page = browser.open(f"/console/tickets/{ref}").body
    assert "Promises go on counting meanwhile" in page
    browser.send(f"{ref}/snooze", until=offered(page, "Tomorrow morning"), reason="Parts come tomorrow")
    assert "put it away until" in browser.page.body
    assert "Parts come tomorrow" in browser.page.body
    desk.settle()
    assert ref not in browser.open("/console?view=unassigned").body + browser.open("/console?view=mine").body
    assert "until " in browser.open("/console?view=snoozed").body
    assert ref in browser.page.body
    desk.advance(2 * DAY)
    browser.sign_in("sam@example.com")
    assert ref not in browser.open("/console?view=snoozed").body
    assert "its time has come" in browser.open(f"/console/tickets/{ref}").body


def test_a_time_of_one_s_own_is_in_the_reader_s_zone(signed_in: As, api: Client, ref: str) -> None:
    browser = signed_in("sam")
    browser.post("/console/preferences", {"zone": "Asia/Shanghai", "back": "/console"})
    browser.open(f"/console/tickets/{ref}")
    year = int(api.get(f"/v1/tickets/{ref}").json["created_at"][:4])
    browser.send(f"{ref}/snooze", at=f"{year + 1}-01-01T09:00")
    assert api.get(f"/v1/tickets/{ref}").json["snoozed_until"] == f"{year + 1}-01-01T01:00:00.000Z"


def test_it_is_brought_back_by_hand(signed_in: As, api: Client, ref: str) -> None:
    browser = signed_in("sam")
    page = browser.open(f"/console/tickets/{ref}").body
    browser.send(f"{ref}/snooze", until=offered(page, "Until the customer writes"))
    browser.send(f"{ref}/snooze", wake="1")
    assert api.get(f"/v1/tickets/{ref}").json["snoozed_until"] is None


@pytest.mark.parametrize(
    "typed",
    [
        {"until": ""},
        {"until": "2020-01-01T00:00:00+00:00"},
        {"until": "soon\x00"},
        {"at": "0001-01-01T00:00"},
        {"at": "9999-12-31T23:59"},
        {"at": "<b>"},
        {"reason": "x" * 5000},
    ],
)
def test_what_can_t_be_is_said_beside_the_field_and_what_was_typed_stays(
    signed_in: As, api: Client, ref: str, typed: dict[str, str]
) -> None:
    browser = signed_in("sam")
    page = browser.open(f"/console/tickets/{ref}").body
    until = offered(page, "Tomorrow morning")
    reply = browser.send(f"{ref}/snooze", **{"until": until, "reason": "Parts", **typed})
    assert reply.status == 422
    assert 'id="wrong-snooze"' in reply.body
    assert typed.get("reason", "Parts")[:4] in reply.body
    assert api.get(f"/v1/tickets/{ref}").json["snoozed_until"] is None


def test_a_solved_ticket_is_not_put_away(signed_in: As, api: Client, ref: str) -> None:
    browser = signed_in("sam")
    page = browser.open(f"/console/tickets/{ref}").body
    form = {**browser.form(f"{ref}/snooze").fields, "until": offered(page, "Tomorrow morning")}
    api.patch(f"/v1/tickets/{ref}", {"status": "solved"})
    assert browser.post(f"/console/tickets/{ref}/snooze", form).status == 409


def test_a_program_puts_away_and_brings_back(api: Client, ref: str) -> None:
    year = int(api.get(f"/v1/tickets/{ref}").json["created_at"][:4])
    until = f"{year + 1}-01-01T09:00:00+08:00"
    made = api.post(f"/v1/tickets/{ref}/snooze", {"until": until, "reason": "Parts"}).json
    assert made["snoozed_until"] == f"{year + 1}-01-01T01:00:00.000Z"
    assert ref in [one["ref"] for one in api.get("/v1/tickets", queue="snoozed").json["items"]]
    assert api.post(f"/v1/tickets/{ref}/wake").json["snoozed_until"] is None


@pytest.mark.parametrize("until", ["2030-01-01T00:00:00", "tomorrow", "2020-01-01T00:00:00Z", None])
def test_a_program_s_time_has_a_zone_and_lies_ahead(api: Client, ref: str, until: str | None) -> None:
    reply = api.post(f"/v1/tickets/{ref}/snooze", {"until": until})
    assert (reply.status, reply.field) == (422, "until")
