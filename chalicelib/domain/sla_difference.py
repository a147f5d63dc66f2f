"""What other settings would make of a ticket's clocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.lifecycle import repoliced
from chalicelib.domain.sla import Clock, of_ticket
from chalicelib.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Change:
    """One clock, as it stands and as it would; None where there is none."""

    key: str
    before: Clock | None
    after: Clock | None

    @property
    def newly_breached(self) -> bool:
        """Whether a promise would be broken that isn't."""
        return _broken(self.after) and not _broken(self.before)


@dataclass(frozen=True, slots=True)
class Difference:
    """What would change on one ticket: its policy (an empty id is none), and its clocks."""

    ref: str
    policy_before: str
    policy_after: str
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        """Whether anything would change."""
        return self.policy_before != self.policy_after or bool(self.changes)


def difference(ticket: Ticket, present: DeskSettings, proposed: DeskSettings, now: datetime) -> Difference:
    """Give what would change on a ticket under the proposed settings, its policy chosen anew by them.

    Clocks that ended keep the verdict that the timeline records.
    """
    after = repoliced(ticket, proposed, now)
    before_clocks = {clock.key: clock for clock in of_ticket(ticket, present, now)}
    after_clocks = {clock.key: clock for clock in of_ticket(after, proposed, now)}
    return Difference(ticket.ref, ticket.policy_id, after.policy_id, tuple(_changes(before_clocks, after_clocks)))


def _changes(before: dict[str, Clock], after: dict[str, Clock]) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        change = Change(key, before.get(key), after.get(key))
        if _figures(change.before) != _figures(change.after):
            yield change


def _figures(clock: Clock | None) -> tuple[object, ...]:
    if clock is None:
        return ()
    return clock.policy_id, clock.target, clock.business_time, clock.calendar, clock.state, clock.due_at, clock.warn_at


def _broken(clock: Clock | None) -> bool:
    return clock is not None and clock.breached_at is not None
