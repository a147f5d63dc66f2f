"""How well customers were served, period by period: how soon, as promised or not, and what they said of it."""

from collections.abc import Iterable

from chalicelib.domain.card import Card
from chalicelib.domain.report import Attainment, Satisfaction, Spread, attainment_of, satisfaction_of, spread_of
from chalicelib.domain.report_range import Period
from chalicelib.domain.report_scores import Ease, Recommendation, ease_of, recommendation_of
from chalicelib.domain.report_stretch import Stretch
from chalicelib.domain.sla_policy import METRICS


def first_responses(stretch: Stretch) -> tuple[tuple[Period, Spread], ...]:
    """Give how long first responses took to what was opened in each period."""
    opened = stretch.range.by_period(stretch.opened, lambda card: card.created_at)
    return tuple((period, spread_of(card.first_response_seconds for card in cards)) for period, cards in opened.items())


def resolutions(stretch: Stretch) -> tuple[tuple[Period, Spread], ...]:
    """Give how long it took to solve what was solved in each period."""
    return tuple((period, spread_of(card.resolution_seconds for card in cards)) for period, cards in _solved(stretch))


def attainments(stretch: Stretch) -> tuple[tuple[Period, Attainment], ...]:
    """Give the promises kept and broken, of every metric together, to what was opened in each period."""
    opened = stretch.range.by_period(stretch.opened, lambda card: card.created_at)
    found = []
    for period, cards in opened.items():
        each = [attainment_of(cards, metric) for metric in METRICS]
        found.append((period, Attainment(sum(one.met for one in each), sum(one.breached for one in each))))
    return tuple(found)


def satisfactions(stretch: Stretch) -> tuple[tuple[Period, Satisfaction], ...]:
    """Give what customers said of what was solved in each period."""
    return tuple((period, satisfaction_of(cards)) for period, cards in _solved(stretch))


def recommendations(stretch: Stretch) -> tuple[tuple[Period, Recommendation], ...]:
    """Give whether customers would recommend, by what was solved in each period."""
    return tuple((period, recommendation_of(cards)) for period, cards in _solved(stretch))


def eases(stretch: Stretch) -> tuple[tuple[Period, Ease], ...]:
    """Give how easy it was for customers, by what was solved in each period."""
    return tuple((period, ease_of(cards)) for period, cards in _solved(stretch))


def _solved(stretch: Stretch) -> Iterable[tuple[Period, list[Card]]]:
    return stretch.range.by_period(stretch.solved, lambda card: card.solved_at or card.updated_at).items()
