"""The counted pieces that estimates are reckoned from are those that a fresh count gives."""

from pathlib import Path
from typing import Any

import pytest

from bench import counted
from bench.quiet import quiet


def test_the_file_says_what_a_fresh_count_says() -> None:
    with quiet():
        found = counted.fresh()
    assert counted.agree(counted.kept(), found), "what a ticket takes has changed: should it? then `make costs`"


def test_a_count_that_changed_nothing_keeps_its_date(tmp_path: Path) -> None:
    path = tmp_path / "counted.json"
    path.write_bytes(counted.COUNTED.read_bytes())
    before = path.read_bytes()
    assert not counted.write(path, counted.kept())
    assert path.read_bytes() == before
    dearer = changed(read_units=1.0)
    assert counted.write(path, dearer)
    assert counted.kept(path) == dearer


def changed(**figures: float) -> dict[str, Any]:
    """Give the counted pieces with other figures for the sweep."""
    pieces = counted.kept()
    return {**pieces, "sweep": {**pieces["sweep"], **figures}}


@pytest.mark.parametrize(
    ("figures", "same"),
    [({}, True), ({"stored_bytes": 50}, True), ({"stored_bytes": 51}, False), ({"write_units": 1}, False)],
)
def test_calls_and_units_must_be_the_same_and_bytes_nearly(figures: dict[str, float], same: bool) -> None:
    assert counted.agree(counted.kept(), changed(**figures)) is same


def test_a_piece_more_is_another_count() -> None:
    assert not counted.agree(counted.kept(), {**counted.kept(), "more": counted.kept()["sweep"]})
