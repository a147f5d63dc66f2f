"""A worker that saves a ticket notes, just before, that what search knows of it is old from now on."""

from datetime import datetime

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.search import indexing
from chalicelib.domain.search.found import Change
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.ports import Desk


def note_change(desk: Desk, before: Ticket, after: Ticket, now: datetime) -> Ticket:
    """Give the ticket that is to be saved in place of `before`: one small write more where there is a change to note.

    It is noted before the save, by the version that the save makes, so whoever dies in between has lost nothing: the
    builder waits for that version, and the entry is still on the agenda. Search that can't be told keeps no mail back.
    """
    if not indexing.is_due(before, after, now):
        return after
    try:
        desk.changes.note(Change(after.ref, before.version + 1, now))
    except TryAgain:
        return indexing.put_off(after, now)
    return indexing.noted(after)
