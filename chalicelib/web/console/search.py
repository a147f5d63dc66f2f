"""Finding: a reference leads to its ticket, a mail address to its customer."""

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.reference import parse_reference
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import page, seen_elsewhere

MOST_CHARACTERS = 200


def show(call: Call) -> Answer:
    """Lead to what was named exactly; else show what was found."""
    asked = " ".join(call.query.get("q", "").split())[:MOST_CHARACTERS]
    ref = _reference(asked)
    if ref and call.desk.tickets.get(ref):
        return seen_elsewhere(call, f"/console/tickets/{ref}")
    if is_mailbox(asked):
        customer = call.desk.customers.get(call.desk.customers.id_of(asked.lower()))
        if customer:
            return seen_elsewhere(call, f"/console/customers/{customer.id}")
    return page(call, "search.html", asked=asked)


def _reference(asked: str) -> str:
    try:
        return parse_reference(asked.strip("#[]"))
    except InvalidInput:
        return ""
