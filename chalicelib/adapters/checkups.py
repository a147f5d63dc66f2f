"""The doctor's latest word on the desk, in the table: one item."""

from dataclasses import asdict

from chalicelib.adapters.table import Table
from chalicelib.adapters.ticket_items import from_ms, to_ms
from chalicelib.domain.checkup import Checkup, Verdict

PARTITION = "checkup"


class DynamoCheckups:
    """Keeps what was said last."""

    def __init__(self, table: Table) -> None:
        """Make it for one table."""
        self._table = table

    def latest(self) -> Checkup | None:
        """Give what the doctor said last, or None where it said nothing yet. One read."""
        item = self._table.get(PARTITION, "latest")
        if item is None:
            return None
        return Checkup(from_ms(item["at"]), tuple(Verdict(**one) for one in item["verdicts"]))

    def keep(self, checkup: Checkup) -> None:
        """Keep what the doctor says, in place of what it said before."""
        verdicts = [asdict(one) for one in checkup.verdicts]
        self._table.put({"pk": PARTITION, "sk": "latest", "at": to_ms(checkup.at), "verdicts": verdicts})
