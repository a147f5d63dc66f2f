"""The clocks against a simulator that lives through a ticket's history second by second, and what holds of any history.

The simulator knows no segments and no arithmetic: it looks at every second whether each promise's time runs, and notes
down the seconds that counted. Histories come from the real lifecycle, driven at random.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import lifecycle, sla, sla_alarms
from chalicelib.domain.agenda import Task
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import Conflict
from chalicelib.domain.sla import Clock
from chalicelib.domain.sla_policy import (
    FIRST_RESPONSE,
    METRICS,
    NEXT_RESPONSE,
    PROGRESS_UPDATE,
    RECOVERY,
    RESOLUTION,
    SlaPolicy,
)
from chalicelib.domain.ticket import Fact, Priority, Status, Ticket
from tests.domain.samples import SETTINGS, a_ticket, law, when

START = when("mon 10:00")
OPENINGS = [("10:00", "10:05"), ("10:07", "10:15"), ("10:20", "24:00")]
OPEN_SECONDS = [(0, 300), (420, 900), (1200, 14 * 3600)]
"""The same in seconds after START."""

CALENDAR = {"timezone": "UTC", "hours": {"mon": [list(window) for window in OPENINGS]}}


WAITS = ((), ("pending",), ("on_hold",), ("pending", "on_hold"))


def policy(draw: st.DrawFn, name: str, match: dict[str, tuple[str, ...]]) -> SlaPolicy:
    seconds = st.integers(1, 30).map(lambda n: 20 * n)
    priorities = st.fixed_dictionaries({"urgent": seconds}, optional={"normal": seconds})
    return SlaPolicy(
        id=name,
        match=match,
        targets={metric: draw(priorities) for metric in METRICS},
        business_time=draw(st.one_of(st.booleans(), st.dictionaries(st.sampled_from(METRICS), st.booleans()))),
        pauses=draw(st.dictionaries(st.sampled_from(METRICS), st.sampled_from(WAITS))),
        warn_at_percent=5 * draw(st.integers(1, 19)),
    )


@st.composite
def desks(draw: st.DrawFn) -> DeskSettings:
    policies = (policy(draw, "refunds", {"category": ("refund",)}), policy(draw, "standard", {}))
    return replace(SETTINGS, calendar=CALENDAR, sla_policies=policies)


ACTIONS = (
    "customer", "customer", "automatic", "answer", "answer", "note", "pending", "on_hold", "open", "solved", "solved",
    "closed", "normal", "urgent", "refund", "other", "low", "amends",
)  # fmt: skip
PAUSES = st.one_of(st.integers(0, 240), st.integers(0, 12).map(lambda n: 20 * n))
"""Seconds; every other time such as targets are made of, so that things happen at the very deadline."""

STEPS = st.lists(st.tuples(PAUSES, st.sampled_from(ACTIONS)), max_size=14)


def acted(ticket: Ticket, action: str, now: datetime, desk: DeskSettings) -> Ticket:
    match action:
        case "customer" | "automatic":
            return lifecycle.customer_wrote(ticket, "m", now, desk, automatic=action == "automatic")
        case "answer":
            return lifecycle.answered(ticket, "m", now, "agent:sam")
        case "note":
            return lifecycle.noted(ticket, "m", now, "agent:sam")
        case "normal" | "urgent":
            return lifecycle.prioritised(ticket, Priority(action), now, "agent:sam")
        case "refund" | "other":
            return lifecycle.repoliced(replace(ticket, category=action), desk, now)
        case "low":
            return lifecycle.followed_up(ticket, f"survey_{len(ticket.follow_ups)}_low", "low_rating", now)
        case "amends":
            waiting = ticket.open_follow_ups
            return lifecycle.follow_up_done(ticket, waiting[0].id, now, "agent:sam") if waiting else ticket
    return lifecycle.with_status(ticket, Status(action), now, "agent:sam", desk)


@st.composite
def lives(draw: st.DrawFn) -> tuple[DeskSettings, Ticket, datetime]:
    """A desk, a ticket with a random history, and the instant of its last step."""
    desk = draw(desks())
    now = START + timedelta(seconds=draw(st.integers(0, 1000)))
    ticket = a_ticket(
        created_at=now, updated_at=now, priority=draw(st.sampled_from([Priority.NORMAL, Priority.URGENT]))
    )
    ticket = lifecycle.opened(ticket, "m", desk, acknowledge=False)
    for seconds, action in draw(STEPS):
        now += timedelta(seconds=seconds)
        try:
            ticket = acted(ticket, action, now, desk)
        except Conflict:
            continue
    return desk, ticket, now


@dataclass
class Promise:
    """A promise in the simulator: whose turn it was at every second of its life, and how it ended."""

    metric: str
    number: int
    about: str = ""
    lived: list[tuple[int, str]] = field(default_factory=list)
    turn: str = "ours"
    ended: int | None = None
    fulfilled: bool = False
    judged_by: tuple[str, str] = ("", "")


@dataclass
class Simulator:
    """Lives through a history. Times are whole seconds after START."""

    facts: Sequence[Fact]
    promises: list[Promise] = field(default_factory=list)
    priority: str = ""
    policy: str = ""
    turn: str = "ours"
    numbers: dict[str, int] = field(default_factory=dict)

    def live_until(self, end: int) -> None:
        happening = {second: [fact for fact in self.facts if seconds(fact.at) == second] for second in range(end + 1)}
        for second in range(end + 1):
            for fact in happening[second]:
                self.meet(fact)
            for promise in self.owed(*METRICS):
                promise.turn = self.turn
                if second < end:
                    promise.lived.append((second, self.turn))

    def owed(self, *metrics: str) -> list[Promise]:
        return [one for one in self.promises if one.metric in metrics and one.ended is None]

    def meet(self, fact: Fact) -> None:
        self.priority = fact.detail.get("priority", self.priority)
        self.policy = fact.detail.get("policy", self.policy)
        self.promise(fact)
        turns = {"waiting_on_customer": "pending", "waiting_on_third_party": "on_hold", "resumed": "ours"}
        turns |= {"solved": "done", "closed": "done", "reopened": "ours"}
        self.turn = turns.get(fact.what.value, self.turn)

    def promise(self, fact: Fact) -> None:
        what = fact.what.value
        about = fact.detail.get("follow_up", "")
        if what == "opened":
            self.begin(FIRST_RESPONSE)
            self.begin(RESOLUTION)
        elif what == "customer_wrote" and not self.owed(FIRST_RESPONSE, NEXT_RESPONSE):
            self.begin(NEXT_RESPONSE)
        elif what == "agent_answered":
            self.end(self.owed(FIRST_RESPONSE, NEXT_RESPONSE, PROGRESS_UPDATE, RECOVERY), fact)
            if self.turn != "done":
                self.begin(PROGRESS_UPDATE)
        elif what in ("solved", "closed"):
            self.end(self.owed(RESOLUTION), fact)
            self.end(self.owed(PROGRESS_UPDATE), fact, fulfilled=False)
        elif what == "reopened" and not self.owed(RESOLUTION):
            self.begin(RESOLUTION)
        elif what == "follow_up_added" and not self.owed(RECOVERY):
            self.begin(RECOVERY, about)
        elif what == "follow_up_done":
            self.end([one for one in self.owed(RECOVERY) if one.about == about], fact)

    def begin(self, metric: str, about: str = "") -> None:
        self.numbers[metric] = self.numbers.get(metric, 0) + 1
        self.promises.append(Promise(metric, self.numbers[metric], about))

    def end(self, promises: Sequence[Promise], fact: Fact, *, fulfilled: bool = True) -> None:
        for promise in promises:
            # whose turn it was when it ended: by everything told before, at this second too
            promise.turn, promise.ended, promise.fulfilled = self.turn, seconds(fact.at), fulfilled
            promise.judged_by = self.policy, self.priority


def seconds(at: datetime) -> int:
    return int((at - START).total_seconds())


def is_open(second: int) -> bool:
    return any(opens <= second < closes for opens, closes in OPEN_SECONDS)


def expected(promise: Promise, simulator: Simulator, desk: DeskSettings, now: int) -> dict[str, object] | None:
    """What a clock must tell of a promise, reckoned from the seconds that counted; None where nothing was promised."""
    name, priority = promise.judged_by if promise.ended is not None else (simulator.policy, simulator.priority)
    rules = desk.policy(name)
    target = rules.target(promise.metric, priority) if rules else None
    if rules is None or target is None:
        return None
    stops = {*rules.paused_by(promise.metric), *([] if promise.metric == RECOVERY else ["done"])}
    business = rules.in_business_time(promise.metric)

    def counts(second: int, turn: str) -> bool:
        return turn not in stops and (is_open(second) or not business)

    counting = [second + 1 for second, turn in promise.lived if counts(second, turn)]
    used, second = len(counting), now if promise.ended is None else promise.ended
    running = promise.turn not in stops
    while running and len(counting) < target:
        counting += [second + 1] if counts(second, promise.turn) else []
        second += 1
    due = counting[target - 1] if len(counting) >= target else None
    warn = target * rules.warn_at_percent // 100
    late = due is not None and (due <= now if promise.ended is None else due < promise.ended)
    otherwise = "running" if running else "paused"
    if promise.ended is not None:
        otherwise = "met" if promise.fulfilled else "ended"
    return {
        "key": f"{promise.metric}:{promise.number}",
        "state": "breached" if late else otherwise,
        "target": target,
        "used": used,
        "due": due,
        "warn": counting[warn - 1] if len(counting) >= warn else None,
        "breached": due if late else None,
        "ended": promise.ended,
    }


def told(clock: Clock) -> dict[str, object]:
    def second(at: datetime | None) -> int | None:
        return None if at is None else seconds(at)

    return {
        "key": clock.key,
        "state": clock.state,
        "target": clock.target,
        "used": clock.used,
        "due": second(clock.due_at),
        "warn": second(clock.warn_at),
        "breached": second(clock.breached_at),
        "ended": second(clock.ended_at),
    }


@settings(max_examples=150, deadline=None)
@given(lives(), st.integers(0, 600))
def test_the_clocks_say_what_living_through_it_second_by_second_says(
    life: tuple[DeskSettings, Ticket, datetime], wait: int
) -> None:
    desk, ticket, last = life
    now = last + timedelta(seconds=wait)
    simulator = Simulator(ticket.timeline)
    simulator.live_until(seconds(now))
    wanted = [expected(promise, simulator, desk, seconds(now)) for promise in simulator.promises]
    found = [told(clock) for clock in sla.of_ticket(ticket, desk, now)]
    assert found == [one for one in wanted if one is not None]


@law
@given(lives(), desks(), st.integers(0, 600))
def test_what_was_saved_says_the_same_and_no_edit_judges_anew_what_has_ended(
    life: tuple[DeskSettings, Ticket, datetime], edited: DeskSettings, wait: int
) -> None:
    desk, ticket, last = life
    now = last + timedelta(seconds=wait)
    saved = sla_alarms.scheduled(ticket, desk, last)
    assert [told(clock) for clock in sla.of_ticket(saved, desk, now)] == [
        told(clock) for clock in sla.of_ticket(ticket, desk, now)
    ]

    def ended(settings: DeskSettings) -> list[tuple[object, ...]]:
        clocks = (clock for clock in sla.of_ticket(saved, settings, now) if not clock.open)
        return [(clock.key, clock.state, clock.target, clock.used, clock.due_at, clock.policy_id) for clock in clocks]

    assert ended(edited) == ended(desk)


@law
@given(lives(), st.lists(st.floats(-30, 30), min_size=15, max_size=15))
def test_whatever_workers_clocks_say_no_clock_runs_backwards(
    life: tuple[DeskSettings, Ticket, datetime], skews: list[float]
) -> None:
    desk, ticket, last = life
    shaken = (
        replace(fact, at=fact.at + timedelta(seconds=skews[place % 15])) for place, fact in enumerate(ticket.timeline)
    )
    for clock in sla.of_ticket(replace(ticket, timeline=tuple(shaken)), desk, last):
        assert clock.used >= 0
        assert clock.ended_at is None or clock.started_at <= clock.ended_at
        assert all(part.end is None or part.start <= part.end for part in clock.segments)


def fold(ticket: Ticket, desk: DeskSettings, now: datetime, facts: int | None = None) -> tuple[Clock, ...]:
    return sla.of_ticket(replace(ticket, timeline=ticket.timeline[:facts]), desk, now)


@law
@given(lives())
def test_the_same_history_gives_the_same_clocks(life: tuple[DeskSettings, Ticket, datetime]) -> None:
    desk, ticket, last = life
    rebuilt = replace(ticket, timeline=tuple(replace(fact, detail=dict(fact.detail)) for fact in ticket.timeline))
    assert fold(ticket, desk, last) == fold(rebuilt, desk, last)


@law
@given(lives(), st.data())
def test_what_was_fulfilled_by_some_time_stands_whatever_happens_later(
    life: tuple[DeskSettings, Ticket, datetime], data: st.DataObject
) -> None:
    desk, ticket, last = life
    count = data.draw(st.integers(1, len(ticket.timeline)))
    before = [clock for clock in fold(ticket, desk, last, count) if not clock.open]
    assert set(before) <= set(fold(ticket, desk, last + timedelta(days=30)))


@law
@given(lives(), st.data())
def test_a_clock_once_begun_keeps_its_name_and_start(
    life: tuple[DeskSettings, Ticket, datetime], data: st.DataObject
) -> None:
    desk, ticket, last = life
    everything = replace(desk, sla_policies=tuple(_promising_all(one) for one in desk.sla_policies))
    count = data.draw(st.integers(1, len(ticket.timeline)))
    begun = [(clock.key, clock.started_at) for clock in fold(ticket, everything, last, count)]
    assert [(clock.key, clock.started_at) for clock in fold(ticket, everything, last)][: len(begun)] == begun


def _promising_all(one: SlaPolicy) -> SlaPolicy:
    return replace(one, targets={metric: {"normal": 60, "urgent": 30} for metric in one.targets})


@law
@given(lives(), st.lists(st.integers(0, 4000), min_size=2, max_size=2).map(sorted))
def test_while_nothing_happens_time_is_only_used_and_a_breach_stays_one(
    life: tuple[DeskSettings, Ticket, datetime], waits: list[int]
) -> None:
    desk, ticket, last = life
    early, late = (fold(ticket, desk, last + timedelta(seconds=wait)) for wait in waits)
    for before, after in zip(early, late, strict=True):
        assert before.used <= after.used
        assert before.due_at == after.due_at
        assert before.breached_at in (None, after.breached_at)


@law
@given(lives())
def test_a_clocks_segments_lie_end_to_end_and_alternate(life: tuple[DeskSettings, Ticket, datetime]) -> None:
    desk, ticket, last = life
    for clock in fold(ticket, desk, last):
        parts = clock.segments
        assert parts[0].start == clock.started_at
        assert parts[-1].end == clock.ended_at
        for before, after in pairwise(parts):
            assert before.end == after.start
            assert before.state != after.state


@law
@given(lives(), st.integers(0, 3000))
def test_planning_the_alarms_twice_is_planning_them_once(
    life: tuple[DeskSettings, Ticket, datetime], wait: int
) -> None:
    desk, ticket, last = life
    now = last + timedelta(seconds=wait)
    once = sla_alarms.scheduled(ticket, desk, now)
    assert sla_alarms.scheduled(once, desk, now) == once


@law
@given(lives(), st.integers(0, 3000))
def test_every_broken_promise_is_on_the_agenda_at_its_true_time(
    life: tuple[DeskSettings, Ticket, datetime], wait: int
) -> None:
    desk, ticket, last = life
    now = last + timedelta(seconds=wait)
    planned = sla_alarms.scheduled(ticket, desk, now).agenda
    breaches = {(entry.about, entry.at) for entry in planned if entry.task is Task.SLA_BREACH and entry.at <= now}
    clocks = sla.of_ticket(ticket, desk, now)
    assert breaches == {(clock.key, clock.breached_at) for clock in clocks if clock.breached_at is not None}
