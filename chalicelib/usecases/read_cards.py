"""Reports read the cards of all tickets that were open at a time or solved since, each ticket once."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.card import FOLLOW_UPS, Card
from chalicelib.domain.errors import InvalidInput
from chalicelib.usecases.list_tickets import months_back, open_queues
from chalicelib.usecases.ports import Desk

PAGE = 1000
MOST_CARDS = 30_000
"""What a function of 512 MB can read in its 29 seconds, with a third to spare (measured: docs/console.md)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The cards that were read, and from how many lists in how many pages."""

    cards: tuple[Card, ...]
    lists: int
    pages: int


def read_cards(desk: Desk, since: datetime) -> Reading:
    """Read the open queues and the months of solving from `since` on.

    Raises InvalidInput naming `from` where that is more than can be read at once.
    """
    waiting = open_queues(desk.people.roster(), desk.settings.load())
    names = [*waiting, FOLLOW_UPS, *months_back(desk.clock.now(), since)]
    cards: dict[str, Card] = {}
    pages = 0
    for name in names:
        place = ""
        while True:
            page = desk.tickets.queue([name], PAGE, place)
            pages += 1
            cards |= {card.ref: card for card in page.cards}
            if len(cards) > MOST_CARDS:
                raise InvalidInput(f"is too long ago: there are more than {MOST_CARDS:,} tickets since", "from")
            place = page.after
            if not place:
                break
    return Reading(tuple(cards.values()), len(names), pages)
