"""Policies: what they refuse and where, what they leave as it usually is, and those that were saved long ago."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.quiet_hours import QuietHours
from chalicelib.domain.sla_matching import matches, matching_policy
from chalicelib.domain.sla_policy import METRICS, Escalation, SlaPolicy, Warn, default_policies
from chalicelib.domain.ticket import Happening, Priority
from tests.domain.samples import DAY, HOUR, MINUTE, SETTINGS, a_ticket, promise, when

HOOK = "https://hooks.example.com/late"
STANDARD = "sla_policies[standard]"


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: promise(business_time={"lunch": True}), "business_time.lunch"),
        (lambda: promise(pauses={"lunch": ("pending",)}), "pauses.lunch"),
        (lambda: promise(pauses={"resolution": ("solved",)}), "pauses.resolution"),
        (lambda: promise(warnings={"lunch": ()}), "warnings.lunch"),
        (lambda: promise(warnings={"resolution": (Warn(),)}), "warnings.resolution[0]"),
        (lambda: promise(warnings={"resolution": (Warn(50, 60),)}), "warnings.resolution[0]"),
        (lambda: promise(warnings={"resolution": (Warn(50), Warn(100))}), "warnings.resolution[1].percent"),
        (lambda: promise(warnings={"resolution": (Warn(0, -1),)}), "warnings.resolution[0].seconds_before"),
        (lambda: promise(warnings={"resolution": (Warn(50), Warn(50))}), "warnings.resolution"),
        (lambda: promise(warnings={"resolution": (Warn(50, notify=()),)}), "warnings.resolution[0].notify"),
        (lambda: promise(warnings={"resolution": (Warn(50, notify=("all",)),)}), "warnings.resolution[0].notify"),
        (lambda: promise(warnings={"resolution": (Warn(50, notify=("agent:",)),)}), "warnings.resolution[0].notify"),
        (lambda: promise(warnings={"resolution": tuple(Warn(n + 1) for n in range(11))}), "warnings.resolution"),
        (lambda: escalating(Escalation()), "escalations.resolution[0]"),
        (lambda: escalating(Escalation(-1, ("leads",))), "escalations.resolution[0].after"),
        (lambda: escalating(Escalation(31 * DAY, ("leads",))), "escalations.resolution[0].after"),
        (lambda: escalating(Escalation(priority="huge")), "escalations.resolution[0].priority"),
        (lambda: escalating(Escalation(webhook="http://hooks.example.com")), "escalations.resolution[0].webhook"),
        (lambda: escalating(Escalation(60, ("leads",)), Escalation(0, ("leads",))), "escalations.resolution"),
        (lambda: escalating(Escalation(60, ("leads",)), Escalation(60, ("leads",))), "escalations.resolution"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(make: Callable[[], SlaPolicy], place: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make()
    assert refusal.value.field == f"{STANDARD}.{place}"


def escalating(*steps: Escalation) -> SlaPolicy:
    return promise(escalations={"resolution": steps})


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"sla_policies": (promise(calendar="moon"),)}, f"{STANDARD}.calendar"),
        ({"quiet_hours": QuietHours(calendar="moon")}, "quiet_hours.calendar"),
    ],
)
def test_a_calendar_that_is_not_there_is_refused(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        replace(SETTINGS, **changes)
    assert refusal.value.field == place


class TestLeftAsItUsuallyIs:
    def test_waiting_stops_the_solution_and_the_updates_and_no_answer(self) -> None:
        paused = {metric: promise().paused_by(metric) for metric in METRICS}
        assert {metric: states for metric, states in paused.items() if states} == {
            "resolution": ("pending", "on_hold"),
            "progress_update": ("pending",),
        }
        assert promise(pauses={"resolution": ()}).paused_by("resolution") == ()

    def test_a_metric_warns_once_and_tells_assignee_and_leads(self) -> None:
        plain = promise(warn_at_percent=60, warnings={"resolution": ()}, escalations={"resolution": ()})
        assert plain.warnings_of("first_response") == (Warn(60),)
        assert plain.warnings_of("resolution") == ()
        assert plain.escalations_of("first_response") == (Escalation(notify=("assignee", "leads")),)
        assert plain.escalations_of("resolution") == ()

    def test_opening_hours_count_for_every_metric_or_metric_by_metric(self) -> None:
        assert promise(business_time=True).in_business_time("resolution")
        mixed = promise(business_time={"resolution": False})
        assert [mixed.in_business_time(metric) for metric in ("first_response", "resolution")] == [True, False]


def test_a_warning_comes_after_a_share_or_before_the_end_and_never_before_the_beginning() -> None:
    assert Warn(75).after(HOUR) == 45 * MINUTE
    assert Warn(seconds_before=600).after(HOUR) == 50 * MINUTE
    assert Warn(seconds_before=600).after(600) is None


def test_what_was_saved_is_read_back_and_what_was_saved_long_ago_too() -> None:
    policy = promise(
        match={"tag": ("vip",)},
        business_time={"resolution": False},
        pauses={"resolution": ("pending",)},
        warnings={"resolution": (Warn(50, notify=("leads:experts",)),)},
        escalations={"resolution": (Escalation(0, ("leads",), "urgent", "experts", HOOK),)},
    )
    assert SlaPolicy.from_dict(asdict(policy)) == policy
    old = {
        "id": "old",
        "targets": {"resolution": {"low": 60}},
        "business_time": False,
        "warn_at_percent": 80,
        "gone": 1,
    }
    assert SlaPolicy.from_dict(old) == SlaPolicy(
        id="old", targets={"resolution": {"low": 60}}, business_time=False, warn_at_percent=80
    )


class TestDefaults:
    @pytest.mark.parametrize(
        ("fields", "metric", "seconds"),
        [
            ({"channel": "chat"}, "first_response", 30),
            ({"channel": "phone"}, "first_response", HOUR),
            ({"channel": "social"}, "first_response", DAY),
            ({"channel": "email", "category": "complaint"}, "first_response", 10 * MINUTE),
            ({"channel": "chat", "category": "complaint"}, "resolution", DAY),
            ({"channel": "email"}, "first_response", 4 * HOUR),
            ({"channel": "email"}, "recovery", 3 * HOUR),
        ],
    )
    def test_each_channel_has_its_promise(self, fields: dict[str, str], metric: str, seconds: int) -> None:
        settings = DeskSettings()
        policy = settings.policy(matching_policy(a_ticket(**fields), settings))
        assert policy is not None
        assert policy.target(metric, "normal") == seconds

    def test_a_day_of_the_customers_is_one_by_the_clock(self) -> None:
        policies = {policy.id: policy for policy in default_policies()}
        assert not policies["social"].in_business_time("first_response")
        assert not policies["complaint"].in_business_time("resolution")
        assert policies["standard"].in_business_time("resolution")


class TestMatching:
    def test_it_is_told_which_conditions_were_held_against_the_ticket(self) -> None:
        settings = replace(
            SETTINGS, sla_policies=(promise("gold", match={"tier": ("gold",), "channel": ("email",)}), promise())
        )
        gold, standard = matches(a_ticket(), settings)
        assert [(one.name, one.wanted, one.met) for one in gold.conditions] == [
            ("tier", ("gold",), False),
            ("channel", ("email",), True),
        ]
        assert (gold.fits, standard.fits) == (False, True)

    def test_what_an_escalation_raised_or_handed_over_matches_as_before(self) -> None:
        settings = replace(SETTINGS, sla_policies=(promise("rushed", match={"priority": ("urgent",)}), promise()))
        ticket = a_ticket(priority=Priority.URGENT).with_fact(
            when("mon 10:00"),
            Happening.PRIORITY_SET,
            "desk",
            priority="urgent",
            was="normal",
            escalation="resolution:1",
        )
        assert matching_policy(ticket, settings) == "standard"
        by_hand = ticket.with_fact(when("mon 10:01"), Happening.PRIORITY_SET, "agent:sam", priority="urgent")
        assert matching_policy(by_hand, settings) == "rushed"
