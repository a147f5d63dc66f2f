"""Admins hear once of each step towards the cap; what can be done without is held back visibly, and comes back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import MailRefused, TryAgain
from chalicelib.domain.people import Agent, Role
from chalicelib.domain.prices import USD
from chalicelib.domain.spending import CENT, Account, Saving, SpendingSettings, spent_in
from chalicelib.domain.ticket import Happening, Status
from chalicelib.domain.usage import Usage
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.report_spending import report_spending
from chalicelib.usecases.watch_spending import book_spending
from tests.domain.samples import SETTINGS
from tests.usecases.fakes import FakeDesk, happened, staffed

CAP = 1_000
MAIL = 160_000_000
"""Picodollars of a mail."""


def desk_that_spent(percent: int, cap: int = CAP) -> FakeDesk:
    """Give a desk that has spent so much of its cap by mails, idling included, a mail's price more at the most."""
    desk = staffed()
    desk.people.save_agent(Agent("mo", "Mo", "mo@shop.example", Role.ADMIN, ("support",), capacity=0))
    desk.settings.change(spending=SpendingSettings(monthly_cap_cents=cap), language="en")
    spend_up_to(desk, percent, cap)
    return desk


def spend_up_to(desk: FakeDesk, percent: int, cap: int = CAP) -> None:
    wanted = percent * cap * CENT // 100
    missing = wanted - spent_in(replace(desk.spending.kept, bookings=1), desk.clock.now())
    desk.spending.used = Usage(mails_out=-(-missing // MAIL))


# ---- admins are told


@pytest.mark.parametrize(("percent", "told"), [(79, 0), (80, 80), (89, 80), (90, 90), (96, 95), (100, 100), (300, 100)])
def test_admins_are_told_of_the_highest_step_that_was_reached(percent: int, told: int) -> None:
    desk = desk_that_spent(percent)
    book_spending(desk, tells=True)
    assert len(desk.mailer.to("mo@shop.example")) == (told > 0)
    assert (desk.spending.kept.told, desk.spending.kept.told_cap) == ((told, CAP) if told else (0, 0))


def test_each_step_is_told_once_though_bookings_go_on() -> None:
    desk = desk_that_spent(80)
    for percent in (80, 81, 89, 90, 94, 95, 95, 99, 100, 120, 150):
        spend_up_to(desk, percent)
        book_spending(desk, tells=True)
    ids = [mail.message_id for mail in desk.mailer.sent]
    assert [one.rpartition("@")[0].rpartition("-")[2] for one in ids] == ["80", "90", "95", "100"]
    assert len(set(ids)) == 4


def test_the_mail_says_what_was_spent_what_is_off_and_what_comes() -> None:
    desk = desk_that_spent(96)
    book_spending(desk, tells=True)
    [mail] = desk.mailer.sent
    for part in ("spent=9.60", "cap=10.00", "percent=96", "month=2026-11", "off=<en:spending.bot ><en:spending.comma "):
        assert part in mail.text
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert {address.email for address in mail.to} == {"mo@shop.example"}


def test_without_a_cap_nobody_is_told() -> None:
    desk = desk_that_spent(500)
    desk.settings.change(spending=SpendingSettings())
    book_spending(desk, tells=True)
    assert desk.mailer.sent == []


def test_who_may_not_send_mail_leaves_the_telling_to_the_next() -> None:
    desk = desk_that_spent(90)
    book_spending(desk, tells=False)
    assert (desk.mailer.sent, desk.spending.kept.bookings) == ([], 1)
    desk.spending.used = Usage(mails_out=1)
    book_spending(desk, tells=True)
    assert len(desk.mailer.sent) == 1


def test_nothing_booked_is_nothing_to_tell() -> None:
    desk = desk_that_spent(90)
    desk.spending.used = Usage()
    book_spending(desk, tells=True)
    assert desk.mailer.sent == []


def test_a_desk_without_admins_goes_on() -> None:
    desk = desk_that_spent(90)
    desk.people.agents.pop("mo")
    book_spending(desk, tells=True)
    assert desk.mailer.sent == []
    assert desk.spending.kept.told == 90


def test_a_mail_that_failed_leaves_with_the_next_booking() -> None:
    desk = desk_that_spent(90)
    desk.mailer.troubles = [TryAgain("briefly unable")]
    with pytest.raises(TryAgain):
        book_spending(desk, tells=True)
    assert desk.spending.kept.told == 0
    desk.spending.used = Usage(mails_out=1)
    book_spending(desk, tells=True)
    assert len(desk.mailer.sent) == 1


def test_a_mail_that_nobody_will_ever_take_is_not_tried_all_month() -> None:
    desk = desk_that_spent(90)
    desk.mailer.troubles = [MailRefused("no such address")]
    for _ in range(3):
        desk.spending.used = Usage(mails_out=1)
        book_spending(desk, tells=True)
    assert desk.mailer.sent == []


def test_while_somebody_tells_nobody_else_does_and_a_claim_that_was_left_runs_out() -> None:
    desk = desk_that_spent(90)
    desk.spending.claimed_until = desk.clock.now() + timedelta(seconds=60)
    book_spending(desk, tells=True)
    assert desk.mailer.sent == []
    desk.clock.move(seconds=60)
    desk.spending.used = Usage(mails_out=1)
    book_spending(desk, tells=True)
    assert len(desk.mailer.sent) == 1


def test_a_raised_cap_is_told_of_anew() -> None:
    desk = desk_that_spent(100)
    book_spending(desk, tells=True)
    desk.settings.change(spending=SpendingSettings(monthly_cap_cents=CAP + 200))
    desk.spending.used = Usage(mails_out=1)
    book_spending(desk, tells=True)
    assert [mail.message_id.partition("@")[0] for mail in desk.mailer.sent] == [
        "<spending-2026-11-1000-100",
        "<spending-2026-11-1200-80",
    ]


# ---- what is held back


def test_below_the_cap_nothing_is_held_back() -> None:
    desk = desk_that_spent(89)
    book_spending(desk, tells=True)
    ticket = desk.run(desk.open().ref)
    assert happened(ticket, Happening.ACKNOWLEDGED)
    assert not happened(ticket, Happening.HELD_BACK)


def test_a_survey_that_is_held_back_says_so_on_the_ticket_and_the_ticket_closes_all_the_same() -> None:
    desk = desk_that_spent(95)
    book_spending(desk, tells=True)
    ref = desk.run(desk.open().ref).ref
    assert happened(desk.ticket(ref), Happening.ACKNOWLEDGED)
    edit_ticket(desk, ref, TicketEdit(status=Status.SOLVED), "agent:ada", None)
    desk.run(ref)
    desk.mailer.sent.clear()
    desk.pass_time(days=5)
    [fact] = happened(desk.ticket(ref), Happening.HELD_BACK)
    assert dict(fact.detail) == {"task": "survey", "about": "1", "reason": "monthly cap"}
    assert desk.mailer.to("jo@customer.example") == []
    desk.pass_time(days=5)
    assert desk.ticket(ref).status is Status.CLOSED


def test_with_the_cap_reached_requests_answers_and_notices_go_on_without_acknowledgements() -> None:
    desk = desk_that_spent(100)
    book_spending(desk, tells=True)
    desk.mailer.sent.clear()
    ticket = desk.run(desk.open().ref)
    assert ticket.assignee_id
    [fact] = happened(ticket, Happening.HELD_BACK)
    assert dict(fact.detail) == {"task": "acknowledge", "reason": "monthly cap"}
    assert desk.mailer.to("jo@customer.example") == []
    assert desk.mailer.to(f"{ticket.assignee_id}@shop.example")


@pytest.mark.parametrize("relief", ["cap raised", "cap lifted", "next month"])
def test_what_was_off_comes_back_by_itself(relief: str) -> None:
    desk = desk_that_spent(100)
    book_spending(desk, tells=True)
    if relief == "next month":
        desk.clock.move(days=8)
    else:
        desk.settings.change(spending=SpendingSettings(monthly_cap_cents=2 * CAP if relief == "cap raised" else 0))
    assert happened(desk.run(desk.open().ref), Happening.ACKNOWLEDGED)


def test_a_desk_without_a_cap_reads_no_account() -> None:
    desk = staffed()
    desk.run(desk.open().ref)
    assert desk.spending.readings == 0


def test_an_account_that_cannot_be_read_keeps_nobody_waiting() -> None:
    desk = desk_that_spent(100)
    book_spending(desk, tells=True)
    desk.spending.troubles = [TryAgain("briefly unable")]
    assert happened(desk.run(desk.open().ref), Happening.ACKNOWLEDGED)


def test_held_back_twice_is_told_once() -> None:
    desk = desk_that_spent(100)
    book_spending(desk, tells=True)
    ref = desk.open().ref
    desk.tickets.before_save = [lambda: None, lambda: _somebody_saves(desk, ref)]
    assert len(happened(desk.run(ref), Happening.HELD_BACK)) == 1


def _somebody_saves(desk: FakeDesk, ref: str) -> None:
    desk.put(desk.ticket(ref))


# ---- the report


def test_the_report_of_the_present_month_says_what_is_off() -> None:
    desk = desk_that_spent(96)
    book_spending(desk, tells=True)
    found = report_spending(desk, "")
    assert found.account.month == "2026-11"
    assert found.off == (Saving.BOT, Saving.SURVEYS)
    assert found.spent == sum(line.picodollars for line in (*found.metered, *found.fixed))
    assert 9 * USD < found.spent < found.forecast
    assert found.as_of == desk.clock.now()


def test_the_report_of_another_month_has_nothing_off() -> None:
    desk = desk_that_spent(100)
    book_spending(desk, tells=True)
    assert report_spending(desk, "2026-10").off == ()
    desk.clock.move(days=30)
    last = report_spending(desk, "2026-11")
    assert (last.off, last.forecast) == ((), last.spent)
    assert f"{last.as_of:%Y-%m-%d}" == "2026-12-01"


def test_an_empty_month_is_an_empty_account() -> None:
    desk = FakeDesk()
    found = report_spending(desk, "2025-02")
    assert (found.spent, found.forecast, found.metered, found.fixed) == (0, 0, (), ())
    assert isinstance(SETTINGS, DeskSettings)
    assert found.account == Account("2025-02")
