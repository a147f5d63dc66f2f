"""Two tickets that are one: the one is closed and points to the other, where its mail lands from then on.

Each of the two knows it by a fact of its own. The pointer on the merged ticket is what counts; the other's fact follows
from it by the agenda, and may be late.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import clock_history, lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.ticket import DONE, MOST_PARTICIPANTS, Happening, Status, Ticket

TELLING = frozenset({Task.TELL_MERGE, Task.TELL_LINK, Task.TELL_SPLIT})
KEPT_TASKS = frozenset({Task.ACKNOWLEDGE, Task.DELIVER, Task.SETTLE_LOAD, *TELLING})
"""What a merged ticket still does: what was promised to leave leaves. Nobody is asked how it went."""


def refuse_unmergeable(ticket: Ticket, target: Ticket) -> None:
    """Raise where `ticket` can't become part of `target`: the same, closed or merged ones, and mail on a shelf."""
    if ticket.ref == target.ref:
        raise InvalidInput("is the ticket itself; name another", "into")
    if target.merged_into:
        raise Conflict(f"{target.ref} is part of {target.merged_into} itself; merge into that", "into")
    if target.status is Status.CLOSED:
        raise Conflict("a closed ticket takes in no other; merge the other way round", "into")
    if ticket.shelf or target.shelf:
        raise Conflict("mail on a shelf is no ticket yet; take it off the shelf first", "shelf")


def merged(ticket: Ticket, target: str, now: datetime, by: str) -> Ticket:
    """Make a ticket part of another. Merged twice it is merged; raises Conflict where it is closed or elsewhere."""
    if ticket.merged_into == target:
        return ticket
    if ticket.merged_into:
        raise Conflict(f"it is part of {ticket.merged_into} already; separate it first", "into")
    lifecycle.refuse_if_closed(ticket)
    after = replace(lifecycle.rechecked(ticket, now), status=Status.CLOSED, solved_at=ticket.solved_at or now)
    after = replace(after, agenda=tuple(entry for entry in after.agenda if entry.task in KEPT_TASKS))
    after = after.with_fact(now, Happening.MERGED_INTO, by, ticket=target, status=ticket.status.value)
    return _told(lifecycle.unsettled(after, now), target, now)


def separated(ticket: Ticket, now: datetime, by: str, settings: DeskSettings) -> Ticket:
    """Undo a merge: the ticket stands where it stood. Raises Conflict when it is none, or too long ago."""
    target = ticket.merged_into
    if not target:
        raise Conflict("it is not part of another ticket", "ref")
    fact = next(fact for fact in reversed(ticket.timeline) if fact.what is Happening.MERGED_INTO)
    if now - fact.at > timedelta(seconds=settings.reopen_seconds):
        raise Conflict("it was merged too long ago to be separated; open a new ticket", "ref")
    status = Status(fact.detail.get("status", Status.OPEN))
    solved_at = ticket.solved_at if status in DONE else None
    after = replace(ticket, status=status, solved_at=solved_at)
    after = _told(after.with_fact(now, Happening.SEPARATED, by, ticket=target), target, now)
    if solved_at is not None:
        return lifecycle.with_tasks(after, Entry(solved_at + timedelta(seconds=settings.reopen_seconds), Task.CLOSE))
    if not after.team_id:
        return lifecycle.unsettled(lifecycle.with_tasks(after, Entry(now, Task.TRIAGE)), now)
    return lifecycle.unsettled(lifecycle.seeking_agent(after, now), now)


def _told(ticket: Ticket, target: str, now: datetime) -> Ticket:
    """Have the other ticket told how it stands; once more where a worker is at it with what was so before."""
    return lifecycle.with_tasks(ticket, Entry(now, Task.TELL_MERGE, target))


def taken_in(target: Ticket, part: Ticket, now: datetime, by: str, settings: DeskSettings) -> Ticket:
    """Note on a ticket that another is part of it. Where somebody waits on that one, this one is the desk's turn."""
    if part.ref in target.merged_from:
        return target
    people = (*target.thread.participants, part.requester.email, *part.thread.participants)
    everybody = tuple(dict.fromkeys(email for email in people if email))[:MOST_PARTICIPANTS]
    after = replace(target, thread=replace(target.thread, participants=everybody))
    waits = _stood(part) in (Status.NEW, Status.OPEN)
    since = clock_history.read(part.timeline).waiting_since if waits else None
    waiting = {"since": since.isoformat()} if since else {}
    after = after.with_fact(now, Happening.MERGED_FROM, by, ticket=part.ref, **waiting)
    if waits and after.status in (Status.PENDING, Status.ON_HOLD, Status.SOLVED):
        after = lifecycle.with_status(after, Status.OPEN, now, by, settings)
    return after


def _stood(part: Ticket) -> str:
    facts = (fact for fact in reversed(part.timeline) if fact.what is Happening.MERGED_INTO)
    return next((fact.detail.get("status", "") for fact in facts), "")


def given_back(target: Ticket, part: str, now: datetime, by: str) -> Ticket:
    """Note on a ticket that another is no longer part of it."""
    return target.with_fact(now, Happening.SEPARATED, by, **{"from": part}) if part in target.merged_from else target


def head_of(circle: Sequence[Ticket]) -> Ticket:
    """Give which of some tickets, that were merged into one another at the same moment, stays: the oldest."""
    return min(circle, key=lambda ticket: (ticket.created_at, ticket.ref))
