"""The domain's values in the form in which they leave the desk: plain JSON under the domain's own names."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from chalicelib.domain.card import Card
from chalicelib.domain.ticket import Ticket

Value = TypeVar("Value")

REQUESTER = ("customer_id", "customer_name", "tier")
"""What a card knows of whom its ticket answers."""

DERIVED = tuple(
    field.name
    for field in fields(Card)
    if field.name == "follow_ups" or field.name not in {*REQUESTER, *(own.name for own in fields(Ticket))}
)
"""What a card knows that its ticket doesn't say itself: figures for lists and reports."""


class Malformed(Exception):
    """A record is not what the format says; the message names the field."""


def to_wire(value: Any) -> Any:
    """Give any of the domain's values as JSON has them: instants in UTC to the millisecond, sets sorted."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {str(name): to_wire(part) for name, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(to_wire(part) for part in value)
    if isinstance(value, list | tuple):
        return [to_wire(part) for part in value]
    if is_dataclass(value):
        return {field.name: to_wire(getattr(value, field.name)) for field in fields(value)}
    return value


def from_wire(kind: type[Value], record: Mapping[str, Any]) -> Value:
    """Give the domain's value that a record holds. Raises Malformed for a wrong, missing or unknown field."""
    shape = cast(Any, kind)
    known = {field.name for field in fields(shape)}
    if unknown := sorted(record.keys() - known):
        raise Malformed(f"{unknown[0]}: is not a field of this format")
    try:
        return cast(Value, _adapter(shape).validate_python(dict(record)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Malformed(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def ticket_record(ticket: Ticket, card: Card) -> dict[str, Any]:
    """Give a ticket with the figures that lists and reports show of it."""
    return {**to_wire(ticket), "figures": {name: to_wire(getattr(card, name)) for name in DERIVED}}


def read_ticket(record: Mapping[str, Any]) -> tuple[Ticket, Card]:
    """Give the ticket and the card of a record. Raises Malformed."""
    ticket = from_wire(Ticket, {name: value for name, value in record.items() if name != "figures"})
    figures = record.get("figures")
    if not isinstance(figures, Mapping):
        raise Malformed("figures: is missing")
    repeated = {field.name for field in fields(Card)} - set(DERIVED) - set(REQUESTER)
    own = {name: getattr(ticket, name) for name in repeated}
    asker = ticket.requester
    asked_by = dict(zip(REQUESTER, (asker.customer_id, asker.name, asker.tier), strict=True))
    return ticket, from_wire(Card, {**own, **asked_by, **figures})


def line_of(record: Mapping[str, Any]) -> bytes:
    """Give a record as one line of UTF-8; text that isn't valid Unicode makes the line plain ASCII with escapes."""
    try:
        return json.dumps(record, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(record).encode() + b"\n"
