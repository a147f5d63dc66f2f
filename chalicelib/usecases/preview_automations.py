"""Rules are tried on the open tickets before they are saved; rules about silence reach those that were open before.

One Query for each queue finds the tickets, one BatchGetItem for each hundred reads them. A preview writes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain import silence
from chalicelib.domain.automation import Automation
from chalicelib.domain.automation_course import Circumstances, Firing, fire
from chalicelib.domain.automation_event import Event, last_events
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.message import MessageKind
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.follow_rules import circumstances
from chalicelib.usecases.list_tickets import Filter, list_tickets
from chalicelib.usecases.ports import Desk

MOST_TICKETS, PAGE = 200, 100
MOST_MESSAGES = 25
"""How many messages a preview reads for their words."""


@dataclass(frozen=True, slots=True)
class Change:
    """What would be what: `field` of a ticket, before and after; what is written or told has nothing before."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Would:
    """What a rule would do to a ticket: on what, and since or from when on; later, where `due_at` is to come."""

    rule_id: str
    ref: str
    subject: str
    event: str
    at: datetime
    changes: tuple[Change, ...]
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What rules would do to the open tickets: how many were looked at, whether there are more, and of how many the
    words of a message would have been needed that weren't read any more."""

    looked_at: int
    more: bool
    unread: int
    would: tuple[Would, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Which of a page of open tickets now wait for silence as the rules say, and didn't before."""

    looked_at: int
    refs: tuple[str, ...]
    after: str = ""


@dataclass(slots=True)
class Reading:
    """How many messages were read, and of which tickets none was any more."""

    left: int = MOST_MESSAGES
    unread: set[str] = field(default_factory=set)


def preview_automations(desk: Desk, proposed: DeskSettings, most: int = MOST_TICKETS) -> Preview:
    """Give what the rules of proposed settings would do to at most `most` open tickets, the most urgent of each queue
    first, if what happened to each of them last happened once more."""
    tickets, more = _open_tickets(desk, most)
    reading, now = Reading(), desk.clock.now()
    would = [one for ticket in tickets for one in _would(desk, ticket, proposed, reading, now)]
    order = {rule.id: place for place, rule in enumerate(proposed.automations)}
    would.sort(key=lambda one: (order[one.rule_id], one.due_at is not None))
    return Preview(len(tickets), more, len(reading.unread), tuple(would))


def tell_open_tickets(desk: Desk, limit: int, after: str = "") -> Told:
    """Let a page of at most `limit` open tickets wait for silence by the rules as they are saved.

    Without it, each does from its next change on. Done twice it changes nothing more. Raises InvalidInput for a place
    that no page gave.
    """
    settings, now = desk.settings.load(), desk.clock.now()

    def decide(ticket: Ticket) -> Ticket:
        follows = silence.scheduled(ticket, settings, now) is ticket
        return ticket if follows else replace(ticket)

    page = list_tickets(desk, Filter(), limit, after)
    known = desk.tickets.get_many([card.ref for card in page.cards])
    late = [ticket for ticket in known.values() if decide(ticket) is not ticket]
    kept = {ticket.ref: change_ticket(desk, ticket.ref, decide) for ticket in late}
    return Told(len(page.cards), tuple(one.ref for one in late if kept[one.ref].version != one.version), page.after)


def _open_tickets(desk: Desk, most: int) -> tuple[Sequence[Ticket], bool]:
    refs: list[str] = []
    place = ""
    while len(refs) < most:
        page = list_tickets(desk, Filter(), min(PAGE, most - len(refs)), place)
        refs += [card.ref for card in page.cards]
        place = page.after
        if not place:
            break
    known: Mapping[str, Ticket] = {}
    for start in range(0, len(refs), PAGE):
        known = {**known, **desk.tickets.get_many(refs[start : start + PAGE])}
    return [known[ref] for ref in refs if ref in known], bool(place)


def _would(desk: Desk, ticket: Ticket, proposed: DeskSettings, reading: Reading, now: datetime) -> Iterator[Would]:
    about = _sparingly(circumstances(desk, ticket, proposed), ticket, reading)
    for event in last_events(ticket):
        current = ticket
        for rule in proposed.automations:
            firing = fire(rule, event, current, about) if event.wakes(rule) else None
            if firing is not None:
                yield _told(firing)
                current = firing.after
    for rule in proposed.automations:
        yield from _after_silence(rule, ticket, about, now)


def _sparingly(about: Circumstances, ticket: Ticket, reading: Reading) -> Circumstances:
    def text(event: Event) -> str:
        if "message" in event.fact.detail:
            if not reading.left:
                reading.unread.add(ticket.ref)
                return ""
            reading.left -= 1
        return about.text(event)

    return replace(about, text=text)


def _after_silence(rule: Automation, ticket: Ticket, about: Circumstances, now: datetime) -> Iterator[Would]:
    due = silence.due_of(rule, ticket, about.settings, now) if rule.silent else None
    if due is None:
        return
    at, event = due
    waited = replace(rule, conditions=())
    firing = fire(waited, event, ticket, replace(about, now=max(at, now)))
    if firing is not None:
        yield replace(_told(firing), at=event.fact.at, due_at=at if at > now else None)


def _told(firing: Firing) -> Would:
    before = firing.before
    return Would(
        rule_id=firing.rule.id,
        ref=before.ref,
        subject=before.subject,
        event=firing.event.what.value,
        at=firing.event.fact.at,
        changes=tuple(_changes(firing)),
    )


def _changes(firing: Firing) -> Iterator[Change]:
    before, after = _fields(firing.before), _fields(firing.after)
    for name, was in before.items():
        if after[name] != was:
            yield Change(name, was, after[name])
    for words in firing.words:
        yield Change("note" if words.kind is MessageKind.NOTE else "answer", "", words.text)
    known = {one.id for one in firing.before.follow_ups}
    for one in firing.after.follow_ups:
        if one.id not in known:
            yield Change("follow_up", "", one.reason)
    for action in firing.rule.actions:
        if action.do == "webhook":
            yield Change("webhook", "", action.value)


def _fields(ticket: Ticket) -> dict[str, str]:
    return {
        "priority": ticket.priority.value,
        "category": ticket.category,
        "tags": ", ".join(ticket.tags),
        "team": ticket.team_id,
        "assignee": ticket.assignee_id,
        "status": ticket.status.value,
    }
