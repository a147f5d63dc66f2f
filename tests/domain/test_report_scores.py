"""NPS and CES: examples reckoned by hand, and what holds for any answers."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.card import card_of
from chalicelib.domain.report import summarize
from chalicelib.domain.report_scores import Ease, Recommendation, ease_of, recommendation_of
from tests.domain.samples import a_ticket, law, when

PLAIN = card_of(a_ticket(), ())
NPS = st.integers(0, 10)
CES = st.integers(1, 7)


@pytest.mark.parametrize(("answer", "points"), [(0, -100), (6, -100), (7, 0), (8, 0), (9, 100), (10, 100)])
def test_nine_promotes_and_six_detracts(answer: int, points: float) -> None:
    assert Recommendation(Counter([answer])).nps == points


@pytest.mark.parametrize(("answer", "easy"), [(1, 0), (4, 0), (5, 1), (7, 1)])
def test_who_agrees_at_all_had_it_easy(answer: int, easy: int) -> None:
    assert Ease(Counter([answer])).easy == easy


def test_a_week_of_answers_is_reckoned_by_hand() -> None:
    found = recommendation_of(replace(PLAIN, nps=answer) for answer in (10, 9, 9, 8, 7, 6, 0, None, 10, 10))
    assert (found.promoters, found.passives, found.detractors, found.answered) == (5, 2, 2, 9)
    assert found.nps == pytest.approx(100 * 3 / 9)
    ease = ease_of(replace(PLAIN, ces=answer) for answer in (7, 6, 4, 1, None))
    assert (ease.easy, ease.answered, ease.ces, ease.easy_share) == (2, 4, 4.5, 0.5)


def test_answers_count_where_tickets_were_solved() -> None:
    start = when("mon 00:00")
    solved = replace(PLAIN, created_at=start, solved_at=when("tue 12:00"), nps=10, ces=7)
    late = replace(solved, ref="B", solved_at=start + timedelta(days=7), nps=0, ces=1)
    found = summarize([solved, late], start, start + timedelta(days=7))
    assert (found.recommendation.nps, found.ease.ces) == (100, 7)


def test_without_answers_there_is_no_score() -> None:
    assert recommendation_of([PLAIN]).nps is None
    assert (ease_of([PLAIN]).ces, ease_of([]).easy_share) == (None, None)


@law
@given(st.lists(NPS, min_size=1), st.lists(CES, min_size=1))
def test_scores_keep_within_their_scales(likely: list[int], easy: list[int]) -> None:
    found, ease = Recommendation(Counter(likely)), Ease(Counter(easy))
    assert found.nps is not None
    assert -100 <= found.nps <= 100
    assert found.promoters + found.passives + found.detractors == found.answered == len(likely)
    assert ease.ces is not None
    assert min(easy) <= ease.ces <= max(easy)
    assert ease.easy_share is not None
    assert 0 <= ease.easy_share <= 1


@law
@given(st.lists(st.tuples(NPS, CES)), st.randoms())
def test_the_order_of_answers_does_not_matter(answers: list[tuple[int, int]], random: Random) -> None:
    cards = [replace(PLAIN, nps=nps, ces=ces) for nps, ces in answers]
    shuffled = random.sample(cards, len(cards))
    assert recommendation_of(cards).nps == recommendation_of(shuffled).nps
    assert ease_of(cards).ces == ease_of(shuffled).ces


@law
@given(st.lists(NPS, min_size=1), st.integers(9, 10), st.integers(0, 6))
def test_a_promoter_more_never_lowers_and_a_detractor_more_never_raises(
    answers: list[int], promoter: int, detractor: int
) -> None:
    now = Recommendation(Counter(answers)).nps
    more, less = (Recommendation(Counter([*answers, one])).nps for one in (promoter, detractor))
    assert now is not None
    assert more is not None
    assert less is not None
    assert less <= now <= more
