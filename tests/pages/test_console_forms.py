"""Forms that are refused, in a real browser: what was wrong is shown beside what was typed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.pages.console import sign_in, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def seen(browser: "Browser", desk_url: str) -> Iterator["Page"]:
    """The console, signed in."""
    with watched(browser, desk_url) as page:
        sign_in(page)
        yield page


def test_a_form_that_is_refused_shows_why_and_keeps_the_page_s_address(seen: "Page") -> None:
    seen.goto("/console?view=all")
    seen.locator("#rows a.what").first.click()
    seen.wait_for_selector("#composer")
    address = urlsplit(seen.url).path
    seen.fill("#text", "Have a look.")
    seen.locator(".copies summary").click()
    seen.fill("#cc", "nobody at all")
    seen.click("#composer .primary")
    seen.wait_for_selector("#wrong")
    assert seen.input_value("#text") == "Have a look."
    assert urlsplit(seen.url).path == address


def test_what_is_not_there_is_said_on_a_page_of_the_console(seen: "Page") -> None:
    seen.goto("/console/tickets/0000-0000")
    assert seen.locator("main h1").inner_text()
    seen.click("main a")
    seen.wait_for_url(lambda url: urlsplit(url).path == "/console")
