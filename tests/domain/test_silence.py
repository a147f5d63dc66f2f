"""Rules about silence: counted from people's words, once in a silence, in opening hours where these are asked for."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle, silence
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.automation import Automation, Condition
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.ticket import Happening, Status, Ticket
from tests.domain.samples import DAY, HOUR, MONDAY, OFFICE_HOURS, in_work, later, law, when
from tests.domain.test_automation_course import about, desk_with, has, rule


def remind(days: float = 3, status: str = "pending", rule_id: str = "remind", *only: Condition) -> Automation:
    does = ("answer", "sorry")
    return rule(rule_id, does, on="silent", status=status, seconds=round(days * DAY), only=only)


def pending(settings: DeskSettings, at: datetime = MONDAY) -> Ticket:
    return lifecycle.with_status(in_work(settings), Status.PENDING, at, "agent:sam", settings)


def next_up(ticket: Ticket, settings: DeskSettings, now: datetime = MONDAY) -> list[tuple[str, datetime]]:
    """What the agenda holds about silence."""
    after = silence.scheduled(ticket, settings, now)
    return [(entry.about, entry.at) for entry in after.agenda if entry.task is Task.SILENCE]


def broken(ticket: Ticket, settings: DeskSettings, rule_id: str, now: datetime) -> Ticket | None:
    firing = silence.broken(ticket, rule_id, replace(about(settings), now=now))
    return firing.after if firing else None


def test_it_is_counted_from_the_last_word_or_the_status() -> None:
    settings = desk_with(remind())
    assert next_up(pending(settings, later(HOUR)), settings) == [("remind", later(HOUR + 3 * DAY))]
    answered = lifecycle.answered(pending(settings, later(HOUR)), "m2", later(2 * HOUR), "agent:sam")
    assert next_up(answered, settings) == [("remind", later(2 * HOUR + 3 * DAY))]
    noted = lifecycle.noted(answered, "m3", later(5 * HOUR), "agent:sam")
    assert next_up(noted, settings) == [("remind", later(2 * HOUR + 3 * DAY))]


def test_another_status_a_condition_unmet_or_a_rule_switched_off_is_no_silence() -> None:
    settings = desk_with(remind())
    assert next_up(in_work(settings), settings) == []
    picky = desk_with(remind(3, "pending", "remind", has("tag", "vip")))
    assert next_up(pending(picky), picky) == []
    assert next_up(replace(pending(picky), tags=("vip",)), picky) != []
    off = desk_with(replace(remind(), enabled=False))
    assert next_up(pending(off), off) == []


def test_only_the_earliest_rule_is_on_the_agenda() -> None:
    settings = desk_with(remind(7, rule_id="late"), remind(3, rule_id="soon"), remind(3, rule_id="next"))
    assert next_up(pending(settings), settings) == [("soon", later(3 * DAY))]


def test_a_rule_fires_once_in_a_silence_and_what_it_sends_breaks_none() -> None:
    settings = desk_with(remind(3), remind(5, rule_id="again"))
    ticket = broken(pending(settings), settings, "remind", later(3 * DAY))
    assert ticket is not None
    assert ticket.said(Happening.AUTO_ANSWERED)
    assert next_up(ticket, settings) == [("again", later(5 * DAY))]
    assert broken(ticket, settings, "remind", later(4 * DAY)) is None
    last = broken(ticket, settings, "again", later(5 * DAY))
    assert last is not None
    assert next_up(last, settings) == []


def test_a_new_silence_begins_when_somebody_speaks() -> None:
    settings = desk_with(remind())
    reminded = broken(pending(settings), settings, "remind", later(3 * DAY))
    assert reminded is not None
    back = lifecycle.customer_wrote(reminded, "m9", later(4 * DAY), settings)
    again = lifecycle.with_status(back, Status.PENDING, later(4 * DAY + HOUR), "agent:sam", settings)
    assert next_up(again, settings) == [("remind", later(7 * DAY + HOUR))]


def test_a_rule_that_changes_nothing_knows_that_it_was_there() -> None:
    settings = desk_with(rule("same", ("priority", "normal"), on="silent", status="pending", seconds=DAY))
    after = broken(pending(settings), settings, "same", later(DAY))
    assert after is not None
    assert after.said(Happening.RULE_FIRED, rule="same")
    assert next_up(after, settings) == []


def test_it_waits_for_opening_hours() -> None:
    settings = desk_with(remind(0.5, "pending", "remind", has("hours", "default")), calendar=OFFICE_HOURS)
    ticket = pending(settings, when("mon 17:00"))
    assert next_up(ticket, settings) == [("remind", when("tue 09:00"))]
    # a worker that comes too late, after closing time, lets it wait for the next opening
    assert broken(ticket, settings, "remind", when("tue 18:30")) is None
    assert next_up(ticket, settings, when("tue 18:30")) == [("remind", when("wed 09:00"))]


def test_two_rules_that_undo_each_other_come_to_rest() -> None:
    there = rule("there", ("status", "open"), on="silent", status="pending", seconds=DAY)
    back = rule("back", ("status", "pending"), on="silent", status="open", seconds=DAY)
    settings = desk_with(there, back)
    ticket, at = pending(settings), later(0)
    for _ in range(2):
        ((name, at),) = next_up(ticket, settings, at)
        after = broken(ticket, settings, name, at)
        assert after is not None
        ticket = after
    assert at == later(2 * DAY)
    assert next_up(ticket, settings, at) == []


def test_a_rule_that_is_gone_leaves_nothing_behind() -> None:
    settings = desk_with(remind())
    ticket = silence.scheduled(pending(settings), settings, later(0))
    assert silence.scheduled(ticket, desk_with(), later(0)).agenda == pending(settings).agenda
    assert broken(ticket, desk_with(), "remind", later(9 * DAY)) is None


def test_what_is_scheduled_again_is_the_very_same() -> None:
    settings = desk_with(remind())
    ticket = silence.scheduled(pending(settings), settings, later(0))
    assert silence.scheduled(ticket, settings, later(0)) is ticket


@pytest.mark.parametrize("task", [Task.CLOSE, Task.SURVEY])
def test_other_entries_stay(task: Task) -> None:
    settings = desk_with(remind())
    ticket = lifecycle.with_tasks(pending(settings), Entry(later(5), task))
    assert Entry(later(5), task) in silence.scheduled(ticket, settings, later(0)).agenda


RULES = st.lists(
    st.builds(
        lambda days, status, to: (days, status, to),
        st.integers(1, 4),
        st.sampled_from(["new", "open", "pending", "solved"]),
        st.sampled_from(["open", "pending", "on_hold", "solved"]),
    ),
    min_size=1,
    max_size=6,
)


@law
@given(RULES)
def test_however_rules_are_written_a_silence_ends_their_work(written: list[tuple[int, str, str]]) -> None:
    rules = [
        rule(f"r{number}", ("status", to), on="silent", status=status, seconds=days * DAY)
        for number, (days, status, to) in enumerate(written)
    ]
    settings = desk_with(*rules)
    ticket, now, fired = in_work(settings), later(0), 0
    while waiting := next_up(ticket, settings, now):
        ((name, at),) = waiting
        now = max(now, at) + timedelta(seconds=1)
        after = broken(ticket, settings, name, now)
        assert after is not None
        ticket, fired = after, fired + 1
        assert fired <= len(rules)
