"""Finding: a reference leads to its ticket, a mail address to its customer; words lead to what was found."""

from zoneinfo import ZoneInfo

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.reference import parse_reference
from chalicelib.usecases.search_tickets import search_tickets
from chalicelib.web.call import Answer, Call, cursor_for
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.reader import reader_of

MOST_CHARACTERS = 200
LIMIT = 25


def show(call: Call) -> Answer:
    """Lead to what was named exactly; else show what was found, and how one can ask."""
    asked = " ".join(call.query.get("q", "").split())[:MOST_CHARACTERS]
    ref = _reference(asked)
    if ref and call.desk.tickets.get(ref):
        return seen_elsewhere(call, f"/console/tickets/{ref}")
    if is_mailbox(asked):
        customer = call.desk.customers.get(call.desk.customers.id_of(asked.lower()))
        if customer:
            return seen_elsewhere(call, f"/console/customers/{customer.id}")
    me, zone = signed_in(call).agent.id, ZoneInfo(reader_of(call).zone)
    query, found = search_tickets(call.desk, asked, LIMIT, call.cursor(), me=me, zone=zone)
    return page(call, "search.html", asked=asked, found=found, query=query, more=cursor_for(found.after))


def _reference(asked: str) -> str:
    try:
        return parse_reference(asked.strip("#[]"))
    except InvalidInput:
        return ""
