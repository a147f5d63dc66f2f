"""Deadlines to the second while one sweep a minute runs; and the same history whatever is lost, late or doubled.

A small cloud in a test: requests on the work queue come after their delay, in whole seconds; the schedule comes once a
minute, at any second of it.
"""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agenda import CLAIM_SECONDS
from chalicelib.domain.sla_policy import Escalation, SlaPolicy
from chalicelib.domain.ticket import Happening
from chalicelib.usecases.run_agenda import run_agenda
from tests.domain.samples import law
from tests.usecases.fakes import FakeDesk, staffed

CHAT = SlaPolicy(
    id="chat",
    targets={"first_response": {"normal": 30}},
    business_time=False,
    escalations={"first_response": (Escalation(0, ("leads",)), Escalation(60, ("leads",), priority="high"))},
)
RECORDED = (Happening.SLA_WARNED, Happening.SLA_BREACHED, Happening.SLA_ESCALATED, Happening.PRIORITY_SET)
History = list[tuple[str, str, str]]


@dataclass
class Weather:
    """What goes wrong: requests lost (by their number), sweeps late or doubled, workers that die before they save, and
    how far workers' clocks are off, in seconds, one after the other."""

    lost: frozenset[int] = frozenset()
    sweeps_at: int = 0
    doubled: bool = False
    deaths: int = 0
    skews: tuple[float, ...] = (0.0,)


@dataclass
class SmallCloud:
    """Runs one desk by its queue and its schedule."""

    desk: FakeDesk
    weather: Weather
    waiting: list[tuple[datetime, int, str]] = field(default_factory=list)
    noticed: dict[str, datetime] = field(default_factory=dict)
    count: int = 0
    runs: int = 0

    def live(self, ref: str, seconds: int) -> None:
        end = self.desk.clock.now() + timedelta(seconds=seconds)
        sweep = self.desk.clock.now() + timedelta(seconds=self.weather.sweeps_at)
        self._collect()
        while True:
            next_message = self.waiting[0][0] if self.waiting else end
            at = min(next_message, sweep, end)
            self.desk.clock.instant = max(self.desk.clock.instant, at)
            if at == end:
                return
            if at == sweep:
                for _ in range(2 if self.weather.doubled else 1):
                    self.desk.sweep_into_queue()
                sweep += timedelta(seconds=60)
            else:
                heapq.heappop(self.waiting)
                self._work(ref)
            self._collect()

    def _work(self, ref: str) -> None:
        skew = timedelta(seconds=self.weather.skews[self.runs % len(self.weather.skews)])
        self.runs += 1
        if self.weather.deaths:
            self.weather.deaths -= 1
            return  # it dies before it saves; the message is delivered again by nobody here: the sweep must find it
        true = self.desk.clock.instant
        self.desk.clock.instant = true + skew
        try:
            run_agenda(self.desk, ref)
        finally:
            self.desk.clock.instant = true
        for fact in self.desk.ticket(ref).timeline:
            if fact.what is Happening.SLA_BREACHED:
                self.noticed.setdefault(ref, true)

    def _collect(self) -> None:
        for nudge in self.desk.work.taken():
            self.count += 1
            if self.count not in self.weather.lost:
                at = self.desk.clock.instant + timedelta(seconds=nudge.delay_seconds)
                heapq.heappush(self.waiting, (at, self.count, nudge.ref))


def lived(weather: Weather, seconds: int = 600) -> tuple[SmallCloud, str]:
    desk = staffed()
    desk.settings.change(sla_policies=(CHAT,))
    ref = desk.open(channel="chat").ref
    cloud = SmallCloud(desk, weather)
    cloud.live(ref, seconds)
    return cloud, ref


def history(cloud: SmallCloud, ref: str) -> History:
    facts = (fact for fact in cloud.desk.ticket(ref).timeline if fact.what in RECORDED)
    return sorted((fact.what.value, fact.detail.get("step", ""), f"{fact.at:%H:%M:%S.%f}") for fact in facts)


WANTED: History = [
    ("priority_set", "", "10:01:30.000000"),
    ("sla_breached", "", "10:00:30.000000"),
    ("sla_escalated", "0", "10:00:30.000000"),
    ("sla_escalated", "60", "10:01:30.000000"),
    ("sla_warned", "", "10:00:22.500000"),
]


@pytest.mark.parametrize("sweeps_at", [1, 15, 29, 31, 45, 59])
def test_a_chat_that_nobody_answers_in_30_seconds_is_noticed_within_two_of_them(sweeps_at: int) -> None:
    cloud, ref = lived(Weather(sweeps_at=sweeps_at))
    late = cloud.noticed[ref] - (cloud.desk.ticket(ref).created_at + timedelta(seconds=30))
    assert timedelta(0) <= late <= timedelta(seconds=2)
    assert history(cloud, ref) == WANTED


@law
@given(
    st.builds(
        Weather,
        lost=st.frozensets(st.integers(1, 12), max_size=8),
        sweeps_at=st.integers(1, 59),
        doubled=st.booleans(),
        deaths=st.integers(0, 3),
        skews=st.lists(st.floats(-4, 4).map(lambda n: round(n, 3)), min_size=1, max_size=4).map(tuple),
    )
)
def test_whatever_is_lost_late_or_doubled_the_history_is_the_same(weather: Weather) -> None:
    cloud, ref = lived(weather, 600 + 2 * CLAIM_SECONDS)
    assert history(cloud, ref) == WANTED
