"""Settings are changed, once what they name is there; what can only be suspected to be wrong is said, and saved."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.automation import Deed
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.people import Roster
from chalicelib.usecases.ports import Desk


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that may be a mistake: the setting, and what could come of it."""

    field: str
    message: str


def change_settings(desk: Desk, known: DeskSettings, wanted: DeskSettings) -> tuple[DeskSettings, tuple[Concern, ...]]:
    """Save settings, and give them with what is worth a second look.

    An address must name a team that exists: its mail would lie where nobody looks. Other settings may name one that is
    founded later; that is said. Reads the roster, where a team or an agent is named that wasn't named before.
    Raises InvalidInput or StaleVersion.
    """
    named = dict(_teams(wanted))
    fresh = {place: team for place, team in named.items() if team not in dict(_teams(known)).values()}
    hired = {place: agent for place, agent in _agents(wanted) if agent not in dict(_agents(known)).values()}
    roster = desk.people.roster() if fresh or hired else Roster()
    unknown = {place: team for place, team in fresh.items() if roster.team(team) is None}
    for place, team in unknown.items():
        if place.startswith("addresses"):
            raise InvalidInput(f"there is no team {team}", place)
    saved = desk.settings.save(wanted)
    teams = [Concern(place, f"there is no team {team} yet") for place, team in unknown.items()]
    agents = [Concern(place, f"there is no agent {agent}") for place, agent in hired.items() if not roster.agent(agent)]
    return saved, (*teams, *agents, *_elsewhere(wanted))


def _teams(settings: DeskSettings) -> Iterator[tuple[str, str]]:
    yield "default_team", settings.default_team
    for one in settings.addresses:
        if one.team_id:
            yield f"addresses[{one.address}].team_id", one.team_id
    for number, rule in enumerate(settings.triage):
        if rule.team_id:
            yield f"triage[{number}].team_id", rule.team_id
    yield from _named(settings, Deed.TEAM)
    for policy in settings.sla_policies:
        for metric, steps in policy.escalations.items():
            for number, step in enumerate(steps):
                if step.team:
                    yield f"sla_policies[{policy.id}].escalations.{metric}[{number}].team", step.team


def _agents(settings: DeskSettings) -> Iterator[tuple[str, str]]:
    yield from _named(settings, Deed.ASSIGN)


def _named(settings: DeskSettings, deed: Deed) -> Iterator[tuple[str, str]]:
    for rule in settings.automations:
        for number, action in enumerate(rule.actions):
            if action.do == deed:
                yield f"automations[{rule.id}].actions[{number}].value", action.value


def _elsewhere(settings: DeskSettings) -> Iterator[Concern]:
    domain = settings.own_addresses[0].rpartition("@")[2]
    for one in settings.addresses:
        if one.address.rpartition("@")[2] != domain:
            says = f"Amazon SES refuses to send as it unless it was deployed for this domain beside {domain}"
            yield Concern(f"addresses[{one.address}].address", says)
