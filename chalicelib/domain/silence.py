"""Rules about silence: when the next of them is due on a ticket, as an entry of its own agenda.

Silence begins with the last word that a person said, to the customer or to us, or with the last status that a person
set; what rules set or send breaks none. A rule fires at most once in a silence, and not before the ticket has been in
its status for so long. Only the earliest of a ticket's rules is on its agenda, derived anew at every save.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import agenda
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.automation import Automation, Occasion
from chalicelib.domain.automation_course import Circumstances, Firing, calendar_of, fire, settled
from chalicelib.domain.automation_event import RULE, STATUS_OF, Event, key_of
from chalicelib.domain.calendar import BeyondCalendar
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.lifecycle import DESK
from chalicelib.domain.ticket import Fact, Happening, Ticket

_SAID = frozenset({Happening.OPENED, Happening.CUSTOMER_WROTE, Happening.AGENT_ANSWERED})


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a ticket has been silent: since the fact of this number, and in its status since `entered`."""

    number: int
    fact: Fact
    entered: datetime

    @property
    def since(self) -> datetime:
        """From when on a rule counts."""
        return max(self.fact.at, self.entered)


def silence_of(ticket: Ticket) -> Silence | None:
    """Give a ticket's silence, or None where it was never opened."""
    facts = list(enumerate(ticket.timeline))
    word = next(((number, fact) for number, fact in reversed(facts) if _is_word(fact)), None)
    entered = next((fact.at for _, fact in reversed(facts) if fact.what in STATUS_OF), ticket.created_at)
    return Silence(*word, entered) if word else None


def _is_word(fact: Fact) -> bool:
    by_person = RULE not in fact.detail and fact.by != DESK
    return fact.what in _SAID or (fact.what in STATUS_OF and by_person)


def due_of(rule: Automation, ticket: Ticket, settings: DeskSettings, now: datetime) -> tuple[datetime, Event] | None:
    """Give when a rule about silence is due on a ticket as it stands, and what it will have answered to, or None.

    Where it asks for opening hours, it waits for them.
    """
    if not rule.enabled or ticket.shelf or ticket.merged_into or ticket.status.value != rule.when.status:
        return None
    silence = silence_of(ticket)
    if silence is None or not settled(rule, ticket, settings):
        return None
    event = Event(Occasion.SILENT, f"silent-{key_of(silence.fact, silence.number)}", silence.fact)
    if ticket.said(Happening.RULE_FIRED, event=event.key, rule=rule.id):
        return None
    at = silence.since + timedelta(seconds=rule.when.seconds)
    calendar = settings.business_calendars.get(calendar_of(rule))
    try:
        return (calendar.next_open(max(at, now)) if calendar else at), event
    except BeyondCalendar:
        return None  # nobody will ever be there


def scheduled(ticket: Ticket, settings: DeskSettings, now: datetime) -> Ticket:
    """Give the ticket with the next rule about silence on its agenda, and no other."""
    waiting = [
        Entry(due[0], Task.SILENCE, rule.id)
        for rule in settings.automations
        if rule.silent and (due := due_of(rule, ticket, settings, now))
    ]
    others = agenda.without(ticket.agenda, Task.SILENCE)
    # of several that are due together, the one that stands first
    after = agenda.put(others, *([min(waiting, key=lambda entry: entry.at)] if waiting else []))
    return ticket if after == ticket.agenda else replace(ticket, agenda=after)


def broken(ticket: Ticket, rule_id: str, about: Circumstances) -> Firing | None:
    """Give the firing of a rule whose time has come, or None where it is no longer due."""
    rule = next((one for one in about.settings.automations if one.id == rule_id and one.silent), None)
    due = due_of(rule, ticket, about.settings, about.now) if rule else None
    if rule is None or due is None or due[0] > about.now:
        return None
    waited = replace(rule, conditions=())
    firing = fire(waited, due[1], ticket, about, always=True)
    return replace(firing, rule=rule) if firing else None
