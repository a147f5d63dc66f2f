"""What the tests of the rules are told about: a Monday, a small desk, one ticket and its history."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings as hypothesis_settings

from chalicelib.domain import lifecycle
from chalicelib.domain.desk import DeskSettings, SurveySettings
from chalicelib.domain.sla_policy import SlaPolicy
from chalicelib.domain.ticket import Fact, Happening, Requester, Ticket

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday, 10:00 UTC."""

MINUTE, HOUR, DAY = 60, 3600, 86400
law = hypothesis_settings(max_examples=40, deadline=None)
"""How often a law is tried; a busy machine breaks none."""

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

OFFICE_HOURS = {
    "timezone": "UTC",
    "hours": {day: [["09:00", "12:30"], ["13:30", "18:00"]] for day in WEEK[:5]},
}
"""Monday to Friday, with a lunch break."""


def when(text: str) -> datetime:
    """Give the instant of `mon 10:00` or `tue 09:30:15` in the week of MONDAY."""
    day, _, time = text.partition(" ")
    hours, minutes, seconds = (int(part) for part in (time + ":00").split(":")[:3])
    midnight = MONDAY.replace(hour=0) + timedelta(days=WEEK.index(day))
    return midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def later(seconds: float) -> datetime:
    """Give the instant so many seconds after MONDAY."""
    return MONDAY + timedelta(seconds=seconds)


def history(*lines: str) -> tuple[Fact, ...]:
    """Give the facts of lines like `mon 10:00 priority_set priority=urgent`."""
    return tuple(_fact(*line.split()) for line in lines)


def _fact(day: str, time: str, what: str, *details: str) -> Fact:
    return Fact(when(f"{day} {time}"), Happening(what), "desk", dict(detail.split("=", 1) for detail in details))


def promise(policy_id: str = "standard", **changes: Any) -> SlaPolicy:
    """Give a policy that counts every hour: an answer in 60 minutes (urgent: 15), the next in 30 (urgent: 10), a
    solution in 240 (urgent: 60)."""
    minutes: Mapping[str, Mapping[str, int]] = {
        "first_response": {"normal": 60, "urgent": 15},
        "next_response": {"normal": 30, "urgent": 10},
        "resolution": {"normal": 240, "urgent": 60},
    }
    targets = {metric: {name: MINUTE * n for name, n in each.items()} for metric, each in minutes.items()}
    plain = SlaPolicy(id=policy_id, targets=targets, business_time=False, warn_at_percent=75)
    return replace(plain, **changes)


SETTINGS = DeskSettings(
    name="Corner Shop",
    support_address="help@shop.example",
    public_url="https://desk.shop.example",
    calendar=OFFICE_HOURS,
    sla_policies=(promise(),),
    reopen_seconds=7 * DAY,
    survey=SurveySettings(
        delay_seconds=DAY,
        reminder_seconds=3 * DAY,
        follow_up_seconds=7 * DAY,
        expires_seconds=14 * DAY,
        low_rating=2,
    ),
)

_PLAIN = Ticket(
    ref="7K3F-92QX",
    origin="email:<first@customer.example>",
    subject="My parcel",
    requester=Requester("c1", "Jo", "jo@customer.example"),
    channel="email",
    created_at=MONDAY,
    updated_at=MONDAY,
)


def a_ticket(**fields: Any) -> Ticket:
    """Give a ticket with these fields and no history."""
    return replace(_PLAIN, **fields)


def opened(settings: DeskSettings = SETTINGS, **fields: Any) -> Ticket:
    """Give a ticket that was opened by message m1 on MONDAY."""
    return lifecycle.opened(a_ticket(**fields), "m1", settings, acknowledge=True)


def in_work(settings: DeskSettings = SETTINGS, **fields: Any) -> Ticket:
    """Give an opened ticket that Sam of the support team works on, with an empty agenda."""
    begun = opened(settings, **{"team_id": "support", "assignee_id": "sam", **fields})
    return replace(begun, agenda=())
