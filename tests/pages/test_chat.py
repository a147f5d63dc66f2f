"""A shop's page on another origin, under a strict policy, holds the chat box: what is said there is answered there."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

from tests.pages.console import sign_in, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KEY = {"Authorization": "Bearer pd_local_key", "Content-Type": "application/json"}
VIOLATIONS = "addEventListener('securitypolicyviolation', e => console.error('violation: ' + e.violatedDirective))"


def told(desk_url: str, method: str, path: str, body: object = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    request = Request(f"{desk_url}{path}", data=content, method=method, headers=KEY)
    with urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or b"null")


@pytest.fixture
def shop(desk_url: str) -> Iterator[str]:
    """A page of a shop that allows nothing but the desk's script and frame; the desk allows it to hold the chat."""
    policy = f"default-src 'none'; script-src {desk_url}/chat.js; frame-src {desk_url}"

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tag = f'<script async src="{desk_url}/chat.js"></script>' if self.path == "/" else ""
            page = f'<!doctype html><html lang="en"><title>Shop</title><main><h1>Lamps</h1></main>{tag}'.encode()
            self.send_response(200)
            for name, value in {"Content-Type": "text/html", "Content-Security-Policy": policy}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    told(desk_url, "PATCH", "/v1/settings", {"chat": {"enabled": True, "sites": [address]}})
    yield address
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(browser: "Browser", shop: str) -> Iterator["Page"]:
    """Somebody on the shop's page; nothing there may be complained of."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(VIOLATIONS)
    page.goto(shop)
    yield page
    context.close()
    assert complaints == []


def box(page: "Page") -> "Frame":
    """Open the box, and give its frame."""
    page.wait_for_selector("body > div", state="attached")
    with page.expect_event("frameattached") as attached:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    frame: Frame = attached.value
    frame.wait_for_selector("#text")
    frame.wait_for_load_state()  # before its script has run, Enter only ends a line
    return frame


PATIENCE_SECONDS = 10


def newest_chat(desk_url: str) -> dict[str, Any]:
    """Give the chat that began last, when a worker has had it in hands."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        queues = ("agent:ada", "agent:sam", "agent:lin", "team:support")
        found = [one for name in queues for one in told(desk_url, "GET", f"/v1/tickets?queue={name}")["items"]]
        if chats := [one for one in found if one["channel"] == "chat"]:
            return max(chats, key=lambda one: str(one["created_at"]))
        time.sleep(0.1)
    raise AssertionError("no chat came to the desk")


def test_what_a_visitor_asks_is_answered_in_the_box_and_by_mail_once_they_left(
    visitor: "Page", browser: "Browser", desk_url: str
) -> None:
    frame = box(visitor)
    frame.fill("#email", "vi@customer.example")
    frame.fill("#text", "Does it come in <b>red</b>?")
    frame.press("#text", "Enter")
    frame.wait_for_selector("#log li.mine time")
    ref = newest_chat(desk_url)["ref"]

    with watched(browser, desk_url) as agent:
        sign_in(agent)
        agent.goto(f"/console/tickets/{ref}")
        agent.fill("#text", "Yes, in red too.")
        agent.click("#composer button.primary")
        frame.wait_for_selector("#log li:not(.mine) .words", timeout=4000)
        assert frame.inner_text("#log li:not(.mine) .words") == "Yes, in red too."
        assert frame.inner_text("#log li.mine .words") == "Does it come in <b>red</b>?"

        agent.fill("#text", "half a thought")
        frame.fill("#text", "Then I take two.")
        frame.press("#text", "Enter")
        agent.wait_for_selector("#conversation .message.customer:has-text('Then I take two.')", timeout=8000)
        assert agent.input_value("#text") == "half a thought"

    visitor.keyboard.press("Escape")
    visitor.goto("about:blank")
    told(desk_url, "POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "They are on their way."})
    told(desk_url, "POST", "/_local/clock", {"advance_seconds": 120})
    mails = [one for one in told(desk_url, "GET", "/_local/outbox")["items"] if "vi@customer.example" in str(one)]
    assert ["Yes, in red" in one["text"] for one in mails if "on their way" in one["text"]] == [False]


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_in_the_box(browser: "Browser", shop: str, look: Any) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    context = browser.new_context(bypass_csp=True, color_scheme=look, reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    page.goto(shop)
    frame = box(page)
    frame.fill("#text", "Hello")
    frame.press("#text", "Enter")
    frame.wait_for_selector("#log li.mine time")
    frame.click("#end")
    frame.evaluate(axe)
    found = frame.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    context.close()
    assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in found] == []


def test_a_page_that_the_owner_does_not_name_gets_no_box(browser: "Browser", shop: str, desk_url: str) -> None:
    told(desk_url, "PATCH", "/v1/settings", {"chat": {"enabled": True, "sites": ["https://elsewhere.example"]}})
    context = browser.new_context()
    page = context.new_page()
    with page.expect_console_message() as message:
        page.goto(shop)
    assert f"add {shop} to the allowed sites" in message.value.text
    assert page.evaluate("() => document.body.children.length") == 2
    context.close()
