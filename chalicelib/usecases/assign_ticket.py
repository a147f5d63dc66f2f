"""A ticket finds its agent: available, with the skill and with room, least loaded first. Else it waits in its queue."""

from datetime import timedelta

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.routing import candidates, within_plans
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.ports import Desk

LONGEST_WAIT_SECONDS = 900


def assign_ticket(desk: Desk, ticket: Ticket, entry: Entry) -> Ticket:
    """Give the ticket with an assignee who keeps a place for it, or still waiting.

    The place is taken in the agent's hands by a conditional write first, so that two workers never fill one agent
    twice; should this worker die before the ticket is saved, the next finds the place it took. Hands that were to be
    settled before still are: whoever is at that now may have seen the ticket in nobody's. A waiting ticket goes out
    when room appears; lest that be missed, it looks again after 1, 2, 4 … 15 minutes.
    """
    if ticket.assignee_id or not ticket.active:
        return ticket
    now = desk.clock.now()
    plans = desk.settings.load().running(now)
    roster = within_plans(desk.people.roster(), plans)
    for agent in candidates(roster, ticket):
        if desk.people.hold(agent.id, ticket.ref, room=agent.capacity if plans else None):
            taken = lifecycle.assigned(ticket, agent.id, now, lifecycle.DESK)
            others = any(ticket.ref in other.holding for other in roster.agents if other.id != agent.id)
            unsettled = others or any(known.task is Task.SETTLE_LOAD for known in ticket.agenda)
            return taken if unsettled else lifecycle.without_tasks(taken, Task.SETTLE_LOAD)
    wait = min(LONGEST_WAIT_SECONDS, 60 * 2**entry.attempts)
    again = Entry(now + timedelta(seconds=wait), Task.ASSIGN, attempts=min(entry.attempts + 1, 10))
    return lifecycle.with_tasks(ticket, again)
