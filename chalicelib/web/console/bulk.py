"""Several tickets are changed at once; what became of it is told on the list, and can be taken back for a while."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.many import Kind, ManyChange
from chalicelib.usecases.change_many import change_many, take_back_many
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import inbox
from chalicelib.web.console.page import seen_elsewhere
from chalicelib.web.console.told import opened, sealed
from chalicelib.web.pages.typed import typed_line


def change(call: Call) -> Answer:
    """Do what was chosen to the tickets that were chosen, and show the list again, with what became of it."""
    form, lists = call.form(), call.form_lists()
    refs = lists.get("page_ref" if form.get("all") else "ref", [])
    try:
        wanted = _wanted(form)
        token = _once(
            call,
            f"{form.get('form', '')} {wanted} {refs}",
            lambda: sealed(call, wanted, change_many(call.desk, refs, wanted, call.by)),
        )
    except InvalidInput as wrong:
        return inbox.shown(from_list(call, form), status=422, wrong=wrong, typed=form.get("tag", ""))
    return _told_on_list(call, form, token)


def undo(call: Call) -> Answer:
    """Take back what a token names, where nobody changed it since; sent twice, it is taken back once."""
    form = call.form()
    token = form.get("token", "")
    known = opened(call, token)
    if known is None or not known.token:
        raise InvalidInput("it is too late to take this back; change the tickets by hand", "token")

    def do() -> str:
        outcome = take_back_many(call.desk, known.change, known.done, call.by, known.into)
        return sealed(call, known.change, outcome, undone=True)

    return _told_on_list(call, form, _once(call, token, do))


def _wanted(form: dict[str, str]) -> ManyChange:
    name, _, value = form.get("do", "").partition(":")
    if name not in tuple(Kind):
        raise InvalidInput("choose what is to be done", "do")
    kind = Kind(name)
    return ManyChange(kind, typed_line(form.get("tag", "")) if kind in (Kind.TAG, Kind.UNTAG) else value)


def _once(call: Call, what: str, do: Callable[[], str]) -> str:
    """Give the token that `do` gives, or gave when just this was sent before: a double click is one change."""
    key = f"{call.by}:bulk:{hashlib.sha256(what.encode('utf-8', 'surrogatepass')).hexdigest()}"
    return str(call.desk.once.answer(key, {}, lambda: {"token": do()}, call.context)["token"])


def _told_on_list(call: Call, form: dict[str, str], token: str) -> Answer:
    return seen_elsewhere(call, f"/console{_list_of(form)}&told={token}")


def _list_of(form: dict[str, str]) -> str:
    """Give the query of the list that a form stood on."""
    back = form.get("back", "")
    return (
        back
        if back.startswith("?view=") and len(back) <= 2000 and back.isprintable() and back.isascii()
        else "?view=mine"
    )


def from_list(call: Call, form: dict[str, str]) -> Call:
    """Give the call as if the list that its form stood on had been asked for."""
    return replace(call, query=dict(parse_qsl(_list_of(form)[1:])))
