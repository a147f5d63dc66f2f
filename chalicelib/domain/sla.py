"""Service level clocks: what was promised on a ticket, what of it is used up, and when it is broken.

Nothing here is stored as truth. The clocks are a pure fold over the timeline, the policies and the calendars, linear
in the timeline, so that anyone can see why something is late:

- first response runs from the opening to the first public message by a person of the desk;
- next response runs from the oldest unanswered customer message after that to the next such message;
- resolution runs from the opening, or a reopening, to the solution;
- progress update runs from one public message of the desk to the next, as long as the ticket isn't solved;
- recovery runs from a customer's bad experience to its follow-up's end, or to the desk's next public message.

A response stays owed while a ticket is pending or on hold, unless the policy says otherwise; resolution and progress
wait. A solved or closed ticket rests all its clocks but recovery; reopened, unanswered ones run on and resolution
begins anew, the old clock keeping its verdict. A changed priority or policy retargets from the start whatever is not
fulfilled yet. The fact that fulfils a clock remembers what was promised then, and when that was due: no later edit of a
policy or a calendar judges it anew. A merged ticket owes nothing more: its clocks end without a verdict, unless broken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.calendar import BeyondCalendar
from chalicelib.domain.clock_history import DONE, History, Run, read
from chalicelib.domain.clock_verdict import Verdict
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sla_policy import PAUSES, RECOVERY, SlaPolicy
from chalicelib.domain.ticket import Fact, Ticket


class Hours(Protocol):
    """Something that knows which seconds count: a BusinessCalendar, or AROUND_THE_CLOCK."""

    def add(self, start: datetime, seconds: float) -> datetime:
        """Give the earliest instant at which that many seconds have counted since `start`."""

    def between(self, a: datetime, b: datetime) -> float:
        """Give the seconds that count between two instants."""

    def next_open(self, at: datetime) -> datetime:
        """Give the first instant from `at` on that counts."""


class _AroundTheClock:
    def add(self, start: datetime, seconds: float) -> datetime:
        return start + timedelta(seconds=seconds)

    def between(self, a: datetime, b: datetime) -> float:
        return (b - a).total_seconds()

    def next_open(self, at: datetime) -> datetime:
        return at


AROUND_THE_CLOCK: Hours = _AroundTheClock()


@dataclass(frozen=True, slots=True)
class Rules:
    """What clocks are judged by: the policies by their ids, the desk's calendar, and others by their names."""

    policies: Mapping[str, SlaPolicy]
    calendar: Hours
    calendars: Mapping[str, Hours] = field(default_factory=dict)

    def hours(self, policy: SlaPolicy, metric: str) -> Hours:
        """Give the hours that count for a metric; a calendar that is gone leaves the desk's own."""
        if not policy.in_business_time(metric):
            return AROUND_THE_CLOCK
        return self.calendars.get(policy.calendar, self.calendar)


def rules_of(settings: DeskSettings) -> Rules:
    """Give a desk's rules."""
    policies = {policy.id: policy for policy in settings.sla_policies}
    return Rules(policies, settings.business_calendar, settings.business_calendars)


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
    `business_time` is true, by the calendar named `calendar` (the desk's own where empty). `state` is running, paused,
    met, breached, or ended where nothing was owed any more; a breached clock may still be open (`ended_at` is None).
    `due_at` and `warn_at` are None where it is paused, or was when it ended, short of them. `judged` says that the
    timeline holds its verdict already; `ended_by` is the place there of the fact that ended it.
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
    calendar: str = ""
    ended_at: datetime | None = None
    judged: bool = False
    ended_by: int = -1

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
        return self.ended_at is None


def clocks(
    timeline: Sequence[Fact],
    policies: Mapping[str, SlaPolicy],
    calendar: Hours,
    now: datetime,
    calendars: Mapping[str, Hours] | None = None,
) -> tuple[Clock, ...]:
    """Give every clock that this history ever started and a policy promises something for, as it stands at `now`."""
    return judged(read(timeline), Rules(policies, calendar, calendars or {}), now)


def of_ticket(ticket: Ticket, settings: DeskSettings, now: datetime) -> tuple[Clock, ...]:
    """Give a ticket's clocks by the desk's settings at `now`; mail on a shelf has none."""
    return () if ticket.shelf else judged(read(ticket.timeline), rules_of(settings), now)


def judged(history: History, rules: Rules, now: datetime) -> tuple[Clock, ...]:
    """Give the clocks of a history by these rules."""
    found = (_recorded(run, rules) if run.record else _reckoned(run, history, rules, now) for run in history.runs)
    return tuple(clock for clock in found if clock is not None)


def _reckoned(run: Run, history: History, rules: Rules, now: datetime) -> Clock | None:
    ended = run.ended_at is not None
    policy = rules.policies.get(run.policy_id if ended else history.policy_id)
    target = policy.target(run.metric, run.priority if ended else history.priority) if policy else None
    if policy is None or target is None:
        return None
    hours = rules.hours(policy, run.metric)
    segments = segments_of(run, policy)
    return _clock(
        run,
        segments,
        policy_id=policy.id,
        business_time=policy.in_business_time(run.metric),
        target=target,
        used=_used(segments, now, hours),
        due_at=reached(segments, target, hours),
        warn_at=_first_warning(segments, policy, run.metric, target, hours),
        calendar=policy.calendar if policy.in_business_time(run.metric) else "",
        now=now,
    )


def _recorded(run: Run, rules: Rules) -> Clock | None:
    """The clock as it was judged when it ended, whatever became of its policy since."""
    known = Verdict.read(run.record)
    if known is None or run.ended_at is None:
        return None
    policy = rules.policies.get(known.policy_id)
    segments = segments_of(run, policy)
    warn_at = None
    if policy is not None:
        hours = rules.hours(policy, run.metric) if known.business_time else AROUND_THE_CLOCK
        warn_at = _first_warning(segments, policy, run.metric, known.target, hours)
    return _clock(
        run,
        segments,
        policy_id=known.policy_id,
        business_time=known.business_time,
        target=known.target,
        used=known.used,
        due_at=known.due_at,
        warn_at=warn_at,
        calendar=policy.calendar if policy is not None and known.business_time else "",
        now=run.ended_at,
    )


def _clock(run: Run, segments: tuple[Segment, ...], *, due_at: datetime | None, now: datetime, **told: Any) -> Clock:
    late = due_at is not None and (due_at <= now if run.ended_at is None else due_at < run.ended_at)
    ended = None if run.ended_at is None else "met" if run.fulfilled else "ended"
    return Clock(
        metric=run.metric,
        number=run.number,
        state="breached" if late else ended or segments[-1].state,
        started_at=segments[0].start,
        due_at=due_at,
        fulfilled_at=run.ended_at if run.fulfilled else None,
        breached_at=due_at if late else None,
        segments=segments,
        ended_at=run.ended_at,
        judged=bool(run.record),
        ended_by=run.by,
        **told,
    )


def counted(clock: Clock, rules: Rules, now: datetime) -> tuple[float, ...]:
    """Give the seconds that counted in each of a clock's segments until `now`, none while it was paused."""
    policy = rules.policies.get(clock.policy_id)
    usual = rules.calendar if clock.business_time else AROUND_THE_CLOCK
    hours = usual if policy is None else rules.hours(policy, clock.metric)
    return tuple(
        hours.between(part.start, part.end or max(now, part.start)) if part.state == "running" else 0
        for part in clock.segments
    )


def segments_of(run: Run, policy: SlaPolicy | None) -> tuple[Segment, ...]:
    """Give when a clock ran and when it was paused, by its policy's rules, or the usual ones where that is gone."""
    stops = set(policy.paused_by(run.metric) if policy else PAUSES.get(run.metric, ()))
    stops |= set() if run.metric == RECOVERY else {DONE}
    found: list[Segment] = []
    for stretch in run.stretches:
        state = "paused" if stretch.turn in stops else "running"
        if not found or found[-1].state != state:
            found[-1:] = [replace(last, end=stretch.start) for last in found[-1:]]
            found.append(Segment(state, stretch.start, None, stretch.reason))
    return (*found[:-1], replace(found[-1], end=run.ended_at))


def _used(segments: Sequence[Segment], now: datetime, hours: Hours) -> float:
    return sum(hours.between(part.start, part.end or max(now, part.start)) for part in _running(segments))


def _running(segments: Sequence[Segment]) -> Iterator[Segment]:
    return (segment for segment in segments if segment.state == "running")


def reached(segments: Sequence[Segment], seconds: float, hours: Hours) -> datetime | None:
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


def _first_warning(
    segments: Sequence[Segment], policy: SlaPolicy, metric: str, target: int, hours: Hours
) -> datetime | None:
    moments = [after for warn in policy.warnings_of(metric) if (after := warn.after(target)) is not None]
    return reached(segments, min(moments), hours) if moments else None


def pressing(clocks_: Sequence[Clock]) -> Clock | None:
    """Give the clock whose deadline presses most: the earliest of the open ones that run or are already late."""
    return min((clock for clock in clocks_ if clock.open and clock.due_at), key=_due, default=None)


def _due(clock: Clock) -> tuple[datetime, str]:
    return clock.due_at or clock.started_at, clock.metric
