"""The rules by which DynamoDB counts, on items whose sizes are reckoned by hand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.units import TABLE, Index, item_size, read_units, refused_write_units, write_units

BY_TEAM = Index("by_team", ("team",), ("pk", "sk"), frozenset({"card"}))
KEY: dict[str, Any] = {"pk": {"S": "t"}, "sk": {"S": "1"}}


def of_size(size: int, **more: Any) -> dict[str, Any]:
    item = {**KEY, **more, "x": {"S": ""}}
    return {**item, "x": {"S": "x" * (size - item_size(item))}}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "äx"}, 3),
        ({"N": "1795428000000"}, 5),
        ({"N": "100"}, 2),
        ({"N": "-7"}, 3),
        ({"N": "0"}, 1),
        ({"BOOL": False}, 1),
        ({"L": [{"S": "ab"}, {"N": "5"}]}, 9),
        ({"M": {"st": {"S": "new"}}}, 9),
        ({"SS": ["ab", "c"]}, 3),
    ],
    ids=str,
)
def test_a_value_has_the_size_that_the_guide_gives(value: dict[str, Any], size: int) -> None:
    assert item_size({"name": value}) == len("name") + size


def test_a_write_costs_a_unit_for_each_kilobyte_begun_of_the_larger_item() -> None:
    assert write_units(None, of_size(1024), ()) == {TABLE: 1}
    assert write_units(of_size(1025), of_size(1024), ()) == {TABLE: 2}
    assert write_units(of_size(3000), None, ()) == {TABLE: 3}


def test_an_index_costs_nothing_for_an_item_without_its_key() -> None:
    assert write_units(None, of_size(100), [BY_TEAM]) == {TABLE: 1}


def test_an_index_costs_one_write_for_an_entry_that_comes_or_goes() -> None:
    entry = of_size(100, team={"S": "a"})
    assert write_units(None, entry, [BY_TEAM]) == {TABLE: 1, "by_team": 1}
    assert write_units(entry, of_size(100), [BY_TEAM]) == {TABLE: 1, "by_team": 1}


def test_an_index_costs_nothing_when_only_what_it_does_not_copy_changes() -> None:
    before = of_size(100, team={"S": "a"}, card={"S": "c"})
    assert write_units(before, of_size(900, team={"S": "a"}, card={"S": "c"}), [BY_TEAM]) == {TABLE: 1}


def test_an_index_costs_one_write_when_what_it_copies_changes_and_two_when_its_key_does() -> None:
    before = of_size(100, team={"S": "a"}, card={"S": "c"})
    assert write_units(before, {**before, "card": {"S": "d"}}, [BY_TEAM])["by_team"] == 1
    assert write_units(before, {**before, "team": {"S": "b"}}, [BY_TEAM])["by_team"] == 2


@given(st.integers(20, 9000), st.integers(20, 9000))
def test_a_write_never_costs_less_than_its_removal_and_making_anew_would_on_the_table_alone(one: int, two: int) -> None:
    units = write_units(of_size(one), of_size(two), ())[TABLE]
    assert units == max(write_units(of_size(one), None, ())[TABLE], write_units(None, of_size(two), ())[TABLE])


def test_a_refused_write_costs_what_was_there() -> None:
    assert refused_write_units(of_size(2500)) == {TABLE: 3}
    assert refused_write_units(None) == {TABLE: 1}


def test_a_page_is_rounded_up_once_and_halved_where_it_may_be_stale() -> None:
    page = [of_size(1000)] * 5
    assert read_units(page, consistent=True) == 2
    assert read_units(page, consistent=False) == 1
    assert read_units([], consistent=False) == 0.5
