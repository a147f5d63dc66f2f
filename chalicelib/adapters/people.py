"""Agents and teams in the table, under one key: the whole roster is one read."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.table import NEW, Change, ConditionFailed, Item, Table
from chalicelib.domain.errors import AlreadyExists, StaleVersion
from chalicelib.domain.people import Agent, Role, Roster, Team

if TYPE_CHECKING:
    from chalicelib.adapters.audit import DynamoAudit

PARTITION = "people"
MOST_MENTIONS = 50
"""Tickets that an agent is called upon and hasn't seen: every page reads them with the roster."""


class DynamoPeople:
    """Keeps agents and teams in the table `desk`. What an agent holds is a set, so that no count can drift."""

    def __init__(self, table: Table, audit: "Callable[[], DynamoAudit]") -> None:
        """Make it for one table; `audit` notes who changes whom."""
        self._table = table
        self._audit = audit

    def roster(self) -> Roster:
        """See ports.People."""
        items = list(self._table.query("pk = :pk", {":pk": PARTITION}, ConsistentRead=True))
        return Roster(
            agents=tuple(_agent(item) for item in items if item["sk"].startswith("agent#")),
            teams=tuple(_team(item) for item in items if item["sk"].startswith("team#")),
        )

    def hold(self, agent_id: str, ref: str, *, force: bool = False, room: int | None = None) -> bool:
        """See ports.People."""
        most = "#capacity" if room is None else ":room"
        free = f"attribute_not_exists(holding) OR contains(holding, :ref) OR size(holding) < {most}"
        condition = "attribute_exists(pk)" if force else f"attribute_exists(pk) AND #capacity > :zero AND ({free})"
        limits: dict[str, Any] = {} if force else {":ref": ref, ":zero": 0}
        if room is not None and not force:
            limits[":room"] = room
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

    def mention(self, agent_id: str, ref: str) -> None:
        """See ports.People."""
        room = "attribute_exists(pk) AND (attribute_not_exists(mentions) OR size(mentions) < :most)"
        values = {":refs": {ref}, ":most": MOST_MENTIONS}
        try:
            self._table.update(PARTITION, f"agent#{agent_id}", "ADD mentions :refs", values, room)
        except ConditionFailed:
            return

    def forget_mention(self, agent_id: str, ref: str) -> None:
        """See ports.People."""
        try:
            self._table.update(
                PARTITION, f"agent#{agent_id}", "DELETE mentions :refs", {":refs": {ref}}, "attribute_exists(pk)"
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
        """Write an agent or a team, noting what changes, and give the item as it then is."""
        before = self._table.get(PARTITION, sk) or {}
        known = int(before.get("version", 0))
        if known != version:
            raise _refusal(sk, version)
        try:
            self._note(_change(sk, fields, version), before, fields)
        except ConditionFailed:
            raise _refusal(sk, version) from None
        # read anew: what the agent holds may have changed just before the write
        return self._table.get(PARTITION, sk) or {}

    def _note(self, change: Change, before: Item, fields: Mapping[str, Any]) -> None:
        from chalicelib.domain.audit import Deed, Kind

        kind, _, name = change.sk.partition("#")
        self._audit().audited(
            [change],
            Deed.CHANGED if before else Deed.ADDED,
            Kind(kind),
            name,
            str(change.values[":version"]),
            name=str(fields["name"]),
            before={field: before.get(field) for field in fields} if before else {},
            after=fields,
        )


def _change(sk: str, fields: Mapping[str, Any], version: int) -> Change:
    names = (*fields, "version")
    values = {f":{name}": value for name, value in fields.items()} | {":version": version + 1}
    return Change(
        PARTITION,
        sk,
        f"SET {', '.join(f'#{name} = :{name}' for name in names)}",
        values | ({":known": version} if version else {}),
        "version = :known" if version else NEW,
        {f"#{name}": name for name in names},
    )


def _refusal(sk: str, version: int) -> AlreadyExists | StaleVersion:
    kind, _, name = sk.partition("#")
    if version:
        return StaleVersion(f"somebody else changed the {kind}; read it again", "version")
    return AlreadyExists(f"the {kind} {name} exists already", "id")


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
        mentions=frozenset(item.get("mentions", ())),
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
