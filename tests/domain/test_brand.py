"""A shop's own colour and logo: whatever colour it is, what is written in it, and on it, can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.brand import DARK_GROUNDS, LIGHT_GROUNDS, READABLE, Brand, accent, contrast
from chalicelib.domain.errors import InvalidInput

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(COLOURS, st.sampled_from([LIGHT_GROUNDS, DARK_GROUNDS]))
def test_any_colour_can_be_read_on_every_ground_and_be_written_on(colour: str, grounds: tuple[str, ...]) -> None:
    found = accent(colour, grounds)
    assert all(contrast(found.key, ground) >= READABLE for ground in grounds)
    assert contrast(found.key, found.ink) >= READABLE


@given(COLOURS)
def test_a_colour_that_can_be_read_stays_as_it_is(colour: str) -> None:
    readable = all(contrast(colour, ground) >= READABLE for ground in LIGHT_GROUNDS)
    assert (accent(colour, LIGHT_GROUNDS).key == colour) == readable


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0b5fb0", "#0b5fb0", 1.0)],
)
def test_contrast_is_reckoned_as_wcag_does(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == round(contrast(other, one), 2) == ratio


def test_yellow_becomes_a_dark_yellow_on_white_and_stays_itself_in_the_dark() -> None:
    assert (accent("#ffd400", DARK_GROUNDS).key, accent("#ffd400", DARK_GROUNDS).ink) == ("#ffd400", "#000000")
    assert accent("#ffd400", LIGHT_GROUNDS).key not in ("#ffd400", "#000000")


@pytest.mark.parametrize(
    ("logo", "host"),
    [
        ("", ""),
        ("https://shop.example/logo.svg?v=2", "https://shop.example"),
        ("https://cdn.shop.example:8443/a/b.png", "https://cdn.shop.example:8443"),
    ],
)
def test_a_logo_comes_from_one_host(logo: str, host: str) -> None:
    assert Brand(logo=logo).logo_host == host


@pytest.mark.parametrize(
    "wrong",
    [
        {"accent": "blue"},
        {"accent": "#0B5FB0"},
        {"accent": "#fff"},
        {"accent": "#0b5fb0}body{display:none"},
        {"logo": "http://shop.example/logo.png"},
        {"logo": "https://shop.example"},
        {"logo": "https://*/logo.png"},
        {"logo": "https://shop.example;script-src */logo.png"},
        {"logo": "https://shop.example/ 'unsafe-inline'"},
        {"logo": 'https://shop.example/"onerror="x'},
        {"logo": "https://shop.example/" + "x" * 500},
    ],
)
def test_what_could_say_more_than_a_colour_or_an_address_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Brand(**wrong)
    assert refused.value.field == f"brand.{next(iter(wrong))}"
