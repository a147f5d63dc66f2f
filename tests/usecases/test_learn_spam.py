"""What agents call spam teaches the desk to tell the next one, and a customer who was helped is never one."""

from typing import Any

import pytest

from chalicelib.domain.email import Address
from chalicelib.domain.message import MessageKind
from chalicelib.domain.spam import ENOUGH, HAM, SPAM
from chalicelib.domain.ticket import Happening, Shelf, Status, Ticket
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.merge_customers import merge_customers
from chalicelib.usecases.receive_email import receive_email
from tests.usecases.fakes import FakeDesk, happened

PILLS = "Cheap pills, casino bonus, click now. Limited offer, winner!"
PARCEL = "My parcel has not arrived yet, could you look where it is?"


def a_mail(desk: FakeDesk, key: str, text: str, **fields: Any) -> Ticket:
    sender = fields.pop("sender", Address(f"{key}@{key}.example"))
    return desk.run(receive_email(desk, desk.receive(key, text=text, newly_said=text, sender=sender, **fields)))


def shelve(desk: FakeDesk, ref: str, shelf: Shelf) -> None:
    edit_ticket(desk, ref, TicketEdit(shelf=shelf), "agent:ada", None)
    desk.run(ref)


def answered_and_solved(desk: FakeDesk, key: str) -> Ticket:
    ticket = a_mail(desk, key, PARCEL)
    new = NewMessage(origin=key, kind=MessageKind.REPLY, text="Soon.", author="agent:ada", author_name="Ada")
    answer_ticket(desk, ticket.ref, new)
    edit_ticket(desk, ticket.ref, TicketEdit(status=Status.SOLVED), "agent:ada", None)
    return desk.run(ticket.ref)


@pytest.fixture
def taught(desk: FakeDesk) -> FakeDesk:
    """A desk that answered mails about parcels and put mails about pills on the shelf."""
    for number in range(ENOUGH + 1):
        answered_and_solved(desk, f"ham{number}")
    for number in range(ENOUGH):
        shelve(desk, a_mail(desk, f"spam{number}", PILLS).ref, Shelf.SPAM)
    desk.mailer.sent.clear()
    return desk


class TestWhatWasTaught:
    def test_goes_to_the_shelf_with_its_words_and_is_told_nothing(self, taught: FakeDesk) -> None:
        ticket = a_mail(taught, "new", PILLS)
        assert ticket.shelf is Shelf.SPAM
        detail = happened(ticket, Happening.SHELVED)[0].detail
        assert detail["reason"] == "words"
        assert set(detail["words"].split(", ")) & {"pills", "casino", "winner", "bonus", "click", "cheap"}
        assert taught.mailer.sent == []

    def test_other_mail_is_a_ticket(self, taught: FakeDesk) -> None:
        assert not a_mail(taught, "new", PARCEL).shelf

    def test_answered_mail_was_learnt_beside_what_was_shelved(self, taught: FakeDesk) -> None:
        assert taught.spam.kept.spam == ENOUGH
        assert taught.spam.kept.ham >= ENOUGH

    def test_whoever_was_helped_before_is_no_spammer(self, taught: FakeDesk) -> None:
        assert not a_mail(taught, "new", PILLS, sender=Address("ham1@ham1.example")).shelf

    def test_nor_is_another_address_of_whoever_was_helped_before(self, taught: FakeDesk) -> None:
        helped, other = "ham1@ham1.example", "new@new.example"
        merge_customers(taught, taught.customers.id_of(helped), other, "agent:sam")
        assert not a_mail(taught, "new", PILLS, sender=Address(other)).shelf

    def test_nor_is_somebody_on_the_owners_list(self, taught: FakeDesk) -> None:
        taught.settings.change(allowed_senders=("new.example",))
        assert not a_mail(taught, "new", PILLS).shelf

    def test_an_answer_is_held_against_nothing(self, taught: FakeDesk) -> None:
        ticket = a_mail(taught, "new", PARCEL)
        reads = taught.spam.reads
        answer = a_mail(taught, "more", PILLS, references=("<new@customer.example>",))
        assert answer.ref == ticket.ref
        assert taught.spam.reads == reads

    def test_a_desk_that_does_not_want_it_does_without(self, taught: FakeDesk) -> None:
        taught.settings.change(learn_spam=False)
        before = taught.spam.kept
        ticket = a_mail(taught, "new", PILLS)
        assert not ticket.shelf
        shelve(taught, ticket.ref, Shelf.SPAM)
        assert taught.spam.kept is before


class TestTeaching:
    def test_taken_off_the_shelf_it_was_none(self, taught: FakeDesk) -> None:
        ticket = a_mail(taught, "new", PILLS)
        shelve(taught, ticket.ref, Shelf.NONE)
        assert taught.spam.kept.taught[ticket.ref] == HAM
        shelve(taught, ticket.ref, Shelf.SPAM)
        assert taught.spam.kept.taught[ticket.ref] == SPAM

    def test_before_enough_was_taught_nothing_is_judged(self, desk: FakeDesk) -> None:
        for number in range(ENOUGH):
            shelve(desk, a_mail(desk, f"spam{number}", PILLS).ref, Shelf.SPAM)
        assert not a_mail(desk, "new", PILLS).shelf

    def test_two_who_teach_at_once_are_both_heard(self, desk: FakeDesk) -> None:
        desk.spam.stale = 2
        shelve(desk, a_mail(desk, "spam", PILLS).ref, Shelf.SPAM)
        assert desk.spam.kept.spam == 1

    def test_where_others_keep_writing_the_lesson_comes_again(self, desk: FakeDesk) -> None:
        ticket = a_mail(desk, "spam", PILLS)
        desk.spam.stale = 4
        edit_ticket(desk, ticket.ref, TicketEdit(shelf=Shelf.SPAM), "agent:ada", None)
        desk.run(ticket.ref)
        assert desk.spam.kept.spam == 0
        desk.clock.move(minutes=1)
        desk.run(ticket.ref)
        assert desk.spam.kept.spam == 1

    def test_what_no_mail_brought_teaches_nothing(self, desk: FakeDesk) -> None:
        shelve(desk, desk.settled().ref, Shelf.SPAM)
        assert desk.spam.kept.version == 0
