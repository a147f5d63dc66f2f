"""Style sheets and scripts under names that hold their content's hash."""

import re

import pytest

from chalicelib.web.static_files import FOLDER, static_file
from tests.web.client import Client


def test_a_style_sheet_is_kept_for_a_year_under_its_own_name(stranger: Client) -> None:
    found = static_file("console.css")
    assert found is not None
    reply = stranger.get(f"/static/{found.name}")
    headers = {name.lower(): value for name, value in reply.headers.items()}
    assert (reply.status, headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in headers["cache-control"]
    assert reply.body == found.text


@pytest.mark.parametrize(
    "name", ["console.000000000000.css", "console.css", "..%2fcall.py", "console", ".css", "nothing.000000000000.js"]
)
def test_what_is_not_there_is_not_found(stranger: Client, name: str) -> None:
    assert stranger.get(f"/static/{name}").status == 404


@pytest.mark.parametrize("sheet", sorted(path.name for path in FOLDER.glob("*.css")))
def test_every_block_of_a_style_sheet_ends(sheet: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (FOLDER / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
