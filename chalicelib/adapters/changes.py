"""Which tickets the search index doesn't know yet: one item of the table, which stands in the index `due` for when they
are to be built in. So the schedule's one question of each minute tells it, and an idle desk pays nothing for it.

Until then who searches reads these tickets themselves. An index that is built for every single change costs ten times
as much, mostly for putting its file.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.table import ConditionFailed, Table
from chalicelib.adapters.ticket_items import from_ms, to_ms
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.search.found import CHANGES, Change

PK, SK = CHANGES, "changes"
DUE_PK = "due#0"
"""The first shard of the list of what is due, which every desk has."""

WAIT = timedelta(hours=1)
"""How long the first change waits for others."""

ENOUGH = 25
"""When so many wait, they are built in by the next sweep."""

SOON = timedelta(seconds=30)
"""When what could not be built in is tried again; the sweep looks a minute ahead."""

LEASE = timedelta(seconds=90)
"""How long somebody who builds has: longer than the function's timeout, so that the dead only are taken over."""

MOST_WAITING = 2_000
"""So many changes, some 50 kB, wait at most. Each further one costs a write of all: better they wait on their own."""

_NOTE = "ADD waiting :change SET due_pk = if_not_exists(due_pk, :pk), due_sk = if_not_exists(due_sk, :sk)"
_FREE = "attribute_not_exists(lease) OR lease < :now"


class DynamoChanges:
    """Keeps what waits in the table `desk`."""

    def __init__(self, table: Table) -> None:
        """Make it for one table."""
        self._table = table
        self._lease = 0
        self._count = 0

    def note(self, change: Change) -> None:
        """See ports.Changes. One write unit for the item, and one for the index when it is the first."""
        values = {":change": {_written(change)}, ":pk": DUE_PK, ":sk": _due(change.at + WAIT), ":most": MOST_WAITING}
        room = "attribute_not_exists(waiting) OR size(waiting) < :most"
        try:
            waiting = self._table.update(PK, SK, _NOTE, values, room)["waiting"]
        except ConditionFailed:
            raise TryAgain("more changes wait for the search index than it should hold; it catches up") from None
        if len(waiting) % ENOUGH == 0:
            hurry = {":pk": DUE_PK, ":sk": _due(change.at)}
            self._table.update(PK, SK, "SET due_pk = :pk, due_sk = :sk", hurry)

    def waiting(self) -> Sequence[Change]:
        """See ports.Changes. One read."""
        item = self._table.get(PK, SK) or {}
        return [_read(text) for text in item.get("waiting", ())]

    def take(self, now: datetime) -> Sequence[Change] | None:
        """See ports.Changes. What waits stays due, so whoever comes after the lease takes over from the dead."""
        item = self._leased(_FREE, {":until": to_ms(now + LEASE), ":now": to_ms(now)})
        if item is None:
            return None
        found = [_read(text) for text in item.get("waiting", ())]
        self._count = len(found)
        return found

    def hold(self, now: datetime, until: datetime) -> bool:
        """Keep everybody from building until an instant; what changes waits. False while somebody builds."""
        values = {":until": to_ms(until), ":now": to_ms(now), ":mine": self._lease}
        return self._leased(f"{_FREE} OR lease = :mine", values) is not None

    def _leased(self, condition: str, values: dict[str, Any]) -> dict[str, Any] | None:
        try:
            item = self._table.update(PK, SK, "SET lease = :until", values, condition)
        except ConditionFailed:
            return None
        self._lease, self._count = int(item["lease"]), -1
        return item

    def settle(self, done: Sequence[Change], now: datetime, *, more: bool = False) -> None:
        """See ports.Changes. One write; two where something came meanwhile. What is left, the next sweep finds."""
        struck = "DELETE waiting :done " if done else ""
        values: dict[str, Any] = {":mine": self._lease, **({":done": {_written(one) for one in done}} if done else {})}
        left = more or len(done) != self._count
        if left or not self._ended(struck, values):
            again = {**values, ":pk": DUE_PK, ":sk": _due(now + (SOON if left else WAIT))}
            self._freed(f"{struck}SET due_pk = :pk, due_sk = :sk REMOVE lease", again, "lease = :mine")

    def _ended(self, struck: str, values: dict[str, Any]) -> bool:
        """Strike everything out, unless something came meanwhile."""
        count = self._count
        still, sized = ("size(waiting) = :count", {":count": count}) if count else ("attribute_not_exists(waiting)", {})
        change = f"{struck}REMOVE lease, due_pk, due_sk"
        return self._freed(change, {**values, **sized}, f"lease = :mine AND {still}")

    def _freed(self, change: str, values: dict[str, Any], condition: str) -> bool:
        """False also where the lease ran out: then somebody else does all of it again."""
        try:
            self._table.update(PK, SK, change, values, condition)
        except ConditionFailed:
            return False
        return True


def _written(change: Change) -> str:
    return f"{change.ref}#{change.version}#{to_ms(change.at)}"


def _read(text: str) -> Change:
    ref, version, at = text.split("#")
    return Change(ref, int(version), from_ms(at))


def _due(at: datetime) -> str:
    return f"{at.isoformat(timespec='milliseconds')}#{PK}"
