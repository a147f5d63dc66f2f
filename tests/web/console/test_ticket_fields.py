"""A desk's own fields: on a ticket's page, in the form for a new one, and by the API."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]
FIELDS: list[dict[str, Any]] = [
    {"id": "order", "name": "Order <number>", "required_to_solve": True, "help": "Six digits"},
    {"id": "weight", "name": "Weight", "kind": "number"},
    {"id": "size", "name": "Size", "kind": "choice", "choices": ["S", "M & L"]},
    {"id": "bought", "name": "Bought on", "kind": "date"},
    {"id": "gift", "name": "A gift", "kind": "yes_no"},
]


@pytest.fixture(autouse=True)
def own_fields(api: Client, desk: LocalCloud) -> Iterator[None]:
    """The desk has fields of its own, until the test is over."""
    api.patch("/v1/settings", {"ticket_fields": FIELDS})
    yield
    api.patch("/v1/settings", {"ticket_fields": []})


def filled(api: Client, ref: str) -> dict[str, str]:
    found: dict[str, str] = api.get(f"/v1/tickets/{ref}").json["fields"]
    return found


def save(browser: Browser, ref: str, **typed: str) -> int:
    """Send the form of the fields."""
    browser.open(f"/console/tickets/{ref}")
    token = browser.form(f"{ref}/links").fields["form_token"]
    fields = {"form_token": token, **{f"field-{name}": value for name, value in typed.items()}}
    return browser.post(f"/console/tickets/{ref}", fields).status


def test_fields_are_filled_in_on_the_page_and_the_timeline_tells_from_what_to_what(signed_in: As, api: Client) -> None:
    ref, browser = new_ref(api), signed_in("sam")
    assert save(browser, ref, order="123456", weight="3,5", size="M & L", bought="2026-11-01", gift="no") == 200
    kept = {"order": "123456", "weight": "3.5", "size": "M & L", "bought": "2026-11-01", "gift": "no"}
    assert filled(api, ref) == kept
    assert 'type="date"' in browser.page.body
    assert "<option selected>M &amp; L</option>" in browser.page.body
    save(browser, ref, weight="4", size="")
    assert "Weight: 4 (before: 3.5)" in browser.page.body
    assert "Size: — (before: M &amp; L)" in browser.page.body
    assert "size" not in filled(api, ref)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("weight", "heavy"), ("size", "XXL"), ("bought", "yesterday"), ("gift", "<b>"), ("order", "x" * 900)],
)
def test_what_a_field_can_t_hold_is_said_beside_it_and_stays_typed(
    signed_in: As, api: Client, name: str, typed: str
) -> None:
    ref, browser = new_ref(api), signed_in("sam")
    assert save(browser, ref, **{"order": "77", name: typed}) == 422
    assert f'id="wrong-field-{name}"' in browser.page.body
    assert browser.page.body.count('class="wrong"') == 1
    assert ("heavy" in browser.page.body) is (typed == "heavy")
    assert filled(api, ref) == {}


def test_a_new_ticket_has_them_too(signed_in: As, api: Client) -> None:
    browser = signed_in("sam")
    browser.open("/console/new")
    typed = {"email": "eve@customer.org", "subject": "The lamp", "text": "It broke."}
    reply = browser.send("/console/new", **typed, **{"field-weight": "heavy", "field-order": "5"})
    assert (reply.status, 'id="wrong-field-weight"' in reply.body, 'value="heavy"' in reply.body) == (422, True, True)
    browser.send("/console/new", **typed, **{"field-weight": "7", "field-order": "5"})
    assert filled(api, browser.address.rpartition("/")[2]) == {"weight": "7", "order": "5"}


def test_without_a_needed_field_a_ticket_isn_t_solved_and_the_answer_stays(signed_in: As, api: Client) -> None:
    ref, browser = new_ref(api), signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    reply = browser.send(f"{ref}/messages", kind="reply", text="A new lamp is on its way.", status="solved")
    assert (reply.status, 'id="wrong-field-order"' in reply.body) == (409, True)
    assert "A new lamp is on its way." in browser.open(f"/console/tickets/{ref}").body
    assert browser.send(ref, status="solved").status == 409
    save(browser, ref, order="5")
    assert browser.send(ref, status="solved").status == 200
    assert api.get(f"/v1/tickets/{ref}").json["status"] == "solved"


def test_many_that_are_solved_at_once_are_held_to_them(signed_in: As, api: Client) -> None:
    ready, lacking = new_ref(api, fields={"order": "123456"}), new_ref(api)
    sam = signed_in("sam")
    sam.open("/console?view=all")
    page = sam.send("/console/bulk", ref=[ready, lacking], do="status:solved").body
    assert f"{lacking}</a>: a field has to be filled in" in page
    assert [api.get(f"/v1/tickets/{ref}").json["status"] for ref in (ready, lacking)] == ["solved", "new"]


def test_a_program_is_held_to_them_and_may_have_others(api: Client) -> None:
    ref = new_ref(api)
    assert api.patch(f"/v1/tickets/{ref}", {"fields": {"weight": "heavy"}}).field == "fields.weight"
    assert api.patch(f"/v1/tickets/{ref}", {"fields": {"weight": "1,5", "shop": "north"}}).status == 200
    assert filled(api, ref) == {"weight": "1.5", "shop": "north"}
    refusal = api.patch(f"/v1/tickets/{ref}", {"status": "solved"})
    assert (refusal.status, refusal.field) == (409, "fields")
    assert api.patch(f"/v1/tickets/{ref}", {"status": "solved", "fields": {"order": "9"}}).status == 200


def test_a_program_s_answer_solves_nothing_without_them(api: Client) -> None:
    ref = new_ref(api)
    refusal = api.post(f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "Done.", "status": "solved"})
    assert (refusal.status, refusal.field) == (409, "fields")


def test_fields_are_set_up_in_the_console(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    page = "/console/settings/fields/~new"
    browser.open(page)
    assert browser.press(page, "save", id="colour", name="Colour", kind="choice", choices="red\r\nblue").status == 200
    made = api.get("/v1/settings").json["ticket_fields"][-1]
    assert (made["id"], made["kind"], made["choices"]) == ("colour", "choice", ["red", "blue"])
    before = api.get("/v1/settings").json["ticket_fields"]
    for one in before:
        browser.open(f"/console/settings/fields/{one['id']}")
        assert browser.press(f"/console/settings/fields/{one['id']}", "save").status == 200
    assert api.get("/v1/settings").json["ticket_fields"] == before


@pytest.mark.parametrize(
    ("field", "typed"), [("name", ""), ("kind", "colour"), ("choices", ""), ("choices", "c" * 51), ("help", "h" * 201)]
)
def test_a_field_that_can_t_be_is_refused_beside_what_is_wrong(
    signed_in: As, api: Client, field: str, typed: str
) -> None:
    browser, page = signed_in("ada"), "/console/settings/fields/~new"
    before = api.get("/v1/settings").json["ticket_fields"]
    browser.open(page)
    given: dict[str, str | list[str]] = {"id": "size", "name": "Size", "kind": "choice", "choices": "S", field: typed}
    reply = browser.press(page, "save", **given)
    assert reply.status == 422
    assert f'id="{field}-wrong"' in reply.body
    assert api.get("/v1/settings").json["ticket_fields"] == before
