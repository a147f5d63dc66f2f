"""Native modules run without what only debuggers read, and are much smaller."""

import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from infra.native_code import without_debugging

ASK = "import apsw; print(apsw.Connection(':memory:').execute('SELECT upper(?)', ('found',)).get)"


@pytest.fixture(scope="module")
def whole() -> bytes:
    return Path(apsw.__file__).read_bytes()


def test_a_module_without_them_is_loaded_and_works(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "apsw").mkdir()
    (tmp_path / "apsw" / Path(apsw.__file__).name).write_bytes(without_debugging(whole))
    said = subprocess.run([sys.executable, "-c", ASK], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout == "FOUND\n"


def test_what_is_left_is_as_it_was_but_for_the_place_of_the_section_headers(whole: bytes) -> None:
    cut = without_debugging(whole)
    assert len(cut) < len(whole) / 2
    changed = {at for at, byte in enumerate(cut) if byte != whole[at]}
    assert changed <= {*range(0x28, 0x30), *range(0x3C, 0x40)}


def test_leaving_out_what_is_left_out_changes_nothing(whole: bytes) -> None:
    cut = without_debugging(whole)
    assert without_debugging(cut) == cut


@pytest.mark.parametrize("other", [b"", b"MZ\x90\x00", b"\x7fELF\x01\x01 of 32 bits", b"\x7fELF\x02\x02 the other way"])
def test_what_is_no_such_module_stays_as_it_is(other: bytes) -> None:
    assert without_debugging(other) == other
