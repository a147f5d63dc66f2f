"""The tickets that a report's range is about, and how many of a kind there were beside the range before."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from chalicelib.domain.card import Card
from chalicelib.domain.report_range import ReportRange


@dataclass(frozen=True, slots=True)
class Stretch:
    """The tickets of a range: opened in it, solved in it, and left open at its end."""

    range: ReportRange
    opened: tuple[Card, ...]
    solved: tuple[Card, ...]
    left: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there were of a kind, and how many in the range before. An empty name is what has none."""

    name: str
    now: int
    before: int


def stretch_of(cards: Iterable[Card], within: ReportRange) -> Stretch:
    """Give the tickets of a range, from the cards of all that were open in it or solved since.

    What lies on a shelf (spam, unreadable mail) was never anybody's work.
    """
    start, end = within.start, within.end
    known = [card for card in cards if not card.shelf and card.created_at < end]
    return Stretch(
        range=within,
        opened=tuple(card for card in known if card.created_at >= start),
        solved=tuple(card for card in known if card.solved_at is not None and start <= card.solved_at < end),
        left=tuple(card for card in known if card.solved_at is None or card.solved_at >= end),
    )


def tallied(now: Collection[Card], before: Collection[Card], kind: Callable[[Card], str]) -> tuple[Tally, ...]:
    """Count cards by a kind, the most frequent first; equal ones by name."""
    here, there = Counter(map(kind, now)), Counter(map(kind, before))
    found = (Tally(name, here[name], there[name]) for name in here.keys() | there.keys())
    return tuple(sorted(found, key=lambda tally: (-tally.now, -tally.before, tally.name)))
