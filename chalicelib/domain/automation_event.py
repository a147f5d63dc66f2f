"""What automations answer to: the events that a change of a ticket holds, read off the facts that it added."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.domain.agenda import Task
from chalicelib.domain.automation import Automation, Occasion
from chalicelib.domain.ticket import Fact, Happening, Ticket

RULE = "rule"
"""The detail by which a fact names the rule that made it."""

STATUS_OF: Mapping[Happening, str] = MappingProxyType(
    {
        Happening.WAITING_ON_CUSTOMER: "pending",
        Happening.WAITING_ON_THIRD_PARTY: "on_hold",
        Happening.RESUMED: "open",
        Happening.REOPENED: "open",
        Happening.SOLVED: "solved",
        Happening.CLOSED: "closed",
    }
)
"""The status that a ticket has after a fact that changes it."""

_PLAIN = {
    Happening.OPENED: Occasion.OPENED,
    Happening.CUSTOMER_WROTE: Occasion.CUSTOMER_WROTE,
    Happening.AGENT_ANSWERED: Occasion.AGENT_ANSWERED,
    Happening.RATED: Occasion.RATED,
    Happening.SLA_WARNED: Occasion.SLA_WARNED,
    Happening.SLA_BREACHED: Occasion.SLA_BREACHED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket: `key` tells it from all others of the ticket, `fact` says it."""

    what: Occasion
    key: str
    fact: Fact

    @property
    def clock(self) -> str:
        """The SLA clock that it is about, or an empty string."""
        about_sla = self.what in (Occasion.SLA_WARNED, Occasion.SLA_BREACHED)
        return self.fact.detail.get("clock", "") if about_sla else ""

    def wakes(self, rule: Automation) -> bool:
        """Whether a rule answers to it."""
        when = rule.when
        if not rule.enabled or when.event != self.what:
            return False
        if self.what is Occasion.STATUS_CHANGED:
            return when.status == STATUS_OF[self.fact.what]
        if self.what is Occasion.RATED:
            return int(self.fact.detail.get("rating", "9")) <= when.rating
        return True


def events_between(before: Ticket, after: Ticket) -> tuple[Event, ...]:
    """Give what happened to a ticket between two of its states, in order.

    What rules did is no event. A ticket counts as opened once triage is through with it. Mail on a shelf, and a ticket
    that became a part of another, have none.
    """
    if after.shelf or after.merged_into:
        return ()
    found = [event for place in range(len(before.timeline), len(after.timeline)) if (event := _event(after, place))]
    if _waits_for_triage(before) and not _waits_for_triage(after):
        found = [*_opening(after), *found]
    return tuple(found)


def last_events(ticket: Ticket) -> tuple[Event, ...]:
    """Give the latest event of each kind that a ticket has had, in order: what rules can be tried on."""
    latest: dict[tuple[str, str], int] = {}
    for place, fact in enumerate(ticket.timeline):
        event = _event(ticket, place)
        if event is not None:
            latest[event.what, STATUS_OF.get(fact.what, "")] = place
    found = (_event(ticket, place) for place in sorted(latest.values()))
    return (*_opening(ticket), *(event for event in found if event is not None))


def _opening(ticket: Ticket) -> list[Event]:
    return [
        Event(Occasion.OPENED, key_of(fact, place), fact)
        for place, fact in enumerate(ticket.timeline)
        if fact.what is Happening.OPENED
    ][:1]


def _event(ticket: Ticket, place: int) -> Event | None:
    fact = ticket.timeline[place]
    if RULE in fact.detail or fact.what is Happening.OPENED:
        return None
    what = Occasion.STATUS_CHANGED if fact.what in STATUS_OF else _PLAIN.get(fact.what)
    return Event(what, key_of(fact, place), fact) if what else None


def key_of(fact: Fact, place: int) -> str:
    """Give what an event is known by: its message, the same however often it is decided, or its place."""
    return fact.detail.get("message") or str(place)


def _waits_for_triage(ticket: Ticket) -> bool:
    return any(entry.task is Task.TRIAGE for entry in ticket.agenda)
