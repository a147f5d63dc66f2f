"""A desk's table that is watched while a test uses it: every call is written down, and a Scan fails the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.adapters.table import Table


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it left for the cloud: the operation's name and the request's body."""

    operation: str
    body: bytes


@dataclass
class Watch:
    """The calls made so far."""

    calls: list[Call] = field(default_factory=list)

    def operations(self) -> list[str]:
        """Give the operations' names in order."""
        return [call.operation for call in self.calls]

    def note(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        """Write a call down; botocore calls this before it sends anything."""
        self.calls.append(Call(model.name, bytes(params["body"])))


@contextmanager
def watched(client: Any, name: str) -> Iterator[tuple[Table, Watch]]:
    """Give the table and the watch over it. On leaving, fails where a Scan was among the calls."""
    watch = Watch()
    client.meta.events.register("before-call.dynamodb", watch.note)
    try:
        yield Table(client, name), watch
    finally:
        client.meta.events.unregister("before-call.dynamodb", watch.note)
    assert "Scan" not in watch.operations()
