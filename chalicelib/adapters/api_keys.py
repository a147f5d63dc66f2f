"""API keys: shown once, kept as a hash, each with its scopes."""

import hashlib
import secrets
import time
from collections.abc import Iterable
from datetime import datetime

from chalicelib.adapters.table import Item, Table
from chalicelib.adapters.ticket_items import from_ms, to_ms
from chalicelib.domain.api_key import ApiKey

PARTITION = "api-keys"
MOST_AGE_SECONDS = 60


class DynamoApiKeys:
    """Keeps API keys in the table `desk`; a key that was used is remembered for a minute, so it works so long after
    its removal at most."""

    def __init__(self, table: Table) -> None:
        """Make it for one table."""
        self._table = table
        self._seen: dict[str, tuple[float, ApiKey]] = {}

    def issue(self, name: str, scopes: Iterable[str], now: datetime, secret: str = "") -> tuple[ApiKey, str]:
        """Make a key, and give it with the secret that is never shown again. The same `secret` twice is one key."""
        secret = secret or f"pd_{secrets.token_urlsafe(32)}"
        digest = _digest(secret)
        key = ApiKey(digest[:12], name, frozenset(scopes), now)
        self._table.put(
            {
                "pk": PARTITION,
                "sk": digest,
                "name": name,
                "scopes": sorted(key.scopes),
                "created_at": to_ms(now),
            }
        )
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
        found = [item["sk"] for item in self._table.query(condition, values)]
        for digest in found:
            self._table.delete(PARTITION, digest)
            self._seen.pop(digest, None)
        return bool(found)


def _digest(secret: str) -> str:
    # a random secret of 256 bits needs no slow hash: there is nothing to guess
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(item: Item) -> ApiKey:
    return ApiKey(item["sk"][:12], item["name"], frozenset(item.get("scopes", ())), from_ms(item["created_at"]))
