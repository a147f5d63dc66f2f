"""Somebody of the desk asks for something to be done: whoever has the ticket is told in time, once."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.lifecycle import MOST_FOLLOW_UPS
from chalicelib.domain.people import Agent
from chalicelib.usecases.edit_ticket import add_follow_up, complete_follow_up
from tests.usecases.fakes import FakeDesk

SAM = "agent:sam"


@pytest.fixture
def desk() -> FakeDesk:
    desk = FakeDesk()
    for name in ("ada", "sam"):
        desk.people.save_agent(Agent(name, name.title(), f"{name}@example.com"))
    return desk


def asked(desk: FakeDesk, hours: float | None = 4, by: str = SAM, **fields: str) -> str:
    ref = desk.settled(assignee_id="sam", **fields).ref
    due_at = desk.clock.now() + timedelta(hours=hours) if hours else None
    for _ in range(2):
        add_follow_up(desk, ref, "form-1", "Call them", due_at, by)
    desk.run(ref)
    return ref


def told(desk: FakeDesk) -> int:
    return sum(1 for mail in desk.mailer.to("sam@example.com") if "follow" in mail.subject)


def test_who_has_the_ticket_is_told_when_it_is_time_and_once(desk: FakeDesk) -> None:
    ref = asked(desk)
    assert told(desk) == 0
    desk.pass_time(hours=5)
    assert told(desk) == 1
    assert len(desk.ticket(ref).follow_ups) == 1
    assert any("what=Call them" in mail.text for mail in desk.mailer.to("sam@example.com"))


def test_what_was_done_before_its_time_is_told_to_nobody(desk: FakeDesk) -> None:
    ref = asked(desk)
    complete_follow_up(desk, ref, desk.ticket(ref).follow_ups[0].id, SAM)
    desk.pass_time(hours=5)
    assert told(desk) == 0


def test_without_a_time_another_is_told_at_once_and_oneself_not(desk: FakeDesk) -> None:
    asked(desk, None)
    assert told(desk) == 0
    asked(desk, None, "agent:ada")
    assert told(desk) == 1


def test_so_many_may_be_open(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    for number in range(MOST_FOLLOW_UPS):
        add_follow_up(desk, ref, str(number), "Call", None, SAM)
    with pytest.raises(Conflict):
        add_follow_up(desk, ref, "one more", "Call", None, SAM)


@pytest.mark.parametrize(("reason", "hours"), [("", 1), ("x" * 201, 1), ("Call", -1), ("Call", 367 * 24)])
def test_what_can_t_be_is_refused(desk: FakeDesk, reason: str, hours: float) -> None:
    ref = desk.settled().ref
    with pytest.raises(InvalidInput):
        add_follow_up(desk, ref, "1", reason, desk.clock.now() + timedelta(hours=hours), SAM)
