"""Automations as they are written: what can't be is named by its line, and what was kept is read again."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from chalicelib.domain.automation import Action, Automation, Condition, When
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from tests.domain.samples import DAY, SETTINGS


def a_rule(rule_id: str = "vip", **changes: Any) -> Automation:
    usual = {
        "name": "VIP",
        "when": When("opened"),
        "conditions": (Condition("tier", ("gold",)),),
        "actions": (Action("priority", "high"),),
    }
    return Automation(**{"id": rule_id, **usual, **changes})


SILENT = When("silent", "pending", seconds=DAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rule_id": "Not so"}, "id"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"when": When("born")}, "when.event"),
        ({"when": When("opened", status="open")}, "when.status"),
        ({"when": When("status_changed")}, "when.status"),
        ({"when": When("status_changed", status="new")}, "when.status"),
        ({"when": When("rated")}, "when.rating"),
        ({"when": When("opened", rating=1)}, "when.rating"),
        ({"when": When("silent", "closed", seconds=DAY)}, "when.status"),
        ({"when": When("silent", "open", seconds=1)}, "when.seconds"),
        ({"when": When("opened", seconds=DAY)}, "when.seconds"),
        ({"conditions": (Condition("colour", ("red",)),)}, "conditions[0].what"),
        ({"conditions": (Condition("tag", ()),)}, "conditions[0].values"),
        ({"conditions": (Condition("tag", ("a\x00",)),)}, "conditions[0].values"),
        ({"conditions": (Condition("priority", ("hot",)),)}, "conditions[0].values"),
        ({"conditions": (Condition("tag", ("a",)),) * 11}, "conditions"),
        ({"when": SILENT, "conditions": (Condition("scenario", ("a",)),)}, "conditions[0].what"),
        ({"when": SILENT, "conditions": (Condition("hours", ("default",), True),)}, "conditions[0].what"),
        ({"actions": ()}, "actions"),
        ({"actions": (Action("note", "x"),) * 11}, "actions"),
        ({"actions": (Action("explode", "x"),)}, "actions[0].do"),
        ({"actions": (Action("note", " "),)}, "actions[0].value"),
        ({"actions": (Action("priority", "hot"),)}, "actions[0].value"),
        ({"actions": (Action("status", "closed"),)}, "actions[0].value"),
        ({"actions": (Action("add_tags", ","),)}, "actions[0].value"),
        ({"actions": (Action("webhook", "http://example.com"),)}, "actions[0].value"),
        ({"actions": (Action("note", "fine"), Action("team", ""))}, "actions[1].value"),
    ],
)
def test_what_cannot_be_is_named_by_its_line(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        a_rule(**changes)
    assert refused.value.field.endswith(f"].{field}")


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ((a_rule(), a_rule()), "automations"),
        (tuple(a_rule(f"r{number}") for number in range(101)), "automations"),
        ((a_rule(actions=(Action("answer", "gone"),)),), "automations[vip].actions[0].value"),
        ((a_rule(conditions=(Condition("hours", ("gone",)),)),), "automations[vip].conditions[0].values"),
    ],
)
def test_rules_must_fit_the_desk(rules: tuple[Automation, ...], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        replace(SETTINGS, automations=rules)
    assert refused.value.field == field


def test_a_hundred_usual_rules_leave_room_for_other_settings() -> None:
    rules = tuple(
        a_rule(f"rule-{number}", conditions=(Condition("words", ("refund", "money back", "退款")),) * 3)
        for number in range(100)
    )
    assert len(json.dumps(asdict(replace(SETTINGS, automations=rules))["automations"])) < 60_000


def test_rules_are_kept_and_read_again() -> None:
    settings = replace(SETTINGS, automations=(a_rule(), a_rule("remind", when=SILENT, enabled=False)))
    kept = json.loads(json.dumps(asdict(settings)))
    assert DeskSettings.from_dict(kept).automations == settings.automations
    kept["automations"][0]["later"] = 1
    assert DeskSettings.from_dict(kept).automations == settings.automations


def test_tags_are_told_apart_by_commas_of_both_languages() -> None:
    assert Action("add_tags", "vip, gold，新 vip").tags == ("vip", "gold", "新")
