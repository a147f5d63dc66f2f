"""Agents and teams come, change and go; room that appears goes to tickets that wait."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain import lifecycle
from chalicelib.domain.card import SNOOZED
from chalicelib.domain.errors import AlreadyExists, InvalidInput, NotFound, StaleVersion
from chalicelib.domain.people import Agent, Roster, Team
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.ports import Desk, StaffedDesk
from chalicelib.usecases.settle_load import offer_room

MOST_WAITING = 1000
"""Of how many tickets an agent who leaves gives back those that nobody's turn it is."""


def find_agent(desk: Desk, agent_id: str) -> Agent:
    """Give an agent, or raise NotFound."""
    agent = desk.people.roster().agent(agent_id)
    if agent is None:
        raise NotFound(f"there is no agent {agent_id}", "agent_id")
    return agent


def find_team(desk: Desk, team_id: str) -> Team:
    """Give a team, or raise NotFound."""
    team = desk.people.roster().team(team_id)
    if team is None:
        raise NotFound(f"there is no team {team_id}", "team_id")
    return team


def add_agent(desk: StaffedDesk, agent: Agent) -> Agent:
    """Take an agent in, and invite them to sign in: first that, so that what broke off can be done again.

    Raises AlreadyExists, or InvalidInput for a team that doesn't exist or a mail address that is another agent's.
    """
    roster = desk.people.roster()
    _refuse_unknown_teams(roster, agent.team_ids)
    if roster.agent(agent.id) is not None:
        raise AlreadyExists(f"the agent {agent.id} exists already", "id")
    _refuse_taken_email(roster, agent)
    desk.accounts.invite(agent.email)
    added = desk.people.save_agent(replace(agent, version=0))
    if added.available:
        offer_room(desk, [added])
    return added


def edit_agent(desk: StaffedDesk, agent_id: str, changes: Mapping[str, Any], version: int | None) -> Agent:
    """Change an agent. Somebody who now has room gets what waits; the tickets of somebody who left wait for others; who
    has another address is invited by it.

    Raises NotFound, StaleVersion or InvalidInput.
    """
    roster = desk.people.roster()
    known = roster.agent(agent_id)
    if known is None:
        raise NotFound(f"there is no agent {agent_id}", "agent_id")
    _refuse_other_version(known.version, version)
    _refuse_unknown_teams(roster, changes.get("team_ids", ()))
    wanted = replace(known, **changes)
    if wanted.active:
        _refuse_taken_email(roster, wanted)
    if wanted.email != known.email:
        desk.accounts.invite(wanted.email)
    changed = desk.people.save_agent(wanted)
    if changed.active and changed.available and changed.load < changed.capacity:
        offer_room(desk, [changed])
    if not changed.active:
        _hand_back(desk, changed)
    return changed


def invite_agent(desk: StaffedDesk, agent_id: str) -> bool:
    """Invite an agent again; gives whether it was needed: who can sign in gets no mail. Raises NotFound."""
    return desk.accounts.invite(find_agent(desk, agent_id).email)


def _hand_back(desk: Desk, agent: Agent) -> None:
    """Give everybody's turn back, and what waits for a time or for somebody else."""
    waiting = desk.tickets.queue([f"agent:{agent.id}", SNOOZED], MOST_WAITING).cards
    for ref in sorted(agent.holding.union(card.ref for card in waiting if card.assignee_id == agent.id)):
        change_ticket(desk, ref, lambda ticket: _without(ticket, agent, desk.clock.now()))


def _without(ticket: Ticket, agent: Agent, now: datetime) -> Ticket:
    return lifecycle.assigned(ticket, "", now, lifecycle.DESK) if ticket.assignee_id == agent.id else ticket


def add_team(desk: Desk, team: Team) -> Team:
    """Found a team. Raises AlreadyExists, or InvalidInput for a lead who doesn't exist."""
    _refuse_unknown_leads(desk.people.roster(), team.lead_ids)
    return desk.people.save_team(replace(team, version=0))


def edit_team(desk: Desk, team_id: str, changes: Mapping[str, Any], version: int | None) -> Team:
    """Change a team. Raises NotFound, StaleVersion or InvalidInput."""
    known = find_team(desk, team_id)
    _refuse_other_version(known.version, version)
    _refuse_unknown_leads(desk.people.roster(), changes.get("lead_ids", ()))
    return desk.people.save_team(replace(known, **changes))


def _refuse_other_version(known: int, wanted: int | None) -> None:
    if wanted is not None and wanted != known:
        raise StaleVersion(f"it is at version {known} by now; read it again", "If-Match")


def _refuse_taken_email(roster: Roster, agent: Agent) -> None:
    if any(one.email == agent.email and one.id != agent.id and one.active for one in roster.agents):
        raise InvalidInput("another agent signs in with this address; switch that one off, or give another", "email")


def _refuse_unknown_teams(roster: Roster, team_ids: tuple[str, ...]) -> None:
    for team_id in team_ids:
        if roster.team(team_id) is None:
            raise InvalidInput(f"there is no team {team_id}", "team_ids")


def _refuse_unknown_leads(roster: Roster, lead_ids: tuple[str, ...]) -> None:
    for lead_id in lead_ids:
        if roster.agent(lead_id) is None:
            raise InvalidInput(f"there is no agent {lead_id}", "lead_ids")
