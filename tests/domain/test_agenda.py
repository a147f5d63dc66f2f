from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import agenda
from chalicelib.domain.agenda import EFFECTS, MOST_ATTEMPTS, Agenda, Entry, Task
from tests.domain.samples import MONDAY, later, law

ENTRIES = st.builds(
    Entry,
    at=st.integers(-5, 5).map(later),
    task=st.sampled_from(Task),
    about=st.sampled_from(["", "m1", "m2"]),
    attempts=st.integers(0, 9),
)
AGENDAS = st.lists(ENTRIES, max_size=8).map(lambda entries: agenda.put((), *entries))


@law
@given(AGENDAS, ENTRIES)
def test_what_is_put_is_on_the_agenda(plan: Agenda, entry: Entry) -> None:
    assert entry in agenda.put(plan, entry)


@law
@given(AGENDAS, ENTRIES)
def test_putting_an_entry_moves_the_one_about_the_same_and_leaves_all_others(plan: Agenda, entry: Entry) -> None:
    others = [known for known in plan if known.key != entry.key]
    assert sorted([*others, entry]) == list(agenda.put(plan, entry))


@law
@given(AGENDAS)
def test_an_agenda_is_in_the_order_of_time(plan: Agenda) -> None:
    assert [entry.at for entry in plan] == sorted(entry.at for entry in plan)


@law
@given(AGENDAS, ENTRIES)
def test_putting_twice_is_putting_once(plan: Agenda, entry: Entry) -> None:
    assert agenda.put(agenda.put(plan, entry), entry) == agenda.put(plan, entry)


@law
@given(AGENDAS)
def test_what_is_due_is_what_comes_no_later_than_now(plan: Agenda) -> None:
    due = agenda.due(plan, MONDAY)
    assert all(entry.at <= MONDAY for entry in due)
    assert all(entry.at > MONDAY for entry in plan if entry not in due)


@law
@given(AGENDAS)
def test_next_due_is_the_first_entry(plan: Agenda) -> None:
    assert agenda.next_due(plan) == (plan[0].at if plan else None)


def test_entries_of_a_kind_are_taken_off_all_or_one() -> None:
    first, second, other = (
        Entry(MONDAY, Task.DELIVER, "m1"),
        Entry(MONDAY, Task.DELIVER, "m2"),
        Entry(MONDAY, Task.CLOSE),
    )
    plan = agenda.put((), first, second, other)
    assert agenda.without(plan, Task.DELIVER) == (other,)
    assert agenda.without(plan, Task.DELIVER, about="m2") == (other, first)
    assert agenda.without(plan, Task.CLOSE, Task.DELIVER) == ()
    assert agenda.without(plan, Task.DELIVER, about="") == plan


def test_a_claimed_entry_is_due_again_when_its_worker_must_have_died() -> None:
    claimed = agenda.claim(Entry(MONDAY, Task.DELIVER, "m1", attempts=2), later(30))
    assert claimed == Entry(later(150), Task.DELIVER, "m1", attempts=3)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60)], ids=lambda n: str(n)
)
def test_each_failure_puts_an_entry_off_twice_as_long_up_to_an_hour(attempts: int, minutes: int) -> None:
    entry = Entry(MONDAY, Task.DELIVER, "m1", attempts)
    assert agenda.retry(entry, MONDAY) == Entry(MONDAY + timedelta(minutes=minutes), Task.DELIVER, "m1", attempts)


@pytest.mark.parametrize("attempts", [8, 9])
def test_after_eight_attempts_an_entry_is_given_up(attempts: int) -> None:
    assert MOST_ATTEMPTS == 8
    assert agenda.retry(Entry(MONDAY, Task.DELIVER, "m1", attempts), MONDAY) is None


def test_whatever_sends_mail_is_an_effect_and_whatever_only_changes_the_ticket_is_not() -> None:
    assert {Task.ACKNOWLEDGE, Task.DELIVER, Task.NOTIFY, Task.SURVEY, Task.SURVEY_REMINDER} < EFFECTS
    changing = {Task.TRIAGE, Task.ASSIGN, Task.SLA_WARNING, Task.SLA_BREACH, Task.SURVEY_SILENCE, Task.CLOSE}
    assert not changing & EFFECTS
