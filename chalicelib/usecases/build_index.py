"""What changed since the last time is built into the index, by the schedule: one at a time, so much and no more."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.domain.errors import StaleVersion, TryAgain
from chalicelib.domain.search.document import Document, document_of
from chalicelib.domain.search.found import Change
from chalicelib.usecases.ports import Desk

MOST_TICKETS = 200
"""Tickets read in one go: one query each, so that it stays far below the function's timeout."""

GIVEN_UP = timedelta(minutes=10)
"""How long a version that was announced is waited for. Whoever could not save it in that time announces it again."""


def build_index(desk: Desk) -> int:
    """Build in what waits, the oldest first; gives how many tickets that were.

    One write takes what waits, one query reads each ticket, and one write strikes out what is done. Whoever dies in
    between leaves all of it to the next, who finds it as soon as the lease has run out; built in twice is once.
    """
    now = desk.clock.now()
    waiting = desk.changes.take(now)
    if waiting is None:
        return 0
    try:
        found = read_changed(desk, waiting, MOST_TICKETS)
        documents = [document for document in found.values() if document]
        gone = [ref for ref, document in found.items() if document is None]
        finished = desk.search.build(documents, gone)
    except (StaleVersion, TryAgain):
        desk.changes.settle((), now, more=True)
        return 0
    done = [change for change in waiting if change.ref in found and _is_done(change, found[change.ref], now)]
    desk.changes.settle(done, now, more=not finished)
    return len(found)


def read_changed(desk: Desk, changes: Sequence[Change], most: int) -> dict[str, Document | None]:
    """Give changed tickets as they stand now, those that wait longest first; None for one that is gone."""
    refs = dict.fromkeys(change.ref for change in sorted(changes, key=lambda change: change.at))
    return {ref: _document(desk, ref) for ref in islice(refs, most)}


def _document(desk: Desk, ref: str) -> Document | None:
    found = desk.tickets.conversation(ref)
    return document_of(*found) if found else None


def _is_done(change: Change, document: Document | None, now: datetime) -> bool:
    return document is None or document.version >= change.version or now - change.at > GIVEN_UP
