"""A customer's message becomes a ticket of its own on the page, and is put back by one button."""

from collections.abc import Callable

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser
from tests.web.test_ticket_page import form_in, path_of

As = Callable[..., Browser]


@pytest.fixture
def ref(api: Client, stranger: Client, desk: LocalCloud) -> str:
    """A ticket on which the customer wrote about a chair, too."""
    ref = new_ref(api, subject="The lamp flickers")
    desk.settle()
    path = path_of(desk, ref)
    stranger.form(path, {**form_in(stranger.get(path)), "text": "And the chair wobbles."})
    desk.settle()
    return ref


def wobbling(api: Client, ref: str) -> str:
    found = api.get(f"/v1/tickets/{ref}/messages").json["items"]
    return next(str(one["id"]) for one in found if "wobbles" in one["text"])


def test_a_message_is_split_off_told_on_both_and_put_back(
    signed_in: As, api: Client, desk: LocalCloud, ref: str
) -> None:
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    browser.send(f"/messages/{wobbling(api, ref)}/split", subject="The chair <wobbles>")
    made = browser.address.rpartition("/")[2]
    assert made != ref
    assert "The chair &lt;wobbles&gt;" in browser.page.body
    assert "it was part of" in browser.page.body
    desk.settle()
    page = browser.open(f"/console/tickets/{ref}").body
    assert "And the chair wobbles." not in page
    assert "made a message a ticket of its own" in page
    assert "split off" in page
    browser.open(f"/console/tickets/{made}")
    browser.post(f"/console/tickets/{made}/merge", {**browser.form(f"{made}/merge").fields, "into": ref})
    desk.settle()
    assert "And the chair wobbles." in browser.open(f"/console/tickets/{ref}").body


def test_sent_twice_it_is_one_ticket(signed_in: As, api: Client, ref: str) -> None:
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    message = wobbling(api, ref)
    form, made = browser.form(f"/messages/{message}/split").fields, set()
    for _ in range(2):
        browser.post(f"/console/tickets/{ref}/messages/{message}/split", form)
        made.add(browser.address)
    assert len(made) == 1


@pytest.mark.parametrize("message", ["nothing", "%00", "x" * 300])
def test_what_is_no_message_is_not_split(signed_in: As, ref: str, message: str) -> None:
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    token = browser.form(f"{ref}/links").fields["form_token"]
    assert browser.post(f"/console/tickets/{ref}/messages/{message}/split", {"form_token": token}).status == 409


def test_a_program_splits(api: Client, ref: str) -> None:
    message = wobbling(api, ref)
    reply = api.post(f"/v1/tickets/{ref}/messages/{message}/split", {"subject": "The chair"})
    assert (reply.status, reply.json["subject"]) == (201, "The chair")
    assert api.post(f"/v1/tickets/{ref}/messages/nothing/split", {}).field == "message_id"
