"""Fields of its own that a desk gives its tickets: an order number, a size, a date; and what may stand in them.

A ticket keeps what stands in its fields as text, by their ids; fields that the settings don't name hold any text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.errors import Conflict, InvalidInput

STRICT: dict[str, Any] = {"extra": "forbid"}
KINDS = ("text", "number", "choice", "date", "yes_no")
YES, NO = "yes", "no"
MOST_FIELDS, MOST_CHOICES, VALUE_LIMIT = 30, 100, 500
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,6})?")


@dataclass(frozen=True)
class TicketField:
    """One field. `kind` is one of KINDS; `choices` are what a choice offers. Where `required_to_solve`, somebody of the
    desk can only solve a ticket in which it is filled in."""

    __pydantic_config__ = STRICT
    id: str
    name: str
    kind: str = "text"
    help: str = ""
    choices: tuple[str, ...] = ()
    required_to_solve: bool = False

    def __post_init__(self) -> None:
        where = f"ticket_fields[{self.id}]"
        fitting = all(0 < len(one) <= 50 and one == one.strip() for one in self.choices)
        for right, place, remedy in (
            (bool(_ID.fullmatch(self.id)), "ticket_fields", "an id has 1 to 40 of a-z, 0-9, - and _"),
            (0 < len(self.name) <= 100, f"{where}.name", "must have 1 to 100 characters"),
            (self.kind in KINDS, f"{where}.kind", f"is not one of {', '.join(KINDS)}"),
            (len(self.help) <= 200, f"{where}.help", "must have at most 200 characters"),
            ((self.kind == "choice") == bool(self.choices), f"{where}.choices", "go with a choice, and only with one"),
            (len(self.choices) <= MOST_CHOICES, f"{where}.choices", f"at most {MOST_CHOICES} of them"),
            (
                fitting and len(set(self.choices)) == len(self.choices),
                f"{where}.choices",
                "1 to 50 characters, each once",
            ),
        ):
            if not right:
                raise InvalidInput(remedy, place)

    def read(self, given: str) -> str:
        """Give what was filled in as it is kept: "" for nothing. Raises InvalidInput naming `fields.<id>`."""
        value = given.strip()
        if not value:
            return ""
        remedy = self._remedy(value)
        if remedy:
            raise InvalidInput(remedy, f"fields.{self.id}")
        return value.replace(",", ".").lstrip("+") if self.kind == "number" else value

    def _remedy(self, value: str) -> str:
        """Say what the value must be instead, or nothing where it can stand."""
        match self.kind:
            case "number":
                return "" if _NUMBER.fullmatch(value) else "must be a number, such as 12 or 3.5"
            case "choice":
                return "" if value in self.choices else f"is not one of {', '.join(self.choices)}"
            case "yes_no":
                return "" if value in (YES, NO) else "must be yes or no"
            case "date":
                return "" if _is_date(value) else "must be a date, such as 2026-11-30"
            case _:
                return "" if len(value) <= VALUE_LIMIT else f"must have at most {VALUE_LIMIT} characters"


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def refuse_unusable(fields: Iterable[TicketField]) -> None:
    """Raise InvalidInput for fields that can't stand beside one another."""
    ids = [one.id for one in fields]
    if len(set(ids)) != len(ids):
        raise InvalidInput("every field needs an id of its own", "ticket_fields")
    if len(ids) > MOST_FIELDS:
        raise InvalidInput(f"at most {MOST_FIELDS} of them", "ticket_fields")


def read_all(fields: Iterable[TicketField], given: Mapping[str, str]) -> dict[str, str]:
    """Give what was filled in as it is kept. Raises InvalidInput for the first that can't be."""
    known = {one.id: one for one in fields}
    return {name: known[name].read(value) if name in known else value for name, value in given.items()}


def refuse_unfilled(fields: Iterable[TicketField], values: Mapping[str, str]) -> None:
    """Raise Conflict where a field is empty without which no ticket is solved."""
    missing = [one.name for one in fields if one.required_to_solve and not values.get(one.id)]
    if missing:
        raise Conflict(f"fill in {', '.join(missing)} before it is solved", "fields")
