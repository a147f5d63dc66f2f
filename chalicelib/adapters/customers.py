"""Customers in the table: one item each, under an id that follows from the first address they used.

The item of a record that became a part of another customer points there. So whoever writes costs one write, unless
they were merged: then one more for each step to the customer that they belong to.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.adapters.customer_items import (
    pack_customer,
    pack_first_contact,
    pack_note,
    unpack_customer,
    unpack_note,
)
from chalicelib.adapters.table import NEW, Change, ConditionFailed, Item, Table
from chalicelib.adapters.ticket_items import to_ms
from chalicelib.domain.customer import MOST_IDS, Customer, CustomerNote
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.reference import derived_code

if TYPE_CHECKING:
    from chalicelib.adapters.audit import DynamoAudit


class DynamoCustomers:
    """Keeps customers in the table `desk`."""

    def __init__(self, table: Table, secret: Callable[[], bytes], audit: "Callable[[], DynamoAudit]") -> None:
        """`secret` gives the key from which ids follow; `audit` notes who makes customers one."""
        self._table = table
        self._secret = secret
        self._audit = audit

    def id_of(self, email: str) -> str:
        """See ports.Customers."""
        return f"c{derived_code(self._secret(), 'customer', email.strip().lower(), 10).lower()}"

    def meet(self, email: str, name: str, now: datetime) -> Customer:
        """See ports.Customers. One write finds or makes the customer, and may be repeated."""
        return self._met(self.id_of(email), email, name, now)

    def meet_visitor(self, visitor: str, name: str, now: datetime) -> Customer:
        """See ports.Customers. One write, as above."""
        return self._met(f"c{derived_code(self._secret(), 'visitor', visitor, 10).lower()}", "", name, now)

    def _met(self, customer_id: str, email: str, name: str, now: datetime) -> Customer:
        made = ", email = if_not_exists(email, :email), first_contact = if_not_exists(first_contact, :now)"
        begun = ", version = if_not_exists(version, :one)"
        met = unpack_customer(
            customer_id, self._contacted(customer_id, name, now, f"{made}{begun}", {":email": email, ":one": 1})
        )
        for _ in range(MOST_IDS):
            if not met.merged_into:
                break
            try:
                item = self._contacted(met.merged_into, name, now, "", {}, "attribute_exists(pk)")
            except ConditionFailed:
                break  # the other is gone: this one stands for itself
            met = unpack_customer(met.merged_into, item)
        return met

    def _contacted(
        self, customer_id: str, name: str, now: datetime, more: str, values: dict[str, object], condition: str = ""
    ) -> Item:
        named = ", #name = if_not_exists(#name, :name)" if name else ""
        return self._table.update(
            f"customer#{customer_id}",
            "customer",
            f"SET last_contact = :now{more}{named}",
            {":now": to_ms(now), **values, **({":name": name} if name else {})},
            condition,
            names={"#name": "name"} if name else None,
        )

    def get(self, customer_id: str) -> Customer | None:
        """See ports.Customers. One read, and one more for each step to the customer that a record is a part of."""
        found = self.record(customer_id)
        for _ in range(MOST_IDS):
            further = self.record(found.merged_into) if found and found.merged_into else None
            if further is None:
                break
            found = further
        return found

    def record(self, customer_id: str) -> Customer | None:
        """See ports.Customers."""
        item = self._table.get(f"customer#{customer_id}", "customer")
        return unpack_customer(customer_id, item) if item else None

    def save(self, customer: Customer) -> Customer:
        """See ports.Customers."""
        change = _change(customer)
        try:
            item = self._table.update(
                change.pk, change.sk, change.expression, change.values, change.condition, change.names
            )
        except ConditionFailed:
            raise _stale() from None
        return unpack_customer(customer.id, item)

    def save_both(self, one: Customer, other: Customer) -> None:
        """See ports.Customers. One transaction, which costs twice the units of its writes.

        The second either becomes a part of the first or ceases to be one: the audit log says which.
        """
        from chalicelib.domain.audit import Deed, Kind

        deed, state = Deed.MERGED if other.merged_into else Deed.SEPARATED, f"{one.version} {other.version}"
        try:
            self._audit().audited(
                [_change(one), _change(other)], deed, Kind.CUSTOMER, one.id, state, after={"part": other.id}
            )
        except ConditionFailed:
            raise _stale() from None

    def notes(self, customer_ids: Iterable[str]) -> tuple[CustomerNote, ...]:
        """See ports.Customers. One Query for each id."""
        found = [
            unpack_note(item["sk"].removeprefix("note#"), item)
            for customer_id in customer_ids
            for item in self._table.query(
                "pk = :pk AND begins_with(sk, :sk)",
                {":pk": f"customer#{customer_id}", ":sk": "note#"},
                ConsistentRead=True,
            )
        ]
        return tuple(sorted(found, key=lambda note: (note.at, note.id), reverse=True))

    def add_note(self, customer_id: str, note: CustomerNote) -> None:
        """See ports.Customers."""
        try:
            self._table.put({"pk": f"customer#{customer_id}", "sk": f"note#{note.id}", **pack_note(note)}, NEW)
        except ConditionFailed:
            return  # it lies there already, from an earlier attempt

    def remove_note(self, customer_id: str, note_id: str) -> None:
        """See ports.Customers."""
        self._table.delete(f"customer#{customer_id}", f"note#{note_id}")


def _change(customer: Customer) -> Change:
    """Give the write by which a customer's item says what the customer says, unless it was changed meanwhile.

    Every attribute goes by another name, since some are words of DynamoDB's own (developer guide, "reserved words").
    """
    said = {**pack_customer(customer), **({} if customer.version else pack_first_contact(customer))}
    kept = {name: value for name, value in said.items() if value not in (None, "", [], {})}
    sets = [*(f"#{name} = :{name}" for name in kept), "version = :next"]
    gone = [f"#{name}" for name in said if name not in kept]
    values = {**{f":{name}": value for name, value in kept.items()}, ":next": customer.version + 1}
    return Change(
        f"customer#{customer.id}",
        "customer",
        f"SET {', '.join(sets)}{' REMOVE ' if gone else ''}{', '.join(gone)}",
        {**values, ":known": customer.version} if customer.version else values,
        "version = :known" if customer.version else NEW,
        {f"#{name}": name for name in said},
    )


def _stale() -> StaleVersion:
    return StaleVersion("somebody else changed the customer; read it again", "version")
