"""A usage lies in the table in a few bytes, and reads back as it was."""

import pytest
from hypothesis import given

from chalicelib.adapters.table import packed, unpacked
from chalicelib.adapters.usage_item import pack_usage, unpack_usage
from chalicelib.domain.usage import NAMES, Usage
from tests.adapters.sample_tickets import USAGES


@given(USAGES)
def test_any_usage_reads_back_as_it_was(used: Usage) -> None:
    item = {"cost": pack_usage(used), "inside": {"co": pack_usage(used)}}
    back = unpacked(packed(item))
    assert unpack_usage(back.get("cost")) == used
    assert unpack_usage(back["inside"].get("co")) == used


@pytest.mark.parametrize("nothing", [None, b""])
def test_nothing_reads_as_nothing_used(nothing: bytes | None) -> None:
    assert unpack_usage(nothing) == Usage()


def test_a_whole_life_takes_few_bytes() -> None:
    life = Usage(60, 40, 130, 18, 4_000, 4_000 * 512, 50, 9, 6, 3, 3, 1, 60_000, 1)
    assert len(pack_usage(life)) < 30


def test_numbers_of_a_later_version_are_passed_over() -> None:
    longer = pack_usage(Usage(*range(1, len(NAMES) + 1))) + b"\x07"
    assert unpack_usage(longer) == Usage(*range(1, len(NAMES) + 1))
