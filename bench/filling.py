"""Many open tickets in no time: one real ticket, written again and again under other references."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bench.desk import MONDAY, MeteredDesk
from bench.playback import REGION
from chalicelib.domain.reference import base32

TEAM = "team:support"
RENAMED = ("pk", "queue_pk", "queue_sk", "customer_pk", "customer_sk", "due_pk", "due_sk")
BITS = 40
STRIDE = 0x9E3779B97
"""An odd number: its multiples reach every reference of 40 bits before one comes again."""


class OpenTickets:
    """Fills a desk on Moto with waiting tickets, each with a customer, an age and a deadline of its own.

    They are put straight into Moto's table, past its HTTP: 50,000 in half a minute. What is written is the item that
    the desk's own adapter wrote for the first ticket.
    """

    def __init__(self, desk: MeteredDesk, ref: str) -> None:
        """`ref` names the ticket that is written again."""
        self._item = _item_of(desk, ref)
        self._ref = ref
        self._table = _table_of(desk)
        self.count = 0

    def fill_up_to(self, count: int) -> None:
        """Write as many tickets as are missing to `count`."""
        for number in range(self.count, count):
            self._table.put_item(self._another(number))
        self.count = max(self.count, count)

    def _another(self, number: int) -> dict[str, Any]:
        code = base32((number + 1) * STRIDE % 2**BITS, 8)
        ref = f"{code[:4]}-{code[4:]}"
        opened, due = MONDAY - timedelta(seconds=number), MONDAY + timedelta(hours=1, seconds=number)
        keys = {
            "pk": f"ticket#{ref}",
            "queue_pk": f"{TEAM}#0",
            "queue_sk": f"1#{due:%Y-%m-%dT%H:%M:%S}#{ref}",
            "customer_pk": f"c{base32(number, 10).lower()}",
            "customer_sk": f"{opened.isoformat(timespec='milliseconds')}#{ref}",
            "due_pk": "due#0",
            "due_sk": f"{due.isoformat(timespec='milliseconds')}#{ref}",
        }
        return {**self._item, **{name: {"S": value} for name, value in keys.items()}}


def _item_of(desk: MeteredDesk, ref: str) -> Mapping[str, Any]:
    client = desk.desk.aws.client("dynamodb")
    key = {"pk": {"S": f"ticket#{ref}"}, "sk": {"S": "ticket"}}
    item: Mapping[str, Any] = client.get_item(TableName=desk.desk.environment.table, Key=key)["Item"]
    if missing := [name for name in RENAMED if name not in item]:
        raise LookupError(f"ticket {ref} has no {', '.join(missing)}")
    return item


def _table_of(desk: MeteredDesk) -> Any:
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.dynamodb.models import dynamodb_backends

    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_table(desk.desk.environment.table)
