"""Two tickets about the same are made one, and two again when that was a mistake."""

from chalicelib.domain.errors import DeskError, InvalidInput
from chalicelib.domain.reference import parse_reference
from chalicelib.usecases.merge_tickets import merge_tickets, separate_ticket
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import ticket
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.page import seen_elsewhere


def merge(call: Call) -> Answer:
    """Make this ticket a part of another, and show that; where that can't be, say why on this one."""
    ref = asked_ref(call)
    try:
        into = parse_reference(call.form().get("into", "").strip())
        merge_tickets(call.desk, ref, into, call.by)
    except DeskError as error:
        if isinstance(error, InvalidInput):
            return ticket.show(call, wrong="into", status=422)
        return ticket.show(call, wrong="merge", status=409)
    return seen_elsewhere(call, f"/console/tickets/{into}")


def separate(call: Call) -> Answer:
    """Make it a ticket of its own again."""
    ref = asked_ref(call)
    separate_ticket(call.desk, ref, call.by)
    return seen_elsewhere(call, f"/console/tickets/{ref}")
