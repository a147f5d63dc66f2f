"""Every page of the console is held to WCAG 2.2 AA by axe; nothing overflows or shifts, the focus is always seen."""

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from tests.pages.console import sign_in, watched
from tests.pages.walk import PAGES, every_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHIFT = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.hadRecentInput ? 0 : one.value; }))
        .observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done(sum), 60);
})"""
OVERFLOW = """() => document.documentElement.scrollWidth > innerWidth + 1
    ? Array.from(document.querySelectorAll('main *')).filter(one => one.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 3).map(one => one.outerHTML.slice(0, 120)) : []"""
UNFOCUSED = """() => Array.from(document.querySelectorAll('a[href], button, input, select, textarea, summary'))
    .filter(one => one.checkVisibility() && one.type !== 'hidden' && !one.disabled && !one.closest('.hidden, .skip'))
    .filter(one => { one.focus({ focusVisible: true }); const how = getComputedStyle(one);
        return document.activeElement === one && how.outlineStyle === 'none' && how.boxShadow === 'none'; })
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120))"""


def axe_finds(page: "Page", axe: str) -> list[str]:
    """Give what axe finds on a page: the rule, and the first element that fails it."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


@pytest.mark.parametrize(
    ("locale", "colours", "width"), [("en-GB", "light", 1280), ("zh-CN", "dark", 320)], ids=["wide", "narrow"]
)
def test_every_page_is_reached_by_links_and_is_accessible(
    browser: "Browser", desk_url: str, locale: str, colours: str, width: int
) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    reached: set[str] = set()
    wrong: list[str] = []
    size = {"width": width, "height": 800}
    with watched(browser, desk_url, locale=locale, color_scheme=colours, viewport=size) as page:
        for path in ("/console/sign-in", "/console/password"):
            page.goto(path)
            wrong += [f"{page.url}: {each}" for each in axe_finds(page, axe)]
        sign_in(page)
        for route in every_page(page):
            reached.add(route)
            shift = page.evaluate(SHIFT)
            wrong += [f"{page.url}: shifts by {shift:.3f}"] if shift > 0.05 else []
            used = page.evaluate("document.querySelector('main').getBoundingClientRect().width / innerWidth")
            wrong += [f"{page.url}: squeezed into {used:.0%} of the page's width"] if used < 0.4 else []
            wrong += [f"{page.url}: too wide: {each}" for each in page.evaluate(OVERFLOW)]
            wrong += [f"{page.url}: focus unseen: {each}" for each in page.evaluate(UNFOCUSED)]
            page.evaluate("scrollTo(0, 0)")  # walking the focus leaves what stands above beneath the bar
            wrong += [f"{page.url}: {each}" for each in axe_finds(page, axe)]
    assert not wrong, "\n".join(wrong)
    assert reached == PAGES
