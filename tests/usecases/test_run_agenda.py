"""A ticket's agenda is run: what outlives dying workers, failing mail, doubled requests and quicker others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import CLAIM_SECONDS, EFFECTS, MOST_ATTEMPTS, Entry, Task
from chalicelib.domain.errors import MailRefused, StaleVersion, TryAgain
from chalicelib.domain.message import MessageKind
from chalicelib.domain.people import Roster
from chalicelib.domain.ticket import Happening, Status, Ticket
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.change_ticket import MOST_TRIES, change_ticket
from chalicelib.usecases.run_agenda import PERFORM, STEPS, run_agenda
from tests.domain.samples import MONDAY, later
from tests.usecases.fakes import FakeDesk, Nudge, free_reference, happened

JO = "jo@customer.example"


def replied(desk: FakeDesk) -> str:
    """Give the reference of a ticket with a reply that is to leave now, in Ada's hands."""
    ref = desk.settled().ref
    reply = NewMessage(origin="key:1:a", kind=MessageKind.REPLY, text="Yes.", author="agent:ada", author_name="Ada")
    answer_ticket(desk, ref, reply)
    desk.work.taken()
    return ref


def on_agenda(desk: FakeDesk, ref: str, task: Task) -> list[Entry]:
    return [entry for entry in desk.ticket(ref).agenda if entry.task is task]


def change(desk: FakeDesk, ref: str, decide: Callable[[Ticket], Ticket]) -> Callable[[], None]:
    """What somebody else does to a ticket in the middle of something."""

    def act() -> None:
        change_ticket(desk, ref, decide)

    return act


def test_every_task_has_somebody_who_does_it() -> None:
    assert set(PERFORM) == EFFECTS
    assert set(STEPS) | set(PERFORM) | {Task.INDEX} == set(Task)
    assert not set(STEPS) & set(PERFORM)


class TestNothingToDo:
    def test_a_ticket_that_is_gone_is_nothing(self, desk: FakeDesk) -> None:
        run_agenda(desk, free_reference(desk))
        assert desk.tickets.writes == []

    def test_a_second_request_for_the_same_work_writes_nothing(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        run_agenda(desk, ref)
        desk.tickets.writes.clear()
        run_agenda(desk, ref)
        assert desk.tickets.writes == []
        assert len(desk.mailer.to(JO)) == 1

    @pytest.mark.parametrize(("seconds", "asked"), [(1, True), (5, True), (6, False)])
    def test_a_worker_whose_clock_is_behind_asks_to_be_called_again(
        self, desk: FakeDesk, seconds: int, asked: bool
    ) -> None:
        ref = desk.settled().ref
        desk.settings.change(sla_policies=())
        desk.put(replace(desk.ticket(ref), agenda=(Entry(later(seconds), Task.CLOSE),)))
        run_agenda(desk, ref)
        assert desk.work.asked == ([Nudge(ref, seconds)] if asked else [])


class TestEffects:
    def test_an_effect_is_claimed_before_it_happens(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        seen: list[Entry] = []
        desk.mailer.meanwhile.append(lambda: seen.extend(on_agenda(desk, ref, Task.DELIVER)))
        run_agenda(desk, ref)
        (claimed,) = seen
        assert (claimed.at, claimed.attempts) == (MONDAY + timedelta(seconds=CLAIM_SECONDS), 1)

    def test_while_it_is_claimed_nobody_else_is_asked(self, desk: FakeDesk) -> None:
        desk.settings.change(sla_policies=())
        ref = replied(desk)
        run_agenda(desk, ref)
        assert desk.work.asked == []

    def test_it_is_closed_after_it_happened(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        run_agenda(desk, ref)
        assert on_agenda(desk, ref, Task.DELIVER) == []

    def test_while_it_is_claimed_no_other_worker_does_it(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        desk.mailer.meanwhile.append(lambda: run_agenda(desk, ref))
        run_agenda(desk, ref)
        assert len(desk.mailer.to(JO)) == 1

    def test_a_mail_never_leaves_when_the_claim_could_not_be_saved(self, desk: FakeDesk) -> None:
        ref = replied(desk)

        def away() -> None:
            raise TryAgain("the table is away")

        desk.tickets.before_save.append(away)
        with pytest.raises(TryAgain):
            run_agenda(desk, ref)
        assert desk.mailer.sent == []
        desk.run(ref)
        assert len(desk.mailer.to(JO)) == 1

    def test_when_its_worker_died_another_does_it_after_the_claim_ran_out(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        (entry,) = on_agenda(desk, ref, Task.DELIVER)
        claimed = replace(entry, at=desk.clock.now() + timedelta(seconds=CLAIM_SECONDS), attempts=1)
        desk.put(lifecycle.with_tasks(desk.ticket(ref), claimed))
        desk.pass_time(seconds=CLAIM_SECONDS - 1)
        assert desk.mailer.sent == []
        desk.pass_time(seconds=1)
        assert len(desk.mailer.to(JO)) == 1

    def test_an_effect_at_which_workers_die_again_and_again_is_given_up_visibly(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        (entry,) = on_agenda(desk, ref, Task.DELIVER)
        desk.put(lifecycle.with_tasks(desk.ticket(ref), replace(entry, attempts=MOST_ATTEMPTS)))
        after = desk.run(ref)
        assert desk.mailer.to(JO) == []
        assert on_agenda(desk, ref, Task.DELIVER) == []
        assert [task.reason for task in after.open_follow_ups] == ["undelivered"]
        assert len(desk.mailer.to("lin@shop.example")) == 1

    def test_what_was_put_anew_while_it_ran_stays(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        (entry,) = on_agenda(desk, ref, Task.DELIVER)
        anew = Entry(later(600), Task.DELIVER, entry.about)
        desk.mailer.meanwhile.append(change(desk, ref, lambda ticket: lifecycle.with_tasks(ticket, anew)))
        run_agenda(desk, ref)
        assert on_agenda(desk, ref, Task.DELIVER) == [anew]

    def test_what_else_changed_while_it_ran_stays(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        desk.mailer.meanwhile.append(
            change(desk, ref, lambda ticket: lifecycle.noted(ticket, "n1", desk.clock.now(), "agent:sam"))
        )
        run_agenda(desk, ref)
        after = desk.ticket(ref)
        assert after.has_message("n1")
        assert len(happened(after, Happening.DELIVERED)) == 1

    def test_work_that_arose_meanwhile_is_asked_for(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        wrote = change(
            desk, ref, lambda ticket: lifecycle.customer_wrote(ticket, "m9", desk.clock.now(), desk.settings.load())
        )
        desk.mailer.meanwhile.append(wrote)
        run_agenda(desk, ref)
        assert Nudge(ref) in desk.work.asked
        desk.run(ref)
        assert len(desk.mailer.to("ada@shop.example")) == 1


class TestFailures:
    def attempts(self, desk: FakeDesk, ref: str, failures: int) -> list[datetime]:
        """Let so many sendings fail; gives when each was tried."""
        tried: list[datetime] = []
        desk.mailer.troubles += [TryAgain("throttled")] * failures
        desk.mailer.meanwhile += [lambda: tried.append(desk.clock.now())] * failures
        desk.pass_time(hours=4)
        return tried

    def test_a_mail_that_could_not_leave_is_put_off_twice_as_long_each_time(self, desk: FakeDesk) -> None:
        desk.settings.change(sla_policies=())
        tried = self.attempts(desk, replied(desk), 7)
        assert [(after - before).total_seconds() / 60 for before, after in pairwise(tried)] == [1, 2, 4, 8, 16, 32]
        (mail,) = desk.mailer.to(JO)
        assert mail.date == tried[-1] + timedelta(minutes=60)

    def test_after_eight_failures_it_is_given_up_and_somebodys_task(self, desk: FakeDesk) -> None:
        desk.settings.change(sla_policies=())
        ref = replied(desk)
        assert len(self.attempts(desk, ref, MOST_ATTEMPTS)) == 8
        after = desk.ticket(ref)
        assert desk.mailer.to(JO) == []
        (failure,) = happened(after, Happening.DELIVERY_FAILED)
        assert (failure.detail["task"], failure.by) == ("deliver", "desk")
        assert [task.reason for task in after.open_follow_ups] == ["undelivered"]
        assert [mail.to[0].email for mail in desk.mailer.sent] == ["ada@shop.example"]
        assert {address.email for address in desk.mailer.sent[0].to} == {"ada@shop.example", "lin@shop.example"}
        assert after.agenda == ()

    def test_a_mail_that_is_refused_is_given_up_at_once(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        desk.mailer.troubles.append(MailRefused("the address bounced"))
        run_agenda(desk, ref)
        after = desk.ticket(ref)
        (failure,) = happened(after, Happening.DELIVERY_FAILED)
        assert failure.detail["reason"] == "the address bounced"
        assert on_agenda(desk, ref, Task.DELIVER) == []
        assert [task.reason for task in after.open_follow_ups] == ["undelivered"]

    def test_an_acknowledgement_that_is_refused_is_told_and_nobodys_task(self, desk: FakeDesk) -> None:
        desk.mailer.troubles.append(MailRefused("the address bounced"))
        after = desk.run(desk.open().ref)
        assert len(happened(after, Happening.DELIVERY_FAILED)) == 1
        assert after.follow_ups == ()

    def test_a_failed_mail_holds_up_no_other(self, desk: FakeDesk) -> None:
        ticket = desk.open()
        desk.mailer.troubles.append(TryAgain("throttled"))
        desk.run(ticket.ref)
        assert [mail.to[0].email for mail in desk.mailer.sent] == ["ada@shop.example"]
        desk.pass_time(minutes=1)
        assert len(desk.mailer.to(JO)) == 1

    def test_what_was_put_anew_while_it_failed_keeps_its_time(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        (entry,) = on_agenda(desk, ref, Task.DELIVER)
        anew = Entry(later(5), Task.DELIVER, entry.about)
        desk.mailer.meanwhile.append(change(desk, ref, lambda ticket: lifecycle.with_tasks(ticket, anew)))
        desk.mailer.troubles.append(TryAgain("throttled"))
        run_agenda(desk, ref)
        assert on_agenda(desk, ref, Task.DELIVER) == [anew]

    def test_what_was_taken_off_while_it_failed_does_not_come_back(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        desk.mailer.meanwhile.append(change(desk, ref, lambda ticket: lifecycle.without_tasks(ticket, Task.DELIVER)))
        desk.mailer.troubles.append(TryAgain("throttled"))
        run_agenda(desk, ref)
        assert on_agenda(desk, ref, Task.DELIVER) == []

    def test_a_fault_that_nobody_foresaw_is_not_hidden_and_undoes_nothing_else(self, desk: FakeDesk) -> None:
        ticket = desk.open()
        desk.mailer.troubles.append(ZeroDivisionError())
        with pytest.raises(ZeroDivisionError):
            run_agenda(desk, ticket.ref)
        assert [mail.to[0].email for mail in desk.mailer.sent] == ["ada@shop.example"]
        assert [entry.attempts for entry in on_agenda(desk, ticket.ref, Task.ACKNOWLEDGE)] == [1]
        assert on_agenda(desk, ticket.ref, Task.NOTIFY) == []
        desk.pass_time(minutes=10)
        assert len(desk.mailer.to("ada@shop.example")) == 1
        assert len(desk.mailer.to(JO)) == 1


class TestQuickerOthers:
    def test_a_decision_on_a_stale_ticket_is_made_again(self, desk: FakeDesk) -> None:
        ref = replied(desk)
        desk.tickets.before_save.append(
            change(desk, ref, lambda ticket: lifecycle.noted(ticket, "n1", desk.clock.now(), "agent:sam"))
        )
        run_agenda(desk, ref)
        assert desk.ticket(ref).has_message("n1")
        assert len(desk.mailer.to(JO)) == 1

    def test_a_ticket_that_keeps_changing_is_delivered_again(self, desk: FakeDesk) -> None:
        ref = replied(desk)

        def another() -> None:
            desk.put(desk.ticket(ref))

        desk.tickets.before_save += [another] * MOST_TRIES
        with pytest.raises(StaleVersion):
            run_agenda(desk, ref)
        assert desk.mailer.sent == []

    def test_a_place_taken_for_a_ticket_that_somebody_else_got_is_given_back(
        self, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Lin gives it to Sam, and hands are settled, just before this worker takes a place in Ada's."""
        ticket = desk.open()
        by_hand = change(
            desk, ticket.ref, lambda known: lifecycle.assigned(known, "sam", desk.clock.now(), "agent:lin")
        )
        look = desk.people.roster

        def look_after_lin() -> Roster:
            monkeypatch.setattr(desk.people, "roster", look)
            before = look()
            by_hand()
            desk.run(ticket.ref)
            return before

        monkeypatch.setattr(desk.people, "roster", look_after_lin)
        desk.run(ticket.ref)
        assert desk.ticket(ticket.ref).assignee_id == "sam"
        assert (desk.people.holding("sam"), desk.people.holding("ada")) == ({ticket.ref}, set())


class TestOrderAndTime:
    def test_triage_routing_and_what_they_cause_are_done_in_one_go(self, desk: FakeDesk) -> None:
        ticket = desk.open()
        run_agenda(desk, ticket.ref)
        after = desk.ticket(ticket.ref)
        assert (after.language, after.team_id, after.assignee_id) == ("en", "support", "ada")
        assert {mail.to[0].email for mail in desk.mailer.sent} == {JO, "ada@shop.example"}
        assert len(desk.tickets.writes) == 3

    def test_what_is_not_due_is_left(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        desk.put(lifecycle.solved(desk.ticket(ref), desk.clock.now(), "agent:ada", desk.settings.load()))
        run_agenda(desk, ref)
        assert {entry.task for entry in desk.ticket(ref).agenda} == {Task.SURVEY, Task.CLOSE}

    def test_a_late_closing_is_told_at_its_true_time(self, desk: FakeDesk) -> None:
        desk.settings.change(survey=replace(desk.settings.load().survey, enabled=False))
        ref = desk.settled().ref
        desk.put(lifecycle.solved(desk.ticket(ref), desk.clock.now(), "agent:ada", desk.settings.load()))
        desk.clock.move(days=30)
        after = desk.run(ref)
        assert after.status is Status.CLOSED
        assert happened(after, Happening.CLOSED)[0].at == MONDAY + timedelta(days=7)

    def test_after_a_run_nothing_is_due(self, desk: FakeDesk) -> None:
        ticket = desk.open()
        for _ in range(40):
            run_agenda(desk, ticket.ref)
            due = desk.ticket(ticket.ref).next_due
            assert due is None or due > desk.clock.now()
            desk.clock.move(hours=5)


class TestAWaitingTicket:
    def test_it_looks_for_an_agent_at_once_when_asked_to(self, desk: FakeDesk) -> None:
        for name in ("ada", "sam"):
            desk.people.agents[name] = replace(desk.people.agents[name], available=False)
        ref = desk.settled().ref
        assert desk.ticket(ref).assignee_id == ""
        desk.people.agents["sam"] = replace(desk.people.agents["sam"], available=True)
        run_agenda(desk, ref)
        assert desk.ticket(ref).assignee_id == ""
        run_agenda(desk, ref, assign=True)
        assert desk.ticket(ref).assignee_id == "sam"

    def test_a_ticket_that_does_not_wait_is_not_reassigned(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        desk.tickets.writes.clear()
        run_agenda(desk, ref, assign=True)
        assert desk.ticket(ref).assignee_id == "ada"
        assert desk.tickets.writes == []
