"""Scenario plans: running by the clock of a zone, what they tell, pin and allow, and what can't be planned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle, scenario
from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.people import Agent, Roster
from chalicelib.domain.routing import candidates, within_plans
from chalicelib.domain.scenario import Phase, Scenario
from tests.domain.samples import MONDAY, SETTINGS, a_ticket, law, promise

CALENDARS = {
    "default": BusinessCalendar.from_dict({"timezone": "UTC", "always_open": True}),
    "berlin": BusinessCalendar.from_dict({"timezone": "Europe/Berlin", "always_open": True}),
}


def plan(plan_id: str = "sale", **changes: Any) -> Scenario:
    return Scenario(**{"id": plan_id, "name": "Sale", "starts": "2026-11-23", "ends": "2026-11-24T12:00", **changes})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        ("2026-11-22T23:59:59", Phase.COMING),
        ("2026-11-23T00:00:00", Phase.RUNNING),
        ("2026-11-24T11:59:59", Phase.RUNNING),
        ("2026-11-24T12:00:00", Phase.OVER),
    ],
)
def test_a_plan_runs_from_its_beginning_up_to_its_end(now: str, phase: Phase) -> None:
    assert plan().phase(at(now), CALENDARS) is phase


def test_its_times_are_those_of_its_calendar() -> None:
    there = plan(calendar="berlin")
    assert there.span(CALENDARS) == (at("2026-11-22T23:00"), at("2026-11-24T11:00"))
    assert plan(calendar="gone").span(CALENDARS) == plan().span(CALENDARS)


def test_over_a_change_of_the_clocks_it_is_an_hour_longer() -> None:
    starts, ends = plan(calendar="berlin", starts="2026-10-24", ends="2026-10-26").span(CALENDARS)
    assert ends - starts == timedelta(hours=49)


@law
@given(st.integers(-500, 500))
def test_it_is_always_in_one_phase_and_never_goes_back(hours: int) -> None:
    now = MONDAY + timedelta(hours=hours)
    order = list(Phase)
    first = order.index(plan().phase(now, CALENDARS))
    assert order.index(plan().phase(now + timedelta(hours=7), CALENDARS)) >= first


def test_each_notice_is_told_once_in_the_readers_language() -> None:
    both, english = plan(notice={"en": "Slow.", "zh": "较慢。"}), plan("other", notice={"en": "Slow."})
    assert scenario.notices((both, english, plan("third")), "en") == ("Slow.",)
    assert scenario.notices((both, english), "zh") == ("较慢。", "Slow.")


def test_pinned_macros_come_first_in_the_plans_order() -> None:
    pinned = scenario.pinned_first(SETTINGS.macros, (plan(macros=("done",)), plan("b", macros=("sorry", "done"))))
    assert [macro.id for macro in pinned] == ["done", "sorry", "ask-order"]
    assert scenario.pinned_first(SETTINGS.macros, ()) == SETTINGS.macros


@pytest.mark.parametrize(
    ("capacity", "percents", "room"),
    [(10, (), 10), (10, (150,), 15), (10, (150, 50), 5), (3, (10,), 1), (0, (300,), 0), (10, (100, 200), 20)],
)
def test_capacity_while_plans_run(capacity: int, percents: tuple[int, ...], room: int) -> None:
    assert scenario.room(capacity, [plan(capacity=percent) for percent in percents]) == room


def test_routing_gives_agents_as_much_as_plans_let_them_hold() -> None:
    full = Agent("ada", "Ada", "ada@shop.example", capacity=2, holding=frozenset({"A", "B"}))
    roster = Roster((full,))
    assert candidates(within_plans(roster, ()), a_ticket()) == ()
    assert [one.id for one in candidates(within_plans(roster, [plan(capacity=150)]), a_ticket())] == ["ada"]
    room = Roster((replace(full, capacity=4),))
    assert candidates(within_plans(room, [plan(capacity=50)]), a_ticket()) == ()


def planned(**changes: Any) -> DeskSettings:
    return replace(SETTINGS, scenarios=(plan(tags=("sale", "hot"), **changes),))


def test_tickets_opened_meanwhile_get_its_tags() -> None:
    begun = lifecycle.opened(a_ticket(tags=("hot", "vip")), "m1", planned(), acknowledge=True)
    assert begun.tags == ("hot", "vip", "sale")
    later = a_ticket(created_at=MONDAY + timedelta(days=3))
    assert lifecycle.opened(later, "m1", planned(), acknowledge=True).tags == ()


def test_a_promise_made_on_a_sales_day_holds_when_it_is_over() -> None:
    sale = replace(promise("sale"), match={"scenario": ("sale",)})
    settings = replace(planned(), sla_policies=(sale, promise()))
    begun = lifecycle.opened(a_ticket(), "m1", settings, acknowledge=True)
    assert begun.policy_id == "sale"
    assert lifecycle.repoliced(begun, settings, MONDAY + timedelta(days=9)).policy_id == "sale"
    later = a_ticket(created_at=MONDAY + timedelta(days=3))
    assert lifecycle.opened(later, "m1", settings, acknowledge=True).policy_id == "standard"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "No!"}, "id"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"starts": "tomorrow"}, "starts"),
        ({"starts": "2026-11-23T00:00Z"}, "starts"),
        ({"ends": "2026-11-23"}, "ends"),
        ({"notice": {"de": "Hallo"}}, "notice.de"),
        ({"notice": {"en": "a" * 501}}, "notice.en"),
        ({"notice": {"en": "a\x07"}}, "notice.en"),
        ({"capacity": 9}, "capacity"),
        ({"capacity": 301}, "capacity"),
        ({"tags": ("",)}, "tags"),
    ],
)
def test_what_cannot_be_planned_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        plan(**changes)
    assert refused.value.field.endswith(f".{field}")


@pytest.mark.parametrize(
    ("plans", "field"),
    [
        ((plan(), plan()), "scenarios"),
        (tuple(plan(f"p{number}") for number in range(51)), "scenarios"),
        ((plan(macros=("gone",)),), "scenarios[sale].macros"),
        ((plan(calendar="gone"),), "scenarios[sale].calendar"),
    ],
)
def test_plans_must_fit_the_desk(plans: tuple[Scenario, ...], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        replace(SETTINGS, scenarios=plans)
    assert refused.value.field == field


def test_plans_are_kept_and_read_again() -> None:
    kept = Scenario.from_dict(
        {"id": "sale", "name": "Sale", "starts": "2026-11-23", "ends": "2026-11-24T12:00", "tags": ["a"], "later": 1}
    )
    assert kept == plan(tags=("a",))
