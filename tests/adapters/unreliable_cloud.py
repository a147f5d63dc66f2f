"""What AWS does on a bad day and no local cloud does by itself: throttled calls, broken connections, stale indexes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

Refusal = Callable[..., Any]


def refused(code: str, status: int, said: str = "injected") -> Refusal:
    """Give a hook by which AWS refuses a call with this code and these words, before it has any effect."""
    answer = {"Error": {"Code": code, "Message": said}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return lambda **_: (SimpleNamespace(status_code=status), answer)


def unreachable(**_: Any) -> None:
    """Nobody answers: a hook that breaks the connection before anything is sent."""
    raise EndpointConnectionError(endpoint_url="https://injected.example")


def too_slow(**_: Any) -> None:
    """The answer doesn't come in time."""
    raise ReadTimeoutError(endpoint_url="https://injected.example")


BAD_DAYS: Mapping[str, Refusal] = {
    "throttled table": refused("ProvisionedThroughputExceededException", 400),
    "throttled account": refused("ThrottlingException", 400),
    "broken inside": refused("InternalServerError", 500),
    "busy": refused("ServiceUnavailable", 503),
    "unreachable": unreachable,
    "too slow": too_slow,
}
"""Each way in which AWS is briefly unable, by name."""


@contextmanager
def bad_day(clients: Mapping[str, Any], hook: Refusal) -> Iterator[None]:
    """Let every call of these clients meet the hook instead of the cloud."""
    for client in clients.values():
        client.meta.events.register_last("before-call", hook)
    try:
        yield
    finally:
        for client in clients.values():
            client.meta.events.unregister("before-call", hook)


class StaleIndexes:
    """A DynamoDB client whose indexes lag behind: they show what the table held at the last `catch_up`.

    Queries of an index are answered by a second table that is filled then; everything else goes to the real one.
    """

    def __init__(self, client: Any, table: str, lagging: str) -> None:
        """`lagging` names an empty table of the same definition."""
        self._client = client
        self._table = table
        self._lagging = lagging

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def query(self, **request: Any) -> Any:
        """Query; an index as it was."""
        return self._client.query(**(request | ({"TableName": self._lagging} if "IndexName" in request else {})))

    def catch_up(self) -> None:
        """Bring the indexes to the present."""
        for item in self._client.scan(TableName=self._lagging)["Items"]:
            self._client.delete_item(TableName=self._lagging, Key={"pk": item["pk"], "sk": item["sk"]})
        for item in self._client.scan(TableName=self._table)["Items"]:
            self._client.put_item(TableName=self._lagging, Item=item)
