"""Agents and teams come, change and go; room that appears goes to tickets that wait."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import AlreadyExists, InvalidInput, NotFound, StaleVersion, TryAgain
from chalicelib.domain.people import Agent, Team
from chalicelib.usecases.manage_people import (
    add_agent,
    add_team,
    edit_agent,
    edit_team,
    find_agent,
    find_team,
    invite_agent,
)
from tests.usecases.fakes import FakeDesk, Nudge

EVE = Agent("eve", "Eve", "eve@shop.example", team_ids=("support",), capacity=3)


def waiting(desk: FakeDesk) -> str:
    """Give the reference of a ticket that waits because nobody has room."""
    for _ in range(4):
        desk.settled()
    return desk.settled().ref


def test_an_agent_who_comes_gets_what_waits(desk: FakeDesk) -> None:
    ref = waiting(desk)
    assert add_agent(desk, EVE) == find_agent(desk, "eve")
    assert desk.work.asked == [Nudge(ref, assign=True)]


def test_an_agent_who_is_not_there_yet_gets_nothing(desk: FakeDesk) -> None:
    waiting(desk)
    add_agent(desk, replace(EVE, available=False))
    assert desk.work.asked == []


def test_an_agent_who_becomes_available_gets_what_waits(desk: FakeDesk) -> None:
    add_agent(desk, replace(EVE, available=False))
    ref = waiting(desk)
    edit_agent(desk, "eve", {"available": True}, None)
    assert desk.work.asked == [Nudge(ref, assign=True)]


def test_more_hands_get_what_waits(desk: FakeDesk) -> None:
    ref = waiting(desk)
    edit_agent(desk, "ada", {"capacity": 3}, None)
    assert desk.work.asked == [Nudge(ref, assign=True)]


@pytest.mark.parametrize("changes", [{"name": "Ada L."}, {"available": False}, {"available": False, "capacity": 9}])
def test_who_is_full_or_away_gets_nothing(desk: FakeDesk, changes: dict[str, object]) -> None:
    waiting(desk)
    edit_agent(desk, "ada", changes, None)
    assert desk.work.asked == []


def test_an_agent_who_is_changed_keeps_what_they_hold(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    changed = edit_agent(desk, "ada", {"name": "Ada L.", "skills": ("refunds",)}, None)
    assert (changed.name, changed.skills) == ("Ada L.", ("refunds",))
    assert changed.holding == {ref}


def test_what_is_saved_is_saved_though_the_queue_is_away(desk: FakeDesk) -> None:
    waiting(desk)
    desk.work.troubles.append(TryAgain("the queue is away"))
    assert add_agent(desk, EVE) == find_agent(desk, "eve")


def test_one_id_is_one_agent_and_one_team(desk: FakeDesk) -> None:
    with pytest.raises(AlreadyExists):
        add_agent(desk, replace(EVE, id="ada"))
    with pytest.raises(AlreadyExists):
        add_team(desk, Team("support", "Support again"))


def test_who_comes_is_invited_before_they_are_saved_so_that_it_can_be_done_again(desk: FakeDesk) -> None:
    desk.accounts.troubles.append(TryAgain("Cognito is away"))
    with pytest.raises(TryAgain):
        add_agent(desk, EVE)
    add_agent(desk, EVE)
    assert desk.accounts.invited == [EVE.email]
    invite_agent(desk, "eve")
    assert desk.accounts.invited == [EVE.email] * 2


def test_another_address_is_invited_and_the_same_is_not(desk: FakeDesk) -> None:
    edit_agent(desk, "ada", {"name": "Ada L.", "email": find_agent(desk, "ada").email}, None)
    assert desk.accounts.invited == []
    edit_agent(desk, "ada", {"email": "ada.l@shop.example"}, None)
    assert desk.accounts.invited == ["ada.l@shop.example"]


def test_one_address_signs_one_agent_in(desk: FakeDesk) -> None:
    taken = find_agent(desk, "ada").email
    with pytest.raises(InvalidInput, match="another agent"):
        add_agent(desk, replace(EVE, email=taken))
    desk.people.save_agent(EVE)
    with pytest.raises(InvalidInput, match="another agent"):
        edit_agent(desk, "eve", {"email": taken}, None)
    assert desk.accounts.invited == []
    edit_agent(desk, "ada", {"active": False}, None)
    assert edit_agent(desk, "eve", {"email": taken}, None).email == taken
    with pytest.raises(InvalidInput, match="another agent"):
        edit_agent(desk, "ada", {"active": True}, None)


def test_a_team_is_founded_and_changed(desk: FakeDesk) -> None:
    assert add_team(desk, Team("billing", "Billing", ("lin",))) == find_team(desk, "billing")
    changed = edit_team(desk, "billing", {"name": "Money", "lead_ids": ("ada",)}, 1)
    assert (changed.name, changed.lead_ids, changed.version) == ("Money", ("ada",), 2)


def test_teams_and_leads_must_exist(desk: FakeDesk) -> None:
    for attempt, field in (
        (lambda: add_agent(desk, replace(EVE, team_ids=("nobody",))), "team_ids"),
        (lambda: edit_agent(desk, "ada", {"team_ids": ("support", "nobody")}, None), "team_ids"),
        (lambda: add_team(desk, Team("billing", "Billing", ("nobody",))), "lead_ids"),
        (lambda: edit_team(desk, "support", {"lead_ids": ("nobody",)}, None), "lead_ids"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            attempt()
        assert refusal.value.field == field


def test_a_change_decided_on_an_old_version_is_refused(desk: FakeDesk) -> None:
    edit_agent(desk, "ada", {"name": "Ada L."}, 1)
    with pytest.raises(StaleVersion):
        edit_agent(desk, "ada", {"name": "A. L."}, 1)
    edit_team(desk, "support", {"name": "Help"}, 1)
    with pytest.raises(StaleVersion):
        edit_team(desk, "support", {"name": "Aid"}, 1)


def test_who_is_not_there_is_not_found(desk: FakeDesk) -> None:
    with pytest.raises(NotFound):
        find_agent(desk, "nobody")
    with pytest.raises(NotFound):
        edit_agent(desk, "nobody", {}, None)
    with pytest.raises(NotFound):
        find_team(desk, "nobody")
    with pytest.raises(NotFound):
        edit_team(desk, "nobody", {}, None)
