"""Customers, and what is written down about them, in the form in which they lie in the table.

Every mail of a customer's writes their item, which is billed by its size: notes are items of their own, and what is
empty isn't kept. Instants are whole milliseconds since 1970.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.ticket_items import from_ms, to_ms
from chalicelib.domain.customer import Customer, CustomerNote, Identity, IdentityKind, Money, Part


def pack_customer(customer: Customer) -> dict[str, Any]:
    """Give what can be changed of a customer; what is empty is to be taken out of the item."""
    return {
        "name": customer.name,
        "tier": customer.tier,
        "language": customer.language,
        "tags": list(customer.tags),
        "surveys_refused_at": to_ms(customer.surveys_refused_at),
        "identities": _pack_identities(customer.identities),
        "fields": dict(customer.fields),
        "value": [customer.value.minor, customer.value.currency] if customer.value else None,
        "merged_into": customer.merged_into,
        "parts": [_pack_part(part) for part in customer.parts],
    }


def pack_first_contact(customer: Customer) -> dict[str, Any]:
    """Give what an item says of a customer from the beginning."""
    contact = {"first_contact": to_ms(customer.first_contact), "last_contact": to_ms(customer.last_contact)}
    return {"email": customer.email, **contact}


def unpack_customer(customer_id: str, item: Mapping[str, Any]) -> Customer:
    """Give the customer of an item."""
    value = item.get("value")
    return Customer(
        id=customer_id,
        name=item.get("name", ""),
        email=item.get("email", ""),
        first_contact=from_ms(item["first_contact"]),
        last_contact=from_ms(item["last_contact"]),
        tier=item.get("tier", ""),
        language=item.get("language", ""),
        tags=tuple(item.get("tags", ())),
        surveys_refused_at=from_ms(refused) if (refused := item.get("surveys_refused_at")) is not None else None,
        identities=_identities(item.get("identities", ())),
        fields=dict(item.get("fields", {})),
        value=Money(int(value[0]), value[1]) if value else None,
        merged_into=item.get("merged_into", ""),
        parts=tuple(_part(part) for part in item.get("parts", ())),
        version=int(item["version"]),
    )


def _pack_part(part: Part) -> dict[str, Any]:
    packed = {
        "id": part.id,
        "at": to_ms(part.at),
        "by": part.by,
        "first": to_ms(part.first_contact),
        "last": to_ms(part.last_contact),
        "identities": _pack_identities(part.identities),
        "beneath": list(part.beneath),
        "name": part.name,
        "tier": part.tier,
        "language": part.language,
        "tags": list(part.tags),
        "fields": dict(part.fields),
        "value": part.value,
        "refused": to_ms(part.surveys_refused_at),
    }
    return {name: said for name, said in packed.items() if said}


def _part(item: Mapping[str, Any]) -> Part:
    return Part(
        id=item["id"],
        at=from_ms(item["at"]),
        by=item["by"],
        first_contact=from_ms(item["first"]),
        last_contact=from_ms(item["last"]),
        identities=_identities(item.get("identities", ())),
        beneath=tuple(item.get("beneath", ())),
        name=item.get("name", ""),
        tier=item.get("tier", ""),
        language=item.get("language", ""),
        tags=tuple(item.get("tags", ())),
        fields=dict(item.get("fields", {})),
        value=int(item.get("value", 0)),
        surveys_refused_at=from_ms(refused) if (refused := item.get("refused")) is not None else None,
    )


def _pack_identities(identities: tuple[Identity, ...]) -> list[list[str]]:
    return [[identity.kind.value, identity.value] for identity in identities]


def _identities(rows: Any) -> tuple[Identity, ...]:
    return tuple(Identity(IdentityKind(kind), value) for kind, value in rows)


def pack_note(note: CustomerNote) -> dict[str, Any]:
    """Give a note's item without its keys."""
    return {"text": note.text, "by": note.by, "at": to_ms(note.at)}


def unpack_note(note_id: str, item: Mapping[str, Any]) -> CustomerNote:
    """Give the note of an item."""
    return CustomerNote(note_id, item["text"], item["by"], from_ms(item["at"]))
