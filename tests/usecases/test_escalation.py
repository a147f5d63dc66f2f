"""What happens after a broken promise, step by step: told, hurried, handed over, and told to other systems, once."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Task
from chalicelib.domain.errors import TryAgain, WebhookRefused
from chalicelib.domain.people import Agent, Team
from chalicelib.domain.quiet_hours import QuietHours
from chalicelib.domain.sla_policy import Escalation, SlaPolicy, Warn
from chalicelib.domain.ticket import Happening, Priority, Status
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.run_agenda import run_agenda
from tests.domain.samples import MINUTE, OFFICE_HOURS, promise, when
from tests.usecases.fakes import FakeDesk, happened

HOOK = "https://hooks.example.com/late"
STEPS = (
    Escalation(0, ("assignee",)),
    Escalation(30 * MINUTE, ("leads", "agent:eve"), priority="high"),
    Escalation(60 * MINUTE, ("leads:experts",), team="experts", webhook=HOOK),
)


def escalating(*steps: Escalation, **changes: Any) -> SlaPolicy:
    usual = {"escalations": {"first_response": steps or STEPS}, "targets": {"first_response": {"normal": 3600}}}
    return promise(**{**usual, **changes})


@pytest.fixture
def late(desk: FakeDesk) -> FakeDesk:
    """A desk whose policy has three steps, a team of experts and their lead Eve."""
    desk.people.save_agent(Agent("eve", "Eve", "eve@shop.example", team_ids=("experts",), capacity=5))
    desk.people.save_team(Team("experts", "Experts", ("eve",)))
    desk.settings.change(sla_policies=(escalating(),))
    return desk


def steps(desk: FakeDesk, ref: str) -> list[tuple[str, str]]:
    """The steps that the history records, and when."""
    return [(fact.detail["step"], f"{fact.at:%H:%M}") for fact in happened(desk.ticket(ref), Happening.SLA_ESCALATED)]


def told(desk: FakeDesk, kind: str = "sla_escalated") -> list[str]:
    """Whom the mails of a kind went to, one after the other."""
    mails = [mail for mail in desk.mailer.sent if f"notice_{kind}." in mail.subject]
    return [",".join(sorted(to.email.partition("@")[0] for to in mail.to)) for mail in mails]


def test_each_step_comes_at_its_time_and_tells_whom_it_names(late: FakeDesk) -> None:
    ref = late.settled().ref
    late.pass_time(hours=3)
    assert steps(late, ref) == [("0", "11:00"), ("1800", "11:30"), ("3600", "12:00")]
    assert told(late) == ["ada", "eve,lin", "eve"]
    assert told(late, "sla_breached") == []
    after = late.ticket(ref)
    assert (after.priority, after.team_id, after.assignee_id) == (Priority.HIGH, "experts", "eve")


def test_nothing_of_it_breaks_another_promise(late: FakeDesk) -> None:
    rushed = escalating(
        targets={"first_response": {"normal": 3600, "high": 60}, "resolution": {"normal": 86400, "high": 60}}
    )
    late.settings.change(sla_policies=(rushed,))
    ref = late.settled().ref
    late.pass_time(hours=3)
    assert late.ticket(ref).priority is Priority.HIGH
    assert [fact.detail["target"] for fact in happened(late.ticket(ref), Happening.SLA_BREACHED)] == ["3600"]
    edit_ticket(late, ref, TicketEdit(category="other"), "agent:eve", None)
    late.run(ref)
    assert len(happened(late.ticket(ref), Happening.SLA_BREACHED)) == 1


def test_run_again_and_again_it_happens_once(late: FakeDesk) -> None:
    ref = late.settled().ref
    late.pass_time(hours=2)
    before = late.ticket(ref)
    for _ in range(3):
        run_agenda(late, ref)
        late.pass_time(minutes=30)
    assert late.ticket(ref) == before
    assert len(late.webhooks.posted) == 1


def test_noticed_late_each_is_recorded_at_its_true_time(late: FakeDesk) -> None:
    ref = late.settled().ref
    late.clock.move(hours=3)
    late.run(ref)
    assert steps(late, ref) == [("0", "11:00"), ("1800", "11:30"), ("3600", "12:00")]
    raised = happened(late.ticket(ref), Happening.PRIORITY_SET)[-1]
    assert (f"{raised.at:%H:%M}", raised.detail["escalation"]) == ("11:30", "first_response:1")


def test_an_answer_ends_the_ladder_and_makes_moot_what_nobody_noticed(late: FakeDesk) -> None:
    ref = late.settled().ref
    late.clock.move(minutes=100)
    change_ticket(late, ref, lambda ticket: lifecycle.answered(ticket, "m9", late.clock.now(), "agent:ada"))
    late.run(ref)
    late.pass_time(hours=5)
    assert steps(late, ref) == [("0", "11:00"), ("1800", "11:30")]
    assert {fact.detail["moot"] for fact in happened(late.ticket(ref), Happening.SLA_ESCALATED)} == {"yes"}
    assert (late.ticket(ref).priority, told(late)) == (Priority.NORMAL, [])


def test_a_raised_priority_is_never_lowered(late: FakeDesk) -> None:
    late.settings.change(sla_policies=(escalating(targets={"first_response": {"urgent": 3600}}),))
    ref = late.settled(priority=Priority.URGENT).ref
    late.pass_time(hours=3)
    assert late.ticket(ref).priority is Priority.URGENT


def test_while_the_clock_is_paused_the_next_step_waits(late: FakeDesk) -> None:
    waits = escalating(pauses={"first_response": ("pending",)})
    late.settings.change(sla_policies=(waits,))
    ref = late.settled().ref
    late.pass_time(minutes=70)
    edit_ticket(late, ref, TicketEdit(status=Status.PENDING), "agent:ada", None)
    late.pass_time(hours=5)
    assert steps(late, ref) == [("0", "11:00")]
    edit_ticket(late, ref, TicketEdit(status=Status.OPEN), "agent:ada", None)
    late.pass_time(minutes=20)
    assert [step for step, _ in steps(late, ref)] == ["0", "1800"]


def test_an_empty_ladder_records_the_breach_and_tells_nobody(late: FakeDesk) -> None:
    late.settings.change(sla_policies=(promise(escalations={"first_response": ()}),))
    ref = late.settled().ref
    late.pass_time(minutes=61)
    assert len(happened(late.ticket(ref), Happening.SLA_BREACHED)) == 1
    assert told(late, "sla_breached") == []


def test_several_warnings_come_in_their_order_each_to_its_own(late: FakeDesk) -> None:
    warned = {"first_response": (Warn(50, notify=("assignee",)), Warn(seconds_before=300, notify=("leads",)))}
    late.settings.change(sla_policies=(promise(warnings=warned),))
    ref = late.settled().ref
    late.pass_time(minutes=59)
    facts = happened(late.ticket(ref), Happening.SLA_WARNED)
    assert [(fact.detail["step"], f"{fact.at:%H:%M}") for fact in facts] == [("50%", "10:30"), ("-300", "10:55")]
    assert told(late, "sla_warned") == ["ada", "lin"]


class TestQuietHours:
    @pytest.fixture
    def night(self, late: FakeDesk) -> FakeDesk:
        """The same desk after closing time, with quiet hours."""
        late.settings.change(
            calendar=OFFICE_HOURS,
            quiet_hours=QuietHours(enabled=True),
            sla_policies=(promise(warn_at_percent=50),),
        )
        late.clock.instant = when("mon 20:00")
        return late

    def test_alerts_wait_for_the_opening_and_are_told_then(self, night: FakeDesk) -> None:
        ref = night.settled().ref
        night.pass_time(hours=10)
        assert [fact.at for fact in happened(night.ticket(ref), Happening.SLA_BREACHED)][:1] == [when("mon 21:00")]
        assert night.mailer.sent == []
        night.pass_time(hours=3)
        assert [mail.date for mail in night.mailer.sent] == [when("tue 09:00")] * 2
        assert told(night, "sla_breached") == ["ada,lin", "ada,lin"]

    def test_a_warning_that_waits_is_overtaken_by_the_breach(self, night: FakeDesk) -> None:
        ref = night.settled().ref
        night.pass_time(minutes=40)
        waiting = [entry.about for entry in night.ticket(ref).agenda if entry.task is Task.NOTIFY]
        assert waiting == ["sla_warned:first_response:1"]
        night.pass_time(hours=13)
        assert told(night, "sla_warned") == []

    def test_urgent_ones_wake_somebody(self, night: FakeDesk) -> None:
        night.settled(priority=Priority.URGENT)
        night.pass_time(minutes=20)
        assert len(told(night, "sla_breached")) == 1

    def test_a_webhook_does_not_wait(self, night: FakeDesk) -> None:
        night.settings.change(sla_policies=(escalating(Escalation(0, ("leads",), webhook=HOOK)),))
        night.settled()
        night.pass_time(minutes=61)
        assert (len(night.webhooks.posted), night.mailer.sent) == (1, [])


class TestWebhooks:
    @pytest.fixture
    def hooked(self, late: FakeDesk) -> FakeDesk:
        """A desk that tells another system of a breach."""
        late.settings.change(sla_policies=(escalating(Escalation(0, webhook=HOOK)),))
        return late

    def test_it_says_which_promise_of_which_ticket_and_nothing_of_the_customer(self, hooked: FakeDesk) -> None:
        ref = hooked.settled().ref
        hooked.pass_time(minutes=61)
        ((hook, headers),) = hooked.webhooks.posted
        assert (hook.url, headers["Webhook-Id"]) == (HOOK, f"{ref}-first_response-1-3600-0")
        body = json.loads(hook.body)
        assert (body["type"], body["timestamp"]) == ("sla.escalated", when("mon 11:00").isoformat())
        assert (body["data"]["ref"], body["data"]["metric"], body["data"]["seconds_after"]) == (
            ref,
            "first_response",
            0,
        )
        assert b"jo" not in hook.body.lower()
        assert b"parcel" not in hook.body.lower()
        (sent,) = happened(hooked.ticket(ref), Happening.WEBHOOK_SENT)
        assert sent.detail == {"clock": "first_response:1", "step": "0", "host": "hooks.example.com"}

    def test_what_could_not_be_reached_is_told_later_under_the_same_id(self, hooked: FakeDesk) -> None:
        hooked.webhooks.troubles = [TryAgain("down"), TryAgain("down")]
        ref = hooked.settled().ref
        hooked.pass_time(minutes=70)
        assert [headers["Webhook-Id"] for _, headers in hooked.webhooks.posted] == [f"{ref}-first_response-1-3600-0"]
        assert len(happened(hooked.ticket(ref), Happening.WEBHOOK_SENT)) == 1

    @pytest.mark.parametrize("trouble", [WebhookRefused("its address answered 410"), TryAgain("down")])
    def test_what_is_never_taken_is_given_up_visibly(self, hooked: FakeDesk, trouble: Exception) -> None:
        hooked.webhooks.troubles = [trouble] * 20
        ref = hooked.settled().ref
        hooked.pass_time(days=2)
        (failed,) = happened(hooked.ticket(ref), Happening.DELIVERY_FAILED)
        assert failed.detail["task"] == "webhook"
        assert "address" in failed.detail["reason"]

    def test_an_address_that_was_taken_out_of_the_policy_is_told_nothing(self, hooked: FakeDesk) -> None:
        hooked.webhooks.troubles = [TryAgain("down")]
        ref = hooked.settled().ref
        hooked.pass_time(minutes=60)
        hooked.settings.change(sla_policies=(escalating(Escalation(0, ("leads",))),))
        hooked.pass_time(minutes=10)
        assert hooked.webhooks.posted == []
        assert len(happened(hooked.ticket(ref), Happening.DELIVERY_FAILED)) == 1


def test_a_team_that_is_gone_gets_the_ticket_all_the_same_and_its_queue_is_listed(late: FakeDesk) -> None:
    late.people.teams.pop("experts")
    late.people.agents["eve"] = replace(late.people.agents["eve"], active=False)
    ref = late.settled().ref
    late.pass_time(hours=3)
    assert late.ticket(ref).team_id == "experts"
    assert told(late) == ["ada", "lin"]


def test_a_pending_ticket_that_is_owed_an_answer_is_handed_over_too(late: FakeDesk) -> None:
    ref = late.settled().ref
    edit_ticket(late, ref, TicketEdit(status=Status.PENDING), "agent:ada", None)
    late.pass_time(hours=3)
    assert (late.ticket(ref).team_id, late.ticket(ref).status) == ("experts", Status.PENDING)
