"""The one way in which a ticket changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.errors import NotFound, StaleVersion, TryAgain
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.change_ticket import MOST_TRIES, Decision, change_ticket, load_ticket
from tests.domain.samples import when
from tests.usecases.fakes import FakeDesk, Nudge, free_reference, happened


def noted(desk: FakeDesk, message: str = "m2") -> Decision:
    return lambda ticket: lifecycle.noted(ticket, message, desk.clock.now(), "agent:ada")


def meanwhile(desk: FakeDesk, ref: str, times: int = 1) -> None:
    """Let somebody else change the ticket just before each of the next saves."""

    def change() -> None:
        desk.put(replace(desk.ticket(ref), tags=(*desk.ticket(ref).tags, "meanwhile")))

    desk.tickets.before_save += [change] * times


def test_what_was_decided_is_kept_as_the_next_version(desk: FakeDesk) -> None:
    before = desk.settled()
    after = change_ticket(desk, before.ref, noted(desk))
    assert after == desk.ticket(before.ref)
    assert after.version == before.version + 1
    assert after.has_message("m2")


def test_nothing_to_change_writes_nothing(desk: FakeDesk) -> None:
    before = desk.settled()
    desk.tickets.writes.clear()
    assert change_ticket(desk, before.ref, lambda ticket: ticket) == before
    assert (desk.tickets.writes, desk.work.asked) == ([], [])


def test_when_somebody_else_was_quicker_it_is_decided_again_on_what_they_made(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    meanwhile(desk, ref)
    after = change_ticket(desk, ref, noted(desk))
    assert after.tags == ("meanwhile",)
    assert len(happened(after, Happening.NOTE_ADDED)) == 1


def test_a_ticket_that_keeps_changing_is_given_up_after_some_tries(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    meanwhile(desk, ref, MOST_TRIES)
    with pytest.raises(StaleVersion):
        change_ticket(desk, ref, noted(desk))
    meanwhile(desk, ref, MOST_TRIES - 1)
    assert change_ticket(desk, ref, noted(desk)).has_message("m2")


def test_a_change_decided_on_an_old_version_is_refused_before_it_is_made(desk: FakeDesk) -> None:
    before = desk.settled()

    def decide(ticket: Ticket) -> Ticket:
        raise AssertionError("must not be asked")

    with pytest.raises(StaleVersion):
        change_ticket(desk, before.ref, decide, version=before.version - 1)


def test_a_change_decided_on_a_version_is_not_decided_anew_on_another(desk: FakeDesk) -> None:
    before = desk.settled()
    meanwhile(desk, before.ref)
    with pytest.raises(StaleVersion):
        change_ticket(desk, before.ref, noted(desk), version=before.version)
    assert not desk.ticket(before.ref).has_message("m2")


def test_there_is_no_changing_what_is_not_there(desk: FakeDesk) -> None:
    with pytest.raises(NotFound):
        change_ticket(desk, free_reference(desk), noted(desk))
    with pytest.raises(NotFound):
        load_ticket(desk, free_reference(desk))


def test_every_change_puts_the_promises_on_the_agenda_and_the_deadline_on_the_card(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    after = change_ticket(desk, ref, lambda ticket: lifecycle.answered(ticket, "m2", when("mon 10:00"), "agent:ada"))
    assert {entry.about for entry in after.agenda if entry.task is Task.SLA_BREACH} == {"resolution:1"}
    assert desk.tickets.cards[ref].due_at == when("mon 14:00")
    assert desk.tickets.cards[ref].first_response_seconds == 0


@pytest.mark.parametrize(
    ("seconds", "delay"),
    [(-90, 0), (0, 0), (0.001, 1), (59.5, 60), (60, 60), (900, 900), (900.001, None), (86400, None)],
)
def test_a_worker_is_asked_when_something_is_due_within_a_quarter_of_an_hour(
    desk: FakeDesk, seconds: float, delay: int | None
) -> None:
    ref = desk.settled().ref
    desk.settings.change(sla_policies=())
    at = desk.clock.now() + timedelta(seconds=seconds)
    change_ticket(desk, ref, lambda ticket: replace(ticket, agenda=(Entry(at, Task.CLOSE),)))
    assert desk.work.asked == ([] if delay is None else [Nudge(ref, delay)])


def test_nobody_is_asked_where_nothing_is_to_be_done(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.settings.change(sla_policies=())
    change_ticket(desk, ref, lambda ticket: replace(ticket, agenda=()))
    assert desk.work.asked == []


def test_what_is_saved_is_saved_though_the_queue_did_not_take_the_request(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.work.troubles.append(TryAgain("the queue is away"))
    change_ticket(desk, ref, lambda ticket: lifecycle.answered(ticket, "m2", desk.clock.now(), "agent:ada"))
    assert desk.work.asked == []
    assert desk.sweep() == [Nudge(ref)]
