"""Whether customers would recommend the desk's company (NPS), and how easy it made things for them (CES)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.card import Card

PROMOTES_FROM, PASSIVE_FROM = 9, 7
EASY_FROM = 5


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Answers from 0 to 10 to how likely a customer would recommend; `answers` counts each.

    Promoters answer 9 or 10, passives 7 or 8, detractors 0 to 6 (F. Reichheld, "The One Number You Need to Grow",
    Harvard Business Review, December 2003).
    """

    answers: Counter[int]

    @property
    def answered(self) -> int:
        """How many answered."""
        return self.answers.total()

    @property
    def promoters(self) -> int:
        """How many would surely recommend."""
        return sum(count for answer, count in self.answers.items() if answer >= PROMOTES_FROM)

    @property
    def passives(self) -> int:
        """How many are content, and no more."""
        return self.answered - self.promoters - self.detractors

    @property
    def detractors(self) -> int:
        """How many would rather not recommend."""
        return sum(count for answer, count in self.answers.items() if answer < PASSIVE_FROM)

    @property
    def nps(self) -> float | None:
        """The share of promoters less that of detractors, in points from -100 to 100; None without an answer."""
        return 100 * (self.promoters - self.detractors) / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Ease:
    """Answers from 1 (strongly disagree) to 7 (strongly agree) to whether it was made easy; `answers` counts each.

    This is the Customer Effort Score 2.0 (M. Dixon, N. Toman and R. DeLisi, "The Effortless Experience", CEB 2013): the
    higher, the less effort. Who agrees at all (5 to 7) had it easy.
    """

    answers: Counter[int]

    @property
    def answered(self) -> int:
        """How many answered."""
        return self.answers.total()

    @property
    def easy(self) -> int:
        """How many agreed that it was easy."""
        return sum(count for answer, count in self.answers.items() if answer >= EASY_FROM)

    @property
    def ces(self) -> float | None:
        """The mean answer; None without one."""
        total = sum(answer * count for answer, count in self.answers.items())
        return total / self.answered if self.answered else None

    @property
    def easy_share(self) -> float | None:
        """The share, from 0 to 1, of those who agreed that it was easy; None without an answer."""
        return self.easy / self.answered if self.answered else None


def recommendation_of(solved: Iterable[Card]) -> Recommendation:
    """Give what customers of solved tickets said of recommending, in each ticket's latest answered survey."""
    return Recommendation(Counter(card.nps for card in solved if card.nps is not None))


def ease_of(solved: Iterable[Card]) -> Ease:
    """Give what customers of solved tickets said of their effort, in each ticket's latest answered survey."""
    return Ease(Counter(card.ces for card in solved if card.ces is not None))
