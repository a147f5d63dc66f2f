"""What an automation does to a ticket: each deed gives the ticket after it, or the very same where nothing changes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.automation import Action, Automation, Deed
from chalicelib.domain.automation_event import RULE, Event
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.macro import Macro, macro_of
from chalicelib.domain.message import MessageKind
from chalicelib.domain.people import Roster
from chalicelib.domain.ticket import DONE, Happening, Priority, Status, Ticket

MOST_UNANSWERED = 3
"""Automatic answers between two words of the desk's people: a robot that passes for a customer gets no more."""

ANSWER_AGAIN = timedelta(days=1)
"""How soon one rule may answer on the same ticket again (RFC 3834, 2, asks for days between two of a kind)."""

AUTOMATIC_TAG = "automatic"
"""What intake puts on a ticket that a program's mail opened."""

AFTER_ALL = frozenset({Deed.NOTE, Deed.FOLLOW_UP, Deed.WEBHOOK})
"""What may still be done to a closed ticket."""


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the deeds for one event know."""

    event: Event
    settings: DeskSettings
    now: datetime
    roster: Callable[[], Roster]
    message_id: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Words:
    """A message that a rule writes."""

    id: str
    kind: MessageKind
    text: str


def acted(ticket: Ticket, rule: Automation, deeds: Deeds) -> tuple[Ticket, tuple[Words, ...]]:
    """Give the ticket after a rule's actions, in order, with what is to be written; what can't be done is left out."""
    written: list[Words] = []
    for number, action in enumerate(rule.actions):
        if ticket.status is Status.CLOSED and action.do not in AFTER_ALL:
            continue
        if action.do in (Deed.NOTE, Deed.ANSWER):
            ticket, words = _spoken(ticket, rule, number, deeds)
            written += words
        else:
            ticket = _done(ticket, rule, number, deeds)
    return ticket, tuple(written)


def _done(ticket: Ticket, rule: Automation, number: int, deeds: Deeds) -> Ticket:
    action, now = rule.actions[number], deeds.now
    match action.do:
        case Deed.PRIORITY:
            return lifecycle.prioritised(ticket, Priority(action.value), now, lifecycle.DESK, **_hurried(deeds))
        case Deed.TEAM:
            return lifecycle.in_team(ticket, action.value, now, lifecycle.DESK, **_hurried(deeds))
        case Deed.CATEGORY:
            return _sorted(ticket, action.value, now)
        case Deed.ADD_TAGS:
            return tagged(ticket, (*ticket.tags, *action.tags), now)
        case Deed.REMOVE_TAGS:
            return tagged(ticket, tuple(tag for tag in ticket.tags if tag not in action.tags), now)
        case Deed.ASSIGN:
            return _given(ticket, action, deeds)
        case Deed.STATUS:
            return _in_status(ticket, action.value, deeds)
        case Deed.FOLLOW_UP:
            about = f"rule_{rule.id}_{deeds.event.key}_{number}"
            return lifecycle.followed_up(ticket, about, action.value, now)
        case _:
            about = f"rule:{rule.id}:{deeds.event.key}:{number}"
            return lifecycle.with_tasks(ticket, Entry(now, Task.WEBHOOK, about))


def _hurried(deeds: Deeds) -> dict[str, str]:
    """What is done about a promise in danger hurries the desk, and promises nothing: as an escalation does."""
    return {"escalation": deeds.event.clock}


def _sorted(ticket: Ticket, category: str, now: datetime) -> Ticket:
    if ticket.category == category:
        return ticket
    after = replace(ticket, category=category)
    return after.with_fact(now, Happening.CATEGORY_SET, lifecycle.DESK, category=category, was=ticket.category)


def tagged(ticket: Ticket, tags: tuple[str, ...], now: datetime) -> Ticket:
    """Give the ticket with these tags, each once."""
    wanted = tuple(dict.fromkeys(tags))
    if wanted == ticket.tags:
        return ticket
    told, was = (lifecycle.told(", ".join(tags)) for tags in (wanted, ticket.tags))
    return replace(ticket, tags=wanted).with_fact(now, Happening.TAGS_SET, lifecycle.DESK, tags=told, was=was)


def _given(ticket: Ticket, action: Action, deeds: Deeds) -> Ticket:
    """Who doesn't work here any more gets nothing: it would lie where nobody looks."""
    if ticket.assignee_id == action.value or ticket.status in DONE:
        return ticket
    agent = deeds.roster().agent(action.value)
    if agent is None or not agent.active:
        return ticket
    return lifecycle.assigned(ticket, agent.id, deeds.now, lifecycle.DESK)


def _in_status(ticket: Ticket, status: str, deeds: Deeds) -> Ticket:
    return lifecycle.with_status(ticket, Status(status), deeds.now, lifecycle.DESK, deeds.settings)


def _spoken(ticket: Ticket, rule: Automation, number: int, deeds: Deeds) -> tuple[Ticket, list[Words]]:
    action = rule.actions[number]
    macro = macro_of(deeds.settings.macros, action.value) if action.do == Deed.ANSWER else None
    if action.do == Deed.ANSWER and (macro is None or not may_answer(ticket, rule, deeds.now)):
        return ticket, []
    origin = f"rule:{ticket.ref}:{rule.id}:{deeds.event.key}:{number}"
    message_id = deeds.message_id(origin)
    if macro is None:
        note = Words(message_id, MessageKind.NOTE, action.value)
        return lifecycle.noted(ticket, message_id, deeds.now, lifecycle.DESK), [note]
    text = macro.text(ticket.language or deeds.settings.language, _values(ticket, deeds.settings))
    after = ticket.with_fact(deeds.now, Happening.AUTO_ANSWERED, lifecycle.DESK, message=message_id)
    if ticket.requester.email:
        after = lifecycle.with_tasks(after, Entry(deeds.now, Task.AUTO_ANSWER, message_id))
    return _as_macro_says(after, macro, deeds), [Words(message_id, MessageKind.REPLY, text)]


def _as_macro_says(ticket: Ticket, macro: Macro, deeds: Deeds) -> Ticket:
    """What a macro sets when an agent sends it, it sets when a rule does."""
    after = tagged(ticket, (*ticket.tags, *macro.tags), deeds.now)
    if macro.priority:
        after = lifecycle.prioritised(after, Priority(macro.priority), deeds.now, lifecycle.DESK, **_hurried(deeds))
    return _in_status(after, macro.status, deeds) if macro.status else after


def _values(ticket: Ticket, settings: DeskSettings) -> dict[str, str]:
    return {
        "customer": ticket.requester.name or ticket.requester.email,
        "ref": ticket.ref,
        "subject": ticket.subject,
        "agent": settings.name,
        "desk": settings.name,
    }


def may_answer(ticket: Ticket, rule: Automation, now: datetime) -> bool:
    """Whether a rule may answer automatically: a person has written, and no two machines are talking.

    At most MOST_UNANSWERED such answers go out until somebody of the desk writes, and one rule's again after
    ANSWER_AGAIN.
    """
    by_person = any(fact.what is Happening.CUSTOMER_WROTE for fact in ticket.timeline)
    if AUTOMATIC_TAG in ticket.tags and not by_person:
        return False
    since = 0
    for fact in reversed(ticket.timeline):
        if fact.what is Happening.AGENT_ANSWERED:
            break
        since += fact.what is Happening.AUTO_ANSWERED
    again = any(
        fact.tells(Happening.AUTO_ANSWERED, **{RULE: rule.id}) and now - fact.at < ANSWER_AGAIN
        for fact in ticket.timeline
    )
    return since < MOST_UNANSWERED and not again
