"""What a write of a ticket's item consumes, reckoned before it is made, so that the item can say so itself.

By AWS's rules (DynamoDB developer guide: "DynamoDB item sizes and formats", and "write capacity units" in "using global
secondary indexes"): a write counts the larger of the item before and after, by 1 kB; each index nothing, one write or
two, as its entry stays, comes, goes, changes, or changes its key.
"""

from collections.abc import Mapping, Sequence
from typing import Any

WRITE_UNIT = 1024
COPIED = ("pk", "sk", "card", "version")
INDEXES = (
    ("queue_pk", "queue_sk", *COPIED),
    ("customer_pk", "customer_sk", *COPIED),
    ("due_pk", "due_sk", "pk", "sk"),
)
"""The attributes of each index's entries, its two keys first; infra/template.yaml says the same."""

Item = Mapping[str, Any]


def write_units(before: Item | None, after: Item) -> int:
    """Give the units of a write by which an item (of plain values) becomes another; the table and its indexes."""
    table = max(_units(before), _units(after))
    return table + sum(_index_units(_entry(before, names), _entry(after, names)) for names in INDEXES)


def refused_units(before: Item | None) -> int:
    """Give the units of a write that is refused: those of the item that is there, at least one."""
    return max(_units(before), 1)


def item_size(values: Item) -> int:
    """Give the bytes of attributes' names and values; what is empty isn't kept."""
    return sum(len(name) + _size(value) for name, value in values.items() if not _absent(value))


def _absent(value: Any) -> bool:
    return value is None or (not value and isinstance(value, (str, bytes, Mapping, Sequence, set, frozenset)))


def _entry(item: Item | None, names: Sequence[str]) -> Item | None:
    if item is None or any(_absent(item.get(key)) for key in names[:2]):
        return None
    return {name: item[name] for name in names if name in item}


def _index_units(before: Item | None, after: Item | None) -> int:
    if before == after:
        return 0
    if before and after and all(before[key] == after[key] for key in list(after)[:2]):
        return max(_units(before), _units(after))
    return _units(before) + _units(after)


def _units(item: Item | None) -> int:
    return -(-item_size(item) // WRITE_UNIT) if item else 0


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))
    if value is None or isinstance(value, bool):
        return 1
    if isinstance(value, Mapping):
        return 3 + sum(1 + len(name.encode("utf-8", "surrogatepass")) + _size(part) for name, part in value.items())
    if isinstance(value, list | tuple):
        return 3 + sum(1 + _size(part) for part in value)
    if isinstance(value, set | frozenset):
        return sum(map(_size, value))
    if hasattr(value, "__index__") or hasattr(value, "as_tuple"):
        return _number_size(int(value))
    return len(bytes(value))


def _number_size(number: int) -> int:
    """Give a byte for each two digits without the zero pairs at the end, one more, and one for a minus."""
    digits = abs(number)
    if not digits:
        return 1
    while digits % 100 == 0:
        digits //= 100
    return (len(str(digits)) + 1) // 2 + 1 + (number < 0)
