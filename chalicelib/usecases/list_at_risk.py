"""Which promises are in danger: open tickets whose deadline has passed or comes soon, the most urgent first.

Queues are kept in this order, so that only what is in danger is read, one Query for each queue.
"""

from datetime import timedelta

from chalicelib.domain.card import Page, urgent_until
from chalicelib.domain.errors import InvalidInput
from chalicelib.usecases.list_tickets import open_queues
from chalicelib.usecases.ports import Desk

LONGEST_SECONDS = 30 * 86400


def list_at_risk(desk: Desk, within: int, limit: int, after: str = "") -> Page:
    """Give a page of the open tickets with a deadline up to `within` seconds from now. Raises InvalidInput.

    Deadlines are those known when a ticket was saved last.
    """
    if not 0 <= within <= LONGEST_SECONDS:
        raise InvalidInput(f"must be from 0 to {LONGEST_SECONDS} seconds", "within")
    if after and not after.startswith("1#"):
        raise InvalidInput("is not a cursor that this list gave; begin without one", "cursor")
    names = open_queues(desk.people.roster(), desk.settings.load())
    until = urgent_until(desk.clock.now() + timedelta(seconds=within))
    return desk.tickets.queue(names, limit, after, until=until)
