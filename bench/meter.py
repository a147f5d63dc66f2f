"""Counts the AWS calls of boto3 clients, and what each consumes in DynamoDB.

It listens to botocore's own events. What a write consumes depends on the item before and after it, so the meter looks
at both through a client of its own that nobody counts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.units import Index, batch_read_units, read_units, refused_write_units, write_units

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem"})
READS = frozenset({"GetItem", "BatchGetItem", "Query"})
COUNTED = "counted by the bench"


class UnknownRule(Exception):
    """A call was made for which the meter has no rule: a Scan, a transaction, a batch, a filter."""


@dataclass(frozen=True)
class Call:
    """One AWS call: who made it, and its DynamoDB units.

    `index` is the one that a Query reads; `told` is what the server itself said of the units, if asked.
    """

    function: str
    service: str
    operation: str
    reads: float = 0
    writes: Mapping[str, int] = field(default_factory=dict)
    index: str = ""
    refused: bool = False
    told: Mapping[str, Any] | None = None

    @property
    def write_units(self) -> int:
        """The write units of the table and its indexes together."""
        return sum(self.writes.values())


@dataclass(frozen=True)
class Tally:
    """What some calls come to, and how often functions were invoked for them."""

    calls: tuple[Call, ...]
    invocations: tuple[str, ...]

    @property
    def operations(self) -> dict[str, int]:
        """How often each operation was called, by `service:Operation`, in the order of first use."""
        return dict(Counter(f"{call.service}:{call.operation}" for call in self.calls))

    @property
    def read_units(self) -> float:
        """The read units of all calls."""
        return sum(call.reads for call in self.calls)

    @property
    def write_units(self) -> int:
        """The write units of all calls."""
        return sum(call.write_units for call in self.calls)

    @property
    def table_reads(self) -> int:
        """How many calls read the table."""
        return sum(call.operation in READS for call in self.calls if call.service == "dynamodb")

    @property
    def table_writes(self) -> int:
        """How many calls wrote to the table."""
        return sum(call.operation in WRITES for call in self.calls if call.service == "dynamodb")

    def of(self, function: str) -> "Tally":
        """Give the share of one function."""
        return Tally(
            tuple(call for call in self.calls if call.function == function),
            tuple(name for name in self.invocations if name == function),
        )


class Meter:
    """Counts while it is `running`. With `ask`, every DynamoDB call also asks the server for its own figures."""

    def __init__(self, peek: Any, table: str, indexes: Sequence[Index], *, ask: bool = False) -> None:
        """`peek` is a DynamoDB client that stays uncounted."""
        self._peek, self._table, self._indexes, self._ask = peek, table, indexes, ask
        self._function = ""
        self._calls: list[Call] = []
        self._invocations: list[str] = []

    def attach(self, client: Any) -> None:
        """Count what this client does from now on."""
        service = client.meta.service_model.service_name
        client.meta.events.register(f"provide-client-params.{service}", self._before)
        client.meta.events.register(f"after-call.{service}", self._after)

    @contextmanager
    def running(self, function: str) -> Iterator[None]:
        """Count what happens in this block as one invocation of a function."""
        self._function = function
        self._invocations.append(function)
        try:
            yield
        finally:
            self._function = ""

    def take(self) -> Tally:
        """Give what was counted since it was last taken."""
        tally = Tally(tuple(self._calls), tuple(self._invocations))
        self._calls.clear()
        self._invocations.clear()
        return tally

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> dict[str, Any] | None:
        if not self._function:
            return None
        context[COUNTED] = params
        if model.service_model.service_name != "dynamodb":
            return None
        if model.name in WRITES:
            context[f"{COUNTED}: before"] = self._item(_key(params))
        return {**params, "ReturnConsumedCapacity": "INDEXES"} if self._ask else None

    def _after(self, http_response: Any, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if COUNTED not in context:
            return
        service = model.service_model.service_name
        if service != "dynamodb":
            self._calls.append(Call(self._function, service, model.name))
            return
        failed = http_response.status_code >= 300
        before = context.get(f"{COUNTED}: before")
        self._calls.append(self._table_call(model.name, context[COUNTED], parsed, before, failed=failed))

    def _table_call(
        self, name: str, params: dict[str, Any], parsed: dict[str, Any], before: Any, *, failed: bool
    ) -> Call:
        told = parsed.get("ConsumedCapacity")
        if name in WRITES:
            writes = self._units_of_write(params, before, failed=failed)
            return Call(self._function, "dynamodb", name, writes=writes, refused=failed, told=told)
        if name not in READS or {"FilterExpression", "ProjectionExpression"} & params.keys():
            raise UnknownRule(f"no rule for dynamodb:{name} with {', '.join(params)}")
        if name == "BatchGetItem":
            units = batch_read_units(params["RequestItems"][self._table], parsed["Responses"].get(self._table, []))
            return Call(self._function, "dynamodb", name, units, told=_one(told))
        items = parsed.get("Items", [parsed["Item"]] if "Item" in parsed else [])
        consistent = bool(params.get("ConsistentRead"))
        units = read_units(items, consistent=consistent)
        return Call(self._function, "dynamodb", name, units, index=params.get("IndexName", ""), told=told)

    def _units_of_write(self, params: dict[str, Any], before: Any, *, failed: bool) -> dict[str, int]:
        if failed:
            return refused_write_units(before)
        return write_units(before, self._item(_key(params)), self._indexes)

    def _item(self, key: dict[str, Any]) -> Any:
        return self._peek.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")


def _one(told: Any) -> Any:
    """A batch is told table by table; ours reads one."""
    return told[0] if isinstance(told, list) and told else told


def _key(params: Mapping[str, Any]) -> dict[str, Any]:
    named = params.get("Key", params.get("Item", {}))
    return {name: named[name] for name in ("pk", "sk")}
