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
from chalicelib.domain.sla_policy import FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION, SlaPolicy
from chalicelib.domain.ticket import Fact, Happening, Priority, Status, Ticket
from tests.domain.samples import SETTINGS, a_ticket, law, when

START = when("mon 10:00")
OPENINGS = [("10:00", "10:05"), ("10:07", "10:15"), ("10:20", "24:00")]
OPEN_SECONDS = [(0, 300), (420, 900), (1200, 14 * 3600)]
"""The same in seconds after START."""

CALENDAR = {"timezone": "UTC", "hours": {"mon": [list(window) for window in OPENINGS]}}


def policy(draw: st.DrawFn, name: str, match: dict[str, tuple[str, ...]]) -> SlaPolicy:
    seconds = st.integers(1, 30).map(lambda n: 20 * n)
    priorities = st.fixed_dictionaries({"urgent": seconds}, optional={"normal": seconds})
    return SlaPolicy(
        id=name,
        match=match,
        targets={metric: draw(priorities) for metric in (FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION)},
        business_time=draw(st.booleans()),
        warn_at_percent=5 * draw(st.integers(1, 19)),
    )


@st.composite
def desks(draw: st.DrawFn) -> DeskSettings:
    policies = (policy(draw, "refunds", {"category": ("refund",)}), policy(draw, "standard", {}))
    return replace(SETTINGS, calendar=CALENDAR, sla_policies=policies)


ACTIONS = (
    "customer", "customer", "automatic", "answer", "answer", "note", "pending", "on_hold", "open", "solved", "solved",
    "closed", "normal", "urgent", "refund", "other",
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
    """A promise in the simulator: the instants by which its first, second, third… second was used up."""

    metric: str
    number: int
    every_second: list[int] = field(default_factory=list)
    open_seconds: list[int] = field(default_factory=list)
    fulfilled: int | None = None
    running: bool = True
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
            for promise in self.promises:
                if promise.fulfilled is None:
                    promise.running = self.turn != "done" if promise.metric != RESOLUTION else self.turn == "ours"
                    if promise.running and second < end:
                        use(promise, second)

    def meet(self, fact: Fact) -> None:
        self.priority = fact.detail.get("priority", self.priority)
        self.policy = fact.detail.get("policy", self.policy)
        responses = [one for one in self.promises if one.metric != RESOLUTION and one.fulfilled is None]
        solutions = [one for one in self.promises if one.metric == RESOLUTION and one.fulfilled is None]
        what = fact.what
        if what is Happening.OPENED:
            self.begin(FIRST_RESPONSE)
            self.begin(RESOLUTION)
        elif what is Happening.CUSTOMER_WROTE and not responses:
            self.begin(NEXT_RESPONSE)
        elif what is Happening.AGENT_ANSWERED:
            self.fulfil(responses, fact)
        elif what in (Happening.WAITING_ON_CUSTOMER, Happening.WAITING_ON_THIRD_PARTY):
            self.turn = "theirs"
        elif what is Happening.RESUMED:
            self.turn = "ours"
        elif what in (Happening.SOLVED, Happening.CLOSED):
            self.fulfil(solutions, fact)
            self.turn = "done"
        elif what is Happening.REOPENED:
            self.turn = "ours"
            self.begin(RESOLUTION)

    def begin(self, metric: str) -> None:
        self.numbers[metric] = self.numbers.get(metric, 0) + 1
        self.promises.append(Promise(metric, self.numbers[metric]))

    def fulfil(self, promises: Sequence[Promise], fact: Fact) -> None:
        for promise in promises:
            # whether it ran when it was fulfilled: by everything told before, at this second too
            promise.running = self.turn != "done" if promise.metric != RESOLUTION else self.turn == "ours"
            promise.fulfilled, promise.judged_by = seconds(fact.at), (self.policy, self.priority)


def use(promise: Promise, second: int) -> None:
    promise.every_second.append(second + 1)
    if any(opens <= second < closes for opens, closes in OPEN_SECONDS):
        promise.open_seconds.append(second + 1)


def seconds(at: datetime) -> int:
    return int((at - START).total_seconds())


def expected(promise: Promise, simulator: Simulator, desk: DeskSettings, now: int) -> dict[str, object] | None:
    """What a clock must tell of a promise, reckoned from the seconds that counted; None where nothing was promised."""
    name, priority = promise.judged_by if promise.fulfilled is not None else (simulator.policy, simulator.priority)
    rules = desk.policy(name)
    target = rules.target(promise.metric, priority) if rules else None
    if rules is None or target is None:
        return None
    counted = promise.open_seconds if rules.business_time else promise.every_second
    used, end = len(counted), now if promise.fulfilled is None else promise.fulfilled
    ahead = replace(promise, every_second=list(promise.every_second), open_seconds=list(promise.open_seconds))
    second = end
    while promise.running and len(ahead.open_seconds if rules.business_time else ahead.every_second) < target:
        use(ahead, second)
        second += 1
    counting = ahead.open_seconds if rules.business_time else ahead.every_second
    due = counting[target - 1] if len(counting) >= target else None
    warn = target * rules.warn_at_percent // 100
    late = due is not None and (due <= now if promise.fulfilled is None else due < promise.fulfilled)
    kept_or_not = "met" if promise.fulfilled is not None else "running" if promise.running else "paused"
    return {
        "key": f"{promise.metric}:{promise.number}",
        "state": "breached" if late else kept_or_not,
        "target": target,
        "used": used,
        "due": due,
        "warn": counting[warn - 1] if len(counting) >= warn else None,
        "breached": due if late else None,
        "fulfilled": promise.fulfilled,
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
        "fulfilled": second(clock.fulfilled_at),
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
        assert parts[-1].end == clock.fulfilled_at
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
