"""Style sheets and scripts under names that hold their content's hash."""

import pytest

from chalicelib.web.static_files import static_file
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
