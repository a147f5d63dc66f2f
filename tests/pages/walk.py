"""Walks the console by its own links and its forms that ask, as somebody would who presses each of them once."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.web.console.routes import CONSOLE

if TYPE_CHECKING:
    from playwright.sync_api import Page

PARTS = re.compile(r"/rows$|/news$|/messages/|/presence|/preview$|/{name}$")
"""What is fetched into a page, or saved as a file."""

PAGES = {each.path for each in CONSOLE if each.method == "GET" and each.role and not PARTS.search(each.path)}


def every_page(page: "Page") -> Iterator[str]:
    """Open each page of the console that links lead to, one of a kind, and give the route's path when it is open."""
    waiting, seen = ["/console"], set()
    while waiting:
        address = waiting.pop(0)
        route = route_of(urlsplit(address).path)
        kind = address if "{section}" in route else route
        if not route or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        yield route
        waiting += page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
        waiting += page.eval_on_selector_all("form[action]:not([method=post])", "all => all.map(one => one.action)")


def route_of(path: str) -> str:
    """Give the path of the route that an address belongs to; empty for what is no page of the console."""
    fitting = [route for route in PAGES if re.fullmatch(re.sub(r"{\w+}", "[^/]+", route), path)]
    return min(fitting, key=lambda route: route.count("{"), default="")
