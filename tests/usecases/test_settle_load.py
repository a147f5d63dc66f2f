"""Agents' hands are put right, and room that appears goes to who waits."""

from dataclasses import replace

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.ticket import Priority, Status
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.settle_load import LEAST_WOKEN, offer_room
from tests.usecases.fakes import FakeDesk


def set_status(desk: FakeDesk, ref: str, status: Status) -> None:
    edit_ticket(desk, ref, TicketEdit(status=status), "agent:lin", None)
    desk.run(ref)


def full(desk: FakeDesk) -> list[str]:
    """Fill everybody's hands; gives what they hold."""
    return [desk.settled().ref for _ in range(4)]


@pytest.mark.parametrize("status", [Status.PENDING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED])
def test_a_ticket_that_is_not_the_desks_turn_leaves_its_agents_hands(desk: FakeDesk, status: Status) -> None:
    ref = desk.settled().ref
    assert desk.people.holding("ada") == {ref}
    set_status(desk, ref, status)
    assert desk.people.holding("ada") == set()


def test_it_comes_back_into_them_even_when_they_are_full(desk: FakeDesk) -> None:
    first, *_ = full(desk)
    set_status(desk, first, Status.PENDING)
    desk.settled()
    assert len(desk.people.holding("ada")) == 2
    set_status(desk, first, Status.OPEN)
    assert len(desk.people.holding("ada")) == 3


def test_by_hand_a_ticket_goes_from_one_to_the_other(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(assignee_id="sam"), "agent:lin", None)
    desk.run(ref)
    assert (desk.people.holding("ada"), desk.people.holding("sam")) == (set(), {ref})


def test_room_that_appears_goes_to_the_most_urgent_that_waits(desk: FakeDesk) -> None:
    first, *_ = full(desk)
    normal = desk.settled().ref
    urgent = desk.settled(priority=Priority.URGENT).ref
    set_status(desk, first, Status.SOLVED)
    woken = [nudge.ref for nudge in desk.work.asked if nudge.assign]
    assert woken == [urgent, normal]


def test_a_few_more_are_woken_than_find_room_since_the_first_may_need_a_rare_skill(desk: FakeDesk) -> None:
    full(desk)
    waiting: list[str] = []
    for _ in range(LEAST_WOKEN + 1):
        waiting.append(desk.settled().ref)
        desk.clock.move(minutes=1)
    desk.work.taken()
    offer_room(desk, [replace(desk.people.agents["ada"], holding=frozenset())])
    assert [nudge.ref for nudge in desk.work.asked] == waiting[:LEAST_WOKEN]


def test_in_other_teams_nobody_is_woken(desk: FakeDesk) -> None:
    full(desk)
    desk.settled()
    desk.work.taken()
    offer_room(desk, [replace(desk.people.agents["ada"], team_ids=("billing",))])
    offer_room(desk, [replace(desk.people.agents["ada"], team_ids=())])
    assert desk.work.asked == []


def test_when_nothing_came_free_nobody_is_woken(desk: FakeDesk) -> None:
    full(desk)
    desk.settled()
    ref = desk.settled(assignee_id="sam").ref
    assert all(not nudge.assign for nudge in desk.work.asked)
    assert ref in desk.people.holding("sam")


def test_a_queue_that_takes_no_requests_undoes_nothing(desk: FakeDesk) -> None:
    first, *_ = full(desk)
    desk.settled()
    edit_ticket(desk, first, TicketEdit(status=Status.SOLVED), "agent:lin", None)
    desk.work.troubles.append(TryAgain("the queue is away"))
    after = desk.run(first)
    assert first not in desk.people.holding("ada")
    assert all(entry.task is not Task.SETTLE_LOAD for entry in after.agenda)


def test_a_ticket_that_changes_hands_while_they_are_settled_is_settled_again(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(assignee_id="sam"), "agent:lin", None)

    def back() -> None:
        change_ticket(desk, ref, lambda ticket: lifecycle.assigned(ticket, "ada", desk.clock.now(), "agent:lin"))

    desk.mailer.meanwhile.append(back)  # while Sam is told
    desk.run(ref)
    assert (desk.people.holding("ada"), desk.people.holding("sam")) == ({ref}, set())


def test_settling_is_safe_to_repeat(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    for _ in range(2):
        desk.put(lifecycle.with_tasks(desk.ticket(ref), Entry(desk.clock.now(), Task.SETTLE_LOAD)))
        desk.run(ref)
    assert desk.people.holding("ada") == {ref}
