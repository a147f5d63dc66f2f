"""An audit log for adapters under test, which notes everything as Ada's."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.adapters.audit import DynamoAudit
from chalicelib.adapters.table import Table
from tests.adapters.sample_tickets import NOON

KEPT = timedelta(days=730)


def noting(table: Table) -> Callable[[], DynamoAudit]:
    """Give what an adapter takes as its audit log."""
    audit = DynamoAudit(table, lambda: NOON, lambda: "agent:ada", lambda: KEPT)
    return lambda: audit
