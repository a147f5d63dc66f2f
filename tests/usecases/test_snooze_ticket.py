"""A ticket is put away and comes back: by its time, by its customer, by hand."""

from datetime import timedelta

import pytest

from chalicelib.domain.agenda import Task
from chalicelib.domain.people import Agent
from chalicelib.domain.ticket import Happening
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.list_tickets import Filter, list_tickets
from chalicelib.usecases.manage_people import edit_agent
from chalicelib.usecases.run_agenda import run_agenda
from chalicelib.usecases.snooze_ticket import snooze_ticket, wake_ticket
from chalicelib.usecases.view_inbox import Wanted, view_inbox
from tests.usecases.fakes import FakeDesk

SAM = "agent:sam"


@pytest.fixture
def desk() -> FakeDesk:
    desk = FakeDesk()
    for name in ("ada", "sam"):
        desk.people.save_agent(Agent(name, name.title(), f"{name}@example.com", team_ids=("support",)))
    return desk


def away(desk: FakeDesk, **fields: str) -> str:
    ref = desk.settled(assignee_id="sam", **fields).ref
    snooze_ticket(desk, ref, desk.clock.now() + timedelta(hours=4), "", SAM)
    desk.run(ref)
    return ref


def test_it_is_in_no_queue_but_its_own_until_its_time_and_out_of_hands(desk: FakeDesk) -> None:
    ref = away(desk)
    sam = desk.people.roster().agent("sam")
    assert sam
    assert ref not in sam.holding
    assert [card.ref for card in view_inbox(desk, sam, desk.people.roster(), Wanted("mine"), 10).page.cards] == []
    assert [card.ref for card in view_inbox(desk, sam, desk.people.roster(), Wanted("snoozed"), 10).page.cards] == [ref]
    assert view_inbox(desk, sam, desk.people.roster(), Wanted("mine"), 10).counts.of["snoozed"] == 1
    assert [card.ref for card in list_tickets(desk, Filter(assignee_id="sam"), 10).cards] == [ref]
    desk.clock.move(hours=4)
    desk.run(ref)
    assert [card.ref for card in view_inbox(desk, sam, desk.people.roster(), Wanted("mine"), 10).page.cards] == [ref]
    assert ref in (desk.people.roster().agent("sam") or sam).holding


def test_a_worker_that_comes_twice_wakes_it_once(desk: FakeDesk) -> None:
    ref = away(desk)
    desk.clock.move(hours=4)
    for _ in range(3):
        run_agenda(desk, ref)
    assert sum(1 for fact in desk.ticket(ref).timeline if fact.what is Happening.WOKEN) == 1


def test_another_s_change_brings_it_back_in_the_same_write(desk: FakeDesk) -> None:
    ref = away(desk)
    before = desk.ticket(ref).version
    after = edit_ticket(desk, ref, TicketEdit(tags=("vip",)), "agent:ada", None)
    assert (after.snoozed_until, after.version) == (None, before + 1)


def test_woken_by_hand_twice_it_is_back_once(desk: FakeDesk) -> None:
    ref = away(desk)
    assert wake_ticket(desk, ref, SAM).timeline[-1].tells(Happening.WOKEN, reason="hand")
    assert wake_ticket(desk, ref, SAM).version == desk.ticket(ref).version
    assert sum(1 for fact in desk.ticket(ref).timeline if fact.what is Happening.WOKEN) == 1


def test_its_clocks_go_on(desk: FakeDesk) -> None:
    ref = away(desk)
    assert any(entry.task is Task.SLA_BREACH for entry in desk.ticket(ref).agenda)


def test_who_leaves_the_desk_leaves_what_they_put_away_to_others(desk: FakeDesk) -> None:
    ref = away(desk)
    edit_agent(desk, "sam", {"active": False}, None)
    assert desk.ticket(ref).assignee_id == ""
