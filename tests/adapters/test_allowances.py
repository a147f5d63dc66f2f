"""What may be done so often is counted for each, and forgotten when its time is over."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.allowances import DynamoAllowances
from chalicelib.adapters.table import Table
from tests.conftest import MONDAY

HERE, THERE = "203.0.113.7", "2001:db8::/64"


@pytest.fixture
def table(any_cloud_table: tuple[Any, str]) -> Table:
    return Table(*any_cloud_table)


@pytest.fixture
def allowances(table: Table) -> DynamoAllowances:
    return DynamoAllowances(table, lambda: b"secret")


def test_so_many_and_no_more_until_the_next_stretch_of_time(allowances: DynamoAllowances) -> None:
    taken = [allowances.take("chat", HERE, 2, 3600, MONDAY) for _ in range(4)]
    assert taken == [True, True, False, False]
    assert allowances.take("chat", HERE, 2, 3600, MONDAY + timedelta(hours=1))


def test_each_counts_for_itself(allowances: DynamoAllowances) -> None:
    assert allowances.take("chat", HERE, 1, 3600, MONDAY)
    assert allowances.take("chat", THERE, 1, 3600, MONDAY)
    assert allowances.take("form", HERE, 1, 3600, MONDAY)
    assert not allowances.take("form", HERE, 1, 3600, MONDAY)


def test_nothing_in_the_table_tells_whom_it_is_about_and_all_of_it_ends(
    allowances: DynamoAllowances, table: Table
) -> None:
    allowances.take("chat", HERE, 1, 3600, MONDAY)
    [item] = table.client.scan(TableName=table.name)["Items"]
    assert HERE not in str(item)
    assert MONDAY.timestamp() < int(item["expires_at"]["N"]) <= (MONDAY + timedelta(hours=2)).timestamp()
