"""What the desk knows of a customer is changed: their name, tier, language, tags, what they are worth; and notes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib.domain.customer import NOTE_LIMIT, Customer, CustomerNote, Identity, Money
from chalicelib.domain.errors import InvalidInput, NotFound, StaleVersion
from chalicelib.usecases.change_ticket import MOST_TRIES
from chalicelib.usecases.open_ticket import message_id_for
from chalicelib.usecases.ports import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerEdit:
    """What to change; None leaves it. `value` of no minor units takes it away."""

    name: str | None = None
    tier: str | None = None
    language: str | None = None
    tags: tuple[str, ...] | None = None
    fields: Mapping[str, str] | None = None
    identities: tuple[Identity, ...] | None = None
    value: Money | None = None
    surveys: bool | None = None


def load_customer(desk: Desk, customer_id: str, version: int | None = None) -> Customer:
    """Give a customer. Raises NotFound, or StaleVersion where they aren't at `version`, if that is given."""
    customer = desk.customers.get(customer_id)
    if customer is None:
        raise NotFound("there is no such customer", "customer_id")
    if version is not None and customer.version != version:
        raise StaleVersion(f"it is at version {customer.version} by now; read it again", "If-Match")
    return customer


def edit_customer(desk: Desk, customer_id: str, edit: CustomerEdit, version: int | None = None) -> Customer:
    """Give the customer after the change. When somebody else was quicker, it is made on what they left.

    Raises NotFound, or StaleVersion where the customer isn't at `version`.
    """
    for attempt in range(MOST_TRIES):
        customer = load_customer(desk, customer_id, version)
        after = _edited(desk, customer, edit)
        if after == customer:
            return customer
        try:
            return desk.customers.save(after)
        except StaleVersion:
            if version is not None or attempt == MOST_TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _edited(desk: Desk, customer: Customer, edit: CustomerEdit) -> Customer:
    plain = ("name", "tier", "language", "tags", "fields", "identities")
    changes = {name: said for name in plain if (said := getattr(edit, name)) is not None}
    if edit.value is not None:
        changes["value"] = edit.value if edit.value.minor else None
    if edit.surveys is not None:
        refused = customer.surveys_refused_at or desk.clock.now()
        changes["surveys_refused_at"] = None if edit.surveys else refused
    return replace(customer, **changes)


def note_customer(desk: Desk, customer_id: str, text: str, by: str, origin: str) -> CustomerNote:
    """Write something down about a customer; the same `origin` is the same note. Raises NotFound or InvalidInput."""
    if not text.strip() or len(text) > NOTE_LIMIT:
        raise InvalidInput(f"must have 1 to {NOTE_LIMIT:,} characters", "text")
    customer = load_customer(desk, customer_id)
    note_id = message_id_for(desk.signer.secret(), f"customer-note:{origin}")
    note = CustomerNote(note_id, text, by, desk.clock.now())
    desk.customers.add_note(customer.id, note)
    return note


def forget_note(desk: Desk, customer_id: str, note_id: str) -> None:
    """Forget a note about a customer, or about a record that is a part of them. Raises NotFound."""
    for record_id in load_customer(desk, customer_id).ids:
        desk.customers.remove_note(record_id, note_id)
