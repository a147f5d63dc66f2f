"""Once a minute: tickets with something due by now, or within the next minute, are put on the work queue again.

Workers are asked right after every write; this finds what was lost on the way, and what was too far off then.
It reads what is due, never what is open, and writes nothing. What changed for search stands among it while it waits; it
is built in after all tickets were woken.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.search.found import CHANGES
from chalicelib.usecases.ports import Desk

AHEAD = timedelta(seconds=60)


def wake_due(desk: Desk) -> int:
    """Ask for the agenda of every ticket that is due within a minute; gives how many those are."""
    now = desk.clock.now()
    count, changes = 0, False

    def refs() -> Iterator[tuple[str, int]]:
        nonlocal count, changes
        for ref, at in desk.tickets.due(now + AHEAD):
            if ref == CHANGES:
                changes = True
                continue
            count += 1
            yield ref, max(0, -int(-(at - now).total_seconds() // 1))

    desk.work.nudge_all(refs())
    if changes:
        _build(desk)
    return count


def _build(desk: Desk) -> None:
    from chalicelib.usecases.build_index import build_index  # an idle desk's schedule never needs it

    with suppress(TryAgain):  # what waits is found again in a minute
        build_index(desk)
