"""A deadline nears or passes: it is recorded with its true time, and what the policy wants done about it is done."""

from chalicelib.domain.agenda import Entry
from chalicelib.domain.escalation import noticed
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.ports import Desk


def watch_clock(desk: Desk, ticket: Ticket, entry: Entry) -> Ticket:
    """Record the warnings, the breach or the further steps that a clock has come to, also when noticed late."""
    return noticed(ticket, entry, desk.settings.load(), desk.clock.now())
