"""AWS calls that fail on purpose: counted across services, each failing in the way that a plan names.

It stands on botocore's own events, above its retries: what is meant to fail does fail.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError


class Died(BaseException):
    """The process ended in the middle: no code of the desk runs any more, not even what tidies up."""


class Failure(StrEnum):
    """How a call fails: throttled before it did anything; done, but the answer never came; done, and the process
    died; done, and done once more because botocore saw no answer to the first."""

    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    DIED = "died"
    REPEATED = "repeated"


Meanwhile = Callable[[], None]
"""What somebody else does just before a call goes out."""

Plan = Callable[[int, str], Failure | Meanwhile | None]
"""Says what befalls the call of this number (from 1) and operation."""


def at_calls(befalls: Mapping[int, Failure | Meanwhile]) -> Plan:
    """Give the plan by which the calls of these numbers meet something."""
    return lambda count, operation: befalls.get(count)


def is_read(operation: str) -> bool:
    """Whether a call only reads: how it fails is then all one, and to die after it is to die after the write before."""
    return operation.startswith(("Get", "Query", "List"))


def undisturbed(count: int, operation: str) -> None:
    """Plan nothing; calls are counted all the same."""


class FaultyAws:
    """Listens to clients' calls and lets a plan befall them, while one is in force.

    `operations` are the calls since the plan began, by name.
    """

    def __init__(self, clients: Iterable[Any]) -> None:
        """`clients` are the boto3 clients that the desk uses."""
        self.plan: Plan | None = None
        self.operations: list[str] = []
        self._listening = self._dead = self._elsewhere = False
        self._befalls: Failure | None = None
        for client in clients:
            events = client.meta.events
            events.register("before-call", self._before)
            events.register("needs-retry", self._sent)
            events.register("after-call", self._after)

    def begin(self, plan: Plan) -> None:
        """Follow a plan from its first call on."""
        self.plan, self.operations = plan, []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Let calls count within this context only. Whoever has died in it makes no further call."""
        before, self._listening = self._listening, self.plan is not None and not self._elsewhere
        try:
            yield
        finally:
            self._listening, self._befalls = before, None
            self._dead = False

    def _before(self, model: Any, **_: Any) -> None:
        self._befalls = None
        if not self._listening or self.plan is None:
            return
        if self._dead:
            raise Died(model.name)
        self.operations.append(model.name)
        what = self.plan(len(self.operations), model.name)
        if callable(what):
            self._listening, self._elsewhere = False, True
            what()
            self._listening, self._elsewhere = True, False
        elif what is Failure.REFUSED:
            raise ClientError(_THROTTLED, model.name)
        else:
            self._befalls = what

    def _sent(self, attempts: int, **_: Any) -> int | None:
        return 0 if self._befalls is Failure.REPEATED and attempts == 1 else None

    def _after(self, model: Any, **_: Any) -> None:
        what, self._befalls = self._befalls, None
        if what is Failure.TIMED_OUT:
            raise ReadTimeoutError(endpoint_url=f"https://{model.service_model.endpoint_prefix}.example.com")
        if what is Failure.DIED:
            self._dead = True
            raise Died(model.name)


_THROTTLED: Any = {
    "Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"},
    "ResponseMetadata": {"HTTPStatusCode": 400},
}
