"""Logs and metrics, the same for every function: structured, keyed by ticket, never with what people wrote.

Service name, namespace and level come from the environment (POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE,
POWERTOOLS_LOG_LEVEL). Tracing is off unless DESK_TRACING is `on`: importing the tracer alone costs half a cold start.
Metrics of our own are off unless DESK_METRICS is `on`: CloudWatch asks for five of them more than for an idle desk.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

if TYPE_CHECKING:
    from aws_lambda_powertools import Metrics


@cache
def logger() -> Logger:
    """Give the one logger."""
    return Logger(service=os.environ.get("POWERTOOLS_SERVICE_NAME", "pennydesk"))


@cache
def metrics() -> "Metrics":
    """Give the one collector of metrics, written to the log in CloudWatch's embedded format."""
    from aws_lambda_powertools import Metrics

    return Metrics(
        namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Pennydesk"),
        service=os.environ.get("POWERTOOLS_SERVICE_NAME", "pennydesk"),
    )


def measure(name: str, value: float = 1) -> None:
    """Add to a count of this invocation, where metrics are on. The logs tell the same either way."""
    if _measuring():
        metrics().add_metric(name=name, unit="Count", value=value)


def _measuring() -> bool:
    return os.environ.get("DESK_METRICS", "off") == "on"


@contextmanager
def metrics_of(function: str, context: Any = None) -> Iterator[None]:
    """Write what was measured when an invocation ends, and let its log lines carry the request's id."""
    logger().append_keys(function=function, request_id=getattr(context, "aws_request_id", ""))
    try:
        with _segment(function):
            yield
    finally:
        if _measuring() and metrics().metric_set:
            metrics().flush_metrics()
        logger().remove_keys(["ticket"])


def _segment(function: str) -> AbstractContextManager[Any]:
    """Give an X-Ray segment when DESK_TRACING is `on`; AWS's Powertools layer brings the SDK it needs."""
    if os.environ.get("DESK_TRACING", "off") != "on":
        return nullcontext()
    try:
        from aws_lambda_powertools import Tracer

        segment: AbstractContextManager[Any] = Tracer(service="pennydesk").provider.in_subsegment(f"## {function}")
    except ImportError:
        logger().warning(
            "DESK_TRACING is on, but the X-Ray SDK is missing; add AWS's Powertools layer to the functions"
        )
        return nullcontext()
    return segment


def masked(address: str) -> str:
    """Give a mail address fit for a log: `a…@example.com`."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}…{at}{domain}"
