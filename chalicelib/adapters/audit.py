"""The audit log in the table: one partition a month, entries by their instant, forgotten by TTL.

What is administered is written by `audited`, which puts the entry into the same transaction: neither is ever there
without the other, and there is no way to write one of these items that leaves no trace.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.adapters.table import Change, Delete, Item, Put, Table
from chalicelib.adapters.ticket_items import from_ms, to_ms
from chalicelib.domain.audit import AuditEntry, Deed, FieldChange, Kind, changes_between, entry_id
from chalicelib.domain.spending import month_of

PARTITION = "audit#"
CHUNK = 100
"""How many entries one Query gives."""


class DynamoAudit:
    """Keeps the audit log in the table `desk`."""

    def __init__(
        self, table: Table, now: Callable[[], datetime], by: Callable[[], str], kept: Callable[[], timedelta]
    ) -> None:
        """`by` tells who acts at present; `kept` how long an entry of now is kept."""
        self._table = table
        self._now = now
        self._by = by
        self._kept = kept

    def audited(
        self,
        writes: Sequence[Change | Put | Delete],
        deed: Deed,
        kind: Kind,
        subject: str,
        state: str,
        *,
        name: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Make these writes and note them, or do neither. `state` tells this change of the subject from any other.

        A deed that changed nothing that can be seen is written without an entry. One transaction, which costs twice
        the units of its writes. Raises ConditionFailed.
        """
        changes, more = changes_between(before or {}, after or {})
        if deed is Deed.CHANGED and not changes:
            self._table.write_together(writes)
            return
        entry = AuditEntry(
            entry_id(kind, subject, state), self._now(), self._by(), deed, kind, subject, name[:100], changes, more
        )
        self._table.write_together([*writes, Put(self._item(entry))])

    def note(self, deed: Deed, kind: Kind, subject: str, state: str, details: Mapping[str, Any]) -> None:
        """Note something that no write of the table goes with, before it is done."""
        changes, more = changes_between({}, details)
        made = entry_id(kind, subject, state)
        self.keep(AuditEntry(made, self._now(), self._by(), deed, kind, subject, "", changes, more))

    def keep(self, entry: AuditEntry) -> None:
        """Keep an entry by itself. Kept twice, it is one."""
        self._table.put(self._item(entry))

    def entries(self, begin: datetime, end: datetime, after: str = "") -> Iterator[AuditEntry]:
        """See ports.Audit."""
        last, month = month_of(begin), min(end, from_ms(after.partition("#")[0])) if after else end
        while month_of(month) >= last:
            for item in self._of_month(month_of(month), begin, end, after):
                yield unpack_entry(item)
            month = month.astimezone(UTC).replace(day=1) - timedelta(days=1)

    def _of_month(self, month: str, begin: datetime, end: datetime, after: str) -> Iterator[Item]:
        low, high = f"{to_ms(begin):013d}", min(f"{to_ms(end):013d}", after or "~")
        while True:
            values = {":pk": PARTITION + month, ":low": low, ":high": high}
            found = list(
                self._table.query("pk = :pk AND sk BETWEEN :low AND :high", values, ScanIndexForward=False, Limit=CHUNK)
            )
            yield from (item for item in found if item["sk"] != high)
            if len(found) < CHUNK:
                return
            high = str(found[-1]["sk"])

    def _item(self, entry: AuditEntry) -> Item:
        return pack_entry(entry, entry.at + self._kept())


def pack_entry(entry: AuditEntry, until: datetime) -> Item:
    """Give an entry's item. `expires_at` is in seconds since 1970, as DynamoDB's TTL reads it."""
    return {
        "pk": PARTITION + month_of(entry.at),
        "sk": entry.place,
        "by": entry.by,
        "deed": entry.deed.value,
        "kind": entry.kind.value,
        "subject": entry.subject,
        "name": entry.name,
        "changes": [[change.field, change.before, change.after] for change in entry.changes],
        "more": entry.more,
        "expires_at": int(until.timestamp()),
    }


def unpack_entry(item: Item) -> AuditEntry:
    """Give the entry that lies in an item."""
    at, _, entry_id_ = item["sk"].partition("#")
    return AuditEntry(
        entry_id_,
        from_ms(int(at)),
        item["by"],
        Deed(item["deed"]),
        Kind(item["kind"]),
        item.get("subject", ""),
        item.get("name", ""),
        tuple(FieldChange(*change) for change in item.get("changes", ())),
        int(item.get("more", 0)),
    )
