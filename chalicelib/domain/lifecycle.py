"""How a ticket changes: each function takes a ticket and an instant, and gives the ticket after it.

Whatever a change must cause goes on the agenda in the same step, so that both are saved by one write.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import agenda, chat, sla_matching
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.ticket import (
    DONE,
    EmailThread,
    FollowUp,
    Happening,
    Priority,
    Status,
    Ticket,
)
from chalicelib.domain.triage import Triage

DESK = "desk"
CHAIN_LENGTH = 10
MOST_FIELDS = 30
MOST_PARTICIPANTS = 20
TOLD_LENGTH = 500
MOST_FOLLOW_UPS, FOLLOW_UP_LIMIT = 20, 200
"""How many may be open on a ticket, and with how many characters of a reason, where people ask for them."""

TOLD_FIELDS, TOLD_OF_FIELD = 10, 60
"""Of how many changed fields a fact tells what they were and are, and with how many characters of each."""


_STATUS_FACT = {
    Status.PENDING: Happening.WAITING_ON_CUSTOMER,
    Status.ON_HOLD: Happening.WAITING_ON_THIRD_PARTY,
    Status.OPEN: Happening.RESUMED,
}


def with_tasks(ticket: Ticket, *entries: Entry) -> Ticket:
    """Give the ticket with these entries on its agenda, each in place of one about the same thing."""
    return replace(ticket, agenda=agenda.put(ticket.agenda, *entries))


def without_tasks(ticket: Ticket, *tasks: Task, about: str | None = None) -> Ticket:
    """Give the ticket without entries of these tasks."""
    return replace(ticket, agenda=agenda.without(ticket.agenda, *tasks, about=about))


def opened(ticket: Ticket, message_id: str, settings: DeskSettings, *, acknowledge: bool) -> Ticket:
    """Begin a ticket's life: its first fact, its policy, the tags of plans that run, and what must happen next."""
    at = ticket.created_at
    tags = (*ticket.tags, *(tag for plan in settings.running(at) for tag in plan.tags))
    ticket = replace(ticket, tags=tuple(dict.fromkeys(tags)))
    policy = "" if ticket.shelf else sla_matching.matching_policy(ticket, settings)
    begun = replace(ticket, policy_id=policy).with_fact(
        at,
        Happening.OPENED,
        f"customer:{ticket.requester.customer_id}",
        message=message_id,
        priority=ticket.priority.value,
        policy=policy,
    )
    if ticket.shelf:
        return begun
    begun = with_tasks(begun, Entry(at, Task.TRIAGE))
    return with_tasks(begun, Entry(at, Task.ACKNOWLEDGE)) if acknowledge else begun


def triaged(ticket: Ticket, found: Triage, settings: DeskSettings, now: datetime) -> Ticket:
    """Take over what triage found, leaving alone what somebody set already, and send the ticket on to routing."""
    after = replace(
        ticket,
        tags=tuple(dict.fromkeys((*ticket.tags, *found.tags))),
        required_skills=tuple(dict.fromkeys((*ticket.required_skills, *found.skills))),
    )
    if found.language and not ticket.language:
        after = replace(after, language=found.language)
        after = after.with_fact(now, Happening.LANGUAGE_SET, DESK, language=found.language)
    if found.category and not ticket.category:
        after = replace(after, category=found.category)
        after = after.with_fact(now, Happening.CATEGORY_SET, DESK, category=found.category)
    if found.priority and ticket.priority is Priority.NORMAL and not ticket.said(Happening.PRIORITY_SET):
        after = prioritised(after, Priority(found.priority), now, DESK)
    if not ticket.team_id:
        after = in_team(after, found.team_id or settings.default_team, now, DESK)
    return seeking_agent(repoliced(without_tasks(after, Task.TRIAGE), settings, now), now)


def seeking_agent(ticket: Ticket, now: datetime) -> Ticket:
    """Send a ticket that nobody works on to routing; one that is still to be understood goes there after triage."""
    understood = all(entry.task is not Task.TRIAGE for entry in ticket.agenda)
    if ticket.active and not ticket.assignee_id and understood:
        return with_tasks(ticket, Entry(now, Task.ASSIGN))
    return ticket


def prioritised(ticket: Ticket, priority: Priority, now: datetime, by: str, **why: str) -> Ticket:
    """Set the priority; the fact tells also `why`, if that is given."""
    if ticket.priority is priority:
        return ticket
    after = replace(ticket, priority=priority)
    was = ticket.priority.value
    return after.with_fact(now, Happening.PRIORITY_SET, by, priority=priority.value, was=was, **why)


def in_team(ticket: Ticket, team_id: str, now: datetime, by: str, **why: str) -> Ticket:
    """Put the ticket into a team's queue. Another team than before routes it anew, without its assignee.

    The fact tells also `why`, if that is given.
    """
    if ticket.team_id == team_id:
        return ticket
    moved = replace(ticket, team_id=team_id).with_fact(
        now, Happening.TEAM_SET, by, team=team_id, was=ticket.team_id, **why
    )
    if ticket.assignee_id and ticket.team_id:
        return assigned(moved, "", now, by)
    return seeking_agent(moved, now)


def repoliced(ticket: Ticket, settings: DeskSettings, now: datetime) -> Ticket:
    """Choose the SLA policy anew after something that policies match on has changed."""
    policy = sla_matching.matching_policy(ticket, settings)
    if policy == ticket.policy_id:
        return ticket
    return replace(ticket, policy_id=policy).with_fact(now, Happening.POLICY_SET, DESK, policy=policy or "none")


def assigned(ticket: Ticket, agent_id: str, now: datetime, by: str) -> Ticket:
    """Give the ticket to an agent, or with an empty id to nobody: then it waits for the next who has room."""
    if ticket.assignee_id == agent_id:
        return ticket
    after = without_tasks(replace(rechecked(ticket, now), assignee_id=agent_id), Task.ASSIGN)
    if not agent_id:
        after = after.with_fact(now, Happening.UNASSIGNED, by, agent=ticket.assignee_id)
        after = seeking_agent(after, now)
    else:
        after = after.with_fact(now, Happening.ASSIGNED, by, agent=agent_id, was=ticket.assignee_id)
        if by != f"agent:{agent_id}":
            times = sum(1 for fact in after.timeline if fact.what is Happening.ASSIGNED)
            after = with_tasks(after, Entry(now, Task.NOTIFY, f"assigned:{agent_id}:{times}"))
    return unsettled(after, now)


def unsettled(ticket: Ticket, now: datetime) -> Ticket:
    """Have agents' hands put right. A worker that is at it keeps its claim: should it die, that is done once more."""
    claimed = any(entry.task is Task.SETTLE_LOAD and entry.attempts for entry in ticket.agenda)
    return with_tasks(ticket, Entry(now, Task.SETTLE_LOAD, str(len(ticket.timeline)) if claimed else ""))


def rechecked(ticket: Ticket, now: datetime) -> Ticket:
    """Have agents' hands put right again in a while, where a worker may be looking for an agent at this moment: it
    could take a place after hands were settled, and die before it can tell."""
    sought = any(entry.task in (Task.TRIAGE, Task.ASSIGN) for entry in ticket.agenda)
    if not ticket.version or not sought:
        return ticket
    return with_tasks(ticket, Entry(now + timedelta(seconds=agenda.CLAIM_SECONDS), Task.SETTLE_LOAD, "again"))


def customer_wrote(
    ticket: Ticket,
    message_id: str,
    now: datetime,
    settings: DeskSettings,
    *,
    email_id: str = "",
    automatic: bool = False,
    by: str = "",
    via: str = "",
) -> Ticket:
    """Take in a further message by the customer. Automatic mail is kept and shown, and starts or stops nothing.

    `by` is who wrote, where it wasn't the requester; `via` says `chat` of what was written in the chat box. A solved
    ticket opens again. Whoever writes more often in an hour than the desk's `notices_per_hour` may be a machine: agents
    aren't told of each mail any more, nor of a chat that they are in. Raises Conflict on a closed ticket: that needs a
    linked follow-up.
    """
    if ticket.status is Status.CLOSED and not automatic:
        raise Conflict("the ticket is closed; open a follow-up instead", "status")
    author = by or f"customer:{ticket.requester.customer_id}"
    what = Happening.AUTOMATIC_MAIL if automatic else Happening.CUSTOMER_WROTE
    after = ticket.with_fact(now, what, author, message=message_id, via=via)
    if email_id:
        after = replace(after, thread=threaded(after.thread, email_id))
    if automatic:
        return after
    if ticket.status in DONE:
        after = reopened(after, now, author)
    elif ticket.status in (Status.PENDING, Status.ON_HOLD):
        after = with_status(after, Status.OPEN, now, author, settings)
    watched = chat.is_watched(after, now)
    if after.assignee_id and not watched and not _too_often(after, author, now, settings.notices_per_hour):
        after = with_tasks(after, Entry(now, Task.NOTIFY, f"customer_wrote:{message_id}"))
    return after


def _too_often(ticket: Ticket, author: str, now: datetime, most: int) -> bool:
    an_hour_ago = now - timedelta(hours=1)
    wrote = (fact for fact in ticket.timeline if fact.what is Happening.CUSTOMER_WROTE and fact.by == author)
    return sum(1 for fact in wrote if fact.at > an_hour_ago) > most


def threaded(thread: EmailThread, email_id: str) -> EmailThread:
    """Note the customer's latest Message-ID, keeping the first and the last few before it for References."""
    known = [one for one in thread.chain if one != email_id] + [email_id]
    chain = known if len(known) <= CHAIN_LENGTH else [known[0], *known[1 - CHAIN_LENGTH :]]
    return replace(thread, last_id=email_id, chain=tuple(chain))


def answered(ticket: Ticket, message_id: str, now: datetime, by: str, *, deliver: bool = True) -> Ticket:
    """Take in a public reply; it leaves by mail where the customer has an address and hasn't got it already.

    Somebody in the chat box may see it there first.
    """
    after = ticket.with_fact(now, Happening.AGENT_ANSWERED, by, message=message_id)
    if after.status is Status.NEW:
        after = replace(after, status=Status.OPEN)
    if deliver and chat.last_word(after):
        return chat.to_be_seen(after, message_id, now)
    if after.requester.email and deliver:
        after = with_tasks(after, Entry(now, Task.DELIVER, message_id))
    return after


def with_participants(ticket: Ticket, addresses: tuple[str, ...]) -> Ticket:
    """Note who got an answer in copy: they may write to the ticket by mail. The first so many are kept."""
    known = tuple(dict.fromkeys((*ticket.thread.participants, *addresses)))[:MOST_PARTICIPANTS]
    return (
        ticket
        if known == ticket.thread.participants
        else replace(ticket, thread=replace(ticket.thread, participants=known))
    )


def noted(ticket: Ticket, message_id: str, now: datetime, by: str) -> Ticket:
    """Take in an internal note; customers never see it and no clock minds it."""
    return ticket.with_fact(now, Happening.NOTE_ADDED, by, message=message_id)


def calling_upon(ticket: Ticket, message_id: str, agents: tuple[str, ...], now: datetime, by: str) -> Ticket:
    """Have these agents told that a note calls upon them; once for each note."""
    if not agents:
        return ticket
    after = ticket.with_fact(now, Happening.MENTIONED, by, note=message_id, agents=",".join(agents))
    return with_tasks(after, Entry(now, Task.NOTIFY, f"mentioned:{message_id}"))


def with_status(ticket: Ticket, status: Status, now: datetime, by: str, settings: DeskSettings) -> Ticket:
    """Set the status by hand. Raises Conflict where the ticket is closed, or to go back to new."""
    if status is ticket.status:
        return ticket
    if ticket.status is Status.CLOSED:
        raise Conflict("a closed ticket can't change; write to it and a linked follow-up opens", "status")
    if status is Status.NEW:
        raise Conflict("a ticket is new only until somebody works on it", "status")
    if status is Status.SOLVED:
        return solved(ticket, now, by, settings)
    if ticket.status is Status.SOLVED and status is not Status.CLOSED:
        ticket = reopened(ticket, now, by)
        if status is Status.OPEN:
            return ticket
    if status is Status.CLOSED:
        return closed(ticket, now, by)
    after = replace(ticket, status=status).with_fact(now, _STATUS_FACT[status], by)
    if after.active == ticket.active:
        return after
    return unsettled(seeking_agent(rechecked(after, now), now), now)


def solved(ticket: Ticket, now: datetime, by: str, settings: DeskSettings) -> Ticket:
    """Solve the ticket: its survey goes out after the desk's delay; it closes when it can't be reopened any more."""
    after = replace(rechecked(ticket, now), status=Status.SOLVED, solved_at=now).with_fact(now, Happening.SOLVED, by)
    after = unsettled(without_tasks(after, Task.ASSIGN, Task.TRIAGE), now)
    number = str(after.resolutions)
    after = with_tasks(after, Entry(now + timedelta(seconds=settings.reopen_seconds), Task.CLOSE))
    if settings.survey.enabled and ticket.requester.email and not ticket.shelf:
        at = now + timedelta(seconds=settings.survey.delay_seconds)
        after = with_tasks(after, Entry(at, Task.SURVEY, number))
    return after


def reopened(ticket: Ticket, now: datetime, by: str) -> Ticket:
    """Open a solved ticket again: its survey is off, and without an assignee it is routed anew."""
    after = replace(ticket, status=Status.OPEN, solved_at=None).with_fact(now, Happening.REOPENED, by)
    after = without_tasks(after, Task.SURVEY, Task.SURVEY_REMINDER, Task.SURVEY_SILENCE, Task.CLOSE)
    return seeking_agent(unsettled(after, now), now)


def closed(ticket: Ticket, now: datetime, by: str = DESK) -> Ticket:
    """Close a ticket for good; one that nobody solved counts as done from now on. Closed twice is closed."""
    if ticket.status is Status.CLOSED:
        return ticket
    after = replace(rechecked(ticket, now), status=Status.CLOSED, solved_at=ticket.solved_at or now)
    after = without_tasks(after.with_fact(now, Happening.CLOSED, by), Task.CLOSE, Task.ASSIGN, Task.TRIAGE)
    return unsettled(after, now) if ticket.active else after


def followed_up_by_hand(
    ticket: Ticket, follow_up_id: str, reason: str, due_at: datetime | None, now: datetime, by: str
) -> Ticket:
    """Put a follow-up on the ticket that somebody of the desk asks for; the same one twice is one.

    Whoever has the ticket is told when it is due; without a time at once, unless it is they who ask. Raises
    InvalidInput naming `reason` or `due_at`, Conflict where too many are open.
    """
    if any(known.id == follow_up_id for known in ticket.follow_ups):
        return ticket
    if not 0 < len(reason) <= FOLLOW_UP_LIMIT:
        raise InvalidInput(f"must have 1 to {FOLLOW_UP_LIMIT} characters", "reason")
    if due_at is not None and not now < due_at <= now + timedelta(days=366):
        raise InvalidInput("must lie within the next 366 days", "due_at")
    if len(ticket.open_follow_ups) >= MOST_FOLLOW_UPS:
        raise Conflict(f"a ticket has at most {MOST_FOLLOW_UPS} open follow-ups; do one first", "follow_up")
    after = replace(ticket, follow_ups=(*ticket.follow_ups, FollowUp(follow_up_id, reason, now, due_at=due_at)))
    due = {"due": due_at.isoformat()} if due_at else {}
    after = after.with_fact(now, Happening.FOLLOW_UP_ADDED, by, follow_up=follow_up_id, reason=reason, **due)
    if due_at is None and by == f"agent:{ticket.assignee_id}":
        return after
    return with_tasks(after, Entry(due_at or now, Task.NOTIFY, f"follow_up:{follow_up_id}"))


def followed_up(ticket: Ticket, follow_up_id: str, reason: str, now: datetime) -> Ticket:
    """Put a follow-up on the ticket for a person; the same one twice is one."""
    if any(known.id == follow_up_id for known in ticket.follow_ups):
        return ticket
    after = replace(ticket, follow_ups=(*ticket.follow_ups, FollowUp(follow_up_id, reason, now)))
    after = after.with_fact(now, Happening.FOLLOW_UP_ADDED, DESK, follow_up=follow_up_id, reason=reason)
    return with_tasks(after, Entry(now, Task.NOTIFY, f"follow_up:{follow_up_id}"))


def follow_up_done(ticket: Ticket, follow_up_id: str, now: datetime, by: str) -> Ticket:
    """Tick a follow-up off."""
    done = tuple(
        replace(known, done_at=now, done_by=by) if known.id == follow_up_id and known.done_at is None else known
        for known in ticket.follow_ups
    )
    if done == ticket.follow_ups:
        return ticket
    after = without_tasks(replace(ticket, follow_ups=done), Task.NOTIFY, about=f"follow_up:{follow_up_id}")
    return after.with_fact(now, Happening.FOLLOW_UP_DONE, by, follow_up=follow_up_id)


def with_fields(ticket: Ticket, fields: Mapping[str, str], now: datetime, by: str) -> Ticket:
    """Set custom fields; an empty value removes one. Raises InvalidInput where they become too many."""
    merged = {name: value for name, value in {**ticket.fields, **fields}.items() if value}
    if merged == dict(ticket.fields):
        return ticket
    if len(merged) > MOST_FIELDS:
        raise InvalidInput(f"a ticket holds at most {MOST_FIELDS} of them; empty some to remove them", "fields")
    changes = _field_changes(ticket.fields, merged)
    names = told(", ".join(sorted(fields)))
    return replace(ticket, fields=merged).with_fact(now, Happening.FIELDS_SET, by, fields=names, **changes)


def _field_changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """What a fact tells of each field that changed: `was:size` and `now:size`, the first so many, each cut."""
    changed = [name for name in sorted({*before, *after}) if before.get(name, "") != after.get(name, "")]
    sides = {"was": before, "now": after}
    return {
        f"{side}:{name}": values.get(name, "")[:TOLD_OF_FIELD]
        for name in changed[:TOLD_FIELDS]
        for side, values in sides.items()
    }


def told(text: str) -> str:
    """Give a text as long as a fact may tell it: a hundred facts must fit beside the ticket."""
    return text if len(text) <= TOLD_LENGTH else f"{text[: TOLD_LENGTH - 1]}…"


def refuse_if_closed(ticket: Ticket) -> None:
    """Raise Conflict where the ticket is closed for good."""
    if ticket.status is Status.CLOSED:
        raise Conflict("a closed ticket can't change; open a new one that follows it", "status")
