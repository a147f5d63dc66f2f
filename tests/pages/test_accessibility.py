"""Every page that customers see is held to WCAG 2.2 AA by axe, in both looks."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, which a package of the development requirements carries."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(params=["light", "dark"])
def seen(request: pytest.FixtureRequest, browser: "Browser", desk_url: str) -> Iterator["Page"]:
    """A page in one look; axe's script may run on it, whatever its policy says."""
    context = browser.new_context(base_url=desk_url, bypass_csp=True, color_scheme=request.param, locale="en-GB")
    yield context.new_page()
    context.close()


def linked(desk_url: str, kind: str) -> str:
    """Give the path of a link of some kind (`/t/`) that stands in a mail of the demo's."""
    with urlopen(f"{desk_url}/_local/outbox", timeout=10) as answer:
        text = "\n".join(row["text"] for row in json.loads(answer.read())["items"])
    found = re.search(rf"https?://[^/\s]+({kind}\S+)", text)
    assert found, f"no mail names a link to {kind}"
    return found[1]


def failures(page: "Page", axe: str) -> list[str]:
    """Give what axe finds on a page: the rule, and the first element that fails it."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    return [f"{page.url}: {each['id']}: {each['nodes'][0]['html']}" for each in found]


def test_axe_finds_nothing_on_what_customers_see(seen: "Page", desk_url: str, axe: str) -> None:
    paths = ("/help", "/help?lang=zh", "/s/forged", *(linked(desk_url, kind) for kind in ("/t/", "/s/", "/u/")))
    found = []
    for path in paths:
        seen.goto(path)
        found += failures(seen, axe)
    seen.goto("/help")
    seen.fill("#email", "jo@nowhere")
    seen.fill("#subject", "A lamp")
    seen.fill("#text", "Dark")
    seen.press("#email", "Enter")
    seen.wait_for_selector("#email-wrong")
    assert found + failures(seen, axe) == []
