"""A customer's link to their ticket: what it shows, until when, and where it is sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.customer_view import Standing
from chalicelib.domain.errors import LinkExpired, NotFound
from chalicelib.domain.message import MessageKind
from chalicelib.domain.ticket import Requester, Shelf, Status
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.fetch_file import fetch_file
from chalicelib.usecases.merge_tickets import merge_tickets
from chalicelib.usecases.offer_upload import Enclosed, offer_upload
from chalicelib.usecases.show_ticket import show_ticket, ticket_link, ticket_token
from tests.usecases.fakes import FakeDesk, free_reference

REPLY = NewMessage(origin="key:1:a", kind=MessageKind.REPLY, text="On its way.", author="agent:ada", author_name="Ada")
NOTE = replace(REPLY, origin="key:1:b", kind=MessageKind.NOTE, text="A difficult one.")


def token_of(desk: FakeDesk, ref: str) -> str:
    return ticket_token(desk, desk.ticket(ref))


def words(desk: FakeDesk, token: str) -> list[tuple[str, bool]]:
    return [(one.message.text, one.mine) for one in show_ticket(desk, token).said]


def test_it_shows_what_was_said_without_notes(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    for new in (REPLY, NOTE):
        answer_ticket(desk, ref, new)
    before = desk.ticket(ref)
    assert words(desk, token_of(desk, ref)) == [("It did not arrive.", True), ("On its way.", False)]
    assert desk.ticket(ref) == before


def test_files_come_with_a_link_of_an_hour(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    upload = offer_upload(desk, "Bill.pdf", "application/pdf", 3)
    desk.files.kept[upload.url.removeprefix("https://files.example/").partition("?")[0]] = b"pdf"
    answer_ticket(desk, ref, replace(REPLY, attachments=(Enclosed(upload.id),)))
    [(file, token)] = show_ticket(desk, token_of(desk, ref)).said[-1].files
    assert (file.filename, "Bill.pdf" in fetch_file(desk, token)) == ("Bill.pdf", True)
    desk.clock.instant += timedelta(hours=1)
    with pytest.raises(LinkExpired):
        fetch_file(desk, token)


def test_what_a_mail_says_anew_stands_first(desk: FakeDesk) -> None:
    ref = desk.settled(text="Red.\n\n> Which colour?", newly_said="Red.").ref
    [said] = show_ticket(desk, token_of(desk, ref)).said
    assert (said.new, said.quotes) == ("Red.", True)


@pytest.mark.parametrize("token", ["", "made.up", "x" * 5000])
def test_a_forged_link_shows_nothing(desk: FakeDesk, token: str) -> None:
    with pytest.raises(NotFound):
        show_ticket(desk, token)


def test_a_link_for_another_purpose_or_to_nothing_shows_nothing(desk: FakeDesk) -> None:
    ticket = desk.settled()
    told = {"ref": ticket.ref, "customer": ticket.requester.customer_id}
    for purpose, content in (("survey", told), ("ticket", {**told, "ref": free_reference(desk)})):
        with pytest.raises(NotFound):
            show_ticket(desk, desk.signer.seal(purpose, content))


def test_a_link_ends_some_time_after_the_last_change_and_works_again_after_the_next(desk: FakeDesk) -> None:
    desk.settings.change(ticket_link_seconds=7200)
    ref = desk.settled().ref
    token = token_of(desk, ref)
    desk.clock.instant = desk.ticket(ref).updated_at + timedelta(seconds=7199)
    assert words(desk, token)
    desk.clock.instant += timedelta(seconds=1)
    with pytest.raises(LinkExpired):
        show_ticket(desk, token)
    answer_ticket(desk, ref, REPLY)
    assert words(desk, token)


def test_who_is_no_longer_the_requester_is_told_that_the_link_ended(desk: FakeDesk) -> None:
    ticket = desk.settled()
    token = token_of(desk, ticket.ref)
    desk.put(replace(desk.ticket(ticket.ref), requester=Requester("another", "Kim", "kim@customer.example")))
    with pytest.raises(LinkExpired):
        show_ticket(desk, token)


@pytest.mark.parametrize("shelf", [Shelf.SPAM, Shelf.UNPARSED])
def test_mail_on_a_shelf_has_no_page(desk: FakeDesk, shelf: Shelf) -> None:
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(shelf=shelf), "agent:ada", None)
    with pytest.raises(NotFound):
        show_ticket(desk, token_of(desk, ref))


class TestMerged:
    def test_a_link_leads_to_the_ticket_that_its_own_is_part_of(self, desk: FakeDesk) -> None:
        whole, part = desk.settled().ref, desk.settled(text="And the lid?").ref
        token = token_of(desk, part)
        merge_tickets(desk, part, whole, "agent:ada")
        desk.run(part)
        shown = show_ticket(desk, token)
        assert (shown.reading.ticket.ref, shown.may_solve) == (whole, True)
        assert [said for said, _ in words(desk, token)] == ["It did not arrive.", "And the lid?"]

    def test_what_another_customer_asked_stays_between_them_and_the_desk(self, desk: FakeDesk) -> None:
        whole = desk.settled(email="kim@customer.example", name="Kim", text="My address is 1 Elm St.").ref
        part = desk.settled(text="And the lid?").ref
        jos, kims = token_of(desk, part), token_of(desk, whole)
        merge_tickets(desk, part, whole, "agent:ada")
        desk.run(part)
        answer_ticket(desk, whole, replace(REPLY, text="Dear Kim"))
        assert words(desk, jos) == [("And the lid?", True)]
        assert [said for said, _ in words(desk, kims)] == ["My address is 1 Elm St.", "Dear Kim"]
        assert (show_ticket(desk, jos).may_solve, show_ticket(desk, kims).may_solve) == (False, True)


class TestStanding:
    @pytest.mark.parametrize(
        ("status", "told", "may_solve"),
        [
            (Status.OPEN, Standing.IN_WORK, True),
            (Status.PENDING, Standing.ASKED, True),
            (Status.ON_HOLD, Standing.ELSEWHERE, True),
            (Status.SOLVED, Standing.SOLVED, False),
            (Status.CLOSED, Standing.CLOSED, False),
        ],
    )
    def test_it_is_told_plainly(self, desk: FakeDesk, status: Status, told: Standing, may_solve: bool) -> None:
        ref = desk.settled().ref
        edit_ticket(desk, ref, TicketEdit(status=status), "agent:ada", None)
        shown = show_ticket(desk, token_of(desk, ref))
        assert (shown.standing, shown.may_solve) == (told, may_solve)

    def test_what_was_solved_long_ago_is_closed_for_good(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        edit_ticket(desk, ref, TicketEdit(status=Status.SOLVED), "agent:ada", None)
        desk.clock.instant += timedelta(days=7, seconds=1)  # and nobody has closed it yet
        assert show_ticket(desk, token_of(desk, ref)).standing is Standing.CLOSED


class TestLinksInMail:
    @pytest.fixture
    def desk(self, desk: FakeDesk) -> FakeDesk:
        desk.settings.change(public_url="https://desk.example")
        return desk

    def test_acknowledgements_and_answers_lead_to_the_page(self, desk: FakeDesk) -> None:
        ref = desk.open().ref
        desk.run(ref)
        answer_ticket(desk, ref, REPLY)
        desk.run(ref)
        link = ticket_link(desk, desk.ticket(ref))
        mails = desk.mailer.to("jo@customer.example")
        assert len(mails) == 2
        for mail in mails:
            assert link in mail.text
            assert f'href="{link}"' in mail.html

    def test_a_mail_that_others_get_in_copy_has_no_link(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        kim = ("kim@customer.example",)
        for new in (replace(REPLY, origin="cc", cc=kim), replace(REPLY, origin="bcc", bcc=kim)):
            answer_ticket(desk, ref, new)
        desk.run(ref)
        for mail in desk.mailer.to("jo@customer.example"):
            assert "/t/" not in mail.text + mail.html

    @pytest.mark.parametrize("change", [{"public_url": ""}, {"ticket_link_seconds": 0}])
    def test_a_desk_without_such_pages_names_none(self, desk: FakeDesk, change: dict[str, object]) -> None:
        ref = desk.settled().ref
        token = token_of(desk, ref)
        desk.settings.change(**change)
        answer_ticket(desk, ref, REPLY)
        desk.run(ref)
        assert "/t/" not in desk.mailer.to("jo@customer.example")[-1].text
        if "ticket_link_seconds" in change:
            with pytest.raises(NotFound):
                show_ticket(desk, token)
