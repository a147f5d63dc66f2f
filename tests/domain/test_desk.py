"""Settings: defaults that work, refusals that name the line, and the way back from what was saved."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest

from chalicelib.domain.desk import DeskSettings, SurveySettings, TriageRule
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.sla_policy import SlaPolicy
from chalicelib.domain.ticket import Priority
from tests.domain.samples import DAY, OFFICE_HOURS, SETTINGS, promise, when


def test_a_new_desk_promises_something_for_every_metric_and_priority() -> None:
    policy = DeskSettings().sla_policies[-1]
    for metric in ("first_response", "next_response", "resolution", "recovery"):
        promised = [policy.target(metric, priority) for priority in ("urgent", "high", "normal", "low")]
        assert None not in promised
        assert promised == sorted(promised, key=lambda seconds: seconds or 0)
    assert policy.match == {}


def test_what_a_policy_does_not_name_it_does_not_promise() -> None:
    assert promise().target("first_response", Priority.NORMAL) == 3600
    assert promise().target("first_response", Priority.LOW) is None
    assert SlaPolicy(id="empty").target("resolution", Priority.NORMAL) is None


def test_a_policy_is_found_by_its_id() -> None:
    assert SETTINGS.policy("standard") == promise()
    assert SETTINGS.policy("gone") is None


def test_the_opening_hours_can_reckon() -> None:
    assert SETTINGS.business_calendar.add(when("mon 12:00"), 3600) == when("mon 14:00")


def test_what_was_saved_is_read_back() -> None:
    saved = replace(
        SETTINGS,
        triage=(TriageRule(words=("broken",), priority="high", skills=("repair",), tags=("defect",)),),
        survey=SurveySettings(low_rating=3),
        version=4,
    )
    assert DeskSettings.from_dict(json.loads(json.dumps(asdict(saved)))) == saved


def test_what_was_saved_before_a_setting_existed_gets_its_default() -> None:
    assert DeskSettings.from_dict({"name": "Corner Shop"}) == DeskSettings(name="Corner Shop")


def test_what_a_later_version_saved_is_passed_over() -> None:
    data: dict[str, Any] = {"name": "Corner Shop", "unheard_of": 1, "survey": {"low_rating": 1, "unheard_of": 2}}
    assert DeskSettings.from_dict(data).survey.low_rating == 1


def test_conditions_of_a_saved_policy_still_fit() -> None:
    policy = promise(match={"tag": ("vip",)})
    found = DeskSettings.from_dict(json.loads(json.dumps(asdict(replace(SETTINGS, sla_policies=(policy,))))))
    assert list(found.sla_policies[0].match["tag"]) == ["vip"]


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: DeskSettings(name=""), "name"),
    (lambda: DeskSettings(name="x" * 101), "name"),
    (lambda: DeskSettings(support_address="help"), "support_address"),
    (lambda: DeskSettings(support_address="a@b@c"), "support_address"),
    (lambda: DeskSettings(public_url="desk.shop.example"), "public_url"),
    (lambda: DeskSettings(language="fr"), "language"),
    (lambda: DeskSettings(reopen_seconds=-1), "reopen_seconds"),
    (lambda: DeskSettings(sla_policies=(promise(), promise())), "sla_policies"),
    (lambda: DeskSettings(calendar={"timezone": "UTC", "hours": {}}), "hours"),
    (lambda: DeskSettings(calendar={"timezone": "Mars", "hours": OFFICE_HOURS["hours"]}), "timezone"),
    (lambda: SlaPolicy(id=""), "sla_policies"),
    (lambda: promise(warn_at_percent=0), "sla_policies[standard].warn_at_percent"),
    (lambda: promise(warn_at_percent=100), "sla_policies[standard].warn_at_percent"),
    (lambda: promise(match={"moon": ("full",)}), "sla_policies[standard].match.moon"),
    (lambda: promise(targets={"lunch": {"normal": 60}}), "sla_policies[standard].targets.lunch"),
    (lambda: promise(targets={"resolution": {"huge": 60}}), "sla_policies[standard].targets.resolution.huge"),
    (lambda: promise(targets={"resolution": {"low": 0}}), "sla_policies[standard].targets.resolution.low"),
    (lambda: promise(targets={"resolution": {"low": 367 * DAY}}), "sla_policies[standard].targets.resolution.low"),
    (lambda: TriageRule(words=()), "triage[].words"),
    (lambda: TriageRule(words=("",)), "triage[].words"),
    (lambda: TriageRule(words=("x",), priority="huge"), "triage[].priority"),
    (lambda: SurveySettings(delay_seconds=-1), "survey.delay_seconds"),
    (lambda: SurveySettings(low_rating=5), "survey.low_rating"),
    (lambda: SurveySettings(low_rating=-1), "survey.low_rating"),
    (lambda: SurveySettings(reminder_seconds=0), "survey"),
    (lambda: SurveySettings(reminder_seconds=8 * DAY), "survey"),
    (lambda: SurveySettings(follow_up_seconds=15 * DAY), "survey"),
]


@pytest.mark.parametrize(("make", "field"), REFUSED, ids=[f"{n}-{field}" for n, (_, field) in enumerate(REFUSED)])
def test_what_makes_no_sense_is_refused_and_the_line_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make()
    assert refusal.value.field.endswith(field)


def test_what_is_just_allowed_is_allowed() -> None:
    assert promise(warn_at_percent=1, targets={"resolution": {"low": 1, "high": 366 * DAY}})
    assert promise(warn_at_percent=99)
    assert SurveySettings(delay_seconds=0, reminder_seconds=1, follow_up_seconds=1, expires_seconds=1, low_rating=0)
    assert SurveySettings(low_rating=4)
    assert DeskSettings(name="x" * 100, public_url="http://127.0.0.1:8000", language="zh", reopen_seconds=0)
