"""The customer: one record however they write."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who wrote to the desk. `id` follows from the first address they used; `tier` is the desk's word.

    Since `surveys_refused_at`, if that is set, they are asked no more how satisfied they are.
    """

    id: str
    name: str
    email: str
    first_contact: datetime
    last_contact: datetime
    tier: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    surveys_refused_at: datetime | None = None
    version: int = 0
