"""What agents and teams did in a stretch of time.

A ticket counts for whoever has it now: the card doesn't know who had it before.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chalicelib.domain.card import Card
from chalicelib.domain.report import Satisfaction, Spread, satisfaction_of, spread_of
from chalicelib.domain.report_scores import Ease, Recommendation, ease_of, recommendation_of
from chalicelib.domain.report_stretch import Stretch


@dataclass(frozen=True, slots=True)
class Record:
    """What one agent or team did; the empty id stands for what nobody has.

    `answered` counts tickets opened in the range that got a first response, `left` what was open at its end.
    """

    id: str
    opened: int
    answered: int
    solved: int
    left: int
    first_response: Spread
    resolution: Spread
    satisfaction: Satisfaction
    recommendation: Recommendation
    ease: Ease


def by_agent(stretch: Stretch) -> tuple[Record, ...]:
    """Give each agent's record, that of who solved most first."""
    return _records(stretch, lambda card: card.assignee_id)


def by_team(stretch: Stretch) -> tuple[Record, ...]:
    """Give each team's record, that of the one that solved most first."""
    return _records(stretch, lambda card: card.team_id)


def _records(stretch: Stretch, owner: Callable[[Card], str]) -> tuple[Record, ...]:
    opened, solved, left = (_owned(cards, owner) for cards in (stretch.opened, stretch.solved, stretch.left))
    ids = opened.keys() | solved.keys() | left.keys()
    found = (_record(id, opened.get(id, []), solved.get(id, []), left.get(id, [])) for id in ids)
    return tuple(sorted(found, key=lambda record: (not record.id, -record.solved, -record.answered, record.id)))


def _owned(cards: Iterable[Card], owner: Callable[[Card], str]) -> dict[str, list[Card]]:
    found: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        found[owner(card)].append(card)
    return found


def _record(id: str, opened: list[Card], solved: list[Card], left: list[Card]) -> Record:
    first_response = spread_of(card.first_response_seconds for card in opened)
    return Record(
        id=id,
        opened=len(opened),
        answered=first_response.count,
        solved=len(solved),
        left=len(left),
        first_response=first_response,
        resolution=spread_of(card.resolution_seconds for card in solved),
        satisfaction=satisfaction_of(solved),
        recommendation=recommendation_of(solved),
        ease=ease_of(solved),
    )
