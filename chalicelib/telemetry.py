"""Logs and metrics, the same for every function: structured, keyed by ticket, never with what people wrote.

Service name, namespace and level come from the environment (POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE,
POWERTOOLS_LOG_LEVEL). Tracing is off unless DESK_TRACING is `on`: importing the tracer alone costs half a cold start.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

__all__ = ["logger", "masked", "measure", "metrics", "metrics_of", "traced"]


@cache
def logger() -> Logger:
    """Give the one logger."""
    return Logger(service=os.environ.get("POWERTOOLS_SERVICE_NAME", "pennydesk"))


@cache
def metrics() -> Metrics:
    """Give the one collector of metrics, written to the log in CloudWatch's embedded format."""
    return Metrics(
        namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Pennydesk"),
        service=os.environ.get("POWERTOOLS_SERVICE_NAME", "pennydesk"),
    )


def measure(name: str, value: float = 1, unit: MetricUnit = MetricUnit.Count) -> None:
    """Add to a metric of this invocation."""
    metrics().add_metric(name=name, unit=unit, value=value)


@contextmanager
def metrics_of(function: str, context: Any = None) -> Iterator[None]:
    """Write what was measured when an invocation ends, and let its log lines carry the request's id."""
    request_id = getattr(context, "aws_request_id", "")
    logger().append_keys(function=function, request_id=request_id)
    try:
        yield
    finally:
        if metrics().metric_set:
            metrics().flush_metrics()
        logger().remove_keys(["ticket"])


def masked(address: str) -> str:
    """Give a mail address fit for a log: `a…@example.com`."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}…{at}{domain}"


def traced(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a decorator that puts a function into an X-Ray segment when DESK_TRACING is `on`, and else does nothing."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        if os.environ.get("DESK_TRACING", "off") != "on":
            return function
        from aws_lambda_powertools import Tracer

        wrapped: Callable[..., Any] = Tracer(service="pennydesk").capture_method(function)
        return wrapped

    return decorate
