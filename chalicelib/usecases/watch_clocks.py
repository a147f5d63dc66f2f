"""A deadline nears or passes: it is recorded with its true time, and assignee and team leads hear of it once."""

from chalicelib.domain import lifecycle, sla
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.ports import Desk


def warn(desk: Desk, ticket: Ticket, entry: Entry) -> Ticket:
    """Record that a clock has used up its share of time; who still can do something about it is told."""
    return _record(desk, ticket, entry, Happening.SLA_WARNED, "sla_warned")


def breach(desk: Desk, ticket: Ticket, entry: Entry) -> Ticket:
    """Record a broken promise at its true time, also when it was noticed late, and tell who should know."""
    return _record(desk, ticket, entry, Happening.SLA_BREACHED, "sla_breached")


def _record(desk: Desk, ticket: Ticket, entry: Entry, what: Happening, notice: str) -> Ticket:
    now = desk.clock.now()
    clocks = sla.of_ticket(ticket, desk.settings.load(), now)
    clock = next((one for one in clocks if one.key == entry.about), None)
    if clock is None or ticket.said(what, **clock.promise):
        return ticket
    at = clock.warn_at if what is Happening.SLA_WARNED else clock.breached_at
    if at is None or at > now:
        return ticket
    due = clock.due_at.isoformat() if clock.due_at else ""
    after = ticket.with_fact(at, what, lifecycle.DESK, **clock.promise, due=due)
    moot = what is Happening.SLA_WARNED and (not clock.open or clock.breached_at is not None)
    return after if moot else lifecycle.with_tasks(after, Entry(now, Task.NOTIFY, f"{notice}:{clock.key}"))
