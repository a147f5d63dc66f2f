"""Agents, the teams they work in, and the roster: who could take a ticket now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an agent may do in the console: answer; lead a team; run the desk."""

    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers customers.

    `capacity` is how many active tickets they can hold at a time; `holding` are the references they hold, `mentions`
    those of tickets on which somebody called upon them. `signature`
    stands under their answers in place of their name. Sessions in the console that began before `signed_out_at` are
    over.
    """

    id: str
    name: str
    email: str
    role: Role = Role.AGENT
    team_ids: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    available: bool = True
    active: bool = True
    capacity: int = 10
    signature: str = ""
    holding: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    signed_out_at: datetime | None = None
    version: int = 0

    @property
    def load(self) -> int:
        """How many active tickets the agent holds."""
        return len(self.holding)


@dataclass(frozen=True, slots=True)
class Team:
    """A group of agents with a queue; its leads hear of warnings and breaches."""

    id: str
    name: str
    lead_ids: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody at the desk, read at one moment."""

    agents: tuple[Agent, ...] = ()
    teams: tuple[Team, ...] = ()

    def agent(self, agent_id: str) -> Agent | None:
        """Give the agent of this id, if there is one."""
        return next((agent for agent in self.agents if agent.id == agent_id), None)

    def team(self, team_id: str) -> Team | None:
        """Give the team of this id, if there is one."""
        return next((team for team in self.teams if team.id == team_id), None)

    def leads_of(self, team_id: str) -> tuple[Agent, ...]:
        """Give the leads of a team who still work here."""
        team = self.team(team_id)
        found = (self.agent(lead) for lead in (team.lead_ids if team else ()))
        return tuple(agent for agent in found if agent is not None and agent.active)
