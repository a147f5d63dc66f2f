"""A customer who wants no surveys gets none, and may want them again."""

import pytest

from chalicelib.domain.errors import NotFound, StaleVersion
from chalicelib.domain.ticket import Happening, Status
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.refuse_surveys import set_surveys, unsubscribe_link, who_unsubscribes
from tests.usecases.fakes import FakeDesk, happened

JO = "jo@customer.example"


def token(desk: FakeDesk) -> str:
    return unsubscribe_link(desk, desk.customers.id_of(JO)).rpartition("/")[2]


def solved(desk: FakeDesk) -> str:
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(status=Status.SOLVED), "agent:ada", None)
    desk.run(ref)
    return ref


def test_every_survey_offers_it_by_one_click(desk: FakeDesk) -> None:
    solved(desk)
    desk.pass_time(days=4)
    survey, reminder = desk.mailer.to(JO)
    for mail in (survey, reminder):
        link = unsubscribe_link(desk, desk.customers.id_of(JO))
        assert mail.headers["List-Unsubscribe"] == f"<{link}>"
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert f"unsubscribe.link={link}" in mail.text


def test_one_click_is_not_promised_where_pages_have_no_https(desk: FakeDesk) -> None:
    desk.settings.change(public_url="http://127.0.0.1:8000")
    solved(desk)
    desk.pass_time(days=1)
    assert "List-Unsubscribe-Post" not in desk.mailer.to(JO)[0].headers


def test_whoever_refused_is_not_asked_and_the_history_says_why(desk: FakeDesk) -> None:
    ref = solved(desk)
    set_surveys(desk, token(desk), wanted=False)
    desk.pass_time(days=30)
    assert desk.mailer.to(JO) == []
    (fact,) = happened(desk.ticket(ref), Happening.SURVEY_WITHHELD)
    assert fact.detail == {"survey": "1", "reason": "unsubscribed"}
    assert desk.ticket(ref).follow_ups == ()


def test_whoever_refused_after_the_survey_is_neither_reminded_nor_missed(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.pass_time(days=1)
    set_surveys(desk, token(desk), wanted=False)
    desk.pass_time(days=30)
    assert len(desk.mailer.to(JO)) == 1
    assert desk.ticket(ref).follow_ups == ()


def test_it_can_be_undone_and_each_wish_twice_is_once(desk: FakeDesk) -> None:
    desk.settled()
    refused = set_surveys(desk, token(desk), wanted=False)
    desk.clock.move(days=1)
    assert set_surveys(desk, token(desk), wanted=False) == refused
    assert set_surveys(desk, token(desk), wanted=True).surveys_refused_at is None
    assert set_surveys(desk, token(desk), wanted=True) == who_unsubscribes(desk, token(desk))


def test_looking_at_the_page_records_nothing(desk: FakeDesk) -> None:
    desk.settled()
    assert who_unsubscribes(desk, token(desk)).surveys_refused_at is None


def test_a_forged_link_or_one_of_a_customer_who_is_gone_is_nothing(desk: FakeDesk) -> None:
    desk.settled()
    for made_up in ("x", token(desk)[:-1], desk.signer.seal("survey", {"customer": desk.customers.id_of(JO)})):
        with pytest.raises(NotFound):
            set_surveys(desk, made_up, wanted=False)
    link = token(desk)
    desk.customers.kept.clear()
    with pytest.raises(NotFound):
        who_unsubscribes(desk, link)


def test_a_customer_who_keeps_changing_is_tried_again_and_then_told(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.settled()

    def stale(_: object) -> None:
        raise StaleVersion("stale", "version")

    monkeypatch.setattr(desk.customers, "save", stale)
    with pytest.raises(StaleVersion):
        set_surveys(desk, token(desk), wanted=False)
