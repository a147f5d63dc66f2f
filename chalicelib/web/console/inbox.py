"""The inbox: what waits, in the order in which it presses."""

import hashlib
from dataclasses import astuple
from typing import Any

from chalicelib.domain.card import Page
from chalicelib.usecases.view_inbox import count_inbox, view_inbox
from chalicelib.web.call import Answer, Call, cursor_for
from chalicelib.web.console.page import page
from chalicelib.web.console.session import Visitor

LIMIT = 50


def show(call: Call) -> Answer:
    """Show one view of the inbox."""
    visitor = signed_in(call)
    counts = count_inbox(call.desk, visitor.agent, visitor.roster)
    return page(call, "inbox.html", counts=counts, **_listed(call))


def rows(call: Call) -> Answer:
    """Give the rows alone, or nothing (204) while they are as the browser has seen them."""
    listed = _listed(call)
    if call.query.get("seen") == listed["seen"]:
        return Answer("", 204, {"Cache-Control": "no-store", "Content-Type": "text/html"}, html=True)
    return page(call, "_rows.html", **listed)


def signed_in(call: Call) -> Visitor:
    """Give who is signed in; the route's role has seen to it that somebody is."""
    if call.visitor is None:
        raise AssertionError("the route names no role")
    return call.visitor


def _listed(call: Call) -> dict[str, Any]:
    visitor, view = signed_in(call), call.query.get("view", "mine")
    found = view_inbox(call.desk, visitor.agent, visitor.roster, view, call.limit(LIMIT), call.cursor())
    more = cursor_for(found.after)
    return {
        "view": view,
        "cards": found.cards,
        "more": more,
        "seen": _seen(found),
        "cursor": call.query.get("cursor", ""),
    }


def _seen(found: Page) -> str:
    return hashlib.sha256(repr([astuple(card) for card in found.cards]).encode()).hexdigest()[:16]
