"""Kept and broken promises, told apart."""

from dataclasses import replace
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.card import Card, card_of
from chalicelib.domain.sla_report import hour_of_week, report_promises
from chalicelib.domain.ticket import Priority, Shelf
from tests.domain.samples import a_ticket, when

START, END = when("mon 00:00"), when("tue 00:00")


def a_card(**fields: Any) -> Card:
    return replace(card_of(a_ticket(), ()), **fields)


def test_promises_count_where_their_ticket_was_opened_by_what_it_is_now() -> None:
    cards = [
        a_card(policy_id="gold", verdicts={"first_response": (1, 0), "resolution": (0, 1)}),
        a_card(policy_id="gold", team_id="b", verdicts={"first_response": (0, 1)}),
        a_card(priority=Priority.URGENT, channel="chat", verdicts={"next_response": (3, 1)}),
        a_card(created_at=END, verdicts={"resolution": (9, 9)}),
        a_card(shelf=Shelf.SPAM, verdicts={"resolution": (9, 9)}),
    ]
    report = report_promises(cards, START, END, UTC)
    told = {
        name: [(one.value, one.tickets, one.overall.met, one.overall.breached) for one in groups]
        for name, groups in report.by.items()
    }
    assert told == {
        "policy": [("", 1, 3, 1), ("gold", 2, 1, 2)],
        "team": [("", 2, 4, 2), ("b", 1, 0, 1)],
        "channel": [("chat", 1, 3, 1), ("email", 2, 1, 2)],
        "priority": [("normal", 2, 1, 2), ("urgent", 1, 3, 1)],
        "hour_of_week": [("mon 10", 3, 4, 3)],
    }
    first = report.everything.by_metric["first_response"]
    assert (first.met, first.breached, first.share) == (1, 1, 0.5)


def test_hours_of_the_week_come_in_its_order() -> None:
    cards = [a_card(created_at=when(at)) for at in ("sun 09:00", "mon 23:00", "mon 02:00", "fri 12:00")]
    report = report_promises(cards, START, when("sun 23:00"), UTC)
    assert [group.value for group in report.by["hour_of_week"]] == ["mon 02", "mon 23", "fri 12", "sun 09"]


@pytest.mark.parametrize(
    ("zone", "hour"), [("UTC", "mon 23"), ("Asia/Shanghai", "tue 07"), ("America/New_York", "mon 18")]
)
def test_the_desks_own_clock_tells_the_hour(zone: str, hour: str) -> None:
    assert hour_of_week(when("mon 23:30"), ZoneInfo(zone)) == hour
