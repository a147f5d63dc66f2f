"""Documents that searches are tried on."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.search.document import Document
from chalicelib.domain.ticket import Priority, Status

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_document(ref: str = "7K3F-92QX", **more: Any) -> Document:
    """Give Jo's ticket about a lamp, with what matters to a test."""
    return Document(
        **{
            "ref": ref,
            "version": 3,
            "created_at": NOON,
            "updated_at": NOON,
            "subject": "A lamp",
            "customer_id": "c1",
            "customer_name": "Jo Müller",
            "status": Status.OPEN,
            "priority": Priority.NORMAL,
            "channel": "email",
            "people": ("Jo Müller", "jo@customer.example"),
            "text": "The lamp arrived broken.",
            **more,
        }
    )
