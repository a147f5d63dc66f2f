"""AWS's list prices, and quantities turned into money by them."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.prices import FREE_EACH_MONTH, GIB, LIST, USD, cost, in_usd
from tests.domain.samples import law

NAMES = sorted(LIST)
quantities = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 10**12))


def dollars(name: str, quantity: int) -> Fraction:
    return Fraction(LIST[name].picodollars * quantity, LIST[name].per * USD)


class TestPrices:
    @pytest.mark.parametrize(
        ("name", "quantity", "usd"),
        [
            ("read_half_unit", 2_000_000, "0.125"),
            ("write_unit", 1_000_000, "0.625"),
            ("lambda_request", 1_000_000, "0.20"),
            ("lambda_mb_ms", 1_024_000, "0.0000133334"),
            ("api_request", 1_000_000, "3.50"),
            ("sqs_request", 1_000_000, "0.40"),
            ("mail_out", 1_000, "0.16"),
            ("mail_in", 1_000, "0.10"),
            ("mail_in_chunk", 1_000, "0.09"),
            ("s3_put", 1_000, "0.005"),
            ("s3_get", 1_000, "0.0004"),
            ("s3_byte_month", GIB, "0.023"),
            ("table_byte_month", GIB, "0.25"),
            ("log_byte", GIB, "0.50"),
            ("alarm_month", 9, "0.90"),
        ],
    )
    def test_each_is_what_the_list_says(self, name: str, quantity: int, usd: str) -> None:
        assert dollars(name, quantity) == Fraction(usd)

    def test_each_says_from_where_and_when_it_is_known(self) -> None:
        for price in LIST.values():
            assert price.source
            assert re.fullmatch(r"\d{4}(-\d\d){0,2}", price.as_of) or (price.weak and not price.as_of)

    def test_what_is_free_each_month_has_a_price_beyond(self) -> None:
        assert all(LIST[name].picodollars > 0 for name in FREE_EACH_MONTH)


class TestCost:
    def test_a_ticket_from_a_mail(self) -> None:
        used = {"mail_in": 1, "write_unit": 6, "mail_out": 1, "lambda_request": 2, "lambda_mb_ms": 512 * 80}
        assert cost(used) == 100_000_000 + 3_750_000 + 160_000_000 + 400_000 + 533_336

    def test_nothing_costs_nothing(self) -> None:
        assert cost({}) == 0

    def test_what_has_no_price_is_refused(self) -> None:
        with pytest.raises(KeyError):
            cost({"elephants": 1})

    @law
    @given(quantities)
    def test_it_is_exact_to_half_a_picodollar_a_thing(self, used: dict[str, int]) -> None:
        exact = sum((dollars(name, quantity) for name, quantity in used.items()), Fraction())
        assert abs(Fraction(cost(used), USD) - exact) * USD * 2 <= len(used)

    @law
    @given(quantities, st.sampled_from(NAMES))
    def test_more_never_costs_less(self, used: dict[str, int], name: str) -> None:
        assert cost({**used, name: used.get(name, 0) + 1}) >= cost(used)


class TestDollars:
    @pytest.mark.parametrize(
        ("picodollars", "places", "told"),
        [
            (0, 2, "0.00"),
            (USD, 2, "1.00"),
            (5 * USD // 1000, 2, "0.01"),
            (4_999_999_999, 2, "0.00"),
            (-4_999_999_999, 2, "0.00"),
            (-USD, 2, "-1.00"),
            (160_000_000, 6, "0.000160"),
            (1_234_567 * USD, 2, "1234567.00"),
        ],
    )
    def test_are_told_to_the_places_asked_for(self, picodollars: int, places: int, told: str) -> None:
        assert in_usd(picodollars, places) == told
