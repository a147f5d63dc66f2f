"""Where the mail service takes no mail at all, nothing is lost and somebody learns why."""

from datetime import timedelta

from chalicelib.domain.agenda import MOST_ATTEMPTS, Task
from chalicelib.domain.errors import MailHeldUp
from chalicelib.domain.message import MessageKind
from chalicelib.domain.ticket import Happening
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from tests.usecases.fakes import FakeDesk, happened

JO = "jo@customer.example"
PAUSED = MailHeldUp("sending is paused for this account", 3600)


def replied(desk: FakeDesk) -> str:
    ref = desk.settled().ref
    reply = NewMessage(origin="key:1:a", kind=MessageKind.REPLY, text="Yes.", author="agent:ada", author_name="Ada")
    answer_ticket(desk, ref, reply)
    return ref


def test_mail_waits_as_long_as_it_is_told_to_and_the_history_says_why_once(desk: FakeDesk) -> None:
    ref = replied(desk)
    desk.mailer.troubles += [PAUSED] * 3
    desk.run(ref)
    (entry,) = (entry for entry in desk.ticket(ref).agenda if entry.task is Task.DELIVER)
    assert (entry.at, entry.attempts) == (desk.clock.now() + timedelta(hours=1), 0)
    desk.pass_time(hours=4)
    assert len(desk.mailer.to(JO)) == 1
    (fact,) = happened(desk.ticket(ref), Happening.DELIVERY_HELD)
    assert fact.detail["reason"] == "sending is paused for this account"
    assert len(happened(desk.ticket(ref), Happening.DELIVERED)) == 1


def test_a_long_pause_costs_no_mail(desk: FakeDesk) -> None:
    ref = replied(desk)
    desk.mailer.troubles += [PAUSED] * (3 * MOST_ATTEMPTS)
    desk.pass_time(days=2)
    assert len(desk.mailer.to(JO)) == 1
    assert desk.ticket(ref).follow_ups == ()


def test_after_days_a_person_is_asked_to_see_to_it(desk: FakeDesk) -> None:
    ref = replied(desk)
    desk.mailer.troubles += [PAUSED] * 2_000
    desk.pass_time(days=5)
    assert [task.reason for task in desk.ticket(ref).open_follow_ups] == ["undelivered"]
    assert desk.mailer.to(JO) == []
