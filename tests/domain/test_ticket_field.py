"""What may stand in a desk's own fields."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.ticket_field import KINDS, MOST_FIELDS, TicketField, read_all, refuse_unfilled
from tests.domain.samples import law

SIZE = TicketField("size", "Size", "choice", choices=("S", "M"))


def field(kind: str) -> TicketField:
    return SIZE if kind == "choice" else TicketField("it", "It", kind)


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "  blue lamp ", "blue lamp"),
        ("number", "3,5", "3.5"),
        ("number", "+12", "12"),
        ("number", "-0.25", "-0.25"),
        ("choice", "M", "M"),
        ("date", "2026-11-30", "2026-11-30"),
        ("yes_no", "no", "no"),
        ("date", " ", ""),
    ],
)
def test_what_fits_is_kept_in_one_form(kind: str, given: str, kept: str) -> None:
    assert field(kind).read(given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", "x" * 501),
        ("number", "a dozen"),
        ("number", "1e9"),
        ("number", "٣"),
        ("number", "1" * 16),
        ("choice", "XXL"),
        ("date", "30.11.2026"),
        ("date", "2026-02-30"),
        ("date", "20261130"),
        ("yes_no", "true"),
    ],
)
def test_what_doesn_t_fit_is_refused_by_its_name(kind: str, given: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        field(kind).read(given)
    assert refusal.value.field == f"fields.{field(kind).id}"


@law
@given(st.sampled_from(KINDS), st.text(max_size=20))
def test_what_was_kept_once_fits_again_and_stays(kind: str, given: str) -> None:
    try:
        kept = field(kind).read(given)
    except InvalidInput:
        return
    assert field(kind).read(kept) == kept


def test_fields_that_nobody_named_hold_anything() -> None:
    assert read_all([SIZE], {"size": "M", "order": " 17 "}) == {"size": "M", "order": " 17 "}


def test_a_needed_field_is_filled_in_before_a_ticket_is_solved() -> None:
    needed = TicketField("order", "Order number", required_to_solve=True)
    refuse_unfilled([needed, SIZE], {"order": "17"})
    with pytest.raises(Conflict, match="Order number"):
        refuse_unfilled([needed, SIZE], {"order": ""})


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": "Größe"}, "ticket_fields"),
        ({"name": ""}, "ticket_fields[size].name"),
        ({"kind": "colour"}, "ticket_fields[size].kind"),
        ({"choices": ()}, "ticket_fields[size].choices"),
        ({"choices": ("S", "S")}, "ticket_fields[size].choices"),
        ({"choices": ("S ",)}, "ticket_fields[size].choices"),
        ({"kind": "text"}, "ticket_fields[size].choices"),
        ({"help": "x" * 201}, "ticket_fields[size].help"),
    ],
)
def test_a_field_that_can_t_be_is_refused_by_its_place(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        TicketField(**{"id": "size", "name": "Size", "kind": "choice", "choices": ("S", "M"), **changes})
    assert refusal.value.field == place


def test_each_has_an_id_of_its_own_and_there_is_an_end_of_them() -> None:
    with pytest.raises(InvalidInput):
        DeskSettings(ticket_fields=(SIZE, SIZE))
    with pytest.raises(InvalidInput):
        DeskSettings(ticket_fields=tuple(TicketField(f"f{number}", "F") for number in range(MOST_FIELDS + 1)))
