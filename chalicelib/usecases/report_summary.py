"""The owner asks how the desk did: one summary over the tickets that were open in a time or solved since."""

from datetime import datetime, timedelta

from chalicelib.domain.card import Card
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.report import Summary, summarize
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.read_cards import read_cards

LONGEST_DAYS = 400
OLDEST_DAYS = 3653
"""Ten years: every month since then is read, as what was solved later was open then."""


def report_summary(desk: Desk, start: datetime, end: datetime) -> Summary:
    """Give the summary from `start` up to, not including, `end` (aware instants). Raises InvalidInput."""
    return summarize(cards_between(desk, start, end), start, end)


def cards_between(desk: Desk, start: datetime, end: datetime) -> tuple[Card, ...]:
    """Give the cards of every ticket that was open between two instants or was solved since. Raises InvalidInput."""
    if start >= end:
        raise InvalidInput("must be earlier than `to`", "from")
    if (end - start).days > LONGEST_DAYS:
        raise InvalidInput(f"must be at most {LONGEST_DAYS} days before `to`", "from")
    if start < desk.clock.now() - timedelta(days=OLDEST_DAYS):
        raise InvalidInput(f"must be within the last {OLDEST_DAYS} days", "from")
    return read_cards(desk, start).cards
