"""A ticket that is put away comes back in time, or when something happens that concerns it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle, snoozing
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.card import SNOOZED, card_of, queue_of
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.ticket import Happening, Shelf, Status, Ticket
from tests.domain.samples import MONDAY, OFFICE_HOURS, SETTINGS, in_work, later, law, when

SAM, LIN, JO = "agent:sam", "agent:lin", "customer:jo"
UNTIL = when("tue 09:00")
OFFICE = BusinessCalendar.from_dict(OFFICE_HOURS)


def put_away(ticket: Ticket | None = None) -> Ticket:
    return snoozing.snoozed(ticket or in_work(), UNTIL, "Parts arrive tomorrow", later(60), SAM)


def test_it_leaves_its_queue_and_its_agent_s_hands_and_says_why() -> None:
    ticket = put_away()
    assert (ticket.snoozed_until, ticket.active) == (UNTIL, False)
    assert queue_of(card_of(ticket, ())) == SNOOZED
    assert any(entry.task is Task.SETTLE_LOAD for entry in ticket.agenda)
    assert ticket.timeline[-1].tells(Happening.SNOOZED, until=UNTIL.isoformat(), reason="Parts arrive tomorrow")


def test_put_away_twice_alike_it_is_put_away_once() -> None:
    ticket = put_away()
    assert put_away(ticket) is ticket
    again = snoozing.snoozed(ticket, UNTIL + timedelta(days=1), "", later(90), SAM)
    assert again.snoozed_until == UNTIL + timedelta(days=1)


def test_nobody_looks_for_an_agent_while_it_is_away_and_somebody_does_when_it_is_back() -> None:
    waiting = lifecycle.seeking_agent(replace(in_work(), assignee_id=""), later(30))
    assert any(entry.task is Task.ASSIGN for entry in waiting.agenda)
    away = put_away(waiting)
    assert not any(entry.task is Task.ASSIGN for entry in away.agenda)
    back = snoozing.woken(away, snoozing.BY_HAND, later(120), SAM)
    assert any(entry.task is Task.ASSIGN for entry in back.agenda)


def test_at_its_time_it_is_back() -> None:
    away = put_away()
    entry = Entry(UNTIL, Task.WAKE)
    back = snoozing.woken_by_time(lifecycle.without_tasks(away, Task.WAKE), entry)
    assert (back.snoozed_until, back.active) == (None, True)
    assert back.timeline[-1].tells(Happening.WOKEN, reason="time")
    assert back.timeline[-1].at == UNTIL


@pytest.mark.parametrize(
    ("what", "by", "wakes"),
    [
        (Happening.CUSTOMER_WROTE, JO, True),
        (Happening.AUTOMATIC_MAIL, JO, False),
        (Happening.NOTE_ADDED, LIN, True),
        (Happening.NOTE_ADDED, SAM, False),
        (Happening.AGENT_ANSWERED, SAM, False),
        (Happening.AGENT_ANSWERED, LIN, True),
        (Happening.PRIORITY_SET, LIN, True),
        (Happening.TAGS_SET, SAM, False),
        (Happening.ASSIGNED, SAM, True),
        (Happening.DELIVERED, "desk", False),
        (Happening.SLA_WARNED, "desk", False),
    ],
)
def test_what_others_do_brings_it_back_and_what_the_snoozer_does_only_where_it_hands_it_on(
    what: Happening, by: str, wakes: bool
) -> None:
    after = snoozing.roused(put_away().with_fact(later(120), what, by), later(120))
    assert (after.snoozed_until is None) is wakes
    assert after.said(Happening.WOKEN, reason=what.value) is wakes


def test_an_escalation_brings_it_back() -> None:
    after = lifecycle.in_team(put_away(), "experts", later(120), "desk", escalation="resolution:1")
    assert snoozing.roused(after, later(120)).snoozed_until is None


def test_what_happened_before_it_was_put_away_again_counts_no_more() -> None:
    disturbed = put_away().with_fact(later(120), Happening.NOTE_ADDED, LIN)
    away = snoozing.snoozed(disturbed, UNTIL, "still", later(180), SAM)
    assert snoozing.roused(away, later(180)) is away


def test_a_solved_ticket_is_put_away_no_more() -> None:
    solved = lifecycle.solved(put_away(), later(120), SAM, SETTINGS)
    assert snoozing.roused(solved, later(120)).snoozed_until is None


@pytest.mark.parametrize(
    "ticket",
    [
        replace(in_work(), status=Status.SOLVED),
        replace(in_work(), status=Status.CLOSED),
        replace(in_work(), shelf=Shelf.SPAM),
    ],
)
def test_what_is_done_or_on_a_shelf_is_not_put_away(ticket: Ticket) -> None:
    with pytest.raises(Conflict):
        put_away(ticket)


@pytest.mark.parametrize("until", [later(60), later(0), later(60) + timedelta(days=367)])
def test_the_time_lies_ahead_and_within_a_year(until: datetime) -> None:
    with pytest.raises(InvalidInput) as refusal:
        snoozing.snoozed(in_work(), until, "", later(60), SAM)
    assert refusal.value.field == "until"


def test_a_reason_has_an_end() -> None:
    with pytest.raises(InvalidInput):
        snoozing.snoozed(in_work(), UNTIL, "x" * 201, later(60), SAM)


def test_mornings_are_the_reader_s_and_business_the_desk_s() -> None:
    friday = when("fri 10:00")
    found = snoozing.offered(friday, ZoneInfo("Asia/Shanghai"), OFFICE)
    assert found["tomorrow"] == datetime(2026, 11, 28, 1, tzinfo=UTC)
    assert found["business"] == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert found["monday"] == datetime(2026, 11, 30, 1, tzinfo=UTC)


def test_in_the_evening_there_is_no_later_today() -> None:
    assert "later" in snoozing.offered(when("mon 10:00"), UTC, OFFICE)
    assert "later" not in snoozing.offered(when("mon 19:30"), UTC, OFFICE)


def test_a_desk_that_is_always_open_has_no_business_mornings() -> None:
    always = BusinessCalendar.from_dict({"timezone": "UTC", "always_open": True})
    assert "business" not in snoozing.offered(MONDAY, UTC, always)


@law
@given(st.integers(0, 366 * 24 * 60), st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]))
def test_every_time_that_is_offered_can_be_chosen(minutes: int, zone: str) -> None:
    now = MONDAY + timedelta(minutes=minutes)
    for until in snoozing.offered(now, ZoneInfo(zone), OFFICE).values():
        assert snoozing.snoozed(in_work(), until, "", now, SAM).snoozed_until == until
