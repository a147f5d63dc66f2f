"""A text's words are found however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.search.words import LONGEST, indexed, is_unspaced, words
from tests.domain.samples import law


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The LAMP, broken!", "the lamp broken"),
        ("Café crème, naïve Straße", "cafe creme naive strasse"),
        ("Cafe\u0301", "cafe"),
        ("ＡＢＣ－１２", "abc 12"),
        ("order_id=A-10293", "order id a 10293"),
        ("jo@shop.example", "jo shop example"),
        ("我要退款。", "我 要 退 款"),
        ("iPhone15手机壳", "iphone15 手 机 壳"),
        ("ランプ・点灯", "ラ ン プ 点 灯"),
        ("배송이", "배 송 이"),
        ("Привет, ёлка", "привет елка"),
        ("½ ﬁlm", "1 2 film"),
        ("", ""),
        ("!!! — ???", ""),
        ("🦉", ""),
    ],
)
def test_words_are_told_apart_and_alike_by_what_they_mean(text: str, found: str) -> None:
    assert indexed(text) == found


def test_a_word_knows_where_it_stands() -> None:
    text = "Ein Müsli, 退款"
    assert [text[word.start : word.end] for word in words(text)] == ["Ein", "Müsli", "退", "款"]


def test_what_goes_on_and_on_is_known_by_its_beginning() -> None:
    assert indexed("x" * 500) == "x" * LONGEST


def test_chinese_stands_without_spaces_and_english_doesn_t() -> None:
    assert (is_unspaced("退"), is_unspaced("lamp"), is_unspaced("a")) == (True, False, False)


@law
@given(st.text())
def test_what_is_kept_is_made_of_words_and_reads_the_same_again(text: str) -> None:
    kept = indexed(text)
    assert indexed(kept) == kept
    assert [word.text for word in words(text)] == kept.split()


@law
@given(st.text(), st.text())
def test_no_word_reaches_over_a_line_s_end(one: str, other: str) -> None:
    assert indexed(f"{one}\n{other}").split() == [*indexed(one).split(), *indexed(other).split()]
