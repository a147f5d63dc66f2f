"""A rule as a form: its fields from a rule, a rule from its fields, and which field is to blame for what."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.automation import MOST_ACTIONS, MOST_CONDITIONS, Automation, Deed, Trait
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.people import Roster
from chalicelib.web.pages.typed import typed, typed_line

UNITS: Mapping[str, int] = {"minutes": 60, "hours": 3600, "days": 86_400}
SPARE = 2
"""Empty rows that a form ends with."""

Fields = dict[str, str]


def shown(rule: Automation) -> Fields:
    """Give what the form's fields hold for a rule."""
    unit = next((name for name in ("days", "hours") if rule.when.seconds % UNITS[name] == 0), "minutes")
    found = {
        "name": rule.name,
        "enabled": "1" if rule.enabled else "",
        "event": rule.when.event,
        "status": rule.when.status,
        "rating": str(rule.when.rating or ""),
        "length": f"{rule.when.seconds / UNITS[unit]:g}" if rule.when.seconds else "",
        "unit": unit,
    }
    for number, condition in enumerate(rule.conditions):
        found[f"what-{number}"] = condition.what
        found[f"is-{number}"] = "not" if condition.negated else ""
        found[f"values-{number}"] = ", ".join(condition.values)
    for number, action in enumerate(rule.actions):
        found |= {f"do-{number}": action.do, f"value-{number}": action.value}
    return found


def blank() -> Fields:
    """Give the fields of a rule that nobody has written yet."""
    return {"name": "", "enabled": "1", "event": "opened", "status": "", "rating": "", "length": "", "unit": "days"}


def rows(fields: Fields, kind: str, *, more: bool = False) -> int:
    """Give how many rows of conditions (`what`) or actions (`do`) the form has, some of them spare."""
    most = MOST_CONDITIONS if kind == "what" else MOST_ACTIONS
    used = [number for number in range(most) if fields.get(f"{kind}-{number}")]
    shown_now = max((number + 1 for number in used), default=0) + SPARE
    return min(most, shown_now + (SPARE if more else 0))


def sent(form: Mapping[str, str]) -> Fields:
    """Give what was typed, without what nobody types."""
    return {name: typed(text) if name.startswith("value-") else typed_line(text) for name, text in form.items()}


class Reading:
    """A rule that is read from a form, with the places of the settings that each field stands for."""

    def __init__(self, rule_id: str, fields: Fields, names: Mapping[str, Mapping[str, str]]) -> None:
        """`names` gives ids by what they are called, for each thing that is named by an id."""
        self.wrong: dict[str, str] = {}
        self._fields = fields
        self._names = names
        self._places: dict[str, str] = {}
        self._rule_id = rule_id
        self.plain = self._read()

    def _read(self) -> dict[str, Any]:
        fields = self._fields
        event = fields.get("event", "")
        when: dict[str, Any] = {"event": event}
        if event in ("status_changed", "silent"):
            when["status"] = fields.get("status", "")
        if event == "rated":
            when["rating"] = int(self._number("rating"))
        if event == "silent":
            when["seconds"] = round(self._number("length") * UNITS.get(fields.get("unit", ""), 60))
        return {
            "id": self._rule_id,
            "name": fields.get("name", ""),
            "when": when,
            "conditions": self._conditions(),
            "actions": self._actions(),
            "enabled": bool(fields.get("enabled")),
        }

    def _number(self, name: str) -> float:
        text = self._fields.get(name, "").replace(",", ".")
        if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text):
            return float(text)
        self.wrong[name] = "must be a number"
        return 0

    def _conditions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for number in range(MOST_CONDITIONS):
            what, text = self._fields.get(f"what-{number}", ""), self._fields.get(f"values-{number}", "")
            if not what and not text:
                continue
            self._at(f"conditions[{len(found)}]", {"what": f"what-{number}", "values": f"values-{number}"})
            values = [value.strip() for value in re.split(r"[,，]", text) if value.strip()]
            known = self._names.get(what, {})
            values = [known.get(value.casefold(), value) for value in values]
            found.append({"what": what, "values": values, "negated": self._fields.get(f"is-{number}") == "not"})
        return found

    def _actions(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for number in range(MOST_ACTIONS):
            do, text = self._fields.get(f"do-{number}", ""), self._fields.get(f"value-{number}", "")
            if not do and not text:
                continue
            self._at(f"actions[{len(found)}]", {"do": f"do-{number}", "value": f"value-{number}"})
            found.append({"do": do, "value": self._names.get(do, {}).get(text.casefold(), text)})
        return found

    def _at(self, place: str, names: Mapping[str, str]) -> None:
        self._places |= {f"{place}.{part}": name for part, name in names.items()}

    def blame(self, blamed: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Give what is wrong by the field beside which it is said; what blames none stands under an empty name."""
        found: dict[str, str] = {}
        plain = {"name": "name", "when.event": "event", "when.status": "status", "when.rating": "rating"}
        known = {**plain, "when.seconds": "length", "actions": "do-0", "conditions": "what-0", **self._places}
        for place, message in blamed:
            inside = place.removeprefix(f"automations[{self._rule_id}].")
            # a value of a list is blamed by its number: conditions[0].values[1]
            name = known.get(inside) or known.get(re.sub(r"\[[0-9]+\]$", "", inside), "")
            said = message if name else f"{place}: {message}"
            found[name] = f"{found[name]}; {said}" if name in found else said
        return {**found, **self.wrong}


def names_of(settings: DeskSettings, roster: Roster) -> dict[str, dict[str, str]]:
    """Give the ids that conditions and actions may name, each by what it is called too, in small letters."""
    teams = {team.name.casefold(): team.id for team in roster.teams}
    agents = {agent.name.casefold(): agent.id for agent in roster.agents if agent.active}
    macros = {macro.name.casefold(): macro.id for macro in settings.macros}
    plans = {plan.name.casefold(): plan.id for plan in settings.scenarios}
    return {
        Trait.TEAM.value: teams,
        Trait.ASSIGNEE.value: agents,
        Trait.SCENARIO.value: plans,
        Deed.ASSIGN.value: agents,
        Deed.ANSWER.value: macros,
    }


def id_for(name: str, taken: Iterable[str]) -> str:
    """Give a new rule's or plan's id: its name in small letters, told apart from those that are taken by a number."""
    known = {*taken, ""}
    kept = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:36].strip("-")
    numbered = (f"{kept or 'rule'}-{number}" for number in range(2, 1000))
    return kept if kept not in known else next(one for one in numbered if one not in known)
