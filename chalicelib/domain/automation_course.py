"""How automations are followed: which rules an event wakes, whether a ticket meets their conditions, and what they do.

Each event goes down the list once, in its order. A rule sees what those above it did; what rules do is no event. So the
course of an event ends after as many steps as there are rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import lifecycle
from chalicelib.domain.automation import NONE, Automation, Condition, Trait
from chalicelib.domain.automation_deeds import Deeds, Words, acted
from chalicelib.domain.automation_event import RULE, Event
from chalicelib.domain.calendar_settings import DEFAULT
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.people import Roster
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.domain.triage import mentions


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What rules may ask beside the ticket. What costs a read is asked for only when a rule comes to it.

    `text` gives the words of the message that an event is about, `roster` who works here, and `message_id` the id of
    the message that comes from an origin.
    """

    settings: DeskSettings
    now: datetime
    text: Callable[[Event], str]
    roster: Callable[[], Roster]
    message_id: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired: on what, the ticket before and after it, and what it wrote."""

    rule: Automation
    event: Event
    before: Ticket
    after: Ticket
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A ticket after its rules, and those that fired."""

    ticket: Ticket
    fired: tuple[Firing, ...] = ()


def follow(ticket: Ticket, events: Sequence[Event], about: Circumstances) -> Outcome:
    """Give a ticket after the desk's rules were followed for these events. The same event again does nothing more."""
    fired: list[Firing] = []
    for event in events:
        if ticket.said(Happening.RULE_FIRED, event=event.key):
            continue
        for rule in about.settings.automations:
            firing = fire(rule, event, ticket, about) if event.wakes(rule) else None
            if firing is not None:
                fired.append(firing)
                ticket = firing.after
    return Outcome(lifecycle.repoliced(ticket, about.settings, about.now) if fired else ticket, tuple(fired))


def fire(
    rule: Automation, event: Event, ticket: Ticket, about: Circumstances, *, always: bool = False
) -> Firing | None:
    """Give a rule's firing, or None where the ticket doesn't meet its conditions or nothing would change.

    With `always`, it is recorded though nothing changes: what waits for silence must know that it was there.
    """
    if not all(_meets(condition, event, ticket, about) for condition in _cheap_first(rule)):
        return None
    begun = ticket.with_fact(about.now, Happening.RULE_FIRED, lifecycle.DESK, rule=rule.id, event=event.key)
    done, words = acted(begun, rule, Deeds(event, about.settings, about.now, about.roster, about.message_id))
    if done is begun and not always:
        return None
    return Firing(rule, event, ticket, _naming(rule, begun, done), words)


def _naming(rule: Automation, begun: Ticket, done: Ticket) -> Ticket:
    """The ticket, whose facts since it was begun name the rule."""
    known = len(begun.timeline)
    named = (replace(fact, detail={**fact.detail, RULE: rule.id}) for fact in done.timeline[known:])
    return replace(done, timeline=(*done.timeline[:known], *named))


def _cheap_first(rule: Automation) -> list[Condition]:
    return sorted(rule.conditions, key=lambda condition: condition.what == Trait.WORDS)


def settled(rule: Automation, ticket: Ticket, settings: DeskSettings) -> bool:
    """Whether a ticket meets all conditions of a rule about silence; hours are waited for, words are the subject's."""
    return all(_has(one, ticket, settings, "") != one.negated for one in rule.conditions if one.what != Trait.HOURS)


def _meets(condition: Condition, event: Event, ticket: Ticket, about: Circumstances) -> bool:
    settings, at = about.settings, event.fact.at
    if condition.what == Trait.HOURS:
        calendars = (settings.business_calendars.get(name) for name in condition.values)
        return any(calendar.is_open(at) for calendar in calendars if calendar) != condition.negated
    if condition.what == Trait.SCENARIO:
        plans = {plan.id for plan in settings.running(at)}
        return bool(plans & set(condition.values)) != condition.negated
    text = about.text(event) if condition.what == Trait.WORDS else ""
    return _has(condition, ticket, settings, text) != condition.negated


def _has(condition: Condition, ticket: Ticket, settings: DeskSettings, text: str) -> bool:
    if condition.what == Trait.WORDS:
        folded = f"{ticket.subject}\n{text}".casefold()
        return any(mentions(folded, word) for word in condition.values)
    if condition.what == Trait.TAG:
        return bool({tag.casefold() for tag in ticket.tags} & {value.casefold() for value in condition.values})
    value = {
        Trait.CHANNEL.value: ticket.channel,
        Trait.PRIORITY.value: ticket.priority.value,
        Trait.STATUS.value: ticket.status.value,
        Trait.CATEGORY.value: ticket.category,
        Trait.TIER.value: ticket.requester.tier,
        Trait.LANGUAGE.value: ticket.language,
        Trait.TEAM.value: ticket.team_id,
        Trait.ASSIGNEE.value: ticket.assignee_id,
        Trait.ADDRESS.value: ticket.thread.address or settings.support_address,
    }[condition.what]
    return (value.casefold() or NONE) in {wanted.casefold() for wanted in condition.values}


def calendar_of(rule: Automation) -> str:
    """Give the calendar in whose opening hours a rule about silence fires, or an empty string."""
    return next((one.values[0] or DEFAULT for one in rule.conditions if one.what == Trait.HOURS), "")
