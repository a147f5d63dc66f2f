"""An agent answers, or leaves a note for the others."""

from dataclasses import replace

import pytest

from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.message import MessageKind
from chalicelib.domain.ticket import Happening, Status
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from tests.domain.samples import MONDAY
from tests.usecases.fakes import FakeDesk, free_reference, happened

REPLY = NewMessage(origin="key:1:a", kind=MessageKind.REPLY, text="On its way.", author="agent:ada", author_name="Ada")
NOTE = replace(REPLY, origin="key:1:b", kind=MessageKind.NOTE, text="Ask the courier.")


def test_a_reply_is_kept_mentioned_and_on_its_way(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    message = answer_ticket(desk, ref, REPLY)
    after = desk.ticket(ref)
    assert desk.tickets.message(ref, message.id) == message
    assert (message.text, message.author, message.author_name) == ("On its way.", "agent:ada", "Ada")
    assert after.timeline[-1].detail["message"] == message.id
    assert Entry(MONDAY, Task.DELIVER, message.id) in after.agenda
    assert after.status is Status.OPEN


def test_a_note_leaves_for_nobody(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    message = answer_ticket(desk, ref, NOTE)
    after = desk.run(ref)
    assert after.has_message(message.id)
    assert after.status is Status.NEW
    assert desk.mailer.sent == []


def test_the_status_is_set_with_it(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    answer_ticket(desk, ref, replace(REPLY, status=Status.SOLVED))
    assert [fact.what for fact in desk.ticket(ref).timeline[-2:]] == [Happening.AGENT_ANSWERED, Happening.SOLVED]


def test_a_note_can_put_a_ticket_on_hold(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    answer_ticket(desk, ref, replace(NOTE, status=Status.ON_HOLD))
    assert desk.ticket(ref).status is Status.ON_HOLD


def test_the_same_request_twice_is_one_message(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    first = answer_ticket(desk, ref, replace(REPLY, status=Status.SOLVED))
    desk.run(ref)
    version = desk.ticket(ref).version
    desk.clock.move(minutes=1)
    second = answer_ticket(desk, ref, replace(REPLY, status=Status.SOLVED))
    assert first == second
    assert desk.ticket(ref).version == version
    assert len(desk.mailer.to("jo@customer.example")) == 1


def test_two_requests_are_two_messages(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    answer_ticket(desk, ref, REPLY)
    answer_ticket(desk, ref, replace(REPLY, origin="key:1:c"))
    assert len(happened(desk.ticket(ref), Happening.AGENT_ANSWERED)) == 2


@pytest.mark.parametrize("new", [REPLY, NOTE])
def test_a_closed_ticket_takes_no_more(desk: FakeDesk, new: NewMessage) -> None:
    ticket = desk.put(replace(desk.settled(), status=Status.CLOSED))
    with pytest.raises(Conflict):
        answer_ticket(desk, ticket.ref, new)
    assert len(desk.tickets.messages) == 1


def test_a_status_that_cannot_be_keeps_the_reply_from_leaving(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    answer_ticket(desk, ref, REPLY)
    with pytest.raises(Conflict):
        answer_ticket(desk, ref, replace(REPLY, origin="key:1:c", status=Status.NEW))
    assert len(happened(desk.ticket(ref), Happening.AGENT_ANSWERED)) == 1


def test_there_is_no_answering_what_is_not_there(desk: FakeDesk) -> None:
    with pytest.raises(NotFound):
        answer_ticket(desk, free_reference(desk), REPLY)


def test_an_answer_survives_somebody_elses_change(desk: FakeDesk) -> None:
    ref = desk.settled().ref

    def another() -> None:
        answer_ticket(desk, ref, NOTE)

    desk.tickets.before_save.append(another)
    answer_ticket(desk, ref, REPLY)
    what = [fact.what for fact in desk.ticket(ref).timeline[-2:]]
    assert what == [Happening.NOTE_ADDED, Happening.AGENT_ANSWERED]
