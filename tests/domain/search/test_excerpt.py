"""A result shows why it was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.search.excerpt import LENGTH, Excerpt, excerpt, marked
from chalicelib.domain.search.query import Part, parse_query
from tests.domain.samples import law


def found_in(shown: Excerpt) -> list[str]:
    return [text for text, found in shown.pieces if found]


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("The lamp and two lamps", "lamp", ["lamp", "lamps"]),
        ("It was REFUNDED.", "refunds", ["REFUNDED"]),
        ("It was refunded.", '"refund"', []),
        ("Jo was charged twice", '"charged twice"', ["charged twice"]),
        ("我要退款，请退 款", "退款", ["退款", "退 款"]),
        ("Müsli", "musli", ["Müsli"]),
        ("Mail jo@shop.example", "jo@shop.example", ["jo@shop.example"]),
        ("A lamp, from Jo", "lamp -jo", ["lamp"]),
        ("A lamp, from Jo", "from:jo", []),
    ],
)
def test_what_was_asked_is_marked_as_it_is_written(text: str, asked: str, found: list[str]) -> None:
    assert found_in(excerpt(text, parse_query(asked))) == found


def test_in_the_subject_what_was_asked_of_the_subject_is_marked_too() -> None:
    assert found_in(marked("Lost invoice", parse_query("subject:invoice lost"), Part.SUBJECT)) == ["Lost", "invoice"]


def test_the_stretch_that_shows_most_is_shown() -> None:
    text = f"The lamp. {'Nothing. ' * 80}Then the blue lamp broke. {'Nothing. ' * 80}"
    shown = excerpt(text, parse_query("blue lamp broke"))
    assert found_in(shown) == ["blue", "lamp", "broke"]
    assert (shown.text[0], shown.text[-1]) == ("…", "…")
    assert len(shown.text) <= LENGTH + 2


def test_without_a_word_found_in_it_a_text_shows_its_beginning() -> None:
    assert excerpt("Dear desk,\nit is dark.", parse_query("zebra")) == Excerpt("Dear desk, it is dark.")


TEXTS = st.text(st.sampled_from("ab 退款.\n é"), max_size=600)


@law
@given(TEXTS, st.text(st.sampled_from('ab 退款"-'), max_size=12))
def test_marks_lie_in_the_text_in_order_and_its_pieces_make_it_whole(text: str, asked: str) -> None:
    for shown in (excerpt(text, parse_query(asked)), marked(text, parse_query(asked))):
        assert "".join(piece for piece, _ in shown.pieces) == shown.text
        ends = [place for mark in shown.marks for place in mark]
        assert ends == sorted(set(ends))
        assert all(0 <= place <= len(shown.text) for place in ends)
