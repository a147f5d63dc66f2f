"""The owner asks how the desk did: over every ticket that was open then or solved since, each once."""

from datetime import timedelta

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ticket import Shelf, Status
from chalicelib.usecases import read_cards as module
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.record_rating import record_rating
from chalicelib.usecases.report_summary import report_summary
from chalicelib.usecases.send_survey import survey_link
from tests.domain.samples import MINUTE, MONDAY
from tests.usecases.fakes import FakeDesk

DAY = timedelta(days=1)


def solve(desk: FakeDesk, ref: str) -> None:
    edit_ticket(desk, ref, TicketEdit(status=Status.SOLVED), "agent:ada", None)
    desk.run(ref)


def answer(desk: FakeDesk, ref: str) -> None:
    change_ticket(desk, ref, lambda ticket: lifecycle.answered(ticket, "m9", desk.clock.now(), "agent:ada"))


def test_a_day_is_told_from_its_tickets(desk: FakeDesk) -> None:
    in_time, late, waiting = (desk.settled().ref for _ in range(3))
    desk.pass_time(minutes=10)
    answer(desk, in_time)
    solve(desk, in_time)
    desk.pass_time(minutes=80)
    answer(desk, late)
    desk.pass_time(days=2)
    record_rating(desk, survey_link(desk, in_time, 1).rpartition("/")[2], 5, "")
    summary = report_summary(desk, MONDAY, MONDAY + DAY)
    assert (summary.opened, summary.solved, summary.backlog) == (3, 1, 2)
    assert (summary.first_response.median, summary.first_response.p90) == (10 * MINUTE, 90 * MINUTE)
    assert (summary.sla["first_response"].met, summary.sla["first_response"].breached) == (1, 2)
    assert (summary.satisfaction.sent, summary.satisfaction.csat) == (1, 1)
    assert desk.ticket(waiting).status is Status.NEW


def test_tickets_in_every_queue_count_once(desk: FakeDesk) -> None:
    for _ in range(5):  # Ada's, Sam's and the team's queue
        desk.settled()
    solved, followed_up = desk.settled().ref, desk.settled().ref
    desk.settled(shelf=Shelf.SPAM)
    for ref in (solved, followed_up):
        solve(desk, ref)
    desk.put(lifecycle.followed_up(desk.ticket(followed_up), "call", "low_rating", desk.clock.now()))
    summary = report_summary(desk, MONDAY, MONDAY + DAY)
    assert (summary.opened, summary.solved, summary.backlog) == (7, 2, 5)


def test_a_ticket_that_was_not_routed_yet_counts(desk: FakeDesk) -> None:
    desk.open()
    assert report_summary(desk, MONDAY, MONDAY + DAY).opened == 1


def test_what_was_solved_months_later_was_open_then(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.pass_time(days=70)
    solve(desk, ref)
    summary = report_summary(desk, MONDAY, MONDAY + DAY)
    assert (summary.opened, summary.solved, summary.backlog) == (1, 0, 1)


def test_pages_are_read_to_their_end(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    for _ in range(9):
        desk.settled()
    assert report_summary(desk, MONDAY, MONDAY + DAY).opened == 9


def test_the_end_itself_does_not_belong_to_the_time(desk: FakeDesk) -> None:
    desk.settled()
    assert report_summary(desk, MONDAY - DAY, MONDAY).opened == 0
    assert report_summary(desk, MONDAY, MONDAY + timedelta(seconds=1)).opened == 1


@pytest.mark.parametrize(("days", "length"), [(0, 0), (1, -1), (0, 401), (-9000, 10)])
def test_a_time_that_cannot_be_reported_is_refused(desk: FakeDesk, days: int, length: int) -> None:
    start = MONDAY + days * DAY
    with pytest.raises(InvalidInput) as refusal:
        report_summary(desk, start, start + length * DAY)
    assert refusal.value.field == "from"


def test_a_whole_year_can_be_reported(desk: FakeDesk) -> None:
    assert report_summary(desk, MONDAY - 366 * DAY, MONDAY).opened == 0
