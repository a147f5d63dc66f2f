"""When somebody may be told that a promise is in danger: at once, or when the desk opens again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.calendar import BeyondCalendar
from chalicelib.domain.ticket import Priority

STRICT: dict[str, Any] = {"extra": "forbid"}


class Opening(Protocol):
    """Something that knows when people are there."""

    def next_open(self, at: datetime) -> datetime:
        """Give the first open instant from `at` on: `at` itself when it is open."""


@dataclass(frozen=True)
class QuietHours:
    """Whether alerts (warnings, breaches, escalations) wait for the next opening instead of waking people.

    `calendar` names whose hours, the desk's own where empty. With `except_urgent`, those of urgent tickets don't wait.
    """

    __pydantic_config__ = STRICT
    enabled: bool = False
    calendar: str = ""
    except_urgent: bool = True

    def alert_at(self, hours: Opening, priority: Priority, now: datetime) -> datetime:
        """Give when an alert about a ticket of this priority, known at `now`, should leave: `now`, or later.

        It is never lost: hours that never come again let it leave at once.
        """
        if not self.enabled or (self.except_urgent and priority is Priority.URGENT):
            return now
        try:
            return hours.next_open(now)
        except BeyondCalendar:
            return now
