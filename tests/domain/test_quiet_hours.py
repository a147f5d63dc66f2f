"""Alerts that may wait for the desk to open, and are never lost."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.quiet_hours import QuietHours
from chalicelib.domain.ticket import Priority
from tests.domain.samples import OFFICE_HOURS, when

OFFICE = BusinessCalendar.from_dict(OFFICE_HOURS)
NIGHT = QuietHours(enabled=True)


@pytest.mark.parametrize(
    ("quiet", "priority", "known", "leaves"),
    [
        (QuietHours(), Priority.NORMAL, "mon 20:00", "mon 20:00"),
        (NIGHT, Priority.NORMAL, "mon 10:00", "mon 10:00"),
        (NIGHT, Priority.NORMAL, "mon 20:00", "tue 09:00"),
        (NIGHT, Priority.NORMAL, "mon 18:00", "tue 09:00"),
        (NIGHT, Priority.URGENT, "mon 20:00", "mon 20:00"),
        (QuietHours(enabled=True, except_urgent=False), Priority.URGENT, "mon 20:00", "tue 09:00"),
    ],
)
def test_an_alert_leaves(quiet: QuietHours, priority: Priority, known: str, leaves: str) -> None:
    assert quiet.alert_at(OFFICE, priority, when(known)) == when(leaves)


def test_hours_that_never_come_again_let_it_leave_at_once() -> None:
    last = {"timezone": "UTC", "holidays": [{"date": "2020-01-01", "hours": [["09:00", "10:00"]]}]}
    night = datetime(2026, 11, 23, 22, tzinfo=UTC)
    assert NIGHT.alert_at(BusinessCalendar.from_dict(last), Priority.NORMAL, night) == night
