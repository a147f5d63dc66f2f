"""Reports read the cards of all tickets that were open at a time or solved since, each ticket once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.card import FOLLOW_UPS, Card, Page
from chalicelib.domain.errors import InvalidInput
from chalicelib.usecases.list_tickets import months_back, open_queues
from chalicelib.usecases.ports import Desk

PAGE = 1000
MOST_CARDS = 30_000
"""What a function of 512 MB can read in its 29 seconds, with a third to spare (measured: docs/console.md)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The cards that were read, and from how many lists in how many pages; what stands open is one list."""

    cards: tuple[Card, ...]
    lists: int
    pages: int


def read_cards(desk: Desk, since: datetime) -> Reading:
    """Read the open queues, in one call where they aren't long, and the months of solving from `since` on.

    Raises InvalidInput naming `from` where that is more than can be read at once.
    """
    waiting = [*open_queues(desk.people.roster(), desk.settings.load()), FOLLOW_UPS]
    months = list(months_back(desk.clock.now(), since))
    standing = desk.tickets.standing(PAGE)
    open_now = [line.card() for line in standing.lines if line.queue in waiting] if standing.whole else []
    cards = {card.ref: card for card in open_now}
    pages, lists = 1, months if standing.whole else [*waiting, *months]
    for name in lists:
        for page in _pages(desk, name):
            pages += 1
            cards |= {card.ref: card for card in page.cards}
            if len(cards) > MOST_CARDS:
                raise InvalidInput(f"is too long ago: there are more than {MOST_CARDS:,} tickets since", "from")
    return Reading(tuple(cards.values()), 1 + len(lists), pages)


def _pages(desk: Desk, name: str) -> Iterator[Page]:
    place = ""
    while True:
        page = desk.tickets.queue([name], PAGE, place)
        yield page
        place = page.after
        if not place:
            return
