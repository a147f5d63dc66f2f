"""The counted pieces that estimates are reckoned from are those that a fresh count gives."""

from pathlib import Path

from bench import counted
from bench.quiet import quiet


def test_the_file_says_what_a_fresh_count_says() -> None:
    with quiet():
        found = counted.fresh()
    assert found == counted.kept(), "what a ticket takes has changed: look whether it should, then `make costs`"


def test_a_count_that_changed_nothing_keeps_its_date(tmp_path: Path) -> None:
    path = tmp_path / "counted.json"
    path.write_bytes(counted.COUNTED.read_bytes())
    before = path.read_bytes()
    assert not counted.write(path, counted.kept())
    assert path.read_bytes() == before
    assert counted.write(path, {**counted.kept(), "sweep": {}})
    assert counted.kept(path)["sweep"] == {}
