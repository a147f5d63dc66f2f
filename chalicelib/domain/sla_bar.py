"""A clock's life as a bar: where it ran, where it was paused, where the desk was closed; when it warned and was due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.sla import AROUND_THE_CLOCK, Clock, Hours, Rules, Segment

RUNNING, PAUSED, CLOSED = "running", "paused", "closed"
MOST_PARTS = 60
"""Stretches that a bar shows; of a longer life only the last ones, which nobody could tell apart otherwise."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: `state` is running, paused or closed (time that doesn't count), `reason` what began it."""

    state: str
    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock's life until now, or until it ended or is due, whichever is later."""

    start: datetime
    end: datetime
    now: datetime
    parts: tuple[Part, ...]

    def share(self, at: datetime) -> float:
        """Give the place of an instant on the bar, from 0 to 100."""
        whole = (self.end - self.start).total_seconds()
        return min(100.0, max(0.0, 100 * (at - self.start).total_seconds() / whole)) if whole else 0.0


def bar_of(clock: Clock, rules: Rules, now: datetime) -> Bar:
    """Give a clock's bar as it stands at `now`."""
    until = clock.ended_at or now
    policy = rules.policies.get(clock.policy_id)
    usual = rules.calendar if clock.business_time else AROUND_THE_CLOCK
    hours = usual if policy is None else rules.hours(policy, clock.metric)
    parts = tuple(part for segment in clock.segments for part in _parts(segment, until, hours))[-MOST_PARTS:]
    start = parts[0].start if parts else clock.started_at
    return Bar(start, max(until, clock.due_at or until, start), until, parts)


def _parts(segment: Segment, until: datetime, hours: Hours) -> Iterator[Part]:
    end = max(segment.start, min(segment.end or until, until))
    if segment.state != RUNNING or not isinstance(hours, BusinessCalendar):
        yield from _lasting(Part(segment.state, segment.start, end, segment.reason))
        return
    at = segment.start
    for opens, closes in hours.openings(segment.start, end):
        begun, ended = max(opens, at), min(closes, end)
        yield from _lasting(Part(CLOSED, at, begun, CLOSED))
        yield from _lasting(Part(RUNNING, begun, ended, segment.reason))
        at = ended
    yield from _lasting(Part(CLOSED, at, end, CLOSED))


def _lasting(part: Part) -> Iterator[Part]:
    if part.end > part.start:
        yield part
