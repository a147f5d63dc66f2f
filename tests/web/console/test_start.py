"""The first run: from an empty desk to the first answered ticket, each step ticked off by what is there."""

from collections.abc import Callable

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client
from tests.web.console.browser import Browser

As = Callable[..., Browser]
HERE = "/console/start"
MAIL = (
    b"From: Jo <jo@customer.org>\r\nTo: support@example.com\r\nSubject: Hello\r\n"
    b"Message-ID: <first@customer.org>\r\n\r\nHi"
)


def done_on(browser: Browser) -> int:
    page = browser.open(HERE)
    assert page.status == 200
    return page.body.count('<span class="chip solved">')


@pytest.mark.parametrize("name", ["sam", "lin"])
def test_the_first_steps_are_an_admin_s(signed_in: As, name: str) -> None:
    browser = signed_in(name)
    assert browser.open(HERE).status == 403
    assert HERE not in browser.open("/console?view=spam").body


def test_each_step_is_ticked_off_by_what_is_there(signed_in: As, api: Client, desk: LocalCloud) -> None:
    browser = signed_in("ada")
    # Lin, Sam and Ada are there already
    assert done_on(browser) == 1
    api.patch("/v1/settings", {"name": "Lamps & Co"})
    assert done_on(browser) == 2
    api.put("/v1/calendars/default", {"timezone": "Europe/Berlin", "hours": {"mon": [["09:00", "17:00"]]}})
    assert done_on(browser) == 3
    desk.receive_mail(MAIL, "jo@customer.org", ["support@example.com"])
    desk.settle()
    assert done_on(browser) == 5
    (ticket,) = api.get("/v1/tickets").json["items"]
    api.post(f"/v1/tickets/{ticket['ref']}/messages", {"kind": "reply", "text": "Hi Jo!", "author_id": "ada"})
    desk.settle()
    assert done_on(browser) == 6
    assert "The desk works" in browser.page.body
    api.patch(f"/v1/tickets/{ticket['ref']}", {"status": "solved"})
    desk.settle()
    assert done_on(browser) == 6


def test_an_empty_list_points_to_them_until_that_is_put_away(signed_in: As) -> None:
    browser = signed_in("ada")
    assert f'href="{HERE}">First steps of a new desk' in browser.open("/console?view=spam").body
    browser.open(HERE)
    browser.send(HERE)
    assert browser.address == "/console"
    assert "First steps of a new desk" not in browser.open("/console?view=spam").body
    browser.open(HERE)
    browser.send(HERE)
    assert "First steps of a new desk" in browser.open("/console?view=spam").body


def test_every_step_leads_to_a_page_that_is_there(signed_in: As) -> None:
    browser = signed_in("ada")
    steps = browser.open(HERE).body.partition('<ol class="first-steps">')[2].partition("</ol>")[0]
    links = [part.partition('"')[0] for part in steps.split('href="')[1:]]
    assert len(links) == 6
    assert [browser.open(link).status for link in links] == [200] * 6
