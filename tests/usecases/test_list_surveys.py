"""What customers said, newest solved tickets first."""

from chalicelib.domain.ticket import Status
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.list_surveys import list_surveys
from chalicelib.usecases.record_rating import record_rating
from chalicelib.usecases.send_survey import survey_link
from tests.usecases.fakes import FakeDesk


def rated(desk: FakeDesk, rating: int | None) -> str:
    """Give the reference of a ticket that was solved, asked about, and rated unless `rating` is None."""
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(status=Status.SOLVED), "agent:ada", None)
    desk.pass_time(days=1)
    if rating is not None:
        record_rating(desk, survey_link(desk, ref, 1).rpartition("/")[2], rating, "")
        desk.run(ref)
    return ref


def test_every_survey_is_listed_with_its_ticket_answered_or_not(desk: FakeDesk) -> None:
    refs = [rated(desk, rating) for rating in (5, None, 4)]
    found, after = list_surveys(desk, 10)
    assert [(ref, survey.rating) for ref, survey in found] == [(refs[2], 4), (refs[1], None), (refs[0], 5)]
    assert after == ""


def test_bad_answers_that_somebody_should_follow_up_come_first(desk: FakeDesk) -> None:
    bad, good = rated(desk, 1), rated(desk, 5)
    found, _ = list_surveys(desk, 10)
    assert [ref for ref, _ in found] == [bad, good]


def test_all_surveys_of_a_ticket_are_listed(desk: FakeDesk) -> None:
    ref = rated(desk, 4)
    for status in (Status.OPEN, Status.SOLVED):
        edit_ticket(desk, ref, TicketEdit(status=status), "agent:ada", None)
    desk.pass_time(days=1)
    found, _ = list_surveys(desk, 10)
    assert [(known, survey.number) for known, survey in found] == [(ref, 1), (ref, 2)]


def test_the_next_page_goes_on_from_there(desk: FakeDesk) -> None:
    refs = [rated(desk, 5) for _ in range(3)]
    seen: list[str] = []
    after = ""
    for _ in range(20):
        found, after = list_surveys(desk, 1, after)
        seen += [ref for ref, _ in found]
        if not after:
            break
    assert seen == refs[::-1]


def test_closed_tickets_surveys_are_listed_too(desk: FakeDesk) -> None:
    ref = rated(desk, 5)
    desk.pass_time(days=30)
    assert desk.ticket(ref).status is Status.CLOSED
    assert [known for known, _ in list_surveys(desk, 10)[0]] == [ref]


def test_a_desk_that_asked_nobody_lists_nothing(desk: FakeDesk) -> None:
    desk.settled()
    assert list_surveys(desk, 10) == ([], "")
