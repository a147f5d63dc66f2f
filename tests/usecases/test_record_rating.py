"""The customer rates by a signed link: looking records nothing, what they send is recorded."""

from collections.abc import Callable

import pytest

from chalicelib.domain.errors import InvalidInput, LinkExpired, NotFound
from chalicelib.domain.ticket import Status
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.record_rating import record_rating, show_survey
from chalicelib.usecases.send_survey import survey_link
from tests.usecases.fakes import FakeDesk, free_reference


def asked(desk: FakeDesk) -> tuple[str, str]:
    """Give the reference of a ticket whose customer was just asked, and the token of their link."""
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(status=Status.SOLVED), "agent:ada", None)
    desk.pass_time(days=1)
    return ref, survey_link(desk, ref, 1).rpartition("/")[2]


def test_looking_at_the_survey_records_nothing(desk: FakeDesk) -> None:
    ref, token = asked(desk)
    before = desk.ticket(ref)
    shown = show_survey(desk, token)
    assert (shown.ticket, shown.survey.rating) == (before, None)
    assert desk.ticket(ref) == before


def test_what_they_send_is_recorded(desk: FakeDesk) -> None:
    ref, token = asked(desk)
    given = record_rating(desk, token, 4, "quick")
    assert (given.survey.rating, given.survey.comment) == (4, "quick")
    assert desk.ticket(ref).surveys == (given.survey,)
    assert desk.tickets.cards[ref].ratings == (4,)


def test_whether_they_recommend_us_and_how_easy_it_was_goes_with_it(desk: FakeDesk) -> None:
    ref, token = asked(desk)
    given = record_rating(desk, token, 4, "quick", 0, 7)
    assert (given.survey.nps, given.survey.ces) == (0, 7)
    assert (desk.tickets.cards[ref].nps, desk.tickets.cards[ref].ces) == (0, 7)


@pytest.mark.parametrize(("nps", "ces", "field"), [(11, 1, "nps"), (-1, 1, "nps"), (5, 0, "ces"), (5, 8, "ces")])
def test_a_score_off_its_scale_is_refused_by_name(desk: FakeDesk, nps: int, ces: int, field: str) -> None:
    ref, token = asked(desk)
    with pytest.raises(InvalidInput) as refusal:
        record_rating(desk, token, 4, "", nps, ces)
    assert refusal.value.field == field
    assert desk.ticket(ref).surveys[0].rating is None


def test_sent_twice_it_is_recorded_once(desk: FakeDesk) -> None:
    ref, token = asked(desk)
    record_rating(desk, token, 4, "quick")
    version = desk.ticket(ref).version
    record_rating(desk, token, 4, "quick")
    assert desk.ticket(ref).version == version


def test_it_may_be_changed_until_the_survey_ends(desk: FakeDesk) -> None:
    ref, token = asked(desk)
    record_rating(desk, token, 4, "quick")
    desk.pass_time(days=13)
    assert record_rating(desk, token, 5, "and kind").survey.rating == 5
    desk.pass_time(days=1)
    with pytest.raises(LinkExpired):
        record_rating(desk, token, 1, "")
    with pytest.raises(LinkExpired):
        show_survey(desk, token)
    assert desk.tickets.cards[ref].ratings == (5,)


def test_a_low_rating_is_somebodys_task_at_once(desk: FakeDesk) -> None:
    ref, token = asked(desk)
    desk.mailer.sent.clear()
    record_rating(desk, token, 1, "never again")
    after = desk.run(ref)
    assert [task.reason for task in after.open_follow_ups] == ["low_rating"]
    (mail,) = desk.mailer.sent
    assert {to.email for to in mail.to} == {"ada@shop.example", "lin@shop.example"}


def test_a_closed_ticket_can_still_be_rated(desk: FakeDesk) -> None:
    ref, token = asked(desk)
    desk.pass_time(days=10)
    assert desk.ticket(ref).status is Status.CLOSED
    assert record_rating(desk, token, 5, "").survey.rating == 5


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-1], lambda token: "", lambda token: "zz", lambda token: f"0{token}"]
)
def test_a_link_that_is_not_genuine_opens_nothing(desk: FakeDesk, spoil: Callable[[str], str]) -> None:
    _, token = asked(desk)
    with pytest.raises(NotFound):
        show_survey(desk, spoil(token))


def test_a_link_for_another_purpose_opens_no_survey(desk: FakeDesk) -> None:
    ref, _ = asked(desk)
    with pytest.raises(NotFound):
        show_survey(desk, desk.signer.seal("ticket", {"ref": ref, "survey": "1"}))


def test_a_survey_that_was_never_sent_or_a_ticket_that_is_gone_is_not_found(desk: FakeDesk) -> None:
    ref, _ = asked(desk)
    for link in (survey_link(desk, ref, 2), survey_link(desk, free_reference(desk), 1)):
        with pytest.raises(NotFound):
            record_rating(desk, link.rpartition("/")[2], 5, "")


@pytest.mark.parametrize(
    ("rating", "comment", "field"), [(0, "", "rating"), (6, "", "rating"), (3, "x" * 2001, "comment")]
)
def test_an_answer_that_cannot_be_is_refused_by_name(desk: FakeDesk, rating: int, comment: str, field: str) -> None:
    ref, token = asked(desk)
    with pytest.raises(InvalidInput) as refusal:
        record_rating(desk, token, rating, comment)
    assert refusal.value.field == field
    assert desk.ticket(ref).surveys[0].rating is None
