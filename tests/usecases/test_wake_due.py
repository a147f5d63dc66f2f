"""Once a minute: what is due by now, or within the next minute, is asked for again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.agenda import Entry, Task
from chalicelib.usecases.wake_due import wake_due
from tests.usecases.fakes import FakeDesk, Nudge


def due_in(desk: FakeDesk, seconds: float) -> str:
    ticket = desk.open()
    at = desk.clock.now() + timedelta(seconds=seconds)
    desk.put(replace(ticket, agenda=(Entry(at, Task.CLOSE),)))
    return ticket.ref


@pytest.mark.parametrize(("seconds", "delay"), [(-3600, 0), (0, 0), (0.2, 1), (59.5, 60), (60, 60)])
def test_what_is_due_within_a_minute_is_asked_for_at_its_time(desk: FakeDesk, seconds: float, delay: int) -> None:
    ref = due_in(desk, seconds)
    assert desk.sweep() == [Nudge(ref, delay)]


def test_what_is_due_later_is_left_to_the_next_sweep(desk: FakeDesk) -> None:
    due_in(desk, 60.5)
    assert desk.sweep() == []


def test_the_earliest_is_asked_for_first_and_all_are_counted(desk: FakeDesk) -> None:
    second, first, third = (due_in(desk, seconds) for seconds in (5, -5, 50))
    desk.work.taken()
    assert wake_due(desk) == 3
    assert [nudge.ref for nudge in desk.work.asked] == [first, second, third]


def test_a_sweep_writes_nothing(desk: FakeDesk) -> None:
    due_in(desk, -5)
    desk.tickets.writes.clear()
    before = dict(desk.tickets.kept)
    assert desk.sweep() == desk.sweep()
    assert (desk.tickets.writes, desk.tickets.kept) == ([], before)


def test_a_desk_with_nothing_to_do_asks_nobody(desk: FakeDesk) -> None:
    assert wake_due(desk) == 0
    assert desk.work.asked == []
