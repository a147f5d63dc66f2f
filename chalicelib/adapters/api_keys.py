"""API keys: shown once, kept as a hash, each with its scopes."""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.table import NEW, ConditionFailed, Delete, Item, Put, Table
from chalicelib.adapters.ticket_items import from_ms, to_ms
from chalicelib.domain.api_key import ApiKey
from chalicelib.domain.audit import Deed, Kind

if TYPE_CHECKING:
    from chalicelib.adapters.audit import DynamoAudit

PARTITION = "api-keys"
MOST_AGE_SECONDS = 60


class DynamoApiKeys:
    """Keeps API keys in the table `desk`; a key that was used is remembered for a minute, so it works so long after
    its removal at most."""

    def __init__(self, table: Table, audit: "Callable[[], DynamoAudit]") -> None:
        """Make it for one table; `audit` notes who makes and revokes keys."""
        self._table = table
        self._audit = audit
        self._seen: dict[str, tuple[float, ApiKey]] = {}

    def issue(
        self, name: str, scopes: Iterable[str], now: datetime, secret: str = "", by: str = ""
    ) -> tuple[ApiKey, str]:
        """Make a key, and give it with the secret that is never shown again. The same `secret` twice is one key.

        `by` is who makes it.
        """
        secret = secret or f"pd_{secrets.token_urlsafe(32)}"
        digest = _digest(secret)
        key = ApiKey(digest[:12], name, frozenset(scopes), now, by)
        item = {
            "pk": PARTITION,
            "sk": digest,
            "name": name,
            "scopes": sorted(key.scopes),
            "created_at": to_ms(now),
            "by": by,
        }
        try:
            self._note(Put(item, NEW), Deed.ADDED, key, {}, _said(key))
        except ConditionFailed:
            known = _key(self._table.get(PARTITION, digest) or item)
            self._note(Put(item), Deed.CHANGED, key, _said(known), _said(key))
        return key, secret

    def find(self, secret: str) -> ApiKey | None:
        """Give the key with this secret, or None."""
        digest = _digest(secret)
        known = self._seen.get(digest)
        if known and time.monotonic() - known[0] < MOST_AGE_SECONDS:
            return known[1]
        item = self._table.get(PARTITION, digest)
        if item is None:
            self._seen.pop(digest, None)
            return None
        key = _key(item)
        self._seen[digest] = (time.monotonic(), key)
        return key

    def every(self) -> tuple[ApiKey, ...]:
        """Give all keys, without their secrets."""
        return tuple(_key(item) for item in self._table.query("pk = :pk", {":pk": PARTITION}))

    def revoke(self, key_id: str) -> bool:
        """Remove a key; gives whether there was one."""
        condition, values = "pk = :pk AND begins_with(sk, :id)", {":pk": PARTITION, ":id": key_id}
        found = list(self._table.query(condition, values))
        for item in found:
            with suppress(ConditionFailed):  # somebody else revoked it meanwhile
                key = _key(item)
                self._note(Delete(PARTITION, item["sk"]), Deed.REMOVED, key, _said(key), {})
            self._seen.pop(item["sk"], None)
        return bool(found)

    def _note(
        self, write: Put | Delete, deed: Deed, key: ApiKey, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        self._audit().audited(
            [write], deed, Kind.API_KEY, key.id, deed.value, name=key.name, before=before, after=after
        )


def _said(key: ApiKey) -> dict[str, Any]:
    return {"name": key.name, "scopes": sorted(key.scopes)}


def _digest(secret: str) -> str:
    # a random secret of 256 bits needs no slow hash: there is nothing to guess
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(item: Item) -> ApiKey:
    made = from_ms(item["created_at"])
    return ApiKey(item["sk"][:12], item["name"], frozenset(item.get("scopes", ())), made, item.get("by", ""))
