"""Several tickets are changed at once, each by itself: one that can't be changed keeps no other from it."""

from chalicelib.domain.errors import DeskError, InvalidInput
from chalicelib.domain.ticket import Priority, Shelf, Status
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import seen_elsewhere

MOST = 100


def change(call: Call) -> Answer:
    """Do what was chosen to the tickets that were chosen, and show the list again."""
    form, refs = call.form(), call.form_lists().get("ref", [])[:MOST]
    edit = _edit(form.get("do", ""))
    failed = [ref for ref in refs if not _changed(call, ref, edit)]
    back = form.get("back", "")
    to = back if back.startswith("/console?") else "/console?"
    told = f"&failed={','.join(failed[:20])}" if failed else f"&changed={len(refs)}"
    return seen_elsewhere(call, to + told)


def _changed(call: Call, ref: str, edit: TicketEdit) -> bool:
    try:
        edit_ticket(call.desk, ref, edit, call.by, None)
    except DeskError:
        return False
    return True


def _edit(what: str) -> TicketEdit:
    name, _, value = what.partition(":")
    if name == "assign":
        return TicketEdit(assignee_id=value)
    if name == "status" and value in tuple(Status):
        return TicketEdit(status=Status(value))
    if name == "priority" and value in tuple(Priority):
        return TicketEdit(priority=Priority(value))
    if name == "shelf" and value in ("", Shelf.SPAM.value):
        return TicketEdit(shelf=Shelf(value))
    raise InvalidInput("choose what is to be done", "do")
