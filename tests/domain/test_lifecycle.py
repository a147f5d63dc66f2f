"""What each change does to a ticket, and what it puts on the agenda."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import CLAIM_SECONDS, Entry, Task
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.ticket import DONE, EmailThread, Happening, Priority, Shelf, Status, Ticket
from chalicelib.domain.triage import Triage
from tests.domain.samples import DAY, MONDAY, SETTINGS, a_ticket, in_work, later, opened, promise

LATER = later(600)
SAM = "agent:sam"


def tasks(ticket: Ticket) -> set[tuple[Task, str]]:
    return {entry.key for entry in ticket.agenda}


def told(ticket: Ticket, *since: Ticket) -> list[Happening]:
    """What happened to a ticket since another state of it."""
    known = len(since[0].timeline) if since else 0
    return [fact.what for fact in ticket.timeline[known:]]


def entry(ticket: Ticket, task: Task, about: str = "") -> Entry:
    return next(known for known in ticket.agenda if known.key == (task, about))


def with_status(ticket: Ticket, status: Status) -> Ticket:
    return lifecycle.with_status(ticket, status, LATER, SAM, SETTINGS)


class TestOpening:
    def test_a_new_ticket_is_understood_and_acknowledged_at_once(self) -> None:
        ticket = opened()
        assert ticket.agenda == (Entry(MONDAY, Task.ACKNOWLEDGE), Entry(MONDAY, Task.TRIAGE))

    def test_its_first_fact_holds_what_its_clocks_are_judged_by(self) -> None:
        (fact,) = opened(priority=Priority.HIGH).timeline
        assert (fact.at, fact.what, fact.by) == (MONDAY, Happening.OPENED, "customer:c1")
        assert fact.detail == {"message": "m1", "priority": "high", "policy": "standard"}

    def test_it_can_be_opened_without_a_word_to_the_customer(self) -> None:
        ticket = lifecycle.opened(a_ticket(), "m1", SETTINGS, acknowledge=False)
        assert tasks(ticket) == {(Task.TRIAGE, "")}

    @pytest.mark.parametrize("shelf", [Shelf.SPAM, Shelf.UNPARSED])
    def test_mail_on_a_shelf_gets_no_answer_no_promise_and_no_agent(self, shelf: Shelf) -> None:
        ticket = opened(shelf=shelf)
        assert ticket.agenda == ()
        assert ticket.policy_id == ""
        assert ticket.has_message("m1")


class TestTriage:
    def test_what_it_found_is_taken_over_and_told(self) -> None:
        found = Triage("zh", "urgent", "refund", "billing", ("refunds",), ("money",))
        before = opened()
        after = lifecycle.triaged(before, found, SETTINGS, LATER)
        assert (after.language, after.priority, after.category, after.team_id) == ("zh", "urgent", "refund", "billing")
        assert (after.required_skills, after.tags) == (("refunds",), ("money",))
        assert told(after, before) == [
            Happening.LANGUAGE_SET,
            Happening.CATEGORY_SET,
            Happening.PRIORITY_SET,
            Happening.TEAM_SET,
        ]
        assert {fact.by for fact in after.timeline[1:]} == {"desk"}

    def test_what_somebody_set_already_is_left_alone(self) -> None:
        before = opened(language="en", category="delivery", priority=Priority.LOW, team_id="vip", tags=("gift",))
        found = Triage("zh", "urgent", "refund", "billing", ("refunds",), ("money", "gift"))
        after = lifecycle.triaged(before, found, SETTINGS, LATER)
        assert (after.language, after.priority, after.category, after.team_id) == ("en", "low", "delivery", "vip")
        assert after.tags == ("gift", "money")
        assert told(after, before) == []

    def test_a_priority_that_a_person_set_to_normal_stays_normal(self) -> None:
        ticket = opened(priority=Priority.HIGH)
        ticket = lifecycle.prioritised(ticket, Priority.NORMAL, MONDAY, SAM)
        assert lifecycle.triaged(ticket, Triage("en", "urgent"), SETTINGS, LATER).priority is Priority.NORMAL

    def test_without_a_rule_the_desks_own_team_gets_it(self) -> None:
        assert lifecycle.triaged(opened(), Triage("en"), SETTINGS, LATER).team_id == "support"

    def test_then_it_looks_for_an_agent(self) -> None:
        after = lifecycle.triaged(opened(), Triage("en"), SETTINGS, LATER)
        assert (Task.TRIAGE, "") not in tasks(after)
        assert entry(after, Task.ASSIGN).at == LATER

    def test_a_ticket_that_has_its_agent_looks_for_none(self) -> None:
        after = lifecycle.triaged(opened(assignee_id="sam"), Triage("en"), SETTINGS, LATER)
        assert after.assignee_id == "sam"
        assert (Task.ASSIGN, "") not in tasks(after)

    def test_its_policy_is_chosen_anew(self) -> None:
        rushed = promise("rush", match={"priority": ("urgent",)})
        settings = replace(SETTINGS, sla_policies=(rushed, promise()))
        before = opened(settings)
        after = lifecycle.triaged(before, Triage("en", "urgent"), settings, LATER)
        assert (before.policy_id, after.policy_id) == ("standard", "rush")
        assert told(after)[-1] is Happening.POLICY_SET


class TestPriorityAndPolicy:
    def test_the_same_priority_again_is_no_change(self) -> None:
        ticket = opened()
        assert lifecycle.prioritised(ticket, Priority.NORMAL, LATER, SAM) is ticket

    def test_the_same_policy_again_is_no_change(self) -> None:
        ticket = opened()
        assert lifecycle.repoliced(ticket, SETTINGS, LATER) is ticket

    def test_a_ticket_that_no_policy_fits_any_more_has_none(self) -> None:
        settings = replace(SETTINGS, sla_policies=(promise(match={"channel": ("chat",)}),))
        after = lifecycle.repoliced(opened(), settings, LATER)
        assert after.policy_id == ""
        assert after.timeline[-1].detail == {"policy": "none"}


class TestHands:
    def test_an_assigned_ticket_is_in_its_agents_hands_and_they_are_told(self) -> None:
        after = lifecycle.assigned(opened(), "ada", LATER, "desk")
        assert after.assignee_id == "ada"
        assert after.timeline[-1].detail == {"agent": "ada"}
        assert {(Task.NOTIFY, "assigned:ada:1"), (Task.SETTLE_LOAD, "")} <= tasks(after)

    def test_whoever_takes_a_ticket_themselves_is_not_told(self) -> None:
        after = lifecycle.assigned(in_work(assignee_id="", team_id="support"), "sam", LATER, SAM)
        assert tasks(after) == {(Task.SETTLE_LOAD, "")}

    def test_an_assigned_ticket_looks_for_nobody_else(self) -> None:
        waiting = lifecycle.with_tasks(a_ticket(), Entry(MONDAY, Task.ASSIGN))
        assert (Task.ASSIGN, "") not in tasks(lifecycle.assigned(waiting, "ada", LATER, "desk"))

    def test_the_same_agent_again_is_no_change(self) -> None:
        ticket = in_work()
        assert lifecycle.assigned(ticket, "sam", LATER, "agent:lin") is ticket

    def test_a_ticket_taken_from_its_agent_looks_for_another(self) -> None:
        after = lifecycle.assigned(in_work(), "", LATER, "agent:lin")
        assert (after.assignee_id, after.timeline[-1].what) == ("", Happening.UNASSIGNED)
        assert after.timeline[-1].detail == {"agent": "sam"}
        assert tasks(after) == {(Task.ASSIGN, ""), (Task.SETTLE_LOAD, "")}

    @pytest.mark.parametrize("status", [Status.PENDING, Status.SOLVED])
    def test_nobody_is_sought_for_a_ticket_that_is_not_the_desks_turn(self, status: Status) -> None:
        after = lifecycle.assigned(in_work(status=status), "", LATER, "agent:lin")
        assert tasks(after) == {(Task.SETTLE_LOAD, "")}

    def test_another_team_routes_it_anew(self) -> None:
        after = lifecycle.in_team(in_work(), "billing", LATER, "agent:lin")
        assert (after.team_id, after.assignee_id) == ("billing", "")
        assert told(after)[-2:] == [Happening.TEAM_SET, Happening.UNASSIGNED]
        assert entry(after, Task.ASSIGN).at == LATER

    def test_a_waiting_ticket_tries_another_team_at_once(self) -> None:
        waiting = lifecycle.with_tasks(a_ticket(team_id="support"), Entry(later(900), Task.ASSIGN, attempts=4))
        after = lifecycle.in_team(waiting, "billing", LATER, "agent:lin")
        assert entry(after, Task.ASSIGN) == Entry(LATER, Task.ASSIGN)

    def test_a_ticket_that_is_still_to_be_understood_is_routed_by_triage_only(self) -> None:
        after = lifecycle.in_team(opened(), "billing", LATER, "agent:lin")
        assert (Task.ASSIGN, "") not in tasks(after)

    def test_its_first_team_leaves_it_with_its_agent(self) -> None:
        after = lifecycle.in_team(in_work(team_id=""), "billing", LATER, "desk")
        assert (after.team_id, after.assignee_id) == ("billing", "sam")

    def test_the_same_team_again_is_no_change(self) -> None:
        ticket = in_work()
        assert lifecycle.in_team(ticket, "support", LATER, SAM) is ticket

    def test_a_worker_that_puts_hands_right_keeps_its_claim(self) -> None:
        claimed = Entry(later(120), Task.SETTLE_LOAD, attempts=1)
        busy = lifecycle.with_tasks(in_work(), claimed)
        after = lifecycle.assigned(busy, "ada", LATER, "agent:lin")
        assert claimed in after.agenda
        (again,) = (known for known in after.agenda if known.task is Task.SETTLE_LOAD and known != claimed)
        assert (again.at, again.attempts) == (LATER, 0)

    @pytest.mark.parametrize("task", [Task.TRIAGE, Task.ASSIGN])
    def test_where_a_worker_may_be_taking_a_place_hands_are_put_right_once_more_later(self, task: Task) -> None:
        sought = lifecycle.with_tasks(in_work(assignee_id="", version=3), Entry(MONDAY, task))
        settled = [entry.at for entry in lifecycle.assigned(sought, "ada", LATER, "agent:lin").agenda]
        assert LATER + timedelta(seconds=CLAIM_SECONDS) in settled
        for status in (Status.PENDING, Status.SOLVED, Status.CLOSED):
            assert (Task.SETTLE_LOAD, "again") in tasks(with_status(sought, status))


class TestTheCustomerWrites:
    def wrote(self, ticket: Ticket, *, automatic: bool = False) -> Ticket:
        return lifecycle.customer_wrote(
            ticket, "m2", LATER, SETTINGS, email_id="<second@customer.example>", automatic=automatic
        )

    def test_the_agent_is_told(self) -> None:
        after = self.wrote(in_work(status=Status.OPEN))
        assert told(after)[-1] is Happening.CUSTOMER_WROTE
        assert after.timeline[-1].by == "customer:c1"
        assert tasks(after) == {(Task.NOTIFY, "customer_wrote:m2")}

    def test_where_nobody_has_the_ticket_nobody_is_told(self) -> None:
        after = self.wrote(in_work(assignee_id=""))
        assert all(task is not Task.NOTIFY for task, _ in tasks(after))

    @pytest.mark.parametrize("status", [Status.PENDING, Status.ON_HOLD])
    def test_a_ticket_that_waited_is_the_desks_turn_again(self, status: Status) -> None:
        after = self.wrote(in_work(status=status))
        assert after.status is Status.OPEN
        assert told(after)[-2:] == [Happening.CUSTOMER_WROTE, Happening.RESUMED]
        assert (Task.SETTLE_LOAD, "") in tasks(after)

    @pytest.mark.parametrize("status", [Status.NEW, Status.OPEN])
    def test_a_ticket_that_is_the_desks_turn_stays_as_it_is(self, status: Status) -> None:
        assert self.wrote(in_work(status=status)).status is status

    def test_a_solved_ticket_opens_again_for_the_agent_who_had_it(self) -> None:
        after = self.wrote(lifecycle.solved(in_work(), MONDAY, SAM, SETTINGS))
        assert (after.status, after.assignee_id, after.solved_at) == (Status.OPEN, "sam", None)
        assert told(after)[-2:] == [Happening.CUSTOMER_WROTE, Happening.REOPENED]

    def test_a_closed_ticket_takes_nothing_more(self) -> None:
        with pytest.raises(Conflict):
            self.wrote(in_work(status=Status.CLOSED))

    @pytest.mark.parametrize("status", list(Status))
    def test_automatic_mail_is_kept_and_starts_or_stops_nothing(self, status: Status) -> None:
        before = in_work(status=status)
        after = self.wrote(before, automatic=True)
        assert told(after, before) == [Happening.AUTOMATIC_MAIL]
        assert (after.status, after.agenda) == (status, before.agenda)
        assert after.has_message("m2")

    def test_later_answers_thread_after_the_customers_latest_mail(self) -> None:
        before = in_work(thread=EmailThread("<a@x.example>", ("<a@x.example>",)))
        after = self.wrote(before)
        assert after.thread.last_id == "<second@customer.example>"
        assert after.thread.chain == ("<a@x.example>", "<second@customer.example>")

    def test_a_long_thread_keeps_its_first_and_its_latest_mails(self) -> None:
        thread = EmailThread()
        for number in range(30):
            thread = lifecycle.threaded(thread, f"<{number}@x.example>")
        kept = [0, *range(21, 30)]
        assert thread.chain == tuple(f"<{number}@x.example>" for number in kept)

    def test_the_same_mail_again_moves_to_the_end_of_the_thread(self) -> None:
        thread = EmailThread("<b@x.example>", ("<a@x.example>", "<b@x.example>"))
        assert lifecycle.threaded(thread, "<a@x.example>").chain == ("<b@x.example>", "<a@x.example>")


class TestTheDeskWrites:
    def test_an_answer_leaves_by_mail(self) -> None:
        after = lifecycle.answered(in_work(status=Status.OPEN), "m2", LATER, SAM)
        assert after.agenda == (Entry(LATER, Task.DELIVER, "m2"),)
        assert (after.timeline[-1].what, after.timeline[-1].by) == (Happening.AGENT_ANSWERED, SAM)

    def test_a_customer_without_an_address_gets_no_mail(self) -> None:
        ticket = in_work()
        nameless = replace(ticket, requester=replace(ticket.requester, email=""))
        assert lifecycle.answered(nameless, "m2", LATER, SAM).agenda == ()

    @pytest.mark.parametrize(
        ("before", "after"),
        [(Status.NEW, Status.OPEN), (Status.PENDING, Status.PENDING), (Status.SOLVED, Status.SOLVED)],
    )
    def test_an_answer_ends_only_being_new(self, before: Status, after: Status) -> None:
        assert lifecycle.answered(in_work(status=before), "m2", LATER, SAM).status is after

    def test_a_note_stays_inside(self) -> None:
        after = lifecycle.noted(in_work(), "m2", LATER, SAM)
        assert (after.status, after.agenda) == (Status.NEW, ())
        assert told(after)[-1] is Happening.NOTE_ADDED


class TestStatus:
    def test_the_same_status_is_no_change(self) -> None:
        ticket = in_work(status=Status.PENDING)
        assert with_status(ticket, Status.PENDING) is ticket

    @pytest.mark.parametrize(
        ("status", "fact"),
        [(Status.PENDING, Happening.WAITING_ON_CUSTOMER), (Status.ON_HOLD, Happening.WAITING_ON_THIRD_PARTY)],
    )
    def test_a_ticket_that_waits_frees_its_agents_hands(self, status: Status, fact: Happening) -> None:
        after = with_status(in_work(status=Status.OPEN), status)
        assert (after.status, after.assignee_id) == (status, "sam")
        assert told(after)[-1] is fact
        assert tasks(after) == {(Task.SETTLE_LOAD, "")}

    def test_from_waiting_to_waiting_no_hands_change(self) -> None:
        assert with_status(in_work(status=Status.PENDING), Status.ON_HOLD).agenda == ()

    def test_opening_a_new_ticket_changes_no_hands(self) -> None:
        assert with_status(in_work(), Status.OPEN).agenda == ()

    def test_a_ticket_that_nobody_has_looks_for_an_agent_when_it_resumes(self) -> None:
        waiting = in_work(assignee_id="", status=Status.PENDING)
        after = with_status(waiting, Status.OPEN)
        assert entry(after, Task.ASSIGN).at == LATER

    @pytest.mark.parametrize("status", [Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED])
    def test_nothing_becomes_new_again(self, status: Status) -> None:
        with pytest.raises(Conflict):
            with_status(in_work(status=status), Status.NEW)

    @pytest.mark.parametrize("status", [status for status in Status if status is not Status.CLOSED])
    def test_nothing_happens_to_a_closed_ticket_any_more(self, status: Status) -> None:
        with pytest.raises(Conflict):
            with_status(in_work(status=Status.CLOSED), status)

    @pytest.mark.parametrize("status", [Status.OPEN, Status.PENDING, Status.ON_HOLD])
    def test_a_solved_ticket_that_is_set_back_opens_again_first(self, status: Status) -> None:
        before = lifecycle.solved(in_work(status=Status.OPEN), MONDAY, SAM, SETTINGS)
        after = with_status(before, status)
        assert (after.status, after.solved_at) == (status, None)
        assert told(after, before)[0] is Happening.REOPENED
        assert len(told(after, before)) == (1 if status is Status.OPEN else 2)
        assert tasks(after) == {(Task.SETTLE_LOAD, "")}


class TestSolvingAndClosing:
    def test_a_solved_ticket_is_surveyed_and_closes_in_time(self) -> None:
        after = with_status(in_work(status=Status.OPEN), Status.SOLVED)
        assert (after.status, after.solved_at) == (Status.SOLVED, LATER)
        assert after.agenda == (
            Entry(LATER, Task.SETTLE_LOAD),
            Entry(LATER + timedelta(seconds=DAY), Task.SURVEY, "1"),
            Entry(LATER + timedelta(seconds=7 * DAY), Task.CLOSE),
        )

    def test_a_solved_ticket_needs_neither_triage_nor_an_agent(self) -> None:
        waiting = lifecycle.with_tasks(a_ticket(), Entry(MONDAY, Task.ASSIGN), Entry(MONDAY, Task.TRIAGE))
        assert not {Task.ASSIGN, Task.TRIAGE} & {task for task, _ in tasks(with_status(waiting, Status.SOLVED))}

    def test_a_desk_that_asks_nobody_sends_no_survey(self) -> None:
        silent = replace(SETTINGS, survey=replace(SETTINGS.survey, enabled=False))
        after = lifecycle.solved(in_work(), LATER, SAM, silent)
        assert all(task is not Task.SURVEY for task, _ in tasks(after))

    def test_neither_spammers_nor_customers_without_an_address_are_surveyed(self) -> None:
        ticket = in_work()
        nameless = replace(ticket, requester=replace(ticket.requester, email=""))
        for one in (nameless, in_work(shelf=Shelf.SPAM)):
            assert all(task is not Task.SURVEY for task, _ in tasks(with_status(one, Status.SOLVED)))

    def test_reopened_its_survey_is_off_and_it_does_not_close(self) -> None:
        solved = lifecycle.with_tasks(
            lifecycle.solved(in_work(), MONDAY, SAM, SETTINGS),
            Entry(LATER, Task.SURVEY_REMINDER, "1"),
            Entry(LATER, Task.SURVEY_SILENCE, "1"),
        )
        after = lifecycle.reopened(solved, LATER, SAM)
        assert tasks(after) == {(Task.SETTLE_LOAD, "")}

    def test_reopened_without_an_agent_it_is_routed_anew(self) -> None:
        solved = lifecycle.solved(in_work(assignee_id=""), MONDAY, SAM, SETTINGS)
        assert entry(lifecycle.reopened(solved, LATER, SAM), Task.ASSIGN).at == LATER

    def test_the_second_resolution_gets_the_second_survey(self) -> None:
        ticket = lifecycle.solved(in_work(), MONDAY, SAM, SETTINGS)
        ticket = lifecycle.reopened(ticket, MONDAY, SAM)
        assert (Task.SURVEY, "2") in tasks(lifecycle.solved(ticket, LATER, SAM, SETTINGS))

    def test_what_was_solved_keeps_its_time_and_its_survey_when_it_closes(self) -> None:
        solved = lifecycle.solved(in_work(), MONDAY, SAM, SETTINGS)
        after = lifecycle.closed(solved, LATER)
        assert (after.status, after.solved_at) == (Status.CLOSED, MONDAY)
        assert told(after)[-1] is Happening.CLOSED
        assert tasks(after) == {(Task.SETTLE_LOAD, ""), (Task.SURVEY, "1")}

    def test_closed_by_hand_it_does_not_close_again_when_its_time_comes(self) -> None:
        solved = lifecycle.solved(in_work(), MONDAY, SAM, SETTINGS)
        after = with_status(solved, Status.CLOSED)
        assert after.timeline[-1].by == SAM
        assert (Task.CLOSE, "") not in tasks(after)
        assert lifecycle.closed(after, later(900)) is after

    def test_closed_without_a_solution_it_counts_as_done_from_then_on(self) -> None:
        waiting = lifecycle.with_tasks(in_work(), Entry(MONDAY, Task.ASSIGN), Entry(MONDAY, Task.TRIAGE))
        after = with_status(waiting, Status.CLOSED)
        assert after.status in DONE
        assert after.solved_at == LATER
        assert tasks(after) == {(Task.SETTLE_LOAD, "")}

    def test_only_a_closed_ticket_is_refused(self) -> None:
        lifecycle.refuse_if_closed(in_work(status=Status.SOLVED))
        with pytest.raises(Conflict):
            lifecycle.refuse_if_closed(in_work(status=Status.CLOSED))


class TestFollowUps:
    def test_a_follow_up_is_put_on_the_ticket_and_somebody_is_told(self) -> None:
        after = lifecycle.followed_up(in_work(), "survey_1_low", "low_rating", LATER)
        (task,) = after.open_follow_ups
        assert (task.id, task.reason, task.created_at) == ("survey_1_low", "low_rating", LATER)
        assert after.timeline[-1].detail == {"follow_up": "survey_1_low", "reason": "low_rating"}
        assert tasks(after) == {(Task.NOTIFY, "follow_up:survey_1_low")}

    def test_the_same_follow_up_twice_is_one(self) -> None:
        once = lifecycle.followed_up(in_work(), "survey_1_low", "low_rating", MONDAY)
        assert lifecycle.followed_up(once, "survey_1_low", "low_rating", LATER) is once

    def test_it_is_ticked_off_once(self) -> None:
        ticket = lifecycle.followed_up(in_work(), "a", "low_rating", MONDAY)
        ticket = lifecycle.followed_up(ticket, "b", "low_rating", MONDAY)
        done = lifecycle.follow_up_done(ticket, "a", LATER, SAM)
        assert [task.id for task in done.open_follow_ups] == ["b"]
        assert (done.follow_ups[0].done_at, done.follow_ups[0].done_by) == (LATER, SAM)
        assert told(done)[-1] is Happening.FOLLOW_UP_DONE
        assert lifecycle.follow_up_done(done, "a", later(900), "agent:ada") is done

    def test_one_that_is_not_there_is_no_change(self) -> None:
        ticket = in_work()
        assert lifecycle.follow_up_done(ticket, "a", LATER, SAM) is ticket


class TestFields:
    def test_fields_are_set_and_by_an_empty_value_removed(self) -> None:
        before = in_work(fields={"order": "17", "size": "M"})
        after = lifecycle.with_fields(before, {"order": "18", "size": "", "colour": "red"}, LATER, SAM)
        assert after.fields == {"order": "18", "colour": "red"}
        told = {"now:colour": "red", "now:order": "18", "was:order": "17", "was:size": "M"}
        assert after.timeline[-1].detail == {"fields": "colour, order, size", **told}

    def test_a_ticket_holds_a_bounded_number_of_them(self) -> None:
        many = {f"field {number}": "x" for number in range(lifecycle.MOST_FIELDS)}
        full = lifecycle.with_fields(in_work(), many, LATER, SAM)
        assert len(full.fields) == lifecycle.MOST_FIELDS
        with pytest.raises(InvalidInput) as refusal:
            lifecycle.with_fields(full, {"one more": "x"}, LATER, SAM)
        assert refusal.value.field == "fields"
        assert "one more" in lifecycle.with_fields(full, {"one more": "x", "field 0": ""}, LATER, SAM).fields

    def test_a_fact_tells_a_long_text_by_its_beginning(self) -> None:
        assert lifecycle.told("x" * 500) == "x" * 500
        assert lifecycle.told("x" * 501) == "x" * 499 + "…"

    def test_what_changes_nothing_is_no_change(self) -> None:
        ticket = in_work(fields={"order": "17"})
        assert lifecycle.with_fields(ticket, {"order": "17", "size": ""}, LATER, SAM) is ticket
