"""Marks on addresses in the table: one item each, under a digest of the address; what may pass is forgotten by TTL."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.adapters.table import Item, Table
from chalicelib.adapters.ticket_items import from_ms, to_ms
from chalicelib.domain.deliverability import AddressMark, Trouble

SK = "address"


def key_of(email: str) -> str:
    """Give the partition key of an address."""
    digest = hashlib.sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()
    return f"address#{digest[:40]}"


class DynamoDeliverability:
    """Keeps marks in the table `desk`."""

    def __init__(self, table: Table) -> None:
        """Make it for one table."""
        self._table = table

    def mark_of(self, email: str) -> AddressMark | None:
        """See ports.Deliverability."""
        item = self._table.get(key_of(email), SK)
        return unpack_mark(item) if item else None

    def keep(self, mark: AddressMark) -> AddressMark:
        """See ports.Deliverability."""
        after = replace(mark, version=mark.version + 1)
        item = pack_mark(after)
        self._table.put_next(item, "the address was marked by others")
        return after

    def lift(self, email: str) -> bool:
        """See ports.Deliverability."""
        if self.mark_of(email) is None:
            return False
        self._table.delete(key_of(email), SK)
        return True


def pack_mark(mark: AddressMark) -> Item:
    """Give a mark's item. `expires_at` is in seconds since 1970, as DynamoDB's TTL reads it."""
    expires = None if mark.expires_at is None else int(mark.expires_at.timestamp())
    return {
        "pk": key_of(mark.email),
        "sk": SK,
        "email": mark.email,
        "trouble": mark.trouble.value,
        "at": to_ms(mark.at),
        "reason": mark.reason,
        "status": mark.status,
        "count": mark.count,
        "expires_at": expires,
        "told": list(mark.told),
        "version": mark.version,
    }


def unpack_mark(item: Mapping[str, Any]) -> AddressMark:
    """Give the mark of an item."""
    expires = item.get("expires_at")
    return AddressMark(
        email=item["email"],
        trouble=Trouble(item["trouble"]),
        at=from_ms(item["at"]),
        reason=item.get("reason", ""),
        status=item.get("status", ""),
        count=int(item["count"]),
        expires_at=None if expires is None else from_ms(int(expires) * 1000),
        told=tuple(item.get("told", ())),
        version=int(item["version"]),
    )
