"""The API's agents and teams."""

from typing import Any

from chalicelib.domain.people import Agent, Role, Team
from chalicelib.usecases import manage_people
from chalicelib.web.api import taken
from chalicelib.web.api.validation import body_of
from chalicelib.web.api.views import agent_view, team_view
from chalicelib.web.call import Answer, Call
from chalicelib.web.preconditions import etag, version_wanted


def agents(call: Call) -> Answer:
    """List all agents."""
    return Answer({"items": [agent_view(one) for one in call.desk.people.roster().agents], "next_cursor": None})


def add_agent(call: Call) -> Answer:
    """Take an agent in."""
    body = body_of(call, taken.NewAgent)
    fields = _tuples(body.model_dump())
    agent_id = body.id or slug(body.email)
    agent = manage_people.add_agent(call.desk, Agent(**{**fields, "id": agent_id, "role": Role(body.role)}))
    return Answer(agent_view(agent), 201, {"Location": f"/v1/agents/{agent.id}", **etag(agent.version)})


def agent(call: Call) -> Answer:
    """Read an agent."""
    found = manage_people.find_agent(call.desk, call.path["agent_id"])
    return Answer(agent_view(found), headers=etag(found.version))


def change_agent(call: Call) -> Answer:
    """Change an agent."""
    body = body_of(call, taken.AgentChange)
    changes = _tuples(body.model_dump(exclude_none=True))
    if "role" in changes:
        changes["role"] = Role(changes["role"])
    changed = manage_people.edit_agent(call.desk, call.path["agent_id"], changes, version_wanted(call))
    return Answer(agent_view(changed), headers=etag(changed.version))


def invite(call: Call) -> Answer:
    """Invite an agent to sign in, again."""
    manage_people.invite_agent(call.desk, call.path["agent_id"])
    return Answer(None, 204)


def teams(call: Call) -> Answer:
    """List all teams."""
    return Answer({"items": [team_view(one) for one in call.desk.people.roster().teams], "next_cursor": None})


def add_team(call: Call) -> Answer:
    """Found a team."""
    body = body_of(call, taken.NewTeam)
    team = manage_people.add_team(call.desk, Team(body.id, body.name, tuple(body.lead_ids)))
    return Answer(team_view(team), 201, {"Location": f"/v1/teams/{team.id}", **etag(team.version)})


def team(call: Call) -> Answer:
    """Read a team."""
    found = manage_people.find_team(call.desk, call.path["team_id"])
    return Answer(team_view(found), headers=etag(found.version))


def change_team(call: Call) -> Answer:
    """Change a team."""
    changes = _tuples(body_of(call, taken.TeamChange).model_dump(exclude_none=True))
    changed = manage_people.edit_team(call.desk, call.path["team_id"], changes, version_wanted(call))
    return Answer(team_view(changed), headers=etag(changed.version))


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def slug(email: str) -> str:
    """Give an id made of a name, or of an address's local part."""
    local = email.partition("@")[0].lower()
    kept = "".join(symbol if symbol.isascii() and symbol.isalnum() else "-" for symbol in local).strip("-")
    return kept[:40] or "agent"
