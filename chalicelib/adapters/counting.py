"""What is used of AWS, counted at the clients, in the context of the one handling that is going on.

A handling is one invocation of a function: a batch of messages, a request, a tick. The local cloud runs handlers in
threads of one process, and so the handling is a context variable, never a global count.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from math import ceil
from typing import Any

from chalicelib.domain.usage import NOTHING_USED, Usage

READS = frozenset({"GetItem", "Query", "Scan", "BatchGetItem"})
USUAL_MEMORY_MB = 512
"""The functions' memory, where an invocation doesn't tell it; .chalice/config.json sets it."""

NANOSECONDS = 1_000_000
"""Of a millisecond, to the next of which Lambda rounds up."""

Ticks = Callable[[], int]
"""Tells a time in nanoseconds since whenever, which never goes back."""

_begun = False


class Handling:
    """What one invocation has used since it was last asked. `memory_mb` is the function's.

    `seen` holds tickets' items as they were read or written, `saved` the ticket that was saved last. While it is
    `silent`, calls to the table don't count: they were reckoned before. `books` says that what was used is added to
    the month's account when this invocation ends, `rides` that tickets take it along.
    """

    def __init__(
        self, memory_mb: int, first: Usage = NOTHING_USED, before_ms: int = 0, ticks: Ticks = time.perf_counter_ns
    ) -> None:
        """`first` is what the invocation itself came to, `before_ms` are the milliseconds that are billed with it."""
        self._memory_mb = memory_mb
        self._used = first
        self._ticks = ticks
        self._started = ticks()
        self._told_ms = -before_ms
        self.seen: dict[str, Mapping[str, Any]] = {}
        self.saved = ""
        self.silent = False
        self.books, self.rides = False, True

    def add(self, usage: Usage) -> None:
        """Add what was used, or what could not be put where it was meant to."""
        self._used += usage

    def take(self) -> Usage:
        """Give what was used since this was last asked, time included."""
        elapsed = ceil((self._ticks() - self._started) / NANOSECONDS) - self._told_ms
        self._told_ms += elapsed
        used, self._used = self._used, Usage()
        return used + Usage(lambda_ms=elapsed, lambda_mb_ms=elapsed * self._memory_mb)


def of_invocation(first: Usage, context: Any, ticks: Ticks = time.perf_counter_ns) -> Handling:
    """Give the handling of one invocation, by Lambda's context. The first of a process bears its initialisation.

    Lambda bills that as well, since August 2025; it runs at full speed, so that its processor time is its time.
    """
    global _begun
    fresh = not _begun and os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "on-demand"
    _begun = True
    memory_mb = int(getattr(context, "memory_limit_in_mb", None) or USUAL_MEMORY_MB)
    return Handling(memory_mb, first, round(time.process_time() * 1000) if fresh else 0, ticks)


_present: ContextVar[Handling | None] = ContextVar("handling", default=None)


def present() -> Handling | None:
    """Give the handling that is going on, or None where nothing is counted."""
    return _present.get()


@contextmanager
def counted(handling: Handling) -> Iterator[None]:
    """Count what happens in this block for this handling."""
    token = _present.set(handling)
    try:
        yield
    finally:
        _present.reset(token)


def add(usage: Usage) -> None:
    """Add to what the present handling used; outside of one nothing is counted."""
    if (handling := present()) is not None:
        handling.add(usage)


def listen(client: Any) -> None:
    """Count what a boto3 client does, whoever uses it. DynamoDB is asked what a call consumed, and answers for free."""
    service = client.meta.service_model.service_name
    if service == "dynamodb":
        client.meta.events.register("before-parameter-build.dynamodb", _ask)
        client.meta.events.register("after-call.dynamodb", _count_table_call)
    elif service in _CALLS:
        client.meta.events.register(f"after-call.{service}", _count_call)


_CALLS: Mapping[str, Mapping[str, Usage]] = {
    "sqs": {"": Usage(sqs_requests=1)},
    "s3": {"GetObject": Usage(s3_gets=1), "HeadObject": Usage(s3_gets=1), "": Usage(s3_puts=1)},
    "ssm": {"": Usage(key_reads=1)},
}
"""What a call counts as, by service and operation; mails are counted by recipient, where they are sent."""


def _count_call(model: Any, **_: Any) -> None:
    calls = _CALLS[model.service_model.service_name]
    add(calls.get(model.name, calls[""]))


def _ask(params: dict[str, Any], model: Any, **_: Any) -> None:
    if present() is not None and "ReturnConsumedCapacity" in model.input_shape.members:
        params.setdefault("ReturnConsumedCapacity", "TOTAL")


def _count_table_call(http_response: Any, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
    handling = present()
    if handling is None or handling.silent:
        return
    # one that was refused consumes a write all the same, and says nothing of it
    told = 1 if http_response.status_code >= 300 else _consumed(parsed.get("ConsumedCapacity"))
    if model.name in READS:
        handling.add(Usage(table_calls=1, read_half_units=round(2 * told)))
    else:
        handling.add(Usage(table_calls=1, write_units=max(1, ceil(told))))


def _consumed(told: Any) -> float:
    """The units that an answer tells: of one table, or of a batch table by table; one where it tells none."""
    tables = told if isinstance(told, list) else [told or {}]
    return float(sum(each.get("CapacityUnits", 1) for each in tables))
