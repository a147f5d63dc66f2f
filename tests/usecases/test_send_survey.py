"""The customer is asked how it went: once after a resolution, reminded once, and then a person should ask."""

from dataclasses import replace

from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.errors import MailRefused, TryAgain
from chalicelib.domain.ticket import Happening, Shelf, Status
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.record_rating import record_rating
from chalicelib.usecases.send_survey import send_reminder, send_survey, survey_link
from tests.usecases.fakes import FakeDesk, happened

JO = "jo@customer.example"


def set_status(desk: FakeDesk, ref: str, status: Status) -> None:
    edit_ticket(desk, ref, TicketEdit(status=status), "agent:ada", None)
    desk.run(ref)


def solved(desk: FakeDesk, **fields: object) -> str:
    ref = desk.settled(**fields).ref
    set_status(desk, ref, Status.SOLVED)
    return ref


def asked(desk: FakeDesk, kind: str = "survey") -> int:
    """How many mails of a kind the customer got."""
    return sum(f":{kind}.subject " in mail.subject for mail in desk.mailer.to(JO))


def test_a_day_after_the_solution_the_customer_is_asked(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.pass_time(days=1, seconds=-1)
    assert asked(desk) == 0
    desk.pass_time(seconds=1)
    assert asked(desk) == 1
    assert [survey.number for survey in desk.ticket(ref).surveys] == [1]


def test_the_mail_holds_a_signed_link_and_its_end(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.pass_time(days=1)
    (mail,) = desk.mailer.to(JO)
    link = survey_link(desk, ref, 1)
    assert link.startswith("https://desk.shop.example/s/")
    assert f"survey.link={link}" in mail.text
    assert "survey.until=2026-12-08" in mail.text
    assert mail.headers["Auto-Submitted"] == "auto-generated"


def test_it_is_in_the_customers_language(desk: FakeDesk) -> None:
    solved(desk, language="zh")
    desk.pass_time(days=1)
    assert desk.mailer.to(JO)[0].text.startswith("<zh:survey.text")


def test_silence_is_reminded_of_once_and_then_followed_up(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.pass_time(days=4)
    assert asked(desk, "survey_reminder") == 1
    assert desk.ticket(ref).follow_ups == ()
    desk.pass_time(days=4)
    assert (asked(desk), asked(desk, "survey_reminder")) == (1, 1)
    assert [task.reason for task in desk.ticket(ref).open_follow_ups] == ["survey_unanswered"]
    assert {to.email for to in desk.mailer.sent[-1].to} == {"ada@shop.example", "lin@shop.example"}
    desk.pass_time(days=60)
    assert (asked(desk), asked(desk, "survey_reminder")) == (1, 1)
    assert len(desk.ticket(ref).follow_ups) == 1


def test_the_end_of_patience_is_told_at_its_true_time(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.pass_time(days=7)
    desk.clock.move(days=30)
    (fact,) = happened(desk.run(ref), Happening.SURVEY_UNANSWERED)
    assert (fact.at - desk.ticket(ref).created_at).days == 8


def test_whoever_answered_is_not_reminded(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.pass_time(days=1)
    record_rating(desk, survey_link(desk, ref, 1).rpartition("/")[2], 5, "")
    desk.pass_time(days=30)
    assert asked(desk, "survey_reminder") == 0
    assert desk.ticket(ref).follow_ups == ()


def test_a_ticket_that_opened_again_is_not_asked_about_until_it_is_solved_again(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.pass_time(hours=12)
    set_status(desk, ref, Status.OPEN)
    desk.pass_time(days=5)
    assert asked(desk) == 0
    set_status(desk, ref, Status.SOLVED)
    desk.pass_time(days=1)
    assert asked(desk) == 1
    assert [survey.number for survey in desk.ticket(ref).surveys] == [2]


def test_each_resolution_is_asked_about(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.pass_time(days=1)
    set_status(desk, ref, Status.OPEN)
    set_status(desk, ref, Status.SOLVED)
    desk.pass_time(days=1)
    assert asked(desk) == 2
    assert len({mail.message_id for mail in desk.mailer.to(JO)}) == 2


def test_a_ticket_that_opens_again_while_its_survey_leaves_is_not_reminded_of(desk: FakeDesk) -> None:
    ref = solved(desk)

    def reopen() -> None:
        edit_ticket(desk, ref, TicketEdit(status=Status.OPEN), "agent:ada", None)

    desk.mailer.meanwhile.append(reopen)
    desk.pass_time(days=20)
    assert (asked(desk), asked(desk, "survey_reminder")) == (1, 0)
    assert desk.ticket(ref).follow_ups == ()


def test_what_opened_again_or_was_answered_in_the_last_moment_gets_no_mail(desk: FakeDesk) -> None:
    ref = solved(desk)
    send_survey(desk, replace(desk.ticket(ref), status=Status.OPEN), Entry(desk.clock.now(), Task.SURVEY, "1"))
    assert asked(desk) == 0
    desk.pass_time(days=1)
    rated = record_rating(desk, survey_link(desk, ref, 1).rpartition("/")[2], 5, "").ticket
    send_reminder(desk, rated, Entry(desk.clock.now(), Task.SURVEY_REMINDER, "1"))
    assert asked(desk, "survey_reminder") == 0


def test_the_reminder_tells_the_surveys_own_end(desk: FakeDesk) -> None:
    solved(desk)
    desk.pass_time(days=4)
    assert "survey.until=2026-12-08" in desk.mailer.to(JO)[-1].text


def test_closing_does_not_call_a_survey_off(desk: FakeDesk) -> None:
    desk.settings.change(reopen_seconds=3600)
    solved(desk)
    desk.pass_time(days=1)
    assert asked(desk) == 1


def test_a_desk_that_asks_nobody_asks_nobody(desk: FakeDesk) -> None:
    desk.settings.change(survey=replace(desk.settings.load().survey, enabled=False))
    solved(desk)
    desk.pass_time(days=30)
    assert desk.mailer.to(JO) == []


def test_spam_that_somebody_ticks_off_is_not_surveyed(desk: FakeDesk) -> None:
    solved(desk, shelf=Shelf.SPAM)
    desk.pass_time(days=30)
    assert desk.mailer.sent == []


def test_a_survey_that_cannot_leave_is_tried_again_and_recorded_once(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.mailer.troubles += [TryAgain("throttled")] * 2
    desk.pass_time(days=2)
    assert asked(desk) == 1
    assert len(desk.ticket(ref).surveys) == 1


def test_a_survey_that_is_refused_was_not_sent(desk: FakeDesk) -> None:
    ref = solved(desk)
    desk.mailer.troubles.append(MailRefused("the address bounced"))
    desk.pass_time(days=30)
    assert desk.ticket(ref).surveys == ()
    assert desk.ticket(ref).follow_ups == ()
    assert len(happened(desk.ticket(ref), Happening.DELIVERY_FAILED)) == 1
