"""What doesn't work in the console is said on a page of the console, in the reader's language."""

from collections.abc import Callable

import pytest

from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]


@pytest.mark.parametrize(("language", "title"), [("en", "There is no such page"), ("zh", "没有这个页面")])
def test_what_is_not_there_is_said_with_a_way_back(signed_in: As, language: str, title: str) -> None:
    browser = signed_in("sam")
    browser.post("/console/preferences", {"language": language})
    reply = browser.open("/console/tickets/0000-0000")
    assert (reply.status, title in reply.body) == (404, True)
    assert 'href="/console"' in reply.body


def test_what_is_an_admin_s_is_refused_with_whom_to_ask(signed_in: As) -> None:
    reply = signed_in("sam").open("/console/settings/desk")
    assert reply.status == 403
    assert "ask an admin" in reply.body


def test_a_change_that_can_t_be_says_why(signed_in: As, api: Client) -> None:
    ref = new_ref(api)
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    token = browser.form(f"/console/tickets/{ref}").fields["form_token"]
    reply = browser.post(f"/console/tickets/{ref}", {"form_token": token, "assignee_id": "nobody"})
    assert reply.status == 422
    assert "there is no agent nobody at work" in reply.body
    assert reply.headers["HX-Push-Url"] == "false"
