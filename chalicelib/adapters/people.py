"""Agents and teams in the table, under one key: the whole roster is one read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters.table import ConditionFailed, Item, Table
from chalicelib.domain.errors import AlreadyExists, StaleVersion
from chalicelib.domain.people import Agent, Role, Roster, Team

PARTITION = "people"


class DynamoPeople:
    """Keeps agents and teams in the table `desk`. What an agent holds is a set, so that no count can drift."""

    def __init__(self, table: Table) -> None:
        """Make it for one table."""
        self._table = table

    def roster(self) -> Roster:
        """See ports.People."""
        items = list(self._table.query("pk = :pk", {":pk": PARTITION}, ConsistentRead=True))
        return Roster(
            agents=tuple(_agent(item) for item in items if item["sk"].startswith("agent#")),
            teams=tuple(_team(item) for item in items if item["sk"].startswith("team#")),
        )

    def hold(self, agent_id: str, ref: str, *, force: bool = False) -> bool:
        """See ports.People."""
        room = "attribute_not_exists(holding) OR contains(holding, :ref) OR size(holding) < #capacity"
        condition = "attribute_exists(pk)" if force else f"attribute_exists(pk) AND #capacity > :zero AND ({room})"
        limits: dict[str, Any] = {} if force else {":ref": ref, ":zero": 0}
        names = None if force else {"#capacity": "capacity"}
        try:
            self._table.update(
                PARTITION, f"agent#{agent_id}", "ADD holding :refs", {":refs": {ref}, **limits}, condition, names
            )
        except ConditionFailed:
            return False
        return True

    def release(self, agent_id: str, ref: str) -> None:
        """See ports.People."""
        try:
            self._table.update(
                PARTITION, f"agent#{agent_id}", "DELETE holding :refs", {":refs": {ref}}, "attribute_exists(pk)"
            )
        except ConditionFailed:
            return

    def save_agent(self, agent: Agent) -> Agent:
        """See ports.People. What the agent holds is left as it is."""
        return _agent(
            self._save(
                f"agent#{agent.id}",
                {
                    "name": agent.name,
                    "email": agent.email,
                    "role": agent.role.value,
                    "team_ids": list(agent.team_ids),
                    "skills": list(agent.skills),
                    "languages": list(agent.languages),
                    "available": agent.available,
                    "active": agent.active,
                    "capacity": agent.capacity,
                    "signed_out_at": agent.signed_out_at.isoformat() if agent.signed_out_at else None,
                    "signature": agent.signature,
                },
                agent.version,
            )
        )

    def save_team(self, team: Team) -> Team:
        """See ports.People."""
        return _team(self._save(f"team#{team.id}", {"name": team.name, "lead_ids": list(team.lead_ids)}, team.version))

    def _save(self, sk: str, fields: Mapping[str, Any], version: int) -> Item:
        sets = ", ".join(f"#{name} = :{name}" for name in (*fields, "version"))
        values = {f":{name}": value for name, value in fields.items()} | {":version": version + 1}
        condition = "version = :known" if version else "attribute_not_exists(pk)"
        try:
            return self._table.update(
                PARTITION,
                sk,
                f"SET {sets}",
                values | ({":known": version} if version else {}),
                condition,
                names={f"#{name}": name for name in (*fields, "version")},
            )
        except ConditionFailed:
            kind, _, name = sk.partition("#")
            if version:
                raise StaleVersion(f"somebody else changed the {kind}; read it again", "version") from None
            raise AlreadyExists(f"the {kind} {name} exists already", "id") from None


def _agent(item: Item) -> Agent:
    return Agent(
        id=item["sk"].removeprefix("agent#"),
        name=item.get("name", ""),
        email=item.get("email", ""),
        role=Role(item.get("role", "agent")),
        team_ids=tuple(item.get("team_ids", ())),
        skills=tuple(item.get("skills", ())),
        languages=tuple(item.get("languages", ())),
        available=bool(item.get("available", True)),
        active=bool(item.get("active", True)),
        capacity=int(item.get("capacity", 10)),
        signature=item.get("signature", ""),
        holding=frozenset(item.get("holding", ())),
        signed_out_at=datetime.fromisoformat(item["signed_out_at"]) if item.get("signed_out_at") else None,
        version=int(item["version"]),
    )


def _team(item: Item) -> Team:
    return Team(
        id=item["sk"].removeprefix("team#"),
        name=item.get("name", ""),
        lead_ids=tuple(item.get("lead_ids", ())),
        version=int(item["version"]),
    )
