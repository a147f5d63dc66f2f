"""The one way in which a ticket changes: load, decide, keep on condition that nobody else did, and tell the workers."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from chalicelib.domain import silence, sla, sla_alarms, snoozing
from chalicelib.domain.card import card_of
from chalicelib.domain.errors import NotFound, StaleVersion, TryAgain
from chalicelib.domain.search import indexing
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.follow_rules import follow_rules
from chalicelib.usecases.ports import Desk

MOST_TRIES = 6
SOON_SECONDS = 900
"""SQS delays a message by 15 minutes at most; what is due later is found by the schedule."""

Decision = Callable[[Ticket], Ticket]


def change_ticket(desk: Desk, ref: str, decide: Decision, *, version: int | None = None) -> Ticket:
    """Give the ticket after `decide`, kept. When somebody else was quicker, it is loaded and decided again.

    With `version`, the change was decided on that version, and StaleVersion is raised when it isn't the latest.
    `decide` may therefore run several times, and the desk's automations after it; giving back the very ticket it took
    means that nothing is to change.
    Raises NotFound where there is no such ticket.
    """
    for attempt in range(MOST_TRIES):
        ticket = load_ticket(desk, ref)
        if version is not None and ticket.version != version:
            raise StaleVersion(f"the ticket is at version {ticket.version} by now; read it again", "If-Match")
        after = decide(ticket)
        if after is ticket:
            return ticket
        try:
            after = indexing.scheduled(ticket, follow_rules(desk, ticket, after), desk.clock.now())
            return keep_ticket(desk, after)
        except StaleVersion:
            if version is not None or attempt == MOST_TRIES - 1:
                raise
    raise AssertionError("unreachable")


def load_ticket(desk: Desk, ref: str) -> Ticket:
    """Give the ticket, or raise NotFound."""
    ticket = desk.tickets.get(ref)
    if ticket is None:
        raise NotFound(f"there is no ticket {ref}", "ref")
    return ticket


def keep_ticket(desk: Desk, ticket: Ticket, *, ask: bool = True) -> Ticket:
    """Save a decided ticket with its clocks' deadlines on the agenda, and ask for what is due soon.

    What was put away comes back where something happened that concerns it. A ticket of version 0 is added. Without
    `ask` no worker is asked: the caller saves again in a moment.
    Raises StaleVersion or AlreadyExists when another write came first.
    """
    now = desk.clock.now()
    settings = desk.settings.load()
    ready = sla_alarms.scheduled(snoozing.roused(ticket, now), settings, now)
    ready = silence.scheduled(ready, settings, now)
    card = card_of(ready, sla.of_ticket(ready, settings, now))
    kept = desk.tickets.save(ready, card) if ready.version else desk.tickets.add(ready, card)
    if ask:
        nudge(desk, kept, now, SOON_SECONDS)
    return kept


def nudge(desk: Desk, ticket: Ticket, now: datetime, within: float) -> None:
    """Ask a worker to run the ticket's agenda when its next entry is due, if that is `within` so many seconds.

    Should the request be lost, or the queue not take it, the schedule finds the ticket a minute later: what was saved
    is saved, and nobody is told otherwise.
    """
    if ticket.next_due is not None:
        wait = (ticket.next_due - now).total_seconds()
        if wait <= within:
            with suppress(TryAgain):
                desk.work.nudge(ticket.ref, max(0, -int(-wait // 1)))
