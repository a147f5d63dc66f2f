"""What DynamoDB consumes, by its published rules, from the sizes of the items that a call touches.

From the DynamoDB developer guide (docs.aws.amazon.com/amazondynamodb/latest/developerguide): sizes by "DynamoDB item
sizes and formats" (CapacityUnitCalculations.html), units by "DynamoDB read and write operations"
(read-write-operations.html), what an index adds by "Write capacity units" in "Using global secondary indexes"
(GSI.html). `python -m bench --check` holds all of it against Amazon's DynamoDB Local.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Item = Mapping[str, Any]
"""An item in DynamoDB's own form: `{"pk": {"S": "…"}}`."""

WRITE_UNIT = 1024
READ_UNIT = 4096
TABLE = "table"
"""The name under which the table itself stands beside its indexes."""


def item_size(item: Item) -> int:
    """Give an item's size in bytes: its attributes' names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return _number_size(content)
        case "B":
            return len(content)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + _value_size(part) for part in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_size(part) for name, part in content.items())
        case "SS" | "NS" | "BS":
            return sum(_value_size({kind[0]: part}) for part in content)
    raise ValueError(f"no DynamoDB type: {kind}")


def _number_size(text: str) -> int:
    """Give one byte for each two digits, in pairs aligned at the decimal point, one more, and one for a minus.

    AWS says "approximately"; the alignment is what DynamoDB Local does: 1200 is one pair and 120 is two.
    """
    sign, digits, exponent = Decimal(text).as_tuple()
    aligned = "".join(map(str, digits)) + "0" * (int(exponent) % 2)
    aligned = "0" * (len(aligned) % 2) + aligned
    pairs = [aligned[at : at + 2] for at in range(0, len(aligned), 2)]
    while pairs and pairs[-1] == "00":
        pairs.pop()
    while pairs and pairs[0] == "00":
        pairs.pop(0)
    return len(pairs) + 1 + sign


@dataclass(frozen=True)
class Index:
    """A secondary index: its key attributes, the table's, and what else it copies; None copies everything."""

    name: str
    keys: tuple[str, ...]
    table_keys: tuple[str, ...]
    others: frozenset[str] | None

    def entry(self, item: Item | None) -> Item | None:
        """Give what the index holds of an item, or None where the item lacks one of its keys."""
        if item is None or any(key not in item for key in self.keys):
            return None
        if self.others is None:
            return item
        wanted = {*self.keys, *self.table_keys, *self.others}
        return {name: value for name, value in item.items() if name in wanted}


def indexes_of(definition: Mapping[str, Any]) -> tuple[Index, ...]:
    """Give the indexes of a table that is defined as `create_table` takes it."""
    table_keys = _keys(definition)
    return tuple(_index(index, table_keys) for index in definition.get("GlobalSecondaryIndexes", ()))


def _index(definition: Mapping[str, Any], table_keys: tuple[str, ...]) -> Index:
    projection = definition["Projection"]
    everything = projection["ProjectionType"] == "ALL"
    others = None if everything else frozenset(projection.get("NonKeyAttributes", ()))
    return Index(definition["IndexName"], _keys(definition), table_keys, others)


def _keys(definition: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in definition["KeySchema"])


def write_units(before: Item | None, after: Item | None, indexes: Iterable[Index]) -> dict[str, int]:
    """Give the write units of one write, by the table and each index that it touches.

    The table counts the larger of the item before and after. An index counts nothing where its entry stays as it is,
    one write where the entry appears, disappears or changes outside its key, and two (one to remove the old entry, one
    to put the new) where its key changes.
    """
    units = {TABLE: max(_writes(before), _writes(after), 1)}
    for index in indexes:
        if count := _index_writes(index, index.entry(before), index.entry(after)):
            units[index.name] = count
    return units


def refused_write_units(before: Item | None) -> dict[str, int]:
    """Give the write units of a write whose condition did not hold: those of the item that was there, at least one."""
    return {TABLE: max(_writes(before), 1)}


def _index_writes(index: Index, before: Item | None, after: Item | None) -> int:
    if before == after:
        return 0
    if before and after and all(before[key] == after[key] for key in index.keys):
        return max(_writes(before), _writes(after))
    return _writes(before) + _writes(after)


def _writes(item: Item | None) -> int:
    return -(-item_size(item) // WRITE_UNIT) if item else 0


def read_units(items: Iterable[Item], *, consistent: bool) -> float:
    """Give the read units of one GetItem or one page of a Query: sizes are summed before they are rounded up.

    A read that finds nothing counts like one of the smallest size.
    """
    whole = max(-(-sum(map(item_size, items)) // READ_UNIT), 1)
    return float(whole) if consistent else whole / 2


def batch_read_units(asked: Mapping[str, Any], found: Iterable[Item]) -> float:
    """Give the read units of one BatchGetItem: each item is rounded up by itself, one that isn't there to the least.

    (API reference, "BatchGetItem": "rounds up to the next 4 KB boundary" for each item.)
    """
    whole = [-(-item_size(item) // READ_UNIT) for item in found]
    missing = len(asked["Keys"]) - len(whole)
    units = sum(whole) + missing
    return float(units) if asked.get("ConsistentRead") else units / 2
