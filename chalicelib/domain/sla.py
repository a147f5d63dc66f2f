"""Service level clocks: what was promised on a ticket, what of it is used up, and when it is broken.

Nothing here is stored as truth. The clocks are a pure fold over the timeline, the policies and the calendar, linear
in the timeline, so that anyone can see why something is late:

- first response runs from the opening to the first public message by a person of the desk;
- next response runs from the oldest unanswered customer message after that to the next such message;
- resolution runs from the opening, or a reopening, to the solution, and pauses while the ticket waits on someone else.

A response stays owed while a ticket is pending or on hold: only an answer fulfils it. A solved or closed ticket rests
all its clocks; reopened, unanswered ones run on and resolution begins anew, the old clock keeping its verdict. A
changed priority or policy retargets from the start whatever is not fulfilled yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain import agenda
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.calendar import BeyondCalendar
from chalicelib.domain.desk import DeskSettings, SlaPolicy
from chalicelib.domain.ticket import Fact, Happening, Ticket

FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION = "first_response", "next_response", "resolution"


class Hours(Protocol):
    """Something that knows which seconds count: a BusinessCalendar, or AROUND_THE_CLOCK."""

    def add(self, start: datetime, seconds: float) -> datetime:
        """Give the earliest instant at which that many seconds have counted since `start`."""

    def between(self, a: datetime, b: datetime) -> float:
        """Give the seconds that count between two instants."""


class _AroundTheClock:
    def add(self, start: datetime, seconds: float) -> datetime:
        return start + timedelta(seconds=seconds)

    def between(self, a: datetime, b: datetime) -> float:
        return (b - a).total_seconds()


AROUND_THE_CLOCK: Hours = _AroundTheClock()


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a clock's life, `running` or `paused`, and what began it. `end` is None while it lasts."""

    state: str
    start: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise on one ticket.

    `number` counts the clocks of a metric from 1. `target` and `used` are seconds, of business time where
    `business_time` is true. `state` is running, paused, met or breached; a breached clock may still be open
    (`fulfilled_at` is None). `due_at` and `warn_at` are None where it is paused, or was when fulfilled, short of them.
    """

    metric: str
    number: int
    policy_id: str
    business_time: bool
    target: int
    used: float
    state: str
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    fulfilled_at: datetime | None
    breached_at: datetime | None
    segments: tuple[Segment, ...]

    @property
    def key(self) -> str:
        """What warnings and breaches of this clock are known by: `resolution:2`."""
        return f"{self.metric}:{self.number}"

    @property
    def promise(self) -> dict[str, str]:
        """What a recorded warning or breach says it was about: a new target is a new promise."""
        return {"clock": self.key, "target": str(self.target)}

    @property
    def open(self) -> bool:
        """Whether the promise is still to be kept, or was broken and is still owed."""
        return self.fulfilled_at is None


@dataclass
class _Run:
    """A clock while the fold is at work on it."""

    metric: str
    number: int
    segments: list[Segment]
    fulfilled_at: datetime | None = None
    priority: str = ""
    policy_id: str = ""

    def turn(self, state: str, at: datetime, reason: str) -> None:
        """End the present segment and begin one in another state; the same state runs on."""
        last = self.segments[-1]
        if last.state != state:
            self.segments[-1:] = [replace(last, end=at), Segment(state, at, None, reason)]


@dataclass
class _Fold:
    """The clocks so far, and what the next fact is judged by."""

    priority: str = ""
    policy_id: str = ""
    runs: list[_Run] = field(default_factory=list)
    open: dict[str, _Run] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def take(self, fact: Fact) -> None:
        """Move every clock on by one fact."""
        self.priority = fact.detail.get("priority", self.priority)
        self.policy_id = fact.detail.get("policy", self.policy_id)
        match fact.what:
            case Happening.OPENED:
                self._begin(FIRST_RESPONSE, fact)
                self._begin(RESOLUTION, fact)
            case Happening.CUSTOMER_WROTE if FIRST_RESPONSE not in self.open and NEXT_RESPONSE not in self.open:
                self._begin(NEXT_RESPONSE, fact)
            case Happening.AGENT_ANSWERED:
                self._fulfil(FIRST_RESPONSE, fact.at)
                self._fulfil(NEXT_RESPONSE, fact.at)
            case Happening.WAITING_ON_CUSTOMER | Happening.WAITING_ON_THIRD_PARTY:
                self._turn("paused", fact, RESOLUTION)
            case Happening.RESUMED:
                self._turn("running", fact, RESOLUTION)
            case Happening.SOLVED | Happening.CLOSED:
                self._fulfil(RESOLUTION, fact.at)
                self._turn("paused", fact, FIRST_RESPONSE, NEXT_RESPONSE)
            case Happening.REOPENED:
                self._begin(RESOLUTION, fact)
                self._turn("running", fact, FIRST_RESPONSE, NEXT_RESPONSE)

    def _begin(self, metric: str, fact: Fact) -> None:
        if metric not in self.open:
            self.counts[metric] = self.counts.get(metric, 0) + 1
            run = _Run(metric, self.counts[metric], [Segment("running", fact.at, None, fact.what.value)])
            self.runs.append(run)
            self.open[metric] = run

    def _fulfil(self, metric: str, at: datetime) -> None:
        if run := self.open.pop(metric, None):
            run.segments[-1] = replace(run.segments[-1], end=at)
            run.fulfilled_at, run.priority, run.policy_id = at, self.priority, self.policy_id

    def _turn(self, state: str, fact: Fact, *metrics: str) -> None:
        for metric in metrics:
            if metric in self.open:
                self.open[metric].turn(state, fact.at, fact.what.value)


def clocks(
    timeline: Sequence[Fact], policies: Mapping[str, SlaPolicy], calendar: Hours, now: datetime
) -> tuple[Clock, ...]:
    """Give every clock that this history ever started and a policy promises something for, as it stands at `now`."""
    fold = _Fold()
    for fact in timeline:
        fold.take(fact)
    return tuple(clock for run in fold.runs if (clock := _judged(run, fold, policies, calendar, now)) is not None)


def of_ticket(ticket: Ticket, settings: DeskSettings, now: datetime) -> tuple[Clock, ...]:
    """Give a ticket's clocks by the desk's settings at `now`; mail on a shelf has none."""
    if ticket.shelf:
        return ()
    policies = {policy.id: policy for policy in settings.sla_policies}
    return clocks(ticket.timeline, policies, settings.business_calendar, now)


def _judged(run: _Run, fold: _Fold, policies: Mapping[str, SlaPolicy], calendar: Hours, now: datetime) -> Clock | None:
    fulfilled = run.fulfilled_at is not None
    policy = policies.get(run.policy_id if fulfilled else fold.policy_id)
    target = policy.target(run.metric, run.priority if fulfilled else fold.priority) if policy else None
    if policy is None or target is None:
        return None
    hours = calendar if policy.business_time else AROUND_THE_CLOCK
    due_at = _reached(run.segments, target, hours)
    end = run.fulfilled_at if run.fulfilled_at is not None else now
    late = due_at is not None and (due_at < end if fulfilled else due_at <= end)
    return Clock(
        metric=run.metric,
        number=run.number,
        policy_id=policy.id,
        business_time=policy.business_time,
        target=target,
        used=_used(run.segments, now, hours),
        state="breached" if late else "met" if fulfilled else run.segments[-1].state,
        started_at=run.segments[0].start,
        due_at=due_at,
        warn_at=_reached(run.segments, target * policy.warn_at_percent / 100, hours),
        fulfilled_at=run.fulfilled_at,
        breached_at=due_at if late else None,
        segments=tuple(run.segments),
    )


def _running(segments: Sequence[Segment]) -> Iterator[Segment]:
    return (segment for segment in segments if segment.state == "running")


def _used(segments: Sequence[Segment], now: datetime, hours: Hours) -> float:
    return sum(hours.between(part.start, part.end or max(now, part.start)) for part in _running(segments))


def _reached(segments: Sequence[Segment], seconds: float, hours: Hours) -> datetime | None:
    """Give the instant at which so much time was, will be, or without the fulfilment would have been used; None where
    the clock is paused before, or the calendar never opens again."""
    left = seconds
    for part in _running(segments):
        try:
            instant = hours.add(part.start, left)
        except BeyondCalendar:
            return None
        if part.end is None or instant <= part.end or part is segments[-1]:
            return instant
        left -= hours.between(part.start, part.end)
    return None


def scheduled(ticket: Ticket, settings: DeskSettings, now: datetime) -> Ticket:
    """Give the ticket with its agenda's warnings and breaches as the clocks now stand.

    A breach that happened unnoticed (a late sweep, an answer after the deadline) is put on the agenda at its true
    time; one that the timeline records already never comes again, unless the promise itself has changed since.
    """
    entries = [entry for clock in of_ticket(ticket, settings, now) for entry in _alarms(clock, ticket)]
    kept = agenda.without(ticket.agenda, Task.SLA_WARNING, Task.SLA_BREACH)
    return replace(ticket, agenda=agenda.put(kept, *entries))


def _alarms(clock: Clock, ticket: Ticket) -> Iterator[Entry]:
    for task, at, recorded in (
        (Task.SLA_WARNING, clock.warn_at, Happening.SLA_WARNED),
        (Task.SLA_BREACH, clock.due_at, Happening.SLA_BREACHED),
    ):
        passed = at is not None and clock.fulfilled_at is not None and at >= clock.fulfilled_at
        if at is not None and not passed and not ticket.said(recorded, **clock.promise):
            yield Entry(at, task, clock.key)


def pressing(clocks_: Sequence[Clock]) -> Clock | None:
    """Give the clock whose deadline presses most: the earliest of the open ones that run or are already late."""
    return min((clock for clock in clocks_ if clock.open and clock.due_at), key=_due, default=None)


def _due(clock: Clock) -> tuple[datetime, str]:
    return clock.due_at or clock.started_at, clock.metric


def matching_policy(ticket: Ticket, settings: DeskSettings) -> str:
    """Give the id of the first policy whose every condition the ticket meets, or an empty string."""
    has: dict[str, tuple[str, ...]] = {
        "channel": (ticket.channel,),
        "priority": (ticket.priority.value,),
        "category": (ticket.category,),
        "team": (ticket.team_id,),
        "tag": ticket.tags,
        "tier": (ticket.requester.tier,),
        "language": (ticket.language,),
        "address": (ticket.thread.address,),
    }
    fits = (
        policy
        for policy in settings.sla_policies
        if all(set(wanted) & set(has.get(name, ())) for name, wanted in policy.match.items())
    )
    return next((policy.id for policy in fits), "")
