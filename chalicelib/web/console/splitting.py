"""A customer's message becomes a ticket of its own."""

from chalicelib.domain.errors import DeskError, NotFound
from chalicelib.usecases.split_ticket import split_ticket
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import ticket
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.page import seen_elsewhere
from chalicelib.web.pages.typed import typed_line


def split(call: Call) -> Answer:
    """Make it one, and show that; where that can't be, say so on this ticket."""
    ref, form = asked_ref(call), call.form()
    following, subject = bool(form.get("following")), typed_line(form.get("subject", ""))
    try:
        made = split_ticket(call.desk, ref, call.path["message"], call.by, following=following, subject=subject)
    except NotFound:
        raise
    except DeskError:
        return ticket.show(call, wrong="split", status=409)
    return seen_elsewhere(call, f"/console/tickets/{made.ref}")
