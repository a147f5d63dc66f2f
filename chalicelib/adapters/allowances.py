"""How often somebody did a thing within a stretch of time: counters in the table that it forgets by itself."""

import hmac
from collections.abc import Callable
from datetime import datetime

from chalicelib.adapters.table import ConditionFailed, Table


class DynamoAllowances:
    """Counts under a key that tells nobody whom it is about: an HMAC of what is counted and of whom."""

    def __init__(self, table: Table, secret: Callable[[], bytes]) -> None:
        """`secret` gives the desk's key."""
        self._table = table
        self._secret = secret

    def take(self, what: str, who: str, most: int, seconds: int, now: datetime) -> bool:
        """See ports.Allowances. One write, of one unit; one that is refused costs the same."""
        window = int(now.timestamp()) // seconds
        digest = hmac.digest(self._secret(), f"{what}:{who}".encode("utf-8", "surrogatepass"), "sha256").hex()
        try:
            self._table.update(
                f"allowance#{digest[:32]}",
                f"{what}#{window}",
                "SET taken = if_not_exists(taken, :none) + :one, expires_at = :end",
                {":none": 0, ":one": 1, ":end": (window + 2) * seconds, ":most": most},
                "attribute_not_exists(taken) OR taken < :most",
            )
        except ConditionFailed:
            return False
        return True
