"""An answer that was sent can be taken back for a moment, and then leaves once."""

from dataclasses import replace

import pytest

from chalicelib.domain.draft import UNDO_SECONDS, Draft
from chalicelib.domain.errors import Conflict
from chalicelib.domain.macro import Macro
from chalicelib.domain.message import MessageKind
from chalicelib.domain.people import Agent
from chalicelib.domain.ticket import Happening, Priority, Status, Ticket
from chalicelib.usecases.run_agenda import run_agenda
from chalicelib.usecases.send_draft import send_soon, take_back, unsent_drafts
from tests.usecases.fakes import FakeDesk


@pytest.fixture
def desk() -> FakeDesk:
    desk = FakeDesk()
    desk.people.save_agent(Agent("sam", "Sam", "sam@example.com"))
    return desk


@pytest.fixture
def ticket(desk: FakeDesk) -> Ticket:
    return desk.open()


def draft(desk: FakeDesk, **changes: object) -> Draft:
    made = Draft(id="1", agent_id="sam", kind=MessageKind.REPLY, text="On its way.", saved_at=desk.clock.now())
    return replace(made, **changes)  # type: ignore[arg-type]


def said(desk: FakeDesk, ticket: Ticket) -> int:
    return sum(1 for fact in desk.ticket(ticket.ref).timeline if fact.what is Happening.AGENT_ANSWERED)


def test_an_answer_leaves_when_the_time_for_taking_it_back_is_over(desk: FakeDesk, ticket: Ticket) -> None:
    send_soon(desk, ticket.ref, draft(desk, status=Status.SOLVED))
    run_agenda(desk, ticket.ref)
    assert said(desk, ticket) == 0
    desk.clock.move(seconds=UNDO_SECONDS)
    run_agenda(desk, ticket.ref)
    assert said(desk, ticket) == 1
    assert desk.ticket(ticket.ref).status is Status.SOLVED


def test_it_is_one_answer_however_often_it_was_sent_or_run(desk: FakeDesk, ticket: Ticket) -> None:
    for _ in range(2):
        send_soon(desk, ticket.ref, draft(desk))
        desk.clock.move(seconds=UNDO_SECONDS)
        run_agenda(desk, ticket.ref)
        run_agenda(desk, ticket.ref)
    assert said(desk, ticket) == 1


def test_what_was_taken_back_in_time_never_leaves_and_stays_a_draft(desk: FakeDesk, ticket: Ticket) -> None:
    send_soon(desk, ticket.ref, draft(desk))
    assert take_back(desk, ticket.ref, "sam")
    desk.clock.move(seconds=UNDO_SECONDS)
    run_agenda(desk, ticket.ref)
    assert said(desk, ticket) == 0
    assert desk.drafts.get(ticket.ref, "sam") == draft(desk, saved_at=desk.drafts.kept[ticket.ref, "sam"].saved_at)


def test_what_has_left_can_t_be_taken_back(desk: FakeDesk, ticket: Ticket) -> None:
    send_soon(desk, ticket.ref, draft(desk))
    desk.clock.move(seconds=UNDO_SECONDS)
    run_agenda(desk, ticket.ref)
    assert not take_back(desk, ticket.ref, "sam")


def test_nobody_sends_onto_a_closed_ticket(desk: FakeDesk, ticket: Ticket) -> None:
    desk.put(replace(desk.ticket(ticket.ref), status=Status.CLOSED))
    with pytest.raises(Conflict):
        send_soon(desk, ticket.ref, draft(desk))


def test_a_ticket_closed_in_that_moment_keeps_the_text_and_tells_somebody(desk: FakeDesk, ticket: Ticket) -> None:
    send_soon(desk, ticket.ref, draft(desk))
    desk.put(replace(desk.ticket(ticket.ref), status=Status.CLOSED, solved_at=desk.clock.now()))
    desk.clock.move(seconds=UNDO_SECONDS)
    run_agenda(desk, ticket.ref)
    assert said(desk, ticket) == 0
    assert [one.reason for one in desk.ticket(ticket.ref).follow_ups] == ["unsent"]
    assert [one.text for one in unsent_drafts(desk, desk.ticket(ticket.ref))] == ["On its way."]


def test_an_agent_who_left_sends_nothing_more(desk: FakeDesk, ticket: Ticket) -> None:
    send_soon(desk, ticket.ref, draft(desk, agent_id="nobody"))
    desk.clock.move(seconds=UNDO_SECONDS)
    run_agenda(desk, ticket.ref)
    assert said(desk, ticket) == 0


def test_what_a_macro_sets_comes_with_the_answer_and_not_where_that_was_taken_back(
    desk: FakeDesk, ticket: Ticket
) -> None:
    vip = Macro("vip", "VIP", {"en": "Dear {customer}"}, priority="high", tags=("vip",))
    desk.settings.change(macros=(vip,))
    send_soon(desk, ticket.ref, draft(desk, macro="vip"))
    assert desk.ticket(ticket.ref).priority is Priority.NORMAL
    assert take_back(desk, ticket.ref, "sam")
    desk.clock.move(seconds=UNDO_SECONDS)
    run_agenda(desk, ticket.ref)
    assert (desk.ticket(ticket.ref).priority, desk.ticket(ticket.ref).tags) == (Priority.NORMAL, ())
    send_soon(desk, ticket.ref, draft(desk, macro="vip"))
    desk.clock.move(seconds=UNDO_SECONDS)
    for _ in range(2):
        run_agenda(desk, ticket.ref)
    assert (desk.ticket(ticket.ref).priority, desk.ticket(ticket.ref).tags) == (Priority.HIGH, ("vip",))


def test_what_is_written_after_an_answer_was_sent_never_leaves_with_it(desk: FakeDesk, ticket: Ticket) -> None:
    send_soon(desk, ticket.ref, draft(desk))
    desk.drafts.save(ticket.ref, draft(desk, id="2", text="Not finis"))
    desk.clock.move(seconds=UNDO_SECONDS)
    run_agenda(desk, ticket.ref)
    [message] = [one for one in desk.tickets.messages.values() if one.author == "agent:sam"]
    assert message.text == "On its way."
    [unsent] = unsent_drafts(desk, desk.ticket(ticket.ref))
    assert unsent.text == "Not finis"


def test_two_answers_of_one_agent_both_leave(desk: FakeDesk, ticket: Ticket) -> None:
    send_soon(desk, ticket.ref, draft(desk))
    send_soon(desk, ticket.ref, draft(desk, id="2", text="And another thing."))
    desk.clock.move(seconds=UNDO_SECONDS)
    run_agenda(desk, ticket.ref)
    assert said(desk, ticket) == 2
