"""The owner asks how the desk did: one summary over the tickets that were open in a time or solved since."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from chalicelib.domain.card import FOLLOW_UPS, Card
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.report import Summary, summarize
from chalicelib.usecases.list_tickets import months_back, open_queues
from chalicelib.usecases.ports import Desk

PAGE = 1000
LONGEST_DAYS = 400
OLDEST_DAYS = 3653
"""Ten years: every month since then is read, as what was solved later was open then."""


def report_summary(desk: Desk, start: datetime, end: datetime) -> Summary:
    """Give the summary from `start` up to, not including, `end` (aware instants). Raises InvalidInput."""
    return summarize(read_cards(desk, start, end), start, end)


def read_cards(desk: Desk, start: datetime, end: datetime) -> Collection[Card]:
    """Give the cards of every ticket that was open between two instants or was solved since. Raises InvalidInput.

    It reads the open queues and the months from `start` on, each ticket once.
    """
    if start >= end:
        raise InvalidInput("must be earlier than `to`", "from")
    if (end - start).days > LONGEST_DAYS:
        raise InvalidInput(f"must be at most {LONGEST_DAYS} days before `to`", "from")
    if start < desk.clock.now() - timedelta(days=OLDEST_DAYS):
        raise InvalidInput(f"must be within the last {OLDEST_DAYS} days", "from")
    waiting = open_queues(desk.people.roster(), desk.settings.load())
    names = [*waiting, FOLLOW_UPS, *months_back(desk.clock.now(), start)]
    cards = {card.ref: card for name in names for card in _every(desk, name)}
    return cards.values()


def _every(desk: Desk, queue: str) -> Iterator[Card]:
    place = ""
    while True:
        page = desk.tickets.queue([queue], PAGE, place)
        yield from page.cards
        place = page.after
        if not place:
            return
