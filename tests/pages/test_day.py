"""A day at the desk in a real browser: a customer writes, somebody answers and solves it, and the customer rates."""

import json
import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from chalicelib.adapters.catalogue import Catalogue
from chalicelib.domain.draft import UNDO_SECONDS
from tests.pages.conftest import local_desk
from tests.pages.console import PASSWORD, sign_in, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WORDS = {
    "en": ("The lamp is broken", "It fell from the table.", "We send you another one.", "Thank you, it shines."),
    "zh": ("台灯坏了", "它从桌子上掉下来了。", "我们给您寄一盏新的。", "谢谢，灯亮了。"),
}
PATIENCE_SECONDS = 20


@pytest.fixture(scope="module")
def desk_url() -> Iterator[str]:
    """A desk whose clock may be moved by days."""
    with local_desk() as url:
        yield url


def advance(desk_url: str, seconds: float) -> None:
    """Move the desk's clock, with everything that happens meanwhile."""
    body = json.dumps({"advance_seconds": seconds}).encode()
    with urlopen(Request(f"{desk_url}/_local/clock", body, method="POST"), timeout=60) as answer:
        assert answer.status < 300


def mailed(desk_url: str, to: str, kind: str) -> str:
    """Give the link of a kind (`/t/`) in the latest mail to somebody that has one."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with urlopen(f"{desk_url}/_local/outbox", timeout=10) as answer:
            rows = [row for row in json.loads(answer.read())["items"] if to in json.dumps(row)]
        links = [link for row in rows for link in re.findall(r"https?://[!-~]+", row["text"]) if kind in link]
        if links:
            return str(links[0])
        time.sleep(0.2)
    raise AssertionError(f"no mail to {to} has a link to {kind}")


def ask(page: "Page", language: str, email: str) -> None:
    """Fill in the public form."""
    subject, text, *_ = WORDS[language]
    page.goto(f"/help?lang={language}")
    page.fill("#email", email)
    page.fill("#subject", subject)
    page.fill("#text", text)
    page.get_by_role("button", name=Catalogue().text("help.send", language)).click()
    page.get_by_text(Catalogue().text("help.thanks.title", language)).first.wait_for()


def open_ticket(page: "Page", subject: str) -> None:
    """Open the ticket of a subject from the inbox."""
    page.goto("/console?view=all")
    page.locator("#rows a.what").filter(has_text=subject).first.click()
    page.wait_for_selector("#composer")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_matter_from_the_first_word_to_the_rating(browser: "Browser", desk_url: str, language: str) -> None:
    email = f"day-{language}@customer.example"
    subject, text, answer, thanks = WORDS[language]
    locale = {"en": "en-GB", "zh": "zh-CN"}[language]
    with watched(browser, desk_url, locale=locale) as customer, watched(browser, desk_url, locale=locale) as agent:
        ask(customer, language, email)
        sign_in(agent)
        open_ticket(agent, subject)
        ticket = agent.url
        assert agent.locator(".conversation").get_by_text(text).count()
        agent.fill("#text", answer)
        agent.click("#composer .primary")
        agent.wait_for_selector("form[action*='/undo']")
        advance(desk_url, UNDO_SECONDS + 5)

        customer.goto(mailed(desk_url, email, "/t/"))
        assert customer.get_by_text(answer).count()
        customer.fill("#text", thanks)
        customer.click("button[value=reply]")
        customer.get_by_text(thanks).first.wait_for()

        open_ticket(agent, subject)
        assert agent.locator(".conversation").get_by_text(thanks).count()
        agent.fill("#text", answer)
        agent.click("button[name=status][value=solved]")
        agent.wait_for_selector("form[action*='/undo']")
        advance(desk_url, UNDO_SECONDS + 5)
        advance(desk_url, 2 * 86400)

        customer.goto(mailed(desk_url, email, "/s/"))
        customer.check("input[name=rating][value='5']")
        customer.locator("main button[type=submit], main button").first.click()
        customer.wait_for_load_state()

        sign_in(agent)  # two days later
        agent.goto(ticket)
        assert agent.locator(".happened").get_by_text(re.compile("5 of 5|5/5")).count()
        agent.locator(".side a[href*='/console/customers/']").first.click()
        agent.wait_for_url(lambda url: "/console/customers/" in url)
        assert agent.locator("main").get_by_text(subject).count()
        assert agent.locator("main").get_by_text(email).count()


def test_an_agent_needs_no_mouse(browser: "Browser", desk_url: str) -> None:
    with watched(browser, desk_url) as page:
        ask(page, "en", "keys@customer.example")
        page.goto("/console/sign-in")
        page.keyboard.type("ada@example.com")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: urlsplit(url).path == "/console")
        page.goto("/console?view=all")
        for _ in range(60):
            page.keyboard.press("j")
            if "keys@customer" in page.evaluate("document.activeElement.innerText"):
                break
        page.keyboard.press("Enter")
        page.wait_for_selector("#composer")
        page.keyboard.press("n")
        page.keyboard.type("They sound upset.")
        page.keyboard.press("Control+Enter")
        page.locator(".conversation .note").get_by_text("They sound upset.").wait_for()
        page.keyboard.press("r")
        page.keyboard.type("We send you another one.")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("form[action*='/undo']")
        page.keyboard.press("u")
        page.wait_for_url(lambda url: urlsplit(url).path == "/console")
        page.keyboard.press("?")
        page.wait_for_selector("#keys[open]")
        page.keyboard.press("Escape")
        page.wait_for_selector("#keys", state="hidden")
