"""Whatever is typed into whichever form of the console, it is taken or refused, and never a surprise to the desk."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from itertools import cycle, islice
from urllib.parse import urlencode, urlsplit

import pytest

from tests.pages.walk import route_of
from tests.web.client import Client, Reply, new_ref
from tests.web.console.browser import HOST, Browser

As = Callable[..., Browser]
EACH = 3
"""How many of the values each field gets, one after another from where the field before left off."""

HOSTILE = (
    *("", " ", "\n", "\x00", "\r\nSet-Cookie: a=b", "a\u2028b", "\u202egnp", "灯", "🦉" * 60, "x" * 300, "x" * 100_001),
    *(
        "9" * 5000,
        "٣",
        "²",
        "-1",
        "0",
        "1e400",
        "nan",
        "-inf",
        "0x10",
        "1,5",
        "[]",
        "{}",
        "[null]",
        '{"a":1}',
        "[" * 5000,
    ),
    *("//evil.example", "/console\r\nX: y", "javascript:alert(1)", "../../etc/passwd", "%00", "a:b:c", "assign:nobody"),
    *("nobody", "team:nobody", "a@b.org", "a@b", "9999-12-31", "0001-01-01", "2026-02-30", "25:61", "Mars/Phobos"),
    *("<script>alert(1)</script>", "{{ 7*7 }}", "{% for x in y %}", "{customer.__class__}", "é" * 5000, "7K3F-92QX"),
)


class Controls(HTMLParser):
    """The forms of a page that change something: each with its address, what it holds, and its controls' names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str], dict[str, None]]] = []
        self._in_form = False
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = said.get("method") == "post"
            if self._in_form:
                self.forms.append((said["action"], {}, {}))
        elif self._in_form and said.get("name") and tag in ("input", "textarea", "select", "button"):
            self.forms[-1][2][said["name"]] = None
            if tag == "input" and said.get("type") in (None, "text", "hidden", "number", "date", "time", "email"):
                self.forms[-1][1][said["name"]] = said.get("value", "")
            elif tag == "textarea":
                self.forms[-1][1][said["name"]] = "Hello."
            self._select = said["name"] if tag == "select" else ""
        elif self._select and tag == "option" and ("selected" in said or not self.forms[-1][1].get(self._select)):
            self.forms[-1][1][self._select] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False


def pages(browser: Browser) -> Iterator[str]:
    """Open each page of the console that links lead to, one of a kind, and give its address and HTML."""
    waiting, seen = ["/console"], set()
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        kind = path if "/settings/" in path else route_of(path)
        if not kind or kind in seen:
            continue
        seen.add(kind)
        if browser.open(address).status == 200:
            yield address
            waiting += [unescape(link) for link in re.findall(r'href="(/console[^"#]*)"', browser.page.body)]


def sent(browser: Browser, method: str, address: str, fields: dict[str, str]) -> Reply:
    """Send fields, and follow no redirect."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Host": HOST, "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    return Client().send(method, address, urlencode(fields, errors="surrogatepass").encode(), headers)


def wrong(reply: Reply) -> str:
    """Say what is wrong with an answer to hostile input; empty where nothing is."""
    found = {name.lower(): value for name, value in reply.headers.items()}.get("location", "/console")
    leads_away = not found.startswith("/console") or not found.isascii() or re.search(r"[\x00-\x20]", found)
    return f"{reply.status}" if reply.status >= 500 else f"leads to {found}" if leads_away else ""


def test_no_form_of_the_console_is_surprised(signed_in: As, api: Client) -> None:
    new_ref(api)
    browser, values, done = signed_in("ada"), cycle(HOSTILE), set()
    troubles, count = [], 0
    for address in list(pages(browser)):
        browser.open(address)
        for action, held, names in Controls(browser.page.body).forms:
            kind = (route_of(urlsplit(action).path) or action, tuple(names))
            if kind in done or "sign-out" in action:
                continue
            done.add(kind)
            for name in names.keys() - {"form_token"}:
                for value in islice(values, EACH):
                    count += 1
                    said = wrong(sent(browser, "POST", action, {**held, name: value}))
                    troubles += [f"{action} {name}={value[:40]!r}: {said}"] if said else []
    assert count > 100
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize("value", [*HOSTILE[: 2 * EACH], "9" * 5000, "../..", "<script>", "🦉", "-1", "nan", "%00"])
def test_no_address_of_the_console_is_surprised(signed_in: As, api: Client, value: str) -> None:
    new_ref(api)
    browser = signed_in("ada")
    names = ("view", "cursor", "limit", "q", "macro", "seen", "from", "to", "month", "page", "tag", "calendar", "who")
    query = urlencode(dict.fromkeys(names, value))
    for address in list(pages(browser)):
        said = wrong(sent(browser, "GET", f"{urlsplit(address).path}?{query}", {}))
        assert not said, f"{address} {value[:40]!r}: {said}"
