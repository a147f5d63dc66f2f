"""A ticket is put away until a time, or brought back before; by itself it comes back by its agenda."""

from datetime import datetime, timedelta

from chalicelib.domain import snoozing
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.ports import Desk


def snooze_ticket(desk: Desk, ref: str, until: datetime, reason: str, by: str) -> Ticket:
    """Put a ticket away until then (a UTC instant, to the millisecond). Sent twice, it is put away once.

    Raises NotFound, Conflict or InvalidInput as domain.snoozing does.
    """
    until -= timedelta(microseconds=until.microsecond % 1000)
    return change_ticket(desk, ref, lambda ticket: snoozing.snoozed(ticket, until, reason, desk.clock.now(), by))


def wake_ticket(desk: Desk, ref: str, by: str) -> Ticket:
    """Bring a ticket back now; one that isn't put away stays as it is. Raises NotFound."""
    return change_ticket(desk, ref, lambda ticket: snoozing.woken(ticket, snoozing.BY_HAND, desk.clock.now(), by))
