"""Views of the inbox are kept under a name, moved and taken away: one's own, and by leads those for everybody."""

import re
import uuid

from chalicelib.domain.errors import Forbidden, InvalidInput
from chalicelib.domain.inbox_view import SavedView, read_criteria, refuse_unknown_view
from chalicelib.usecases.save_view import EVERYBODY, forget_view, move_view, save_view
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import bulk, inbox
from chalicelib.web.console.page import seen_elsewhere
from chalicelib.web.pages.typed import typed_line

STEPS = {"up": -1, "down": 1}


def save(call: Call) -> Answer:
    """Keep the list that the form stands on under a name, or move or forget a view; show what came of it."""
    form = call.form()
    visitor = inbox.signed_in(call)
    for_all = bool(form.get("everybody"))
    if for_all and not visitor.may("lead"):
        raise Forbidden("views for everybody are kept by leads and admins", "everybody")
    owner = EVERYBODY if for_all else visitor.agent.id
    what, _, view_id = form.get("do", "keep").partition(":")
    if what == "forget":
        forget_view(call.desk, owner, view_id)
        return seen_elsewhere(call, "/console?view=mine")
    if what in STEPS:
        move_view(call.desk, owner, view_id, STEPS[what])
        return seen_elsewhere(call, f"/console?view=saved:{view_id}" if view_id.isalnum() else "/console")
    return _kept(call, form, owner)


def _kept(call: Call, form: dict[str, str], owner: str) -> Answer:
    name, base = typed_line(form.get("name", "")), form.get("base", "")
    view_id = re.sub(r"[^0-9a-f]", "", form.get("form", ""))[:12] or uuid.uuid4().hex[:12]
    try:
        refuse_unknown_view(base, inbox.signed_in(call).roster)
        kept = save_view(call.desk, owner, SavedView(view_id, name, base, read_criteria(form)))
    except InvalidInput as wrong:
        return inbox.shown(bulk.from_list(call, form), status=422, wrong=wrong, typed=name)
    return seen_elsewhere(call, f"/console?view={kept.view}")
