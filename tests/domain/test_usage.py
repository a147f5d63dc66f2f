"""What was used adds up, and costs what the price list says."""

from hypothesis import given

from chalicelib.domain import prices
from chalicelib.domain.usage import NAMES, PRICED, Usage, cost_of
from tests.adapters.sample_tickets import USAGES


def test_a_mail_that_becomes_a_ticket_costs_a_few_millionths_beside_the_mail_itself() -> None:
    used = Usage(table_calls=3, write_units=6, lambda_requests=1, lambda_mb_ms=512 * 100, sqs_requests=3, s3_gets=1)
    assert cost_of(used) == 6 * 625_000 + 200_000 + 666_670 + 3 * 400_000 + 400_000


def test_calls_to_the_table_and_milliseconds_cost_by_their_units_and_memory() -> None:
    assert cost_of(Usage(table_calls=1_000, lambda_ms=1_000)) == 0


def test_every_price_that_is_asked_for_is_on_the_list() -> None:
    assert set(PRICED.values()) <= prices.LIST.keys()
    assert set(PRICED) | {"table_calls", "lambda_ms"} == set(NAMES)


@given(USAGES, USAGES)
def test_usages_add_up_number_by_number(one: Usage, other: Usage) -> None:
    assert (one + other).numbers == tuple(a + b for a, b in zip(one.numbers, other.numbers, strict=True))
    assert one + other == other + one
    assert one + Usage() == one


@given(USAGES)
def test_nothing_used_is_false_and_anything_used_is_true(used: Usage) -> None:
    assert bool(used) == any(used.numbers)
