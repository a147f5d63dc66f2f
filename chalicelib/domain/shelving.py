"""Mail is put on a shelf, or taken off it, by a person: nothing that a filter did is for ever."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.ticket import Happening, Shelf, Ticket


def shelved(ticket: Ticket, shelf: Shelf, now: datetime, by: str) -> Ticket:
    """Put a ticket on a shelf, where nothing is owed and nothing happens; or off it, where its life begins.

    Off the shelf it is triaged and routed like a new one; its clocks count from when the mail came, since the customer
    has waited so long.
    """
    if ticket.shelf is shelf:
        return ticket
    moved = replace(ticket, shelf=shelf).with_fact(now, Happening.SHELVED, by, shelf=shelf.value or "none")
    if shelf:
        return _teaching(lifecycle.unsettled(replace(moved, agenda=(), assignee_id=""), now), ticket, now)
    return _teaching(lifecycle.with_tasks(moved, Entry(now, Task.TRIAGE)), ticket, now)


def _teaching(moved: Ticket, before: Ticket, now: datetime) -> Ticket:
    """Have the desk learn from mail that a person put on the shelf `spam`, or took off it."""
    if moved.channel != "email" or Shelf.SPAM not in (moved.shelf, before.shelf):
        return moved
    return lifecycle.with_tasks(moved, Entry(now, Task.LEARN_SPAM))
