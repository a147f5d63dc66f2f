"""A small model of what people call spam: it needs enough, names its reasons, learns nothing twice, stays small."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.spam import ENOUGH, HAM, MOST_TAUGHT, MOST_TOKENS, SPAM, SpamModel, judged, taught, tokens_of
from tests.domain.samples import law

TOKENS = st.frozensets(st.sampled_from("abcdefgh"), max_size=4)
LESSONS = st.lists(st.tuples(st.sampled_from("123456"), st.sampled_from([SPAM, HAM])), max_size=12)


def model_of(lessons: Iterable[tuple[str, str, Iterable[str]]]) -> SpamModel:
    model = SpamModel()
    for ticket, label, tokens in lessons:
        model = taught(model, ticket, label, tokens)
    return model


def trained(spam: Iterable[str], ham: Iterable[str], times: int = ENOUGH) -> SpamModel:
    spams = ((f"s{n}", SPAM, spam) for n in range(times))
    return model_of([*spams, *((f"h{n}", HAM, ham) for n in range(times))])


class TestTokens:
    def test_words_pairs_of_chinese_characters_links_and_the_senders_domain(self) -> None:
        found = tokens_of("Win a prize", "Visit HTTPS://www.casino.example/win 恭喜中奖", "x@promo.casino.example")
        assert {"win", "prize", "visit", "subject:prize", "恭喜", "喜中", "中奖"} <= found
        assert {"link:www.casino.example", "from:promo.casino.example"} <= found

    @pytest.mark.parametrize("text", ["4111 1111 1111 1111", "+49 170 1234567", "12345"])
    def test_no_number_of_anybody_is_kept(self, text: str) -> None:
        assert tokens_of("", text, "jo@customer.example") == {"from:customer.example"}

    def test_letters_of_another_width_are_the_same(self) -> None:
        assert "casino" in tokens_of("", "ＣＡＳＩＮＯ", "")

    @law
    @given(st.text(), st.text(), st.text())
    def test_of_any_text_at_all(self, subject: str, text: str, sender: str) -> None:
        assert all(len(token) <= 70 for token in tokens_of(subject, text, sender))


class TestJudging:
    def test_before_enough_of_both_it_says_nothing(self) -> None:
        model = trained(["pills"], ["parcel"], ENOUGH - 1)
        assert not judged(model, ["pills"]).spam
        assert judged(model, ["pills"]).reasons == ()

    def test_what_was_called_spam_is_told_from_what_was_answered(self) -> None:
        model = trained(["pills", "casino", "prize", "winner", "now"], ["parcel", "order", "now"])
        found = judged(model, ["pills", "casino", "prize", "winner", "now"])
        assert found.spam
        assert set(found.reasons) == {"pills", "casino", "prize", "winner"}
        assert not judged(model, ["parcel", "now"]).spam

    def test_one_bad_word_among_good_ones_is_no_spam(self) -> None:
        model = trained(["pills", "casino", "prize", "winner"], ["parcel", "order"])
        assert not judged(model, ["pills", "casino", "prize", "winner", "parcel", "order"]).spam

    def test_words_that_it_never_met_say_nothing(self) -> None:
        assert judged(trained(["pills"], ["parcel"]), ["hello"]).odds == 0

    @law
    @given(TOKENS, TOKENS, TOKENS)
    def test_more_spam_with_a_word_never_makes_it_look_better(
        self, spam: frozenset[str], ham: frozenset[str], asked: frozenset[str]
    ) -> None:
        model = trained(spam | {"x"}, ham)
        more = taught(model, "another", SPAM, spam | {"x"})
        assert judged(more, [*asked, "x"]).odds >= judged(model, [*asked, "x"]).odds - 1e-9


class TestTeaching:
    @law
    @given(LESSONS)
    def test_only_the_last_word_on_a_ticket_counts(self, lessons: list[tuple[str, str]]) -> None:
        model = model_of((ticket, label, [f"word{ticket}"]) for ticket, label in lessons)
        last = dict(lessons)
        straight = model_of((ticket, label, [f"word{ticket}"]) for ticket, label in last.items())
        assert (model.spam, model.ham, dict(model.tokens)) == (straight.spam, straight.ham, dict(straight.tokens))
        assert dict(model.taught) == last

    @law
    @given(LESSONS)
    def test_taught_again_it_is_the_very_same(self, lessons: list[tuple[str, str]]) -> None:
        model = model_of((ticket, label, [label]) for ticket, label in lessons)
        for ticket, label in model.taught.items():
            assert taught(model, ticket, label, [label]) is model

    def test_it_stays_small_and_keeps_what_comes_often(self) -> None:
        model = trained(["often"], ["seldom"])
        for number in range(30):
            model = taught(model, f"big{number}", SPAM, [f"w{number}x{each}" for each in range(300)])
        assert len(model.tokens) == MOST_TOKENS
        assert {"often", "seldom"} <= model.tokens.keys()
        assert "w29x299" in model.tokens

    def test_it_forgets_the_oldest_lessons_names_only(self) -> None:
        model = model_of((str(number), SPAM, ["a"]) for number in range(MOST_TAUGHT + 5))
        assert (len(model.taught), model.spam) == (MOST_TAUGHT, MOST_TAUGHT + 5)
        assert "0" not in model.taught
