"""What a machine may do at the desk."""

from dataclasses import dataclass
from datetime import datetime

SCOPES = (
    "tickets:read",
    "tickets:write",
    "customers:read",
    "customers:write",
    "people:read",
    "people:write",
    "settings:read",
    "settings:write",
    "reports:read",
    "keys:write",
    "audit:read",
)
"""Every scope there is; a key has those it was given and no others."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the desk knows it: never its secret. `by` is who made it, as the audit log names them; "" if unknown."""

    id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    by: str = ""
