"""Once a minute: tickets with something due by now, or within the next minute, are put on the work queue again.

Workers are asked right after every write; this finds what was lost on the way, and what was too far off then.
It reads what is due, never what is open, and writes nothing.
"""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.usecases.ports import Desk

AHEAD = timedelta(seconds=60)


def wake_due(desk: Desk) -> int:
    """Ask for the agenda of every ticket that is due within a minute; gives how many those are."""
    now = desk.clock.now()
    count = 0

    def refs() -> Iterator[tuple[str, int]]:
        nonlocal count
        for ref, at in desk.tickets.due(now + AHEAD):
            count += 1
            yield ref, max(0, -int(-(at - now).total_seconds() // 1))

    desk.work.nudge_all(refs())
    return count
