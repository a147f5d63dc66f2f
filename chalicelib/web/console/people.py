"""Who works at the desk: agents and teams, invited, changed and switched off."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from chalicelib.domain.errors import DeskError, InvalidInput
from chalicelib.domain.people import Agent, Role, Team
from chalicelib.usecases.manage_people import add_agent, add_team, edit_agent, edit_team, invite_agent
from chalicelib.web.api.people import slug
from chalicelib.web.api.taken import AgentChange, NewAgent, NewTeam, TeamChange
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.setting_fields import SECTIONS
from chalicelib.web.pages.typed import typed, typed_line

Model = TypeVar("Model", bound=BaseModel)
HERE = "/console/settings/people"


def show(call: Call) -> Answer:
    """Show everybody."""
    return _people(call)


def write_agent(call: Call) -> Answer:
    """Take an agent in and invite them, or change one."""
    form, lists = call.form(), call.form_lists()
    agent_id = form.get("id", "")
    given: dict[str, Any] = {
        "name": typed_line(form.get("name", "")),
        "email": typed_line(form.get("email", "")).lower(),
        "role": form.get("role", "agent"),
        "team_ids": lists.get("team_ids", []),
        "skills": _words(form.get("skills", "")),
        "languages": _words(form.get("languages", "")),
        "available": bool(form.get("available")),
        "capacity": form.get("capacity", ""),
        "signature": typed(form.get("signature", "")),
    }
    try:
        if agent_id:
            body = _read(AgentChange, {**given, "active": bool(form.get("active"))})
            if form.get("invite"):
                invite_agent(call.desk, agent_id)
            edit_agent(call.desk, agent_id, _plain(body.model_dump(exclude_none=True)), None)
        else:
            fields = _plain(_read(NewAgent, given).model_dump())
            add_agent(call.desk, Agent(**{**fields, "id": slug(given["email"])}))
    except DeskError as error:
        return _people(call, about=agent_id or "new", wrong=f"{error.field}: {error.message}")
    return seen_elsewhere(call, f"{HERE}?saved=1")


def write_team(call: Call) -> Answer:
    """Found a team, or change one."""
    form, lists = call.form(), call.form_lists()
    name, leads, team_id = typed_line(form.get("name", "")), lists.get("lead_ids", []), form.get("id", "")
    try:
        if team_id:
            edit_team(
                call.desk, team_id, _plain(_read(TeamChange, {"name": name, "lead_ids": leads}).model_dump()), None
            )
        else:
            body = _read(NewTeam, {"id": form.get("new_id") or slug(name), "name": name, "lead_ids": leads})
            add_team(call.desk, Team(body.id, body.name, tuple(body.lead_ids)))
    except DeskError as error:
        return _people(call, about=f"team-{team_id or 'new'}", wrong=f"{error.field}: {error.message}")
    return seen_elsewhere(call, f"{HERE}?saved=1")


def _read(model: type[Model], values: dict[str, Any]) -> Model:
    try:
        return model.model_validate(values, strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InvalidInput(first["msg"], ".".join(str(part) for part in first["loc"])) from None


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return {**plain, "role": Role(str(plain["role"]))} if "role" in plain else plain


def _words(text: str) -> list[str]:
    return [word for word in text.replace("，", ",").replace(",", " ").split() if word]


def _people(call: Call, about: str = "", wrong: str = "") -> Answer:
    roster = call.desk.people.roster()
    return page(
        call,
        "people.html",
        422 if wrong else 200,
        everybody=sorted(roster.agents, key=lambda agent: (not agent.active, agent.name)),
        teams=roster.teams,
        sections=SECTIONS,
        about=about,
        wrong=wrong,
        saved=bool(call.query.get("saved")),
        form=call.form() if wrong else {},
    )
