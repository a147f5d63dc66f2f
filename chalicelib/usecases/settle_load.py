"""Agents' hands are put right after a ticket changed hands or state, and room that appears goes to who waits."""

from collections.abc import Callable
from contextlib import suppress

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.people import Agent
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.ports import Desk

LEAST_WOKEN, MOST_WOKEN = 5, 25
"""How many waiting tickets are woken at least and at most: the first may need a skill that nobody free has."""


def settle_load(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Make exactly the assignee of an active ticket hold it, whoever held it before.

    What counts is the ticket as it was when this began; should it have changed hands since, it is settled again.
    """
    owner = ticket.assignee_id if ticket.active else ""
    freed: list[Agent] = []
    for agent in desk.people.roster().agents:
        if agent.id == owner and ticket.ref not in agent.holding:
            desk.people.hold(agent.id, ticket.ref, force=True)
        elif agent.id != owner and ticket.ref in agent.holding:
            desk.people.release(agent.id, ticket.ref)
            freed.append(agent)
    if freed:
        offer_room(desk, freed)

    def again_if_changed(current: Ticket) -> Ticket:
        if (current.assignee_id if current.active else "") == owner:
            return current
        return lifecycle.unsettled(current, desk.clock.now())

    return again_if_changed


def offer_room(desk: Desk, agents: list[Agent]) -> None:
    """Wake the most urgent tickets that wait in these agents' teams, some more than could now find room.

    When the cloud is briefly unable, they wait until they look again by themselves.
    """
    waiting: dict[str, None] = {}
    with suppress(TryAgain):
        for agent in agents:
            queues = [f"team:{team}" for team in agent.team_ids]
            wanted = min(MOST_WOKEN, max(LEAST_WOKEN, agent.capacity - agent.load))
            if queues:
                waiting.update(dict.fromkeys(card.ref for card in desk.tickets.queue(queues, wanted).cards))
        for ref in waiting:
            desk.work.nudge(ref, assign=True)
