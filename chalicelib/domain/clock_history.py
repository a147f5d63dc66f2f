"""What a ticket's timeline says of its clocks, before any policy is asked: when each began, whose turn it was, its end.

One pass over the facts, in the order in which they were saved, which is the order in which they were decided. A time
that lies before that of an earlier fact (a worker's clock that is seconds behind, a history brought in afterwards)
counts as the earlier fact's: no clock runs backwards, and none uses less than nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.sla_policy import (
    FIRST_RESPONSE,
    NEXT_RESPONSE,
    ON_HOLD,
    PENDING,
    PROGRESS_UPDATE,
    RECOVERY,
    RESOLUTION,
)
from chalicelib.domain.ticket import Fact, Happening

OURS, DONE = "ours", "done"
"""Whose turn it is, beside PENDING (the customer's) and ON_HOLD (somebody else's)."""

LOW_RATING = "low_rating"
"""The reason of a follow-up that a customer's bad experience asked for."""

NOBODY_WAITS = "nobody"
"""What a fact tells in place of a time since when somebody waits."""

UNPROMISED, NOTHING = "sla", "none"
"""The detail by which a fact says that what else it ended was not promised."""

_TURNS = {
    Happening.WAITING_ON_CUSTOMER: PENDING,
    Happening.WAITING_ON_THIRD_PARTY: ON_HOLD,
    Happening.RESUMED: OURS,
    Happening.SOLVED: DONE,
    Happening.CLOSED: DONE,
    Happening.REOPENED: OURS,
}

_MOVING = frozenset(
    {
        *_TURNS,
        Happening.OPENED,
        Happening.CUSTOMER_WROTE,
        Happening.AGENT_ANSWERED,
        Happening.FOLLOW_UP_ADDED,
        Happening.FOLLOW_UP_DONE,
        Happening.MERGED_INTO,
        Happening.MERGED_FROM,
        Happening.SEPARATED,
        Happening.SPLIT_OFF,
    }
)
"""The facts whose times move clocks. Warnings and breaches come to light late, and may lie before the fact before."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which it was one side's turn, and the fact that began it."""

    turn: str
    start: datetime
    reason: str


@dataclass
class Run:
    """One clock of a metric, the `number`-th from 1.

    `ended_at` is when it was fulfilled, or when nothing was owed any more; `by` is the place of the fact that did it in
    the timeline, `record` what that fact remembers of the promise (NOTHING where nothing was promised, empty where
    nobody has written it down yet). `priority` and `policy_id` are what counted then.
    """

    metric: str
    number: int
    stretches: list[Stretch]
    about: str = ""
    ended_at: datetime | None = None
    fulfilled: bool = False
    by: int = -1
    record: str = ""
    priority: str = ""
    policy_id: str = ""

    @property
    def key(self) -> str:
        """What the clock is known by: `resolution:2`."""
        return f"{self.metric}:{self.number}"


@dataclass
class History:
    """The clocks so far, and what the next fact is judged by: the promised priority and the policy."""

    priority: str = ""
    policy_id: str = ""
    runs: list[Run] = field(default_factory=list)
    _turn: str = OURS
    _at: datetime | None = None
    _open: dict[str, Run] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _cut: tuple[Run, ...] = ()

    def take(self, fact: Fact, place: int) -> None:
        """Move every clock on by one fact, the `place`-th of the timeline."""
        if "escalation" not in fact.detail:
            self.priority = fact.detail.get("priority", self.priority)
        self.policy_id = fact.detail.get("policy", self.policy_id)
        if fact.what not in _MOVING:
            return
        self._at = at = fact.at if self._at is None else max(self._at, fact.at)
        self._meet(fact, at, place)
        if (turn := _TURNS.get(fact.what)) is not None:
            self._pass_to(turn, at, fact.what.value)

    def _meet(self, fact: Fact, at: datetime, place: int) -> None:
        match fact.what:
            case Happening.OPENED:
                self._begin(at, fact, FIRST_RESPONSE, RESOLUTION)
            case Happening.CUSTOMER_WROTE if FIRST_RESPONSE not in self._open:
                self._begin(at, fact, NEXT_RESPONSE)
            case Happening.AGENT_ANSWERED:
                self._end(at, fact, place, FIRST_RESPONSE, NEXT_RESPONSE, PROGRESS_UPDATE, RECOVERY)
                if self._turn != DONE:
                    self._begin(at, fact, PROGRESS_UPDATE)
            case Happening.SOLVED | Happening.CLOSED:
                self._end(at, fact, place, RESOLUTION)
                self._end(at, fact, place, PROGRESS_UPDATE, fulfilled=False)
            case Happening.REOPENED:
                self._begin(at, fact, RESOLUTION)
            case Happening.FOLLOW_UP_ADDED | Happening.FOLLOW_UP_DONE:
                self._recover(fact, at, place)
            case Happening.MERGED_FROM | Happening.SPLIT_OFF:
                self._take_over(fact, at, place)
            case Happening.MERGED_INTO | Happening.SEPARATED if "from" not in fact.detail:
                self._merge(fact, at, place)

    def _recover(self, fact: Fact, at: datetime, place: int) -> None:
        """A bad experience is made good when its follow-up is done, or a person writes to the customer before."""
        about = fact.detail.get("follow_up", "")
        if fact.what is Happening.FOLLOW_UP_DONE:
            if (run := self._open.get(RECOVERY)) and run.about == about:
                self._end(at, fact, place, RECOVERY)
        elif fact.detail.get("reason") == LOW_RATING:
            self._begin(at, fact, RECOVERY, about=about)

    def _merge(self, fact: Fact, at: datetime, place: int) -> None:
        """What is owed is owed by the other ticket from now on; separated again, this one owes it anew."""
        if fact.what is Happening.MERGED_INTO:
            self._cut = tuple(self._open.values())
            self._end(at, fact, place, *self._open, fulfilled=False)
        else:
            for run in self._cut:
                self._begin(at, fact, run.metric, about=run.about, turn=self._turn)
            self._cut = ()

    def _take_over(self, fact: Fact, at: datetime, place: int) -> None:
        """A customer who waits on a ticket that became part of this one waits here, since then.

        What moved to a ticket of its own is owed by that; `since` tells since when somebody waits here all the same.
        """
        since = fact.detail.get("since")
        if since and fact.what is Happening.SPLIT_OFF:
            self._end(at, fact, place, NEXT_RESPONSE, fulfilled=False)
        if since not in (None, NOBODY_WAITS) and FIRST_RESPONSE not in self._open:
            self._begin(min(at, datetime.fromisoformat(since)), fact, NEXT_RESPONSE)

    @property
    def waiting_since(self) -> datetime | None:
        """Since when a customer waits for an answer that this ticket owes, or owed when it was merged; None if not."""
        responses = (*self._cut, *self._open.values())
        starts = (run.stretches[0].start for run in responses if run.metric in (FIRST_RESPONSE, NEXT_RESPONSE))
        return min(starts, default=None)

    def _begin(self, at: datetime, fact: Fact, *metrics: str, about: str = "", turn: str = "") -> None:
        for metric in metrics:
            if metric not in self._open:
                self._counts[metric] = number = self._counts.get(metric, 0) + 1
                # whoever writes on what is done opens it again with the next fact
                begun = turn or (OURS if self._turn == DONE else self._turn)
                run = Run(metric, number, [Stretch(begun, at, fact.what.value)], about)
                self.runs.append(run)
                self._open[metric] = run

    def _end(self, at: datetime, fact: Fact, place: int, *metrics: str, fulfilled: bool = True) -> None:
        for metric in metrics:
            if run := self._open.pop(metric, None):
                run.ended_at, run.fulfilled, run.by = at, fulfilled, place
                run.record = fact.detail.get(run.key) or fact.detail.get(UNPROMISED, "")
                run.priority, run.policy_id = self.priority, self.policy_id

    def _pass_to(self, turn: str, at: datetime, reason: str) -> None:
        self._turn = turn
        for run in self._open.values():
            if run.stretches[-1].turn != turn:
                run.stretches.append(Stretch(turn, at, reason))


def read(timeline: Iterable[Fact]) -> History:
    """Give what a timeline says of its clocks."""
    history = History()
    for place, fact in enumerate(timeline):
        history.take(fact, place)
    return history
