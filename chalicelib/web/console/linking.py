"""Tickets are linked with one another, and taken apart again."""

from chalicelib.domain.errors import Conflict, DeskError
from chalicelib.domain.linking import LinkKind
from chalicelib.domain.reference import parse_reference
from chalicelib.usecases.link_tickets import link_tickets, unlink_tickets
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import ticket
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.page import seen_elsewhere


def change(call: Call) -> Answer:
    """Link this ticket with another, or remove that link; where that can't be, say so beside the field."""
    ref, form = asked_ref(call), call.form()
    try:
        if form.get("remove"):
            unlink_tickets(call.desk, ref, parse_reference(form["remove"]), call.by)
        else:
            kind = LinkKind(form["kind"]) if form.get("kind") in tuple(LinkKind) else LinkKind.RELATED
            link_tickets(call.desk, ref, parse_reference(form.get("ticket", "")), kind, call.by)
    except DeskError as error:
        return ticket.show(call, wrong="link", status=409 if isinstance(error, Conflict) else 422)
    return seen_elsewhere(call, ticket.address_of(call, ref))
