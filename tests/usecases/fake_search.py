"""What changed for search, and an index that looks through everything, in memory."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.search.document import Document
from chalicelib.domain.search.excerpt import excerpt, marked
from chalicelib.domain.search.found import Change, Found, Hit
from chalicelib.domain.search.query import Query, Term


class FakeChanges:
    """Remembers what was noted. `troubles` are raised one after the other; `held` means somebody else builds."""

    def __init__(self) -> None:
        self.kept: list[Change] = []
        self.noted: list[Change] = []
        self.troubles: list[Exception] = []
        self.held = self.more = False

    def note(self, change: Change) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.noted.append(change)
        self.kept.append(change)

    def waiting(self) -> Sequence[Change]:
        return list(self.kept)

    def take(self, now: datetime) -> Sequence[Change] | None:
        return None if self.held else list(self.kept)

    def settle(self, done: Sequence[Change], now: datetime, *, more: bool = False) -> None:
        self.kept = [change for change in self.kept if change not in done]
        self.more = more or bool(self.kept)


class FakeSearchIndex:
    """Finds what holds every term in its text, subject or people; `stale` so many buildings come too late."""

    def __init__(self) -> None:
        self.kept: dict[str, Document] = {}
        self.asked: list[Query] = []
        self.stale = 0
        self.finishes = True

    def build(self, documents: Sequence[Document], gone: Sequence[str]) -> bool:
        if self.stale:
            self.stale -= 1
            raise StaleVersion("stale", "version")
        self.kept |= {document.ref: document for document in documents}
        for ref in gone:
            self.kept.pop(ref, None)
        return self.finishes

    def rebuild(self, documents: Iterable[Document]) -> int:
        self.kept = {document.ref: document for document in documents}
        return len(self.kept)

    def search(self, query: Query, limit: int, after: str = "", *, newer: Mapping[str, Document | None]) -> Found:
        self.asked.append(query)
        known = [document for document in {**self.kept, **newer}.values() if document]
        found = [document for document in known if all(_holds(document, term) for term in query.terms)]
        return Found(tuple(Hit(one, marked(one.subject, query), excerpt(one.text, query)) for one in found[:limit]))


def _holds(document: Document, term: Term) -> bool:
    everything = "\n".join((document.subject, *document.people, document.text))
    return bool(marked(everything, Query(terms=(term,))).marks)
