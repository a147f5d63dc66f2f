"""How long what is still open has been waiting."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.card import Card

DAY = 86400
EDGES = (DAY, 3 * DAY, 7 * DAY, 30 * DAY)


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """How many tickets were open for at least `least` and less than `less_than` seconds; None has no end."""

    least: int
    less_than: int | None
    count: int


def ages(left: Iterable[Card], at: datetime) -> tuple[AgeGroup, ...]:
    """Give how long these tickets had been open at an instant, the youngest first."""
    counts = [0] * (len(EDGES) + 1)
    for card in left:
        counts[bisect_right(EDGES, (at - card.created_at).total_seconds())] += 1
    return tuple(AgeGroup(*group) for group in zip((0, *EDGES), (*EDGES, None), counts, strict=True))


def longest_waiting(left: Iterable[Card], count: int) -> tuple[Card, ...]:
    """Give the oldest of these tickets that are open to this day, the oldest first."""
    waiting = (card for card in left if card.solved_at is None)
    return tuple(sorted(waiting, key=lambda card: (card.created_at, card.ref))[:count])
