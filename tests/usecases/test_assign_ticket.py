"""A ticket finds its agent, or waits in its team's queue and goes out when room appears."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.desk import TriageRule
from chalicelib.domain.people import Agent
from chalicelib.domain.ticket import Status
from chalicelib.usecases.assign_ticket import assign_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from tests.domain.samples import MONDAY
from tests.usecases.fakes import FakeDesk


def agent(desk: FakeDesk, name: str, **changes: Any) -> None:
    desk.people.agents[name] = replace(desk.people.agents[name], **changes)


def nobody_there(desk: FakeDesk) -> None:
    for name in ("ada", "sam"):
        agent(desk, name, available=False)


def test_tickets_go_out_evenly_and_keep_their_place(desk: FakeDesk) -> None:
    tickets = [desk.settled() for _ in range(4)]
    assert [ticket.assignee_id for ticket in tickets] == ["ada", "sam", "ada", "sam"]
    assert desk.people.holding("ada") == {tickets[0].ref, tickets[2].ref}


def test_when_everybody_is_full_the_next_one_waits(desk: FakeDesk) -> None:
    for _ in range(4):
        desk.settled()
    waiting = desk.settled()
    assert waiting.assignee_id == ""
    assert [card.ref for card in desk.tickets.queue(["team:support"], 9).cards] == [waiting.ref]


def test_a_waiting_ticket_looks_again_after_1_2_4_8_and_then_every_15_minutes(desk: FakeDesk) -> None:
    nobody_there(desk)
    ticket = desk.settled()
    looks = [MONDAY]
    for _ in range(6):
        (entry,) = (known for known in desk.ticket(ticket.ref).agenda if known.task is Task.ASSIGN)
        looks.append(entry.at)
        desk.clock.instant = entry.at
        desk.run(ticket.ref)
    assert [(after - before).total_seconds() / 60 for before, after in pairwise(looks)] == [1, 2, 4, 8, 15, 15]


def test_it_goes_to_whoever_is_there_when_it_looks_again(desk: FakeDesk) -> None:
    nobody_there(desk)
    ticket = desk.settled()
    agent(desk, "sam", available=True)
    desk.pass_time(minutes=1)
    assert desk.ticket(ticket.ref).assignee_id == "sam"


def test_only_who_has_the_skill_gets_it(desk: FakeDesk) -> None:
    desk.settings.change(triage=(TriageRule(words=("refund",), skills=("refunds",)),))
    agent(desk, "sam", skills=("refunds",))
    assert desk.settled(text="A refund, please").assignee_id == "sam"
    assert desk.settled(text="A refund, please").assignee_id == "sam"
    assert desk.settled(text="A refund, please").assignee_id == ""


def test_two_workers_never_fill_the_last_place_twice(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The roster says that Ada has room; by the time her place is taken, she has not."""
    agent(desk, "ada", capacity=1)
    roster = desk.people.roster()
    desk.people.hold("ada", "SOMETHING-ELSE")
    monkeypatch.setattr(desk.people, "roster", lambda: roster)
    ticket = lifecycle.with_tasks(desk.open(team_id="support"))
    assert assign_ticket(desk, ticket, Entry(MONDAY, Task.ASSIGN)).assignee_id == "sam"


def test_a_place_taken_by_a_worker_that_died_is_found_again(desk: FakeDesk) -> None:
    ticket = desk.open()
    desk.people.hold("sam", ticket.ref)
    after = desk.run(ticket.ref)
    assert after.assignee_id == "sam"
    assert desk.people.holding("ada") == set()


def test_places_that_more_than_one_worker_took_come_down_to_one(desk: FakeDesk) -> None:
    ticket = desk.open()
    desk.people.hold("sam", ticket.ref)
    desk.people.hold("ada", ticket.ref)
    assert desk.run(ticket.ref).assignee_id == "ada"
    assert (desk.people.holding("ada"), desk.people.holding("sam")) == ({ticket.ref}, set())


def test_a_ticket_that_has_its_agent_or_waits_for_the_customer_is_left(desk: FakeDesk) -> None:
    ticket = desk.settled()
    for one in (ticket, replace(ticket, assignee_id="", status=Status.PENDING)):
        assert assign_ticket(desk, one, Entry(MONDAY, Task.ASSIGN)) is one


def test_a_ticket_that_waited_for_the_customer_unassigned_finds_its_agent_when_they_answer(desk: FakeDesk) -> None:
    nobody_there(desk)
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(status=Status.PENDING), "agent:lin", None)
    desk.pass_time(hours=5)
    agent(desk, "ada", available=True)
    desk.pass_time(hours=1)
    assert desk.ticket(ref).assignee_id == ""
    edit_ticket(desk, ref, TicketEdit(status=Status.OPEN), "agent:lin", None)
    assert desk.run(ref).assignee_id == "ada"


def test_a_ticket_moved_to_a_team_with_room_finds_its_agent_there(desk: FakeDesk) -> None:
    nobody_there(desk)
    ref = desk.settled().ref
    desk.pass_time(minutes=30)
    desk.people.save_agent(Agent("bo", "Bo", "bo@shop.example", team_ids=("billing",)))
    desk.people.teams["billing"] = replace(desk.people.teams["support"], id="billing")
    edit_ticket(desk, ref, TicketEdit(team_id="billing"), "agent:lin", None)
    assert desk.run(ref).assignee_id == "bo"
