"""What the chat box reads every few seconds: a ticket's item, eventually consistent, and one small mark beside it."""

from datetime import datetime, timedelta

from chalicelib.adapters.table import ConditionFailed, Table
from chalicelib.adapters.ticket_items import to_ms, unpack_ticket
from chalicelib.domain.ticket import Ticket

KEPT = timedelta(days=90)
SK = "chat"


class DynamoChats:
    """Reads and marks under each ticket's own key."""

    def __init__(self, table: Table) -> None:
        """Make it for one table."""
        self._table = table

    def glance(self, ref: str) -> Ticket | None:
        """See ports.Chats. One read: half a unit for each 4 kB of the ticket's item."""
        item = self._table.glance(f"ticket#{ref}", "ticket")
        return unpack_ticket(ref, item) if item else None

    def seen(self, ref: str) -> int:
        """See ports.Chats. One read of one unit."""
        item = self._table.get(f"ticket#{ref}", SK)
        return int(item["seen"]) if item else 0

    def mark_seen(self, ref: str, place: int, now: datetime) -> None:
        """See ports.Chats. One write of one unit."""
        try:
            self._table.update(
                f"ticket#{ref}",
                SK,
                "SET seen = :place, seen_at = :now, expires_at = :end",
                {":place": place, ":now": to_ms(now), ":end": int((now + KEPT).timestamp())},
                "attribute_not_exists(seen) OR seen < :place",
            )
        except ConditionFailed:
            return  # they have read further already, in another tab
