"""Mail that doesn't arrive marks its address, shows on its ticket, and stops what would follow it there."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.bounce import Bounce, BounceKind, BounceReason
from chalicelib.domain.deliverability import Trouble
from chalicelib.domain.email import Address
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.mail_thread import message_id, root_id
from chalicelib.domain.message import MessageKind
from chalicelib.domain.ticket import Happening, Status, Ticket
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.receive_email import receive_email
from chalicelib.usecases.record_bounces import record_bounces
from tests.usecases.fakes import FakeDesk, happened

JO = "jo@customer.example"


@pytest.fixture
def ticket(desk: FakeDesk) -> Ticket:
    """A ticket of Jo's, in work."""
    return desk.settled()


def bounce(desk: FakeDesk, ticket: Ticket, **fields: Any) -> Bounce:
    """Give the bounce of an answer on a ticket."""
    sent = message_id(desk.signer.secret(), ticket.ref, "m1", "help@shop.example")
    known = {"address": JO, "status": "5.1.1", "reason": BounceReason.UNKNOWN_USER, "kind": BounceKind.HARD}
    return Bounce(**{**known, "original_id": sent, **fields})


def soft(desk: FakeDesk, ticket: Ticket, **fields: Any) -> Bounce:
    full = {"status": "5.2.2", "reason": BounceReason.MAILBOX_FULL, "kind": BounceKind.SOFT}
    return bounce(desk, ticket, **{**full, **fields})


def complaint(desk: FakeDesk, ticket: Ticket) -> Bounce:
    return bounce(desk, ticket, status="", reason=BounceReason.COMPLAINT, kind=BounceKind.SOFT)


def answered(desk: FakeDesk, ref: str) -> Ticket:
    """Have Ada answer, and what is due done."""
    new = NewMessage(origin="answer", kind=MessageKind.REPLY, text="Soon.", author="agent:ada", author_name="Ada")
    answer_ticket(desk, ref, new)
    return desk.run(ref)


class TestAHardBounce:
    def test_the_ticket_shows_it_and_a_person_should_find_another_way(self, desk: FakeDesk, ticket: Ticket) -> None:
        record_bounces(desk, [bounce(desk, ticket)], "event-1")
        after = desk.ticket(ticket.ref)
        (fact,) = happened(after, Happening.DELIVERY_FAILED)
        assert (fact.detail["address"], fact.detail["status"], fact.detail["reason"]) == (JO, "5.1.1", "unknown_user")
        assert [one.reason for one in after.open_follow_ups] == ["undelivered"]

    def test_told_again_it_is_the_same(self, desk: FakeDesk, ticket: Ticket) -> None:
        for _ in range(3):
            record_bounces(desk, [bounce(desk, ticket)], "event-1")
        assert len(happened(desk.ticket(ticket.ref), Happening.DELIVERY_FAILED)) == 1
        assert desk.deliverability.kept[JO].count == 1

    def test_no_answer_is_sent_there_and_somebody_is_told(self, desk: FakeDesk, ticket: Ticket) -> None:
        record_bounces(desk, [bounce(desk, ticket, original_id="")], "event-1")
        after = answered(desk, ticket.ref)
        assert desk.mailer.to(JO) == []
        assert "takes no mail" in happened(after, Happening.DELIVERY_FAILED)[0].detail["reason"]
        assert len(after.open_follow_ups) == 1

    def test_once_the_mark_is_lifted_mail_leaves_again(self, desk: FakeDesk, ticket: Ticket) -> None:
        record_bounces(desk, [bounce(desk, ticket)], "event-1")
        desk.deliverability.lift(JO)
        answered(desk, ticket.ref)
        assert len(desk.mailer.to(JO)) == 1

    def test_neither_acknowledgement_nor_survey_leaves(self, desk: FakeDesk, ticket: Ticket) -> None:
        record_bounces(desk, [bounce(desk, ticket)], "event-1")
        other = desk.run(desk.open().ref)
        edit_ticket(desk, other.ref, TicketEdit(status=Status.SOLVED), "agent:ada", None)
        desk.pass_time(days=3)
        assert desk.mailer.to(JO) == []
        assert desk.ticket(other.ref).surveys == ()


class TestAComplaint:
    def test_nothing_unasked_is_sent_but_answers_are(self, desk: FakeDesk, ticket: Ticket) -> None:
        record_bounces(desk, [complaint(desk, ticket)], "event-1")
        desk.run(desk.open().ref)
        assert desk.mailer.to(JO) == []
        after = answered(desk, ticket.ref)
        assert len(desk.mailer.to(JO)) == 1
        assert after.open_follow_ups == ()


class TestATemporaryFailure:
    def test_after_three_nothing_unasked_is_sent_until_it_passes(self, desk: FakeDesk, ticket: Ticket) -> None:
        for number in range(2):
            record_bounces(desk, [soft(desk, ticket)], f"event-{number}")
        desk.run(desk.open().ref)
        assert len(desk.mailer.to(JO)) == 1
        record_bounces(desk, [soft(desk, ticket)], "event-3")
        desk.run(desk.open().ref)
        assert len(desk.mailer.to(JO)) == 1
        desk.clock.move(days=3)
        desk.run(desk.open().ref)
        assert len(desk.mailer.to(JO)) == 2

    def test_a_delay_asks_nothing_of_anybody(self, desk: FakeDesk, ticket: Ticket) -> None:
        record_bounces(desk, [soft(desk, ticket, status="4.4.7")], "event-1")
        assert happened(desk.ticket(ticket.ref), Happening.DELIVERY_FAILED)
        assert desk.ticket(ticket.ref).open_follow_ups == ()


class TestWhatAMailTells:
    def mail(self, desk: FakeDesk, found: Bounce) -> str:
        daemon = Address("mailer-daemon@customer.example")
        return desk.receive("dsn", sender=daemon, automatic="report", bounces=(found,))

    def test_it_is_kept_on_the_ticket_and_marks_the_address(self, desk: FakeDesk, ticket: Ticket) -> None:
        assert receive_email(desk, self.mail(desk, bounce(desk, ticket))) == ticket.ref
        assert happened(desk.ticket(ticket.ref), Happening.AUTOMATIC_MAIL)
        assert desk.deliverability.kept[JO].trouble is Trouble.BOUNCED

    def test_it_finds_the_ticket_by_what_the_returned_mail_answered(self, desk: FakeDesk, ticket: Ticket) -> None:
        root = root_id(desk.signer.secret(), ticket.ref, "help@shop.example")
        found = bounce(desk, ticket, original_id="<ses@amazonses.example>", original_references=(root,))
        assert receive_email(desk, self.mail(desk, found)) == ticket.ref

    def test_an_alias_of_the_address_is_recognised(self, desk: FakeDesk, ticket: Ticket) -> None:
        found = bounce(desk, ticket, address="jo@elsewhere.example", also=(JO,))
        receive_email(desk, self.mail(desk, found))
        assert set(desk.deliverability.kept) == {JO}

    @pytest.mark.parametrize("fields", [{"original_id": "<forged@x.example>"}, {"address": "al@customer.example"}])
    def test_anybody_can_write_that_somebody_is_not_there(
        self, desk: FakeDesk, ticket: Ticket, fields: dict[str, str]
    ) -> None:
        receive_email(desk, self.mail(desk, bounce(desk, ticket, **fields)))
        assert desk.deliverability.kept == {}


class TestAtTheSameTime:
    def test_marks_by_others_are_built_on(self, desk: FakeDesk, ticket: Ticket) -> None:
        desk.deliverability.stale = 2
        record_bounces(desk, [bounce(desk, ticket)], "event-1")
        assert desk.deliverability.kept[JO].count == 1

    def test_too_many_of_them_are_told_again(self, desk: FakeDesk, ticket: Ticket) -> None:
        desk.deliverability.stale = 9
        with pytest.raises(TryAgain):
            record_bounces(desk, [bounce(desk, ticket)], "event-1")

    def test_a_ticket_that_is_gone_shows_nothing(self, desk: FakeDesk, ticket: Ticket) -> None:
        found = bounce(desk, ticket)
        del desk.tickets.kept[ticket.ref]
        record_bounces(desk, [found, replace(found, address="")], "event-1")
        assert set(desk.deliverability.kept) == {JO}
