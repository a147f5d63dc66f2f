"""Lengths of time as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.web.console.lengths import LONGEST, in_words, seconds_of


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("30 min", 1800),
        ("4h", 14400),
        ("1 h 30 min", 5400),
        ("1,5 h", 5400),
        ("2 d", 172800),
        ("90 S", 90),
        ("2 Days, 1 hour", 176400),
        ("30 分钟", 1800),
        ("1小时30分钟", 5400),
        ("0", 0),
    ],
)
def test_a_length_is_read_as_it_was_meant(typed: str, seconds: int) -> None:
    assert seconds_of(typed) == seconds


@pytest.mark.parametrize(
    "typed", ["", "30", "soon", "-4 h", "4 h ago", "1e9 d", "4 moons", "99999999999 h", "NaN h", "٣ h"]
)
def test_what_has_no_unit_or_no_sense_is_no_length(typed: str) -> None:
    with pytest.raises(ValueError, match="length of time"):
        seconds_of(typed)


@given(some.integers(0, LONGEST))
def test_what_is_shown_is_read_as_the_same_length(seconds: int) -> None:
    assert seconds_of(in_words(seconds)) == seconds


@given(some.text(max_size=30))
def test_anything_typed_is_a_length_or_refused(typed: str) -> None:
    with suppress(ValueError):
        assert 0 <= seconds_of(typed) <= LONGEST
