"""Which policy a ticket falls under, and why: the first whose every condition it meets."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sla_policy import SlaPolicy
from chalicelib.domain.ticket import Happening, Ticket


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a policy held against a ticket: the values it asks for, and those the ticket has."""

    name: str
    wanted: tuple[str, ...]
    has: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether the ticket has one of the values."""
        return bool(set(self.wanted) & set(self.has))


@dataclass(frozen=True, slots=True)
class Match:
    """A policy held against a ticket."""

    policy: SlaPolicy
    conditions: tuple[Condition, ...]

    @property
    def fits(self) -> bool:
        """Whether every condition is met."""
        return all(condition.met for condition in self.conditions)


def matching_policy(ticket: Ticket, settings: DeskSettings) -> str:
    """Give the id of the first policy whose every condition the ticket meets, or an empty string."""
    has = _traits(ticket, settings)
    return next((policy.id for policy in settings.sla_policies if _match(policy, has).fits), "")


def matches(ticket: Ticket, settings: DeskSettings) -> tuple[Match, ...]:
    """Give how the ticket meets each policy's conditions, in order, up to the first that fits."""
    has, found = _traits(ticket, settings), []
    for policy in settings.sla_policies:
        found.append(_match(policy, has))
        if found[-1].fits:
            break
    return tuple(found)


def _match(policy: SlaPolicy, has: Mapping[str, tuple[str, ...]]) -> Match:
    conditions = (Condition(name, tuple(wanted), has.get(name, ())) for name, wanted in policy.match.items())
    return Match(policy, tuple(conditions))


def _traits(ticket: Ticket, settings: DeskSettings) -> Mapping[str, tuple[str, ...]]:
    return {
        "channel": (ticket.channel,),
        "priority": (promised(ticket, "priority"),),
        "category": (ticket.category,),
        "team": (promised(ticket, "team"),),
        "tag": ticket.tags,
        "tier": (ticket.requester.tier,),
        "language": (ticket.language,),
        "address": (ticket.thread.address,),
        "scenario": tuple(plan.id for plan in settings.running(ticket.created_at)),
    }


def promised(ticket: Ticket, what: str) -> str:
    """Give the `priority` or `team` that counts for promises: an escalation hurries the desk, and promises nothing."""
    value = ticket.priority.value if what == "priority" else ticket.team_id
    kind = Happening.PRIORITY_SET if what == "priority" else Happening.TEAM_SET
    for fact in reversed(ticket.timeline):
        if fact.what is kind:
            if "escalation" not in fact.detail:
                break
            value = fact.detail.get("was", "")
    return value
