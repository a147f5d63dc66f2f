"""A desk's own fields in forms: read from what was typed, each wrong one named."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ticket import Ticket
from chalicelib.domain.ticket_field import TicketField
from chalicelib.web.pages.typed import typed_line

PREFIX = "field-"


def typed_values(form: Mapping[str, str], fields: Sequence[TicketField]) -> dict[str, str]:
    """Give what was typed into the desk's own fields, by their ids; those that the form lacks are left out."""
    return {one.id: typed_line(form[PREFIX + one.id])[:1000] for one in fields if PREFIX + one.id in form}


def unreadable(values: Mapping[str, str], fields: Sequence[TicketField]) -> frozenset[str]:
    """Give the names that the form calls the fields by which hold what they can't hold."""
    return frozenset(PREFIX + one.id for one in fields if not _fits(one, values.get(one.id, "")))


def unfilled(fields: Sequence[TicketField], ticket: Ticket) -> frozenset[str]:
    """Give the names of those that are empty on a ticket, without which it isn't solved."""
    return frozenset(PREFIX + one.id for one in fields if one.required_to_solve and not ticket.fields.get(one.id))


def _fits(field: TicketField, value: str) -> bool:
    try:
        field.read(value)
    except InvalidInput:
        return False
    return True
