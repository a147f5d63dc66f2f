"""The one way in which something of an agent is changed that no other change should be lost for."""

from collections.abc import Callable

from chalicelib.domain.errors import NotFound, StaleVersion
from chalicelib.domain.people import Agent
from chalicelib.usecases.ports import Desk

MOST_TRIES = 6


def change_agent(desk: Desk, agent_id: str, decide: Callable[[Agent], Agent]) -> Agent:
    """Give the agent after `decide`, kept; when somebody else was quicker, they are read and decided on again.

    Raises NotFound, or StaleVersion when others are quicker again and again.
    """
    for _ in range(MOST_TRIES):
        agent = desk.people.roster().agent(agent_id)
        if agent is None:
            raise NotFound(f"there is no agent {agent_id}", "agent_id")
        try:
            return desk.people.save_agent(decide(agent))
        except StaleVersion:
            continue
    raise StaleVersion("the agent keeps changing; try again", "version")
