"""Mail that leaves: what it says, how it threads, and that it stays the same mail when it is sent again."""

from dataclasses import replace

import pytest

from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.mail_thread import ticket_in_address, ticket_in_message_id
from chalicelib.domain.message import MessageKind
from chalicelib.domain.support_address import SupportAddress
from chalicelib.domain.ticket import EmailThread, Happening
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.deliver_message import acknowledge, deliver_message
from tests.usecases.fakes import FakeDesk, happened

REPLY = NewMessage(origin="key:1:a", kind=MessageKind.REPLY, text="On its way.", author="agent:ada", author_name="Ada")
MAILS = ("<one@customer.example>", "<two@customer.example>")


def answered(desk: FakeDesk, **fields: object) -> str:
    """Give the reference of a ticket whose answer was just run."""
    ref = desk.settled(**fields).ref
    answer_ticket(desk, ref, REPLY)
    desk.run(ref)
    return ref


def test_a_reply_goes_to_the_customer_with_the_agents_signature(desk: FakeDesk) -> None:
    ref = answered(desk)
    (mail,) = desk.mailer.sent
    assert [(to.email, to.name) for to in mail.to] == [("jo@customer.example", "Jo")]
    assert (mail.sender.email, mail.sender.name) == ("help@shop.example", "Corner Shop")
    assert mail.text.startswith("On its way.\n\nAda\nCorner Shop")
    assert mail.subject == f"Re: My parcel [#{ref}]"
    assert mail.date == desk.clock.now()


def test_a_persons_mail_is_not_marked_as_automatic(desk: FakeDesk) -> None:
    answered(desk)
    assert desk.mailer.sent[0].headers == {}


def test_it_threads_with_what_the_customer_sent(desk: FakeDesk) -> None:
    thread = EmailThread(MAILS[1], MAILS, "shop@shop.example", ("jo@customer.example",))
    desk.settings.change(addresses=(SupportAddress("shop@shop.example"),))
    ref = answered(desk, thread=thread)
    (mail,) = desk.mailer.sent
    assert mail.sender.email == "shop@shop.example"
    assert mail.in_reply_to == MAILS[1]
    assert mail.references[1:] == MAILS
    assert ticket_in_message_id(desk.signer.secret(), mail.references[0]) == ref


def test_its_answer_finds_the_ticket(desk: FakeDesk) -> None:
    ref = answered(desk)
    (mail,) = desk.mailer.sent
    assert mail.reply_to is not None
    assert ticket_in_address(desk.signer.secret(), mail.reply_to.email) == ref
    assert ticket_in_message_id(desk.signer.secret(), mail.message_id) == ref


def test_the_subject_says_re_once(desk: FakeDesk) -> None:
    ref = answered(desk, subject="RE: My parcel")
    assert desk.mailer.sent[0].subject == f"RE: My parcel [#{ref}]"


def test_a_customer_who_writes_chinese_is_answered_in_it(desk: FakeDesk) -> None:
    answered(desk, text="我的包裹在哪里？", subject="包裹")
    assert "<zh:mail.quote" in desk.mailer.sent[0].text


def test_a_customer_whose_language_the_desk_does_not_speak_is_answered_in_the_desks_own(desk: FakeDesk) -> None:
    desk.settings.change(language="zh")
    answered(desk, language="de")
    assert "<zh:mail.quote" in desk.mailer.sent[0].text


def test_a_delivery_is_told_once(desk: FakeDesk) -> None:
    ref = answered(desk)
    (fact,) = happened(desk.ticket(ref), Happening.DELIVERED)
    assert desk.ticket(ref).has_message(fact.detail["message"])


def test_sent_again_it_is_the_same_mail(desk: FakeDesk) -> None:
    """The mail left, and the worker died before it could say so."""
    ref = desk.settled().ref
    answer_ticket(desk, ref, REPLY)
    desk.work.troubles.clear()

    def die() -> None:
        raise TryAgain("the table is away")

    desk.tickets.before_save += [lambda: None, die]
    with pytest.raises(TryAgain):
        desk.run(ref)
    desk.pass_time(minutes=3)
    first, second = desk.mailer.to("jo@customer.example")
    assert first.message_id == second.message_id
    assert len(happened(desk.ticket(ref), Happening.DELIVERED)) == 1


def test_two_workers_who_both_sent_it_tell_it_once(desk: FakeDesk) -> None:
    ref = answered(desk)
    ticket = desk.ticket(ref)
    (fact,) = happened(ticket, Happening.DELIVERED)
    remember = deliver_message(desk, ticket, Entry(desk.clock.now(), Task.DELIVER, fact.detail["message"]))
    assert remember(ticket) is ticket
    assert acknowledge(desk, ticket, Entry(desk.clock.now(), Task.ACKNOWLEDGE))(ticket) is ticket


def test_two_replies_are_two_mails(desk: FakeDesk) -> None:
    ref = answered(desk)
    answer_ticket(desk, ref, replace(REPLY, origin="key:1:b"))
    desk.run(ref)
    assert len({mail.message_id for mail in desk.mailer.to("jo@customer.example")}) == 2


def test_a_message_that_cannot_be_found_is_somebodys_task(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    answer_ticket(desk, ref, REPLY)
    desk.tickets.messages.clear()
    after = desk.run(ref)
    assert [task.reason for task in after.open_follow_ups] == ["undelivered"]
    assert desk.mailer.to("jo@customer.example") == []


class TestAcknowledging:
    def test_the_customer_is_told_once_and_under_which_reference(self, desk: FakeDesk) -> None:
        ticket = desk.open()
        after = desk.run(ticket.ref)
        (mail,) = desk.mailer.to("jo@customer.example")
        assert f"ticket.ref={ticket.ref} " in mail.text
        assert f"reply.subject=Re: My parcel [#{ticket.ref}]" in mail.subject
        assert len(happened(after, Happening.ACKNOWLEDGED)) == 1

    def test_no_machine_should_answer_it(self, desk: FakeDesk) -> None:
        desk.run(desk.open().ref)
        (mail,) = desk.mailer.to("jo@customer.example")
        assert mail.headers["Auto-Submitted"] == "auto-replied"
        assert "NDR" not in mail.headers["X-Auto-Response-Suppress"]

    def test_a_customer_without_a_name_is_greeted_by_their_address(self, desk: FakeDesk) -> None:
        desk.run(desk.open(name="").ref)
        assert "customer.name=jo@customer.example" in desk.mailer.to("jo@customer.example")[0].text
