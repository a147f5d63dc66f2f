"""An agent sees the tickets on which somebody called upon them, until they have seen to it."""

from chalicelib.domain.people import Agent
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.ports import Desk


def list_mentions(desk: Desk, agent: Agent) -> tuple[Ticket, ...]:
    """Give those tickets, the last changed first. Which they are, the roster says: one read, or none."""
    found = desk.tickets.get_many(sorted(agent.mentions)) if agent.mentions else {}
    return tuple(sorted(found.values(), key=lambda ticket: ticket.updated_at, reverse=True))


def see_mention(desk: Desk, agent: Agent, ref: str) -> None:
    """Take a ticket off an agent's list; one write, none where it isn't on it."""
    if ref in agent.mentions:
        desk.people.forget_mention(agent.id, ref)
