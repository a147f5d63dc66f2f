"""What an owner sees of a stretch of time, reckoned from the cards of the tickets that touch it."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from chalicelib.domain.card import Card
from chalicelib.domain.report_scores import Ease, Recommendation, ease_of, recommendation_of
from chalicelib.domain.sla_policy import METRICS
from chalicelib.domain.usage import cost_of


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in elapsed seconds: of `count` cases, by nearest rank."""

    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Attainment:
    """Promises kept and broken."""

    met: int
    breached: int

    @property
    def share(self) -> float | None:
        """The kept share, from 0 to 1; None where none was judged."""
        return self.met / (self.met + self.breached) if self.met + self.breached else None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Surveys sent and answered; `ratings` counts each answer from 1 to 5."""

    sent: int
    ratings: Counter[int]

    @property
    def answered(self) -> int:
        """How many were answered."""
        return self.ratings.total()

    @property
    def response_rate(self) -> float | None:
        """The answered share, from 0 to 1."""
        return self.answered / self.sent if self.sent else None

    @property
    def csat(self) -> float | None:
        """The share of 4 and 5 among the answers, as CSAT is commonly reckoned on a scale of five."""
        return (self.ratings[4] + self.ratings[5]) / self.answered if self.answered else None

    @property
    def average(self) -> float | None:
        """The mean rating."""
        total = sum(rating * count for rating, count in self.ratings.items())
        return total / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class CostSpread:
    """What tickets have cost by now, in picodollars at list prices: of `count` tickets that say so, by nearest rank."""

    count: int
    total: int
    median: int | None
    p90: int | None

    @property
    def mean(self) -> int | None:
        """What one cost on average, to the nearest picodollar; None where there is none."""
        return round(self.total / self.count) if self.count else None


@dataclass(frozen=True, slots=True)
class Summary:
    """How the desk did from `start` up to, not including, `end`."""

    start: datetime
    end: datetime
    opened: int
    solved: int
    backlog: int
    first_response: Spread
    resolution: Spread
    sla: dict[str, Attainment]
    satisfaction: Satisfaction
    recommendation: Recommendation
    ease: Ease
    cost: CostSpread

    @property
    def sla_overall(self) -> Attainment:
        """Kept and broken promises of every metric."""
        return Attainment(sum(one.met for one in self.sla.values()), sum(one.breached for one in self.sla.values()))


def summarize(cards: Iterable[Card], start: datetime, end: datetime) -> Summary:
    """Give the summary of a stretch of time from the cards of all tickets that were open in it or solved since.

    What a ticket's opening began (first response, SLA, cost) counts where it was opened; what its solution began
    (resolution, satisfaction, NPS, CES) where it was solved. The backlog is what was open at `end`.
    """
    known = [card for card in cards if not card.shelf and card.created_at < end]
    opened = [card for card in known if card.created_at >= start]
    solved = [card for card in known if card.solved_at is not None and start <= card.solved_at < end]
    return Summary(
        start=start,
        end=end,
        opened=len(opened),
        solved=len(solved),
        backlog=sum(1 for card in known if card.solved_at is None or card.solved_at >= end),
        first_response=spread_of(card.first_response_seconds for card in opened),
        resolution=spread_of(card.resolution_seconds for card in solved),
        sla={metric: attainment_of(opened, metric) for metric in METRICS},
        satisfaction=satisfaction_of(solved),
        recommendation=recommendation_of(solved),
        ease=ease_of(solved),
        cost=cost_spread(opened),
    )


def nearest_rank(ordered: Sequence[float], share: float) -> float:
    """Give the smallest value that at least `share` (over 0, up to 1) of the ordered values don't exceed."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def spread_of(values: Iterable[float | None]) -> Spread:
    """Give the spread of elapsed seconds; None is what didn't happen yet."""
    ordered = sorted(value for value in values if value is not None)
    if not ordered:
        return Spread(0, None, None)
    return Spread(len(ordered), nearest_rank(ordered, 0.5), nearest_rank(ordered, 0.9))


def cost_spread(cards: Iterable[Card]) -> CostSpread:
    """Give what tickets have cost; those that don't say so, since nobody metered them, aren't in it."""
    ordered = sorted(cost_of(card.cost) for card in cards if card.cost)
    if not ordered:
        return CostSpread(0, 0, None, None)
    ranks = (ordered[max(0, ceil(share * len(ordered)) - 1)] for share in (0.5, 0.9))
    return CostSpread(len(ordered), sum(ordered), *ranks)


def satisfaction_of(solved: Collection[Card]) -> Satisfaction:
    """Give what customers were asked and said of solved tickets."""
    return Satisfaction(
        sent=sum(card.surveys_sent for card in solved),
        ratings=Counter(rating for card in solved for rating in card.ratings),
    )


def attainment_of(cards: Iterable[Card], metric: str) -> Attainment:
    """Give the promises of a metric kept and broken to these tickets."""
    verdicts = [card.verdicts.get(metric, (0, 0)) for card in cards]
    return Attainment(sum(met for met, _ in verdicts), sum(breached for _, breached in verdicts))
