"""Who gets a ticket: available, with the skill and with room, least loaded first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from chalicelib.domain.people import Agent, Roster
from chalicelib.domain.scenario import Scenario, room
from chalicelib.domain.ticket import Ticket


def suits(agent: Agent, ticket: Ticket) -> bool:
    """Whether the agent works in the ticket's team, is there, and has every skill that the ticket requires."""
    return (
        agent.active
        and agent.available
        and (not ticket.team_id or ticket.team_id in agent.team_ids)
        and set(ticket.required_skills) <= set(agent.skills)
    )


def has_room(agent: Agent, ticket: Ticket) -> bool:
    """Whether the agent can take one more, or holds this one already."""
    return ticket.ref in agent.holding or agent.load < agent.capacity


def within_plans(roster: Roster, plans: Sequence[Scenario]) -> Roster:
    """Give the roster in which everybody can hold as many tickets as these scenario plans, which run now, let them."""
    if not plans:
        return roster
    return replace(roster, agents=tuple(replace(one, capacity=room(one.capacity, plans)) for one in roster.agents))


def candidates(roster: Roster, ticket: Ticket) -> tuple[Agent, ...]:
    """Give those who can take the ticket now, best first.

    Whoever already holds a place for it comes first (an earlier attempt died after taking it); then those who
    speak the customer's language; then the least loaded, by share of their capacity, then by number; then by id.
    """
    fit: Iterable[Agent] = (agent for agent in roster.agents if suits(agent, ticket) and has_room(agent, ticket))
    return tuple(
        sorted(
            fit,
            key=lambda agent: (
                ticket.ref not in agent.holding,
                bool(ticket.language) and bool(agent.languages) and ticket.language not in agent.languages,
                agent.load / max(agent.capacity, 1),
                agent.load,
                agent.id,
            ),
        )
    )
