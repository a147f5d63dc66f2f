"""The owner asks which promises were kept: by policy, team, channel, priority and hour of the week."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.sla_report import SlaReport, report_promises
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.report_summary import cards_between


def report_sla(desk: Desk, start: datetime, end: datetime) -> SlaReport:
    """Give the report on the tickets opened from `start` up to, not including, `end` (aware instants).

    It reads what the summary of the same time reads. Raises InvalidInput.
    """
    zone = ZoneInfo(desk.settings.load().business_calendar.timezone)
    return report_promises(cards_between(desk, start, end), start, end, zone)
