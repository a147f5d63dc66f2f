"""A ticket is put away until a time, and comes back by itself: then, or as soon as something happens that concerns it.

A ticket is snoozed while it has a WAKE entry on its agenda. Its clocks go on: nobody outside the desk asked for the
wait, and only waiting on somebody else pauses them. What brings it back early follows Intercom's documented rule
("Snooze a conversation", help article 883709): the customer or another of the desk does something; what the one who
snoozed it does brings nothing back, unless it hands the ticket on.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.ticket import DONE, Fact, Happening, Ticket

LONGEST = timedelta(days=366)
REASON_LIMIT = 200
"""Most characters of a reason."""

MORNING = time(9)
LATER_TODAY, LAST_HOUR = timedelta(hours=3), 20
UNTIL_THEY_WRITE = timedelta(days=30)
"""Who waits for the customer alone still looks again after this."""

BY_TIME, BY_HAND = "time", "hand"
"""Why a ticket woke, beside the fact that woke it."""

HANDED_ON = frozenset({Happening.ASSIGNED, Happening.UNASSIGNED, Happening.TEAM_SET, Happening.MERGED_FROM})
QUIET = frozenset({Happening.AUTOMATIC_MAIL, Happening.SNOOZED, Happening.WOKEN, Happening.MENTIONED})


def snoozed(ticket: Ticket, until: datetime, reason: str, now: datetime, by: str) -> Ticket:
    """Put a ticket away until then. Sent twice, it is put away once; another time or reason puts it off anew.

    Raises InvalidInput naming `until` or `reason`; Conflict where there is nothing to be put away.
    """
    if ticket.status in DONE or ticket.shelf:
        raise Conflict("only open tickets can be put away", "status")
    if not now < until <= now + LONGEST:
        raise InvalidInput(f"must lie within the next {LONGEST.days} days", "until")
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(f"must have at most {REASON_LIMIT} characters", "reason")
    details = {"until": until.isoformat(), "reason": reason}
    last = latest(ticket)
    if (
        ticket.snoozed_until == until
        and last is not None
        and last.by == by
        and last.tells(Happening.SNOOZED, **details)
    ):
        return ticket
    after = lifecycle.without_tasks(lifecycle.rechecked(ticket, now), Task.ASSIGN)
    after = lifecycle.with_tasks(after, Entry(until, Task.WAKE)).with_fact(now, Happening.SNOOZED, by, **details)
    return lifecycle.unsettled(after, now) if ticket.active else after


def woken(ticket: Ticket, why: str, now: datetime, by: str) -> Ticket:
    """Bring a ticket back; one that isn't put away stays as it is."""
    return _back(ticket, why, now, by) if ticket.snoozed_until else ticket


def woken_by_time(ticket: Ticket, entry: Entry) -> Ticket:
    """Bring back a ticket whose WAKE entry was due and has been taken off."""
    return _back(ticket, BY_TIME, entry.at, lifecycle.DESK)


def roused(ticket: Ticket, now: datetime) -> Ticket:
    """Give the ticket as it is after what has happened since it was put away: back, where that concerns it."""
    if ticket.snoozed_until is None:
        return ticket
    if ticket.status in DONE or ticket.shelf:
        return lifecycle.without_tasks(ticket, Task.WAKE)
    fact = next(_waking(ticket), None)
    return _back(ticket, fact.what.value, now, fact.by) if fact else ticket


def latest(ticket: Ticket) -> Fact | None:
    """Give the fact by which a ticket was put away last."""
    return next((fact for fact in reversed(ticket.timeline) if fact.what is Happening.SNOOZED), None)


def _back(ticket: Ticket, why: str, at: datetime, by: str) -> Ticket:
    after = lifecycle.without_tasks(ticket, Task.WAKE).with_fact(at, Happening.WOKEN, by, reason=why)
    return lifecycle.unsettled(lifecycle.seeking_agent(after, at), at) if after.active else after


def _waking(ticket: Ticket) -> Iterator[Fact]:
    """The facts since the ticket was put away that bring it back, latest first."""
    for place in range(len(ticket.timeline) - 1, -1, -1):
        fact = ticket.timeline[place]
        if fact.what is Happening.SNOOZED:
            since = ticket.timeline[place + 1 :]
            yield from (one for one in since if _wakes(one, fact.by))
            return


def _wakes(fact: Fact, snoozer: str) -> bool:
    if fact.what in QUIET:
        return False
    if fact.by == lifecycle.DESK:
        return "escalation" in fact.detail
    return fact.by != snoozer or fact.what in HANDED_ON


def offered(now: datetime, zone: tzinfo, calendar: BusinessCalendar) -> dict[str, datetime]:
    """Give the times that are offered for the choosing, by name: in the reader's zone, and by the desk's hours.

    `later` is missing in the evening, `business` where it is no other morning than tomorrow's.
    """
    local = now.astimezone(zone)
    later, tomorrow = now + LATER_TODAY, _morning(local, 1)
    found = {}
    if later.astimezone(zone).date() == local.date() and later.astimezone(zone).hour < LAST_HOUR:
        found["later"] = later
    found["tomorrow"] = tomorrow
    theirs = now.astimezone(ZoneInfo(calendar.timezone))
    midnight = datetime.combine(theirs.date() + timedelta(days=1), time(), theirs.tzinfo).astimezone(UTC)
    if not calendar.is_open(midnight) and (business := calendar.next_open(midnight)) != tomorrow:
        found["business"] = business
    found["monday"] = _morning(local, 7 - local.weekday())
    found["written"] = now + UNTIL_THEY_WRITE
    return {name: at.replace(second=0, microsecond=0) for name, at in found.items()}


def _morning(local: datetime, days: int) -> datetime:
    return datetime.combine(local.date() + timedelta(days=days), MORNING, local.tzinfo).astimezone(UTC)
