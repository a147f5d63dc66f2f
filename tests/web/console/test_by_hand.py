"""What the desk's people do by hand beside answering: writing tickets down, merging them, finding them."""

from collections.abc import Callable

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]


def test_a_call_is_written_down_as_a_ticket_of_one_s_own(signed_in: As, api: Client, desk: LocalCloud) -> None:
    browser = signed_in("sam")
    browser.open("/console/new?email=eve@customer.org")
    browser.send("/console/new", name="Eve", subject="The bulb burst", text="She called at noon.", mine="1")
    desk.settle()
    ref = browser.address.rpartition("/")[2]
    ticket = api.get(f"/v1/tickets/{ref}").json
    assert (ticket["channel"], ticket["assignee_id"], ticket["customer_name"]) == ("phone", "sam", "Eve")


def test_the_same_form_sent_twice_opens_one_ticket(signed_in: As) -> None:
    browser = signed_in("sam")
    browser.open("/console/new")
    form = {**browser.form("/console/new").fields, "email": "a@b.example", "subject": "Once", "text": "Once."}
    addresses = set()
    for _ in range(2):
        browser.post("/console/new", form)
        addresses.add(browser.address)
    assert len(addresses) == 1


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(signed_in: As) -> None:
    browser = signed_in("sam")
    browser.open("/console/new")
    reply = browser.send("/console/new", email="nonsense", subject="", text="She called at noon.")
    assert reply.status == 422
    assert 'id="wrong-email"' in reply.body
    assert 'id="wrong-subject"' in reply.body
    assert "She called at noon." in reply.body


def test_a_ticket_is_made_a_part_of_another_and_separated_again(signed_in: As, api: Client, desk: LocalCloud) -> None:
    first, second = new_ref(api, subject="One"), new_ref(api, subject="The same again")
    desk.settle()
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{second}")
    assert browser.send(f"{second}/merge", into=first.lower()).status == 200
    assert browser.address == f"/console/tickets/{first}"
    desk.settle()
    browser.open(f"/console/tickets/{second}")
    browser.send(f"{second}/separate")
    assert api.get(f"/v1/tickets/{second}").json["status"] != "closed"


@pytest.mark.parametrize(("into", "status"), [("???", 422), ("0000-0000", 409), ("itself", 422)])
def test_a_merge_that_can_t_be_is_refused_on_the_page(signed_in: As, api: Client, into: str, status: int) -> None:
    ref = new_ref(api)
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    reply = browser.send(f"{ref}/merge", into=ref if into == "itself" else into)
    assert reply.status == status
    assert 'id="wrong-into"' in reply.body


def test_a_reference_leads_to_its_ticket_however_it_is_typed(signed_in: As, api: Client) -> None:
    ref = new_ref(api)
    browser = signed_in("sam")
    for typed in (ref, ref.lower(), f"[#{ref}]", f" {ref.replace('-', '')} "):
        browser.open(f"/console/search?q={typed.replace('#', '%23').replace(' ', '+')}")
        assert browser.address == f"/console/tickets/{ref}", typed


def test_what_is_not_found_is_said(signed_in: As) -> None:
    reply = signed_in("sam").open("/console/search?q=0000-0000")
    assert (reply.status, "Nothing found" in reply.body) == (200, True)
