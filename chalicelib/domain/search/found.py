"""What a search found."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.search.document import Document
from chalicelib.domain.search.excerpt import Excerpt


@dataclass(frozen=True, slots=True)
class Hit:
    """One ticket that was found, and why."""

    document: Document
    subject: Excerpt
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, newest tickets first. `after` is the place of the next page, empty at the end.

    Where time ran out, `back_to` says how far back was looked: the page may be short then, and the next goes on there.
    """

    hits: tuple[Hit, ...]
    after: str = ""
    back_to: datetime | None = None


CHANGES = "search"
"""What stands among the tickets with something due while changes wait for the index; no reference is like it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody noted `at` that a ticket changes, or goes away; what is to be found is its state from `version` on."""

    ref: str
    version: int
    at: datetime
