"""When what is found of a ticket is brought up to date: soon after it changed, several changes together."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import agenda
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.search.document import known_of
from chalicelib.domain.ticket import Ticket

SOON = timedelta(seconds=30)
"""How long a change waits for others, unless a worker comes by sooner. Once it is noted, it is found."""

MOST_WAIT = timedelta(hours=1)


def scheduled(before: Ticket | None, after: Ticket, now: datetime) -> Ticket:
    """Give the changed ticket with an entry on its agenda, where what is found of it changed; None was no ticket."""
    known = any(entry.task is Task.INDEX for entry in after.agenda)
    if known or (before is not None and known_of(before) == known_of(after)):
        return after
    return _with(after, Entry(now + SOON, Task.INDEX))


def is_due(before: Ticket, after: Ticket, now: datetime) -> bool:
    """Whether a worker that makes `after` of `before` should note the change now: as it is due, or is saved anyway."""
    if known_of(before) != known_of(after):
        return True
    saved = (before.agenda, before.timeline) != (after.agenda, after.timeline)
    return any(entry.task is Task.INDEX and (saved or entry.at <= now) for entry in after.agenda)


def noted(ticket: Ticket) -> Ticket:
    """Give the ticket after its change was noted."""
    return replace(ticket, agenda=agenda.without(ticket.agenda, Task.INDEX))


def put_off(ticket: Ticket, now: datetime) -> Ticket:
    """Give the ticket after its change could not be noted: it is tried again in 1, 2, 4 … minutes, an hour at most."""
    tried = max((entry.attempts for entry in ticket.agenda if entry.task is Task.INDEX), default=0)
    wait = min(timedelta(seconds=60 * 2 ** min(tried, 10)), MOST_WAIT)
    return _with(ticket, Entry(now + wait, Task.INDEX, attempts=tried + 1))


def _with(ticket: Ticket, entry: Entry) -> Ticket:
    return replace(ticket, agenda=agenda.put(ticket.agenda, entry))
