"""Every use case, counted; and the same calls held against what DynamoDB Local says of itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from bench.desk import metered_desk
from bench.meter import Call
from bench.promises import among_open
from bench.story import Measured, cold, conversation, crowd, due_sweeps, from_mail, lifetime, lists
from bench.units import TABLE

CROWDS = (25, 1_000, 100_000)


def count(crowds: tuple[int, ...] = CROWDS) -> list[Measured]:
    """Give all use cases with what they came to, on Moto; `crowds` are the numbers of open tickets to try."""
    found: list[Measured] = []
    many = (partial(crowd, sizes=crowds), partial(among_open, sizes=(0, *crowds[1:])))
    for tell in (from_mail, lifetime, conversation, cold, due_sweeps, *many):
        with metered_desk() as desk:
            found += tell(desk)
    return found


@dataclass(frozen=True)
class Comparison:
    """One call's units, as computed and as the server told them; by the table and its indexes."""

    use_case: str
    call: Call
    computed: Mapping[str, float]
    told: Mapping[str, float]

    @property
    def agree(self) -> bool:
        """Whether they are the same. A Query that finds nothing costs half a unit on AWS, and nothing here."""
        nothing_found = self.call.operation == "Query" and not self.told
        return nothing_found or self.computed == self.told


def compare(endpoint_url: str, messages: int = 50) -> list[Comparison]:
    """Let the use cases run on the DynamoDB Local at an endpoint, and compare call by call.

    Left out are calls of which it tells nothing: refused conditional writes.
    """
    with metered_desk(endpoint_url) as desk:
        found = list(chain(from_mail(desk), lifetime(desk), conversation(desk, messages), lists(desk)))
    return list(_comparisons(found))


def _comparisons(found: list[Measured]) -> Iterator[Comparison]:
    for measured in found:
        for call in measured.tally.calls:
            if call.service == "dynamodb" and call.told is not None:
                yield Comparison(measured.name, call, _computed(call), _told(call.told))


def _computed(call: Call) -> dict[str, float]:
    units = {**call.writes} if call.writes else {call.index or TABLE: call.reads}
    return {name: float(value) for name, value in units.items()}


def _told(capacity: Mapping[str, Any]) -> dict[str, float]:
    by_name = {TABLE: capacity.get("Table", {}), **capacity.get("GlobalSecondaryIndexes", {})}
    units = {name: float(part.get("CapacityUnits", 0)) for name, part in by_name.items()}
    return {name: value for name, value in units.items() if value}
