"""The console in a real browser, as its people use it: watched for complaints, and for requests that leave the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "pennydesk-local"


@contextmanager
def watched(browser: "Browser", desk_url: str, **options: Any) -> Iterator["Page"]:
    """A page with JavaScript that fails at its end on what a console complained of, and on any request elsewhere.

    That a form was refused isn't a complaint: the browser notes each answer of 400 and more.
    """
    context = browser.new_context(base_url=desk_url, **{"locale": "en-GB", **options})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda made: wrong.append(made.url) if _leaves(made.url, desk_url) else None)
    yield opened
    context.close()
    told = [text for text in wrong if "the server responded with a status of 4" not in text]
    assert not told, told


def _leaves(url: str, desk_url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).netloc != urlsplit(desk_url).netloc


def sign_in(page: "Page", name: str = "ada") -> None:
    """Sign somebody of the demo's in."""
    page.goto("/console/sign-in")
    page.fill("[name=email]", f"{name}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/console")
