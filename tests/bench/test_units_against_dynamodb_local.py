"""The meter's rules, held against the figures that Amazon's own DynamoDB Local gives."""

import os
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from bench.counts import compare
from bench.desk import INDEXES, metered_desk, table_definition
from bench.playback import REGION
from bench.quiet import quiet
from bench.units import TABLE, WRITE_UNIT, item_size, read_units, write_units
from infra import dynamodb_local
from tests.bench.test_own_account import Lived

pytestmark = pytest.mark.dynamodb_local

TICKET = {
    "pk": {"S": "ticket#7K3F-92QX"},
    "sk": {"S": "ticket"},
    "queue_pk": {"S": "team:support#0"},
    "queue_sk": {"S": "1#2026-11-23T12:00:00#7K3F-92QX"},
    "customer_pk": {"S": "c0123456789"},
    "customer_sk": {"S": "2026-11-23T10:00:00.000+00:00#7K3F-92QX"},
    "due_pk": {"S": "due#0"},
    "due_sk": {"S": "2026-11-23T11:00:00.000+00:00#7K3F-92QX"},
    "card": {"M": {"s": {"S": "x" * 2000}}},
    "version": {"N": "7"},
    "timeline": {"L": [{"S": "y" * 3000}]},
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A DynamoDB Local that all workers of this run share; skips where Java or npm is missing."""
    folder = tmp_path_factory.getbasetemp()
    try:
        with dynamodb_local.shared(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) as url:
            yield url
    except dynamodb_local.ToolMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def table(endpoint: str) -> Iterator[tuple[Any, str]]:
    """A client and an empty table of the desk's form."""
    name = f"units-{uuid.uuid4()}"
    client = boto3.client(
        "dynamodb",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_table(TableName=name, **table_definition())
    yield client, name
    client.delete_table(TableName=name)
    client.close()


def _told(capacity: dict[str, Any]) -> dict[str, float]:
    parts = {TABLE: capacity["Table"], **capacity.get("GlobalSecondaryIndexes", {})}
    return {name: part["CapacityUnits"] for name, part in parts.items()}


@pytest.mark.parametrize(
    "value",
    [
        {"S": "plain"},
        {"S": "北京 grüßt"},
        {"N": "0"},
        {"N": "1795428000000"},
        {"N": "-12.5"},
        {"N": "0.0001"},
        {"BOOL": True},
        {"NULL": True},
        {"SS": ["one", "three"]},
        {"L": []},
        {"L": [{"N": "5"}, {"S": "x"}, {"L": [{"BOOL": False}]}]},
        {"M": {"a": {"S": "b"}, "inner": {"M": {"n": {"N": "12"}}}}},
    ],
    ids=str,
)
def test_an_item_of_exactly_one_unit_costs_one_and_a_byte_more_costs_two(
    table: tuple[Any, str], value: dict[str, Any]
) -> None:
    client, name = table
    bare = {"pk": {"S": "size"}, "sk": {"S": "item"}, "value": value, "fill": {"S": ""}}
    costs = []
    for number, target in enumerate((WRITE_UNIT, WRITE_UNIT + 1)):
        filled = {**bare, "sk": {"S": f"item{number}"}}
        filled["fill"] = {"S": "x" * (target - item_size(filled))}
        answer = client.put_item(TableName=name, Item=filled, ReturnConsumedCapacity="INDEXES")
        costs.append(_told(answer["ConsumedCapacity"])[TABLE])
    assert costs == [1, 2]


@pytest.mark.parametrize(
    "change",
    [
        {"timeline": {"L": [{"S": "z" * 3000}]}},
        {"timeline": {"L": []}},
        {"version": {"N": "8"}},
        {"card": {"M": {"s": {"S": "short"}}}},
        {"card": {"M": {"s": {"S": "x" * 4000}}}},
        {"due_sk": {"S": "2026-11-23T12:00:00.000+00:00#7K3F-92QX"}},
        {"queue_pk": {"S": "agent:ada#0"}, "card": {"M": {"s": {"S": "x" * 4000}}}},
        {"due_pk": None, "due_sk": None},
        {},
    ],
    ids=lambda change: " and ".join(change) or "nothing",
)
def test_a_change_costs_what_table_and_indexes_charge_for_it(table: tuple[Any, str], change: dict[str, Any]) -> None:
    client, name = table
    after = {key: value for key, value in {**TICKET, **change}.items() if value is not None}
    client.put_item(TableName=name, Item=TICKET)
    answer = client.put_item(TableName=name, Item=after, ReturnConsumedCapacity="INDEXES")
    assert _told(answer["ConsumedCapacity"]) == write_units(TICKET, after, INDEXES)


def test_a_new_item_and_its_removal_cost_the_same(table: tuple[Any, str]) -> None:
    client, name = table
    put = client.put_item(TableName=name, Item=TICKET, ReturnConsumedCapacity="INDEXES")
    key = {"pk": TICKET["pk"], "sk": TICKET["sk"]}
    removed = client.delete_item(TableName=name, Key=key, ReturnConsumedCapacity="INDEXES")
    assert _told(put["ConsumedCapacity"]) == write_units(None, TICKET, INDEXES)
    assert _told(removed["ConsumedCapacity"]) == write_units(TICKET, None, INDEXES)


def test_a_page_costs_the_sum_of_its_items_rounded_up_once(table: tuple[Any, str]) -> None:
    client, name = table
    items = [{**TICKET, "sk": {"S": f"message#{number}"}} for number in range(7)]
    for item in items:
        client.put_item(TableName=name, Item=item)
    of_ticket = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": TICKET["pk"]}}
    for consistent in (False, True):
        answer = client.query(TableName=name, ConsistentRead=consistent, ReturnConsumedCapacity="INDEXES", **of_ticket)
        assert _told(answer["ConsumedCapacity"])[TABLE] == read_units(items, consistent=consistent)


def test_every_call_of_a_tickets_life_costs_what_the_meter_says(endpoint: str) -> None:
    compared = compare(endpoint, messages=5)
    assert [found for found in compared if not found.agree] == []
    assert {found.call.index for found in compared} >= {"queue", "due"}
    assert len(compared) > 40


def test_where_dynamodb_tells_the_truth_the_desks_own_account_is_right_to_the_half_unit(endpoint: str) -> None:
    with quiet(), metered_desk(endpoint) as desk:
        lived = Lived(desk, indexes_told=True)
    assert lived.told(reads=True) == lived.counted_up(reads=True)
