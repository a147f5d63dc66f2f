"""Customers in the table: one item each, under an id that follows from the first address they used."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.adapters.table import ConditionFailed, Item, Table
from chalicelib.adapters.ticket_items import from_ms, to_ms
from chalicelib.domain.customer import Customer
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.reference import derived_code


class DynamoCustomers:
    """Keeps customers in the table `desk`."""

    def __init__(self, table: Table, secret: Callable[[], bytes]) -> None:
        """`secret` gives the key from which ids follow."""
        self._table = table
        self._secret = secret

    def id_of(self, email: str) -> str:
        """See ports.Customers."""
        return f"c{derived_code(self._secret(), 'customer', email.strip().lower(), 10).lower()}"

    def meet(self, email: str, name: str, now: datetime) -> Customer:
        """See ports.Customers. One write finds or makes the customer, and may be repeated."""
        customer_id = self.id_of(email)
        named = "#name = if_not_exists(#name, :name), " if name else ""
        item = self._table.update(
            f"customer#{customer_id}",
            "customer",
            f"SET {named}email = if_not_exists(email, :email), first_contact = if_not_exists(first_contact, :now), "
            "last_contact = :now, version = if_not_exists(version, :one)",
            {":email": email, ":now": to_ms(now), ":one": 1, **({":name": name} if name else {})},
            names={"#name": "name"} if name else None,
        )
        return _customer(customer_id, item)

    def get(self, customer_id: str) -> Customer | None:
        """See ports.Customers."""
        item = self._table.get(f"customer#{customer_id}", "customer")
        return _customer(customer_id, item) if item else None

    def save(self, customer: Customer) -> Customer:
        """See ports.Customers."""
        try:
            item = self._table.update(
                f"customer#{customer.id}",
                "customer",
                f"SET {'#name = :name, ' if customer.name else ''}tier = :tier, #language = :language, tags = :tags, "
                f"surveys_refused_at = :refused, version = :next{'' if customer.name else ' REMOVE #name'}",
                {
                    **({":name": customer.name} if customer.name else {}),
                    ":tier": customer.tier,
                    ":language": customer.language,
                    ":tags": list(customer.tags),
                    ":refused": to_ms(customer.surveys_refused_at),
                    ":next": customer.version + 1,
                    ":known": customer.version,
                },
                "version = :known",
                names={"#name": "name", "#language": "language"},
            )
        except ConditionFailed:
            raise StaleVersion("somebody else changed the customer; read it again", "version") from None
        return _customer(customer.id, item)


def _customer(customer_id: str, item: Item) -> Customer:
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
        version=int(item["version"]),
    )
