"""What this process of the desk used and nobody has booked yet: for the month, and for each ticket.

Each save of a ticket takes what was used since the last one, so that the time of a handling is shared out without a
gap. It is an account, not a ledger: what a process has not put anywhere when it dies is lost.
"""

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import capacity
from chalicelib.adapters.counting import Ticks, counted, of_invocation, present
from chalicelib.adapters.table import ConditionFailed, Item
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.ticket import Ticket
from chalicelib.domain.usage import Usage

MOST_CARRIED = 200
"""For how many tickets what came after their last save waits for the next one."""


@dataclass(slots=True)
class Booking:
    """Something that is to be added to a month's account, under an id by which the account knows it again."""

    month: str
    usage: Usage
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])


class Meter:
    """What one process of the desk used and nobody has booked yet.

    Workers add it to the month's account every so often, and keep it till then. Processes that write little beside
    tickets let it ride on the next one that they save; the worker that saves that ticket next takes it over.
    """

    def __init__(self, ticks: Ticks = time.perf_counter_ns) -> None:
        """Nothing is used yet. `ticks` tells how long things take."""
        self._ticks = ticks
        self._lock = threading.Lock()
        self._pending = Usage()
        self._carried: OrderedDict[str, Usage] = OrderedDict()
        self._booked_at: datetime | None = None
        self._in_flight: Booking | None = None

    @property
    def pending(self) -> Usage:
        """What waits to be booked, or to ride on a ticket."""
        return self._pending

    @contextmanager
    def handling(self, first: Usage, context: Any) -> Iterator[None]:
        """Count what happens in this block, an invocation which itself came to `first`; `context` is Lambda's."""
        with counted(of_invocation(first, context, self._ticks)):
            try:
                yield
            finally:
                self.settle()

    def may_book(self, now: datetime, every: timedelta, *, keeps: bool) -> None:
        """Let the present handling end by a booking if the last one was `every` ago.

        A process that `keeps` what it used books at once the first time, and nothing rides on its tickets. Another
        waits for its first booking as for any other.
        """
        with self._lock:
            if self._booked_at is None and not keeps:
                self._booked_at = now
            due = self._booked_at is None or not timedelta() <= now - self._booked_at < every
        if (handling := present()) is not None:
            handling.books, handling.rides = due, not (due or keeps)

    def settle(self) -> None:
        """Lay aside what was used since the last save, for the month and for the ticket that was saved last."""
        handling = present()
        if handling is None:
            return
        used, ref = handling.take(), handling.saved
        handling.saved = ""
        with self._lock:
            self._pending += used
            if ref:
                self._carried[ref] = self._carried.pop(ref, Usage()) + used
                while len(self._carried) > MOST_CARRIED:
                    self._carried.popitem(last=False)

    def saw(self, ref: str, item: Item) -> None:
        """Remember the item of a ticket as it was read: what replacing it consumes depends on it."""
        if (handling := present()) is not None:
            handling.seen[ref] = item

    @contextmanager
    def saving(self, ticket: Ticket, item: Item) -> Iterator[tuple[Usage, Usage]]:
        """Give what a ticket's item is to carry when it is written in this block: its cost, and what nobody booked yet.

        The cost is the ticket's so far, what was used since the last save, and this write itself, reckoned. When the
        block ends by ConditionFailed, what was used goes to the next attempt, the refused write with it.
        """
        handling = present()
        if handling is None:
            yield ticket.cost, ticket.unbooked
            return
        before = handling.seen.get(ticket.ref)
        used, own = handling.take(), Usage(table_calls=1, write_units=capacity.write_units(before, item))
        with self._lock:
            carried = self._carried.pop(ticket.ref, Usage())
            riding, self._pending = (self._pending, Usage()) if handling.rides else (Usage(), self._pending)
        unbooked = ticket.unbooked + riding + used + own if handling.rides else Usage()
        handling.silent = True
        try:
            yield ticket.cost + carried + used + own, unbooked
        except ConditionFailed:
            handling.add(used + Usage(table_calls=1, write_units=capacity.refused_units(before)))
            with self._lock:
                self._pending += riding
                self._carried[ticket.ref] = carried
            raise
        except TryAgain:
            # whether it was written isn't known: counted for the month once too often, rather than never
            with self._lock:
                self._pending += riding + used + own
            raise
        finally:
            handling.silent = False
        handling.saved, handling.seen[ticket.ref] = ticket.ref, item
        if not handling.rides:
            with self._lock:
                self._pending += ticket.unbooked + used + own

    def booking(self, month: str) -> Booking | None:
        """Give what is to be booked when the present handling ends, if anything is.

        That is the last booking again, until it is known to be done.
        """
        handling = present()
        if handling is None or not handling.books:
            return None
        self.settle()
        with self._lock:
            if self._in_flight is None and self._pending:
                self._in_flight, self._pending = Booking(month, self._pending), Usage()
            return self._in_flight

    def booked(self, now: datetime) -> None:
        """Note that the booking is done."""
        with self._lock:
            self._in_flight, self._booked_at = None, now
