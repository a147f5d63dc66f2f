"""Deadlines near and pass: recorded with their true time, told once, however late or often anyone looks."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Task
from chalicelib.domain.ticket import Happening, Priority, Status
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.run_agenda import run_agenda
from tests.domain.samples import law, when
from tests.usecases.fakes import FakeDesk, staffed


def recorded(desk: FakeDesk, ref: str) -> list[tuple[str, str, str]]:
    """What the history says of promises: which, what, and when."""
    facts = desk.ticket(ref).timeline
    kinds = (Happening.SLA_WARNED, Happening.SLA_BREACHED)
    return sorted(
        (fact.detail["clock"], fact.what.value, f"{fact.at:%H:%M:%S}") for fact in facts if fact.what in kinds
    )


def notices(desk: FakeDesk, kind: str) -> list[str]:
    """Whom the mails of a kind went to."""
    return [
        ",".join(sorted(to.email for to in mail.to)) for mail in desk.mailer.sent if f"notice_{kind}." in mail.subject
    ]


def answered(desk: FakeDesk, ref: str) -> None:
    change_ticket(desk, ref, lambda ticket: lifecycle.answered(ticket, "m9", desk.clock.now(), "agent:ada"))


def test_a_deadline_that_nears_is_told_the_agent_and_the_lead(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.pass_time(minutes=45)
    assert recorded(desk, ref) == [("first_response:1", "sla_warned", "10:45:00")]
    assert notices(desk, "sla_warned") == ["ada@shop.example,lin@shop.example"]
    assert desk.ticket(ref).timeline[-1].detail["due"] == when("mon 11:00").isoformat()


def test_a_second_before_nothing_is_told(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.pass_time(minutes=44, seconds=59)
    assert recorded(desk, ref) == []


def test_a_deadline_that_passes_is_told_once(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.pass_time(minutes=60)
    for _ in range(3):
        run_agenda(desk, ref)
        desk.pass_time(minutes=20)
    assert recorded(desk, ref) == [
        ("first_response:1", "sla_breached", "11:00:00"),
        ("first_response:1", "sla_warned", "10:45:00"),
    ]
    assert notices(desk, "sla_breached") == ["ada@shop.example,lin@shop.example"]


def test_a_late_sweep_records_the_true_times_and_spares_everybody_the_warning(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.clock.move(hours=5)
    desk.run(ref)
    assert recorded(desk, ref) == [
        ("first_response:1", "sla_breached", "11:00:00"),
        ("first_response:1", "sla_warned", "10:45:00"),
        ("resolution:1", "sla_breached", "14:00:00"),
        ("resolution:1", "sla_warned", "13:00:00"),
    ]
    assert notices(desk, "sla_warned") == []
    assert len(notices(desk, "sla_breached")) == 2


def test_a_promise_kept_in_time_is_told_nobody(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.pass_time(minutes=40)
    answered(desk, ref)
    desk.pass_time(hours=2)
    assert recorded(desk, ref) == []


def test_an_answer_that_came_late_and_before_anyone_looked_is_still_a_breach(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.clock.move(minutes=90)
    answered(desk, ref)
    desk.run(ref)
    assert recorded(desk, ref)[0] == ("first_response:1", "sla_breached", "11:00:00")
    assert len(notices(desk, "sla_breached")) == 1
    assert notices(desk, "sla_warned") == []


def test_an_answer_after_an_unnoticed_warning_makes_the_warning_moot(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.clock.move(minutes=50)
    answered(desk, ref)
    desk.run(ref)
    assert recorded(desk, ref) == [("first_response:1", "sla_warned", "10:45:00")]
    assert notices(desk, "sla_warned") == []


def test_a_breach_does_not_change_when_the_ticket_was_last_touched(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.clock.move(minutes=90)
    answered(desk, ref)
    assert desk.run(ref).updated_at == when("mon 11:30")


def test_while_the_ticket_waits_its_solution_is_not_late(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    answered(desk, ref)
    edit_ticket(desk, ref, TicketEdit(status=Status.PENDING), "agent:ada", None)
    desk.pass_time(days=3)
    assert recorded(desk, ref) == []
    edit_ticket(desk, ref, TicketEdit(status=Status.OPEN), "agent:ada", None)
    desk.pass_time(hours=4)
    assert [key for key, what, _ in recorded(desk, ref) if what == "sla_breached"] == ["resolution:1"]


def test_a_raised_priority_can_be_late_at_once(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.pass_time(minutes=20)
    edit_ticket(desk, ref, TicketEdit(priority=Priority.URGENT), "agent:lin", None)
    desk.run(ref)
    assert recorded(desk, ref) == [
        ("first_response:1", "sla_breached", "10:15:00"),
        ("first_response:1", "sla_warned", "10:11:15"),
    ]


def test_a_promise_broken_anew_after_it_was_changed_is_told_again(desk: FakeDesk) -> None:
    ref = desk.settled(priority=Priority.URGENT).ref
    desk.pass_time(minutes=20)
    edit_ticket(desk, ref, TicketEdit(priority=Priority.NORMAL), "agent:lin", None)
    desk.pass_time(minutes=45)
    breaches = [time for key, what, time in recorded(desk, ref) if (key, what) == ("first_response:1", "sla_breached")]
    assert breaches == ["10:15:00", "11:00:00"]


def test_a_closed_ticket_breaks_no_promise(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(status=Status.CLOSED), "agent:ada", None)
    desk.pass_time(days=3)
    assert recorded(desk, ref) == []


def test_where_nobody_has_the_ticket_its_lead_is_told(desk: FakeDesk) -> None:
    for name in ("ada", "sam"):
        desk.people.agents[name] = replace(desk.people.agents[name], available=False)
    desk.settled()
    desk.pass_time(minutes=60)
    assert notices(desk, "sla_breached") == ["lin@shop.example"]


def test_an_alarm_whose_clock_is_gone_is_nothing(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    desk.settings.change(sla_policies=())
    desk.pass_time(hours=5)
    assert recorded(desk, ref) == []
    assert not {Task.SLA_WARNING, Task.SLA_BREACH} & {entry.task for entry in desk.ticket(ref).agenda}


ACTIONS = st.sampled_from(["customer", "answer", "pending", "open", "solved"])
LIVES = st.lists(st.tuples(st.integers(0, 7200), ACTIONS), max_size=8)


def lived(steps: list[tuple[int, str]], *, prompt: bool) -> list[tuple[str, str, str]]:
    """What is recorded of a ticket's promises when everything is noticed at its time, or only at the end."""
    desk = staffed()
    ref = desk.open().ref
    for seconds, action in [*steps, (6 * 3600, "")]:
        beside = seconds + 0.001  # at the very instant of a deadline, who looks in time looks before the answer comes
        desk.pass_time(seconds=beside) if prompt else desk.clock.move(seconds=beside)
        if action:
            act(desk, ref, action)
    desk.run(ref)
    return recorded(desk, ref)


def act(desk: FakeDesk, ref: str, action: str) -> None:
    now, settings = desk.clock.now(), desk.settings.load()
    if action == "answer":
        answered(desk, ref)
    elif action == "customer":
        change_ticket(desk, ref, lambda ticket: lifecycle.customer_wrote(ticket, "m", now, settings))
    elif desk.ticket(ref).status is not Status(action):
        change_ticket(
            desk, ref, lambda ticket: lifecycle.with_status(ticket, Status(action), now, "agent:ada", settings)
        )


@law
@given(LIVES)
def test_whoever_looks_late_records_what_whoever_looked_in_time_did_and_nothing_twice(
    steps: list[tuple[int, str]],
) -> None:
    found = lived(steps, prompt=True)
    assert lived(steps, prompt=False) == found
    assert len({(key, what) for key, what, _ in found}) == len(found)
