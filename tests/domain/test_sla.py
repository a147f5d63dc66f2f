"""What is promised, used up and broken: tables of histories, with every figure reckoned by hand."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.domain import sla, sla_alarms, sla_matching
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sla import AROUND_THE_CLOCK, Clock
from chalicelib.domain.sla_policy import SlaPolicy
from chalicelib.domain.ticket import Happening, Priority, Requester, Shelf, Ticket
from tests.domain.samples import MINUTE, OFFICE_HOURS, SETTINGS, a_ticket, history, in_work, opened, promise, when

OFFICE = BusinessCalendar.from_dict(OFFICE_HOURS)
OPENED = "mon 10:00 opened priority=normal policy=standard"

Told = tuple[str, float, str | None]
"""A clock's state, the minutes it used, and when it is due."""


def clocks(
    lines: Iterable[str], now: str, *policies: SlaPolicy, calendar: sla.Hours = AROUND_THE_CLOCK
) -> dict[str, Clock]:
    known: Mapping[str, SlaPolicy] = {policy.id: policy for policy in policies or (promise(),)}
    return {clock.key: clock for clock in sla.clocks(history(*lines), known, calendar, when(now))}


def due_of(clock: Clock | None) -> datetime | None:
    return clock.due_at if clock else None


def figures(clock: Clock) -> Told:
    due = None if clock.due_at is None else f"{clock.due_at:%a %H:%M}".lower()
    return clock.state, clock.used / MINUTE, due


HISTORIES: dict[str, tuple[list[str], str, dict[str, Told]]] = {
    "an opened ticket is owed a first response and a solution": (
        [OPENED],
        "mon 10:20",
        {"first_response:1": ("running", 20, "mon 11:00"), "resolution:1": ("running", 20, "mon 14:00")},
    ),
    "a public answer in time meets the first response": (
        [OPENED, "mon 10:20 agent_answered"],
        "mon 12:00",
        {"first_response:1": ("met", 20, "mon 11:00"), "resolution:1": ("running", 120, "mon 14:00")},
    ),
    "a note, automatic mail, the acknowledgement and an assignment answer nobody": (
        [
            OPENED,
            "mon 10:01 acknowledged",
            "mon 10:02 assigned agent=sam",
            "mon 10:10 note_added",
            "mon 10:20 automatic_mail",
            "mon 10:25 delivered message=m1",
        ],
        "mon 10:30",
        {"first_response:1": ("running", 30, "mon 11:00"), "resolution:1": ("running", 30, "mon 14:00")},
    ),
    "answered at the very deadline is in time": (
        [OPENED, "mon 11:00 agent_answered"],
        "mon 11:00",
        {"first_response:1": ("met", 60, "mon 11:00"), "resolution:1": ("running", 60, "mon 14:00")},
    ),
    "answered a second later is late": (
        [OPENED, "mon 11:00:01 agent_answered"],
        "mon 12:00",
        {"first_response:1": ("breached", 60 + 1 / 60, "mon 11:00"), "resolution:1": ("running", 120, "mon 14:00")},
    ),
    "at the deadline an owed answer is late": (
        [OPENED],
        "mon 11:00",
        {"first_response:1": ("breached", 60, "mon 11:00"), "resolution:1": ("running", 60, "mon 14:00")},
    ),
    "what the customer adds before the first answer starts no further clock": (
        [OPENED, "mon 10:10 customer_wrote", "mon 10:20 agent_answered"],
        "mon 10:30",
        {"first_response:1": ("met", 20, "mon 11:00"), "resolution:1": ("running", 30, "mon 14:00")},
    ),
    "the next response counts from the oldest message that nobody answered": (
        [OPENED, "mon 10:10 agent_answered", "mon 10:20 customer_wrote", "mon 10:40 customer_wrote"],
        "mon 10:45",
        {
            "first_response:1": ("met", 10, "mon 11:00"),
            "next_response:1": ("running", 25, "mon 10:50"),
            "resolution:1": ("running", 45, "mon 14:00"),
        },
    ),
    "one answer answers everything that waited, and the next message starts anew": (
        [
            OPENED,
            "mon 10:10 agent_answered",
            "mon 10:20 customer_wrote",
            "mon 10:40 customer_wrote",
            "mon 10:45 agent_answered",
            "mon 10:46 agent_answered",
            "mon 11:00 customer_wrote",
        ],
        "mon 11:31",
        {
            "first_response:1": ("met", 10, "mon 11:00"),
            "next_response:1": ("met", 25, "mon 10:50"),
            "next_response:2": ("breached", 31, "mon 11:30"),
            "resolution:1": ("running", 91, "mon 14:00"),
        },
    ),
    "automatic mail from the customer's side waits for no answer": (
        [OPENED, "mon 10:10 agent_answered", "mon 10:20 automatic_mail"],
        "mon 10:30",
        {"first_response:1": ("met", 10, "mon 11:00"), "resolution:1": ("running", 30, "mon 14:00")},
    ),
    "waiting on the customer stops the solution's clock and leaves the answer owed": (
        [OPENED, "mon 10:20 waiting_on_customer"],
        "mon 10:50",
        {"first_response:1": ("running", 50, "mon 11:00"), "resolution:1": ("paused", 20, None)},
    ),
    "waiting on a third party does the same": (
        [OPENED, "mon 10:20 waiting_on_third_party"],
        "mon 11:10",
        {"first_response:1": ("breached", 70, "mon 11:00"), "resolution:1": ("paused", 20, None)},
    ),
    "a message that came before the waiting began stays owed while it lasts": (
        [OPENED, "mon 10:01 agent_answered", "mon 10:10 customer_wrote", "mon 10:12 waiting_on_third_party"],
        "mon 10:45",
        {
            "first_response:1": ("met", 1, "mon 11:00"),
            "next_response:1": ("breached", 35, "mon 10:40"),
            "resolution:1": ("paused", 12, None),
        },
    ),
    "when it resumes, the solution's deadline has moved by the wait": (
        [OPENED, "mon 10:05 agent_answered", "mon 10:20 waiting_on_customer", "mon 11:20 resumed"],
        "mon 11:30",
        {"first_response:1": ("met", 5, "mon 11:00"), "resolution:1": ("running", 30, "mon 15:00")},
    ),
    "from one wait to another nothing starts": (
        [OPENED, "mon 10:20 waiting_on_customer", "mon 10:40 waiting_on_third_party"],
        "mon 10:50",
        {"first_response:1": ("running", 50, "mon 11:00"), "resolution:1": ("paused", 20, None)},
    ),
    "a deadline that passed before the wait began stays broken through it": (
        [OPENED, "mon 10:05 agent_answered", "mon 14:10 waiting_on_customer"],
        "mon 16:00",
        {"first_response:1": ("met", 5, "mon 11:00"), "resolution:1": ("breached", 250, "mon 14:00")},
    ),
    "used up at the very second at which the wait began, it is late": (
        [OPENED, "mon 10:05 agent_answered", "mon 14:00 waiting_on_customer"],
        "mon 14:00",
        {"first_response:1": ("met", 5, "mon 11:00"), "resolution:1": ("breached", 240, "mon 14:00")},
    ),
    "solved while it waits, in time, is met": (
        [OPENED, "mon 10:05 agent_answered", "mon 10:20 waiting_on_customer", "mon 17:00 solved"],
        "tue 10:00",
        {"first_response:1": ("met", 5, "mon 11:00"), "resolution:1": ("met", 20, None)},
    ),
    "solved at the very deadline is met": (
        [OPENED, "mon 10:05 agent_answered", "mon 14:00 solved"],
        "mon 15:00",
        {"first_response:1": ("met", 5, "mon 11:00"), "resolution:1": ("met", 240, "mon 14:00")},
    ),
    "solved late is breached": (
        [OPENED, "mon 10:05 agent_answered", "mon 14:30 solved"],
        "tue 10:00",
        {"first_response:1": ("met", 5, "mon 11:00"), "resolution:1": ("breached", 270, "mon 14:00")},
    ),
    "a solved ticket rests all its clocks": (
        [OPENED, "mon 10:30 solved"],
        "fri 10:00",
        {"first_response:1": ("paused", 30, None), "resolution:1": ("met", 30, "mon 14:00")},
    ),
    "a closed one too, also when nobody solved it": (
        [OPENED, "mon 10:30 closed"],
        "fri 10:00",
        {"first_response:1": ("paused", 30, None), "resolution:1": ("met", 30, "mon 14:00")},
    ),
    "closing what was solved changes nothing": (
        [OPENED, "mon 10:10 agent_answered", "mon 10:30 solved", "tue 10:30 closed"],
        "fri 10:00",
        {"first_response:1": ("met", 10, "mon 11:00"), "resolution:1": ("met", 30, "mon 14:00")},
    ),
    "an answer after the solution is still the first": (
        [OPENED, "mon 10:30 solved", "tue 10:00 agent_answered"],
        "fri 10:00",
        {"first_response:1": ("met", 30, None), "resolution:1": ("met", 30, "mon 14:00")},
    ),
    "reopened, a second solution is owed, and an unanswered customer waits on": (
        [OPENED, "mon 10:30 solved", "mon 12:00 customer_wrote", "mon 12:00 reopened"],
        "mon 12:10",
        {
            "first_response:1": ("running", 40, "mon 12:30"),
            "resolution:1": ("met", 30, "mon 14:00"),
            "resolution:2": ("running", 10, "mon 16:00"),
        },
    ),
    "reopened, the first solution keeps its broken promise and the second can be kept": (
        [
            OPENED,
            "mon 10:10 agent_answered",
            "mon 15:00 solved",
            "tue 10:00 customer_wrote",
            "tue 10:00 reopened",
            "tue 10:20 agent_answered",
            "tue 11:00 solved",
        ],
        "fri 10:00",
        {
            "first_response:1": ("met", 10, "mon 11:00"),
            "next_response:1": ("met", 20, "tue 10:30"),
            "resolution:1": ("breached", 300, "mon 14:00"),
            "resolution:2": ("met", 60, "tue 14:00"),
        },
    ),
    "a raised priority counts from the start": (
        [OPENED, "mon 10:05 priority_set priority=urgent"],
        "mon 10:10",
        {"first_response:1": ("running", 10, "mon 10:15"), "resolution:1": ("running", 10, "mon 11:00")},
    ),
    "raised too late, the promise was broken before": (
        [OPENED, "mon 10:40 priority_set priority=urgent"],
        "mon 10:41",
        {"first_response:1": ("breached", 41, "mon 10:15"), "resolution:1": ("running", 41, "mon 11:00")},
    ),
    "lowered, what was not answered yet has more time": (
        ["mon 10:00 opened priority=urgent policy=standard", "mon 10:20 priority_set priority=normal"],
        "mon 10:21",
        {"first_response:1": ("running", 21, "mon 11:00"), "resolution:1": ("running", 21, "mon 14:00")},
    ),
    "a fulfilled clock keeps its verdict": (
        [
            "mon 10:00 opened priority=urgent policy=standard",
            "mon 10:20 agent_answered",
            "mon 10:30 priority_set priority=normal",
        ],
        "mon 10:40",
        {"first_response:1": ("breached", 20, "mon 10:15"), "resolution:1": ("running", 40, "mon 14:00")},
    ),
    "and one that was met stays met when the priority rises": (
        [OPENED, "mon 10:20 agent_answered", "mon 10:30 priority_set priority=urgent"],
        "mon 10:40",
        {"first_response:1": ("met", 20, "mon 11:00"), "resolution:1": ("running", 40, "mon 11:00")},
    ),
    "what was written down first happened first, whatever a worker's clock said": (
        ["mon 10:00:03 opened priority=normal policy=standard", "mon 10:00:01 agent_answered", "mon 10:00:02 solved"],
        "mon 10:00:02",
        {"first_response:1": ("met", 0, "mon 11:00"), "resolution:1": ("met", 0, "mon 14:00")},
    ),
    "a history brought in afterwards begins when the ticket did": (
        [OPENED, "mon 08:00 customer_wrote", "mon 08:30 agent_answered", "mon 10:20 customer_wrote"],
        "mon 10:30",
        {
            "first_response:1": ("met", 0, "mon 11:00"),
            "next_response:1": ("running", 10, "mon 10:50"),
            "resolution:1": ("running", 30, "mon 14:00"),
        },
    ),
    "a warning that came to light late turns no clock back": (
        [OPENED, "mon 12:00 agent_answered", "mon 10:45 sla_warned clock=first_response:1", "mon 12:10 customer_wrote"],
        "mon 12:15",
        {
            "first_response:1": ("breached", 120, "mon 11:00"),
            "next_response:1": ("running", 5, "mon 12:40"),
            "resolution:1": ("running", 135, "mon 14:00"),
        },
    ),
    "a merged ticket owes nothing more, and what was broken stays so": (
        [OPENED, "mon 11:30 merged_into ticket=AAAA-BBBB"],
        "fri 10:00",
        {"first_response:1": ("breached", 90, "mon 11:00"), "resolution:1": ("ended", 90, "mon 14:00")},
    ),
    "separated again, it owes anew what it owed": (
        [OPENED, "mon 10:30 merged_into ticket=AAAA-BBBB", "mon 12:00 separated ticket=AAAA-BBBB"],
        "mon 12:10",
        {
            "first_response:1": ("ended", 30, "mon 11:00"),
            "first_response:2": ("running", 10, "mon 13:00"),
            "resolution:1": ("ended", 30, "mon 14:00"),
            "resolution:2": ("running", 10, "mon 16:00"),
        },
    ),
    "whoever waited on a ticket that became part of this one waits here, since then": (
        [
            OPENED,
            "mon 10:05 agent_answered",
            "mon 10:30 merged_from ticket=AAAA-BBBB since=2026-11-23T10:10:00+00:00",
        ],
        "mon 10:45",
        {
            "first_response:1": ("met", 5, "mon 11:00"),
            "next_response:1": ("breached", 35, "mon 10:40"),
            "resolution:1": ("running", 45, "mon 14:00"),
        },
    ),
    "what an escalation raises is hurried, and promised nothing new": (
        [OPENED, "mon 11:00 priority_set priority=urgent escalation=first_response:1 was=normal"],
        "mon 11:10",
        {"first_response:1": ("breached", 70, "mon 11:00"), "resolution:1": ("running", 70, "mon 14:00")},
    ),
    "a priority for which nothing is promised has no clocks, until it changes again": (
        [OPENED, "mon 10:30 priority_set priority=low"],
        "mon 10:40",
        {},
    ),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_in_the_history_that(name: str) -> None:
    lines, now, expected = HISTORIES[name]
    found = {key: figures(clock) for key, clock in clocks(lines, now).items()}
    assert {key: (state, round(used, 6), due) for key, (state, used, due) in found.items()} == {
        key: (state, round(used, 6), due) for key, (state, used, due) in expected.items()
    }


UPDATES = {"progress_update": {"normal": 120 * MINUTE}, "recovery": {"normal": 180 * MINUTE}}
ANSWERED = "mon 10:10 agent_answered"
LOW = "follow_up_added follow_up=survey_1_low reason=low_rating"

FURTHER: dict[str, tuple[list[str], str, dict[str, Told]]] = {
    "before the first answer no update is owed": ([OPENED, "mon 10:05 customer_wrote"], "mon 16:00", {}),
    "the next word is owed from the last one on": (
        [OPENED, ANSWERED, "mon 11:00 agent_answered", "mon 11:30 customer_wrote"],
        "mon 12:00",
        {
            "progress_update:1": ("met", 50, "mon 12:10"),
            "progress_update:2": ("running", 60, "mon 13:00"),
        },
    ),
    "while the customer is awaited, no update is": (
        [OPENED, "mon 10:10 waiting_on_customer", "mon 10:10 agent_answered", "mon 12:00 resumed"],
        "mon 12:30",
        {"progress_update:1": ("running", 30, "mon 14:00")},
    ),
    "while somebody else is awaited, the customer wants to hear": (
        [OPENED, ANSWERED, "mon 10:20 waiting_on_third_party"],
        "mon 12:30",
        {"progress_update:1": ("breached", 140, "mon 12:10")},
    ),
    "the solution is word enough, and no promise that was kept": (
        [OPENED, ANSWERED, "mon 10:30 solved"],
        "mon 18:00",
        {"progress_update:1": ("ended", 20, "mon 12:10")},
    ),
    "one that was broken before the solution stays broken": (
        [OPENED, ANSWERED, "mon 12:30 solved"],
        "mon 18:00",
        {"progress_update:1": ("breached", 140, "mon 12:10")},
    ),
    "opened again, the next answer begins the next update": (
        [
            OPENED,
            ANSWERED,
            "mon 10:30 solved",
            "mon 11:00 customer_wrote",
            "mon 11:00 reopened",
            "mon 11:10 agent_answered",
        ],
        "mon 11:20",
        {
            "progress_update:1": ("ended", 20, "mon 12:10"),
            "progress_update:2": ("running", 10, "mon 13:10"),
        },
    ),
    "after a bad experience somebody should be in touch, though the ticket is solved": (
        [OPENED, "mon 10:10 solved", f"mon 11:00 {LOW}"],
        "mon 12:00",
        {"recovery:1": ("running", 60, "mon 14:00")},
    ),
    "the call that was made is the follow-up done": (
        [
            OPENED,
            "mon 10:10 solved",
            f"mon 11:00 {LOW}",
            "mon 11:30 follow_up_done follow_up=undelivered_m1",
            "mon 12:00 follow_up_done follow_up=survey_1_low",
        ],
        "mon 18:00",
        {"recovery:1": ("met", 60, "mon 14:00")},
    ),
    "a word in writing makes good as well, and too late is too late": (
        [OPENED, "mon 10:10 solved", f"mon 11:00 {LOW}", "mon 14:30 reopened", "mon 14:31 agent_answered"],
        "mon 14:31",
        {
            "recovery:1": ("breached", 211, "mon 14:00"),
            "progress_update:1": ("running", 0, "mon 16:31"),
        },
    ),
    "a follow-up for another reason promises nothing": (
        [OPENED, "mon 10:10 solved", "mon 11:00 follow_up_added follow_up=survey_1_unanswered reason=unanswered"],
        "mon 12:00",
        {},
    ),
}


@pytest.mark.parametrize("name", FURTHER)
def test_of_updates_and_amends(name: str) -> None:
    lines, now, expected = FURTHER[name]
    found = {key: figures(clock) for key, clock in clocks(lines, now, promise(targets=UPDATES)).items()}
    assert {key: (state, round(used, 6), due) for key, (state, used, due) in found.items()} == expected


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Europe/Dublin"])
def test_the_machines_own_time_zone_changes_nothing(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for name in HISTORIES:
            test_in_the_history_that(name)
        for name in FURTHER:
            test_of_updates_and_amends(name)
        lines = ["fri 17:30 opened priority=normal policy=standard"]
        found = clocks(lines, "sat 12:00", promise(business_time=True), calendar=OFFICE)
        assert found["first_response:1"].due_at == OFFICE.add(when("fri 17:30"), 60 * MINUTE)
    finally:
        monkeypatch.undo()
        time.tzset()


class TestPolicies:
    def test_what_pauses_a_clock_is_the_policys_choice(self) -> None:
        own = promise(pauses={"resolution": ("on_hold",), "first_response": ("pending",)})
        lines = [OPENED, "mon 10:20 waiting_on_customer", "mon 10:40 waiting_on_third_party"]
        found = clocks(lines, "mon 10:50", own)
        assert figures(found["resolution:1"]) == ("paused", 40, None)
        assert figures(found["first_response:1"]) == ("running", 30, "mon 11:20")
        never = promise(pauses={"resolution": ()})
        assert figures(clocks(lines, "mon 10:50", never)["resolution:1"]) == ("running", 50, "mon 14:00")

    def test_each_metric_counts_its_own_hours(self) -> None:
        mixed = promise(business_time={"first_response": True, "resolution": False})
        found = clocks(["fri 17:30 opened priority=normal policy=standard"], "fri 18:00", mixed, calendar=OFFICE)
        assert found["first_response:1"].business_time
        assert found["first_response:1"].due_at == OFFICE.add(when("fri 17:30"), 60 * MINUTE)
        assert figures(found["resolution:1"]) == ("running", 30, "fri 21:30")

    def test_a_policy_may_name_whose_hours_count(self) -> None:
        store = BusinessCalendar.from_dict({"timezone": "UTC", "hours": {"sat": [["10:00", "16:00"]]}})
        settings = replace(
            SETTINGS,
            calendars={"store": store.to_dict()},
            sla_policies=(promise(business_time=True, calendar="store"),),
        )
        (first, _) = sla.of_ticket(opened(settings), settings, when("mon 12:00"))
        assert (first.due_at, first.calendar) == (when("sat 11:00"), "store")

    def test_another_policy_retargets_what_is_owed_and_leaves_what_is_fulfilled(self) -> None:
        quick = promise("quick", targets={"first_response": {"normal": MINUTE}, "resolution": {"normal": 30 * MINUTE}})
        lines = [OPENED, "mon 10:10 agent_answered", "mon 10:20 policy_set policy=quick"]
        found = clocks(lines, "mon 10:25", promise(), quick)
        assert (found["first_response:1"].state, found["first_response:1"].policy_id) == ("met", "standard")
        assert figures(found["resolution:1"]) == ("running", 25, "mon 10:30")
        assert found["resolution:1"].target == 30 * MINUTE

    def test_no_policy_promises_nothing(self) -> None:
        assert clocks(["mon 10:00 opened priority=normal"], "mon 10:25") == {}
        assert clocks([OPENED, "mon 10:20 policy_set policy=none"], "mon 10:25") == {}

    def test_a_metric_without_a_target_has_no_clock(self) -> None:
        only = promise(targets={"next_response": {"normal": MINUTE}})
        assert clocks([OPENED], "mon 10:25", only) == {}
        lines = [OPENED, "mon 10:10 agent_answered", "mon 10:20 customer_wrote"]
        assert list(clocks(lines, "mon 10:25", only)) == ["next_response:1"]

    @pytest.mark.parametrize(
        ("match", "fits"),
        [
            ({}, True),
            ({"channel": ("chat", "email")}, True),
            ({"channel": ("chat",)}, False),
            ({"priority": ("high",)}, True),
            ({"category": ("refund",)}, True),
            ({"team": ("support",)}, True),
            ({"tag": ("vip",)}, True),
            ({"tag": ("other", "gift")}, True),
            ({"tag": ("other",)}, False),
            ({"tier": ("gold",)}, True),
            ({"language": ("zh",)}, True),
            ({"language": ("zh",), "tier": ("silver",)}, False),
            ({"language": ("zh",), "tier": ("gold",)}, True),
        ],
    )
    def test_a_policy_fits_when_each_of_its_conditions_does(
        self, match: Mapping[str, tuple[str, ...]], fits: bool
    ) -> None:
        ticket = a_ticket(
            priority=Priority.HIGH,
            category="refund",
            team_id="support",
            tags=("vip", "gift"),
            language="zh",
            requester=Requester("c1", "Jo", "jo@customer.example", "gold"),
        )
        settings = replace(SETTINGS, sla_policies=(promise(match=match),))
        assert sla_matching.matching_policy(ticket, settings) == ("standard" if fits else "")

    def test_the_first_that_fits_applies(self) -> None:
        policies = (promise("chat", match={"channel": ("chat",)}), promise("one"), promise("two"))
        assert sla_matching.matching_policy(a_ticket(), replace(SETTINGS, sla_policies=policies)) == "one"


class TestBusinessTime:
    DAYTIME = promise(business_time=True)

    def test_a_lunch_break_does_not_count(self) -> None:
        found = clocks(["mon 12:00 opened priority=normal policy=standard"], "mon 13:40", self.DAYTIME, calendar=OFFICE)
        assert figures(found["first_response:1"]) == ("running", 40, "mon 14:00")

    def test_nor_does_a_night_or_a_weekend(self) -> None:
        found = clocks(["fri 17:30 opened priority=normal policy=standard"], "sun 12:00", self.DAYTIME, calendar=OFFICE)
        clock = found["first_response:1"]
        assert clock.used == 30 * MINUTE
        assert clock.due_at == OFFICE.add(when("fri 17:30"), 60 * MINUTE)
        assert f"{clock.due_at:%a %H:%M}" == "Mon 09:30"

    def test_the_same_ticket_by_the_calendar_is_due_within_the_night(self) -> None:
        found = clocks(["fri 17:30 opened priority=normal policy=standard"], "fri 18:00", calendar=OFFICE)
        assert figures(found["first_response:1"]) == ("running", 30, "fri 18:30")

    def test_a_wait_over_night_moves_the_deadline_by_its_open_hours_only(self) -> None:
        lines = [
            "mon 16:00 opened priority=normal policy=standard",
            "mon 16:10 agent_answered",
            "mon 17:00 waiting_on_customer",
            "tue 10:00 resumed",
        ]
        found = clocks(lines, "tue 10:30", self.DAYTIME, calendar=OFFICE)
        # 60 minutes until 17:00, then 180 from 10:00, with an hour of lunch
        assert figures(found["resolution:1"]) == ("running", 90, "tue 14:00")

    def test_a_calendar_that_never_opens_again_makes_nothing_due(self) -> None:
        last = {"timezone": "UTC", "holidays": [{"date": "2026-11-23", "hours": [["09:00", "10:30"]]}]}
        found = clocks([OPENED], "tue 10:00", self.DAYTIME, calendar=BusinessCalendar.from_dict(last))
        assert figures(found["first_response:1"]) == ("running", 30, None)


class TestExplaining:
    def test_the_segments_say_when_a_clock_ran_and_why_not(self) -> None:
        lines = [OPENED, "mon 10:20 waiting_on_customer", "mon 11:20 resumed", "mon 12:00 solved"]
        segments = clocks(lines, "mon 13:00")["resolution:1"].segments
        assert [(part.state, part.start, part.end, part.reason) for part in segments] == [
            ("running", when("mon 10:00"), when("mon 10:20"), "opened"),
            ("paused", when("mon 10:20"), when("mon 11:20"), "waiting_on_customer"),
            ("running", when("mon 11:20"), when("mon 12:00"), "resumed"),
        ]

    def test_the_present_segment_has_no_end(self) -> None:
        found = clocks([OPENED, "mon 10:20 waiting_on_customer"], "mon 13:00")
        assert found["resolution:1"].segments[-1].end is None
        assert found["first_response:1"].segments == (sla.Segment("running", when("mon 10:00"), None, "opened"),)

    def test_a_clock_knows_its_times(self) -> None:
        clock = clocks([OPENED, "mon 11:30 agent_answered"], "mon 12:00")["first_response:1"]
        assert (clock.started_at, clock.fulfilled_at) == (when("mon 10:00"), when("mon 11:30"))
        assert (clock.warn_at, clock.due_at, clock.breached_at) == (
            when("mon 10:45"),
            when("mon 11:00"),
            when("mon 11:00"),
        )
        assert not clock.open

    def test_a_clock_in_time_was_never_breached(self) -> None:
        found = clocks([OPENED, "mon 10:30 agent_answered"], "fri 12:00")
        assert found["first_response:1"].breached_at is None
        assert found["resolution:1"].open
        assert found["resolution:1"].breached_at == when("mon 14:00")

    @pytest.mark.parametrize(("percent", "warned"), [(1, "mon 10:00:36"), (50, "mon 10:30"), (99, "mon 10:59:24")])
    def test_a_warning_comes_at_its_share_of_the_time(self, percent: int, warned: str) -> None:
        found = clocks([OPENED], "mon 10:00", promise(warn_at_percent=percent))
        assert found["first_response:1"].warn_at == when(warned)

    def test_what_presses_most_is_the_earliest_deadline_of_what_is_owed(self) -> None:
        both = clocks([OPENED], "mon 10:05").values()
        assert due_of(sla.pressing(tuple(both))) == when("mon 11:00")
        answered = clocks([OPENED, "mon 10:01 agent_answered"], "mon 10:05").values()
        assert due_of(sla.pressing(tuple(answered))) == when("mon 14:00")
        waiting = clocks([OPENED, "mon 10:01 agent_answered", "mon 10:02 waiting_on_customer"], "mon 10:05").values()
        assert sla.pressing(tuple(waiting)) is None


class TestVerdicts:
    """What was fulfilled keeps the verdict that it got, whatever is edited afterwards."""

    LATE = promise(targets={"first_response": {"normal": 5 * MINUTE}, "resolution": {"normal": 5 * MINUTE}})

    @staticmethod
    def kept(*lines: str, settings: DeskSettings = SETTINGS, now: str = "mon 12:00") -> Ticket:
        """Give a ticket of this history as it is saved at `now`."""
        return sla_alarms.scheduled(a_ticket(timeline=history(*lines)), settings, when(now))

    def test_the_fact_that_fulfils_remembers_the_promise(self) -> None:
        ticket = self.kept(OPENED, "mon 10:20 agent_answered message=m1", "mon 11:00 solved")
        assert ticket.timeline[1].detail == {
            "message": "m1",
            "first_response:1": "3600 calendar 1200 2026-11-23T11:00:00Z standard",
        }
        assert ticket.timeline[2].detail == {
            "resolution:1": "14400 calendar 3600 2026-11-23T14:00:00Z standard",
            "sla": "none",
        }

    def test_what_is_owed_remembers_nothing(self) -> None:
        assert self.kept(OPENED, "mon 10:20 customer_wrote").timeline == history(OPENED, "mon 10:20 customer_wrote")

    @pytest.mark.parametrize("policies", [(LATE,), (), (replace(LATE, business_time=True),)])
    def test_an_edited_or_removed_policy_judges_nothing_anew(self, policies: tuple[SlaPolicy, ...]) -> None:
        ticket = self.kept(OPENED, "mon 10:20 agent_answered", "mon 11:00 solved")
        edited = replace(SETTINGS, sla_policies=policies)
        found = {clock.key: clock for clock in sla.of_ticket(ticket, edited, when("fri 12:00"))}
        assert {key: figures(clock) for key, clock in found.items()} == {
            "first_response:1": ("met", 20, "mon 11:00"),
            "resolution:1": ("met", 60, "mon 14:00"),
        }
        assert all(clock.judged for clock in found.values())
        assert sla_alarms.scheduled(ticket, edited, when("fri 12:00")) == ticket

    def test_a_holiday_declared_afterwards_neither(self) -> None:
        office = replace(SETTINGS, sla_policies=(promise(business_time=True),))
        ticket = self.kept(OPENED, "mon 10:20 agent_answered", settings=office)
        closed = {**OFFICE_HOURS, "holidays": [{"date": "2026-11-23"}]}
        (first, resolution) = sla.of_ticket(ticket, replace(office, calendar=closed), when("mon 12:00"))
        assert figures(first) == ("met", 20, "mon 11:00")
        assert resolution.used == 0

    def test_what_was_not_promised_when_it_ended_is_not_promised_later(self) -> None:
        ticket = self.kept(OPENED, "mon 10:20 agent_answered", "mon 10:50 agent_answered", "mon 11:00 solved")
        more = replace(SETTINGS, sla_policies=(promise(targets={**promise().targets, **UPDATES}),))
        assert {clock.metric for clock in sla.of_ticket(ticket, more, when("fri 12:00"))} == {
            "first_response",
            "resolution",
        }

    def test_what_was_saved_before_verdicts_were_kept_gets_its_own_with_the_next_save(self) -> None:
        old = a_ticket(timeline=history(OPENED, "mon 10:20 agent_answered"))
        assert not sla.of_ticket(old, SETTINGS, when("mon 12:00"))[0].judged
        assert sla.of_ticket(sla_alarms.scheduled(old, SETTINGS, when("mon 12:00")), SETTINGS, when("mon 12:00"))[
            0
        ].judged

    def test_what_lies_in_the_archive_stays_as_it_is(self) -> None:
        old = a_ticket(timeline=history(OPENED, "mon 10:20 agent_answered", "mon 10:30 note_added"), archived=2)
        assert sla_alarms.scheduled(old, SETTINGS, when("mon 12:00")).timeline == old.timeline


class TestAlarms:
    @staticmethod
    def alarms(ticket: Ticket, now: str) -> dict[tuple[str, str], str]:
        planned = sla_alarms.scheduled(ticket, SETTINGS, when(now)).agenda
        alarms = (entry for entry in planned if entry.task in (Task.SLA_WARNING, Task.SLA_BREACH))
        return {(entry.task.value, entry.about): f"{entry.at:%H:%M}" for entry in alarms}

    def test_every_promise_is_watched(self) -> None:
        assert self.alarms(opened(), "mon 10:00") == {
            ("sla_warning", "first_response:1"): "10:45",
            ("sla_breach", "first_response:1"): "11:00",
            ("sla_warning", "resolution:1"): "13:00",
            ("sla_breach", "resolution:1"): "14:00",
        }

    def test_nothing_else_on_the_agenda_is_touched_and_what_is_old_goes(self) -> None:
        ticket = opened()
        stale = Entry(when("mon 10:01"), Task.SLA_BREACH, "next_response:7")
        planned = sla_alarms.scheduled(
            replace(ticket, agenda=(*ticket.agenda, stale)), SETTINGS, when("mon 10:00")
        ).agenda
        assert set(ticket.agenda) < set(planned)
        assert stale not in planned

    def test_a_kept_promise_is_watched_no_more(self) -> None:
        answered = opened().with_fact(when("mon 10:30"), Happening.AGENT_ANSWERED, "agent:sam")
        assert {about for _, about in self.alarms(answered, "mon 10:30")} == {"resolution:1"}

    def test_an_answer_at_the_deadline_breaks_no_promise(self) -> None:
        answered = opened().with_fact(when("mon 11:00"), Happening.AGENT_ANSWERED, "agent:sam")
        assert ("sla_breach", "first_response:1") not in self.alarms(answered, "mon 11:00")

    def test_a_breach_that_nobody_noticed_is_on_the_agenda_at_its_true_time(self) -> None:
        answered = opened().with_fact(when("mon 12:30"), Happening.AGENT_ANSWERED, "agent:sam")
        assert self.alarms(answered, "mon 12:30")["sla_breach", "first_response:1"] == "11:00"

    def test_what_is_recorded_never_comes_again(self) -> None:
        ticket = opened()
        for clock in sla.of_ticket(ticket, SETTINGS, when("mon 18:00")):
            ticket = ticket.with_fact(when("mon 18:00"), Happening.SLA_WARNED, "desk", **clock.promise)
            ticket = ticket.with_fact(when("mon 18:00"), Happening.SLA_BREACHED, "desk", **clock.promise)
        assert self.alarms(ticket, "mon 18:00") == {}

    def test_a_promise_that_changed_after_its_breach_is_watched_anew_and_changed_back_is_not(self) -> None:
        ticket = opened(priority=Priority.URGENT)
        clock = sla.of_ticket(ticket, SETTINGS, when("mon 10:20"))[0]
        ticket = ticket.with_fact(when("mon 10:15"), Happening.SLA_BREACHED, "desk", **clock.promise)
        lowered = ticket.with_fact(when("mon 10:20"), Happening.PRIORITY_SET, "agent:sam", priority="normal")
        assert self.alarms(lowered, "mon 10:20")["sla_breach", "first_response:1"] == "11:00"
        raised = lowered.with_fact(when("mon 10:30"), Happening.PRIORITY_SET, "agent:sam", priority="urgent")
        assert ("sla_breach", "first_response:1") not in self.alarms(raised, "mon 10:30")

    def test_while_it_waits_the_solution_is_not_watched(self) -> None:
        waiting = in_work().with_fact(when("mon 10:30"), Happening.WAITING_ON_CUSTOMER, "agent:sam")
        assert {about for _, about in self.alarms(waiting, "mon 10:30")} == {"first_response:1"}

    def test_mail_on_a_shelf_has_no_clocks(self) -> None:
        shelved = replace(opened(), shelf=Shelf.SPAM)
        assert sla.of_ticket(shelved, SETTINGS, when("fri 10:00")) == ()

    def test_a_tickets_clocks_follow_the_desks_opening_hours(self) -> None:
        settings = replace(SETTINGS, sla_policies=(promise(business_time=True),))
        ticket = opened(settings, created_at=when("mon 12:00"), updated_at=when("mon 12:00"))
        (first, _) = sla.of_ticket(ticket, settings, when("mon 12:00"))
        assert first.due_at == when("mon 14:00")
        assert first.business_time
