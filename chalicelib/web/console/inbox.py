"""The inbox: what waits, in the order in which it presses."""

import hashlib
import uuid
from dataclasses import astuple, dataclass
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.inbox_view import SAVED, Criteria, SavedView, SavedViews, read_criteria
from chalicelib.usecases.save_view import views_for
from chalicelib.usecases.view_inbox import Inbox, Wanted, view_inbox
from chalicelib.web.call import Answer, Call, cursor_for
from chalicelib.web.console.page import page
from chalicelib.web.console.session import Visitor
from chalicelib.web.console.told import told

LIMIT = 50
BLANK = Answer("", 204, {"Cache-Control": "no-store", "Content-Type": "text/html"}, html=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a list and what of it, by a saved view or in so many words."""

    view: str
    wanted: Wanted
    saved: SavedView | None
    views: tuple[SavedViews, SavedViews]

    def address(self, criteria: Criteria | None = None, cursor: str = "") -> str:
        """Give the query of this list, or of the list behind it with other criteria."""
        if criteria is None and self.saved:
            asked = {"view": self.view}
        else:
            asked = {"view": self.wanted.view, **(criteria or self.wanted.criteria).wanted}
        return "?" + urlencode({**asked, **({"cursor": cursor} if cursor else {})})


def show(call: Call) -> Answer:
    """Show one view of the inbox, and what became of a change of many tickets that led here."""
    return shown(call)


def shown(call: Call, *, status: int = 200, wrong: InvalidInput | None = None, typed: str = "") -> Answer:
    """Give the inbox's page; `wrong` is what of a form can't be, `typed` what stood in its field."""
    listed = _listed(call, _asked(call))
    return page(
        call, "inbox.html", status, told=told(call), wrong=wrong, typed=typed, form_id=uuid.uuid4().hex, **listed
    )


def rows(call: Call) -> Answer:
    """Give the rows and the counts alone, or nothing (204) while they are as the browser has seen them."""
    listed = _listed(call, _asked(call))
    if call.query.get("seen") == listed["seen"]:
        return BLANK
    return page(call, "_news_of_inbox.html", **listed)


def signed_in(call: Call) -> Visitor:
    """Give who is signed in; the route's role has seen to it that somebody is."""
    if call.visitor is None:
        raise AssertionError("the route names no role")
    return call.visitor


def _asked(call: Call) -> Asked:
    """Read what the address asks for. Raises InvalidInput for a view that is not kept any more."""
    view = call.query.get("view", "mine")
    views = views_for(call.desk, signed_in(call).agent.id)
    if view.startswith(SAVED):
        found = (one.find(view.removeprefix(SAVED)) for one in views)
        saved = next((one for one in found if one is not None), None)
        if saved is None:
            raise InvalidInput("is no view that is kept any more; choose another", "view")
        return Asked(view, Wanted(saved.base, saved.criteria), saved, views)
    return Asked(view, Wanted(view, read_criteria(call.query)), None, views)


def _listed(call: Call, asked: Asked) -> dict[str, Any]:
    visitor = signed_in(call)
    found = view_inbox(
        call.desk, visitor.agent, visitor.roster, asked.wanted, call.limit(LIMIT), call.cursor(), asked.views
    )
    more = cursor_for(found.page.after)
    return {
        "view": asked.view,
        "base": asked.wanted.view,
        "criteria": asked.wanted.criteria,
        "saved": asked.saved,
        "own": asked.views[0],
        "shared": asked.views[1],
        "inbox": found,
        "cards": found.page.cards,
        "counts": found.counts,
        "address": asked.address(),
        "address_without": lambda name: asked.address(asked.wanted.criteria.without(name)),
        "bare_address": asked.address(Criteria()),
        "more": asked.address(cursor=more) if more else "",
        "seen": _seen(found),
        "cursor": call.query.get("cursor", ""),
    }


def _seen(found: Inbox) -> str:
    told = [astuple(card) for card in found.page.cards], sorted(found.counts.of.items()), found.counts.exact
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
