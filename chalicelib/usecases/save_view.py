"""Somebody keeps a view of the inbox under a name, for themselves or for everybody; moves it, or takes it away."""

from collections.abc import Callable

from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.inbox_view import SavedView, SavedViews
from chalicelib.usecases.ports import Desk

EVERYBODY = ""
MOST_TRIES = 4

Change = Callable[[SavedViews], SavedViews]


def views_for(desk: Desk, agent_id: str) -> tuple[SavedViews, SavedViews]:
    """Give an agent's own views, and those for everybody: one call."""
    own, shared = desk.views.of((agent_id, EVERYBODY))
    return own, shared


def save_view(desk: Desk, owner: str, view: SavedView) -> SavedView:
    """Keep a view; one of the same name is replaced. Sent twice, it is one. Raises InvalidInput."""
    kept = _changed(desk, owner, lambda views: views.with_view(view))
    named = view.name.strip().casefold()
    return next(one for one in kept.views if one.name.casefold() == named or one.id == view.id)


def forget_view(desk: Desk, owner: str, view_id: str) -> None:
    """Take a view away, if it is there."""
    _changed(desk, owner, lambda views: views.without_view(view_id))


def move_view(desk: Desk, owner: str, view_id: str, step: int) -> None:
    """Move a view by so many places, if it is there."""
    _changed(desk, owner, lambda views: views.moved(view_id, step))


def _changed(desk: Desk, owner: str, change: Change) -> SavedViews:
    for attempt in range(MOST_TRIES):
        (views,) = desk.views.of((owner,))
        after = change(views)
        if after == views:
            return views
        try:
            return desk.views.save(after)
        except StaleVersion:
            if attempt == MOST_TRIES - 1:
                raise
    raise AssertionError("unreachable")
