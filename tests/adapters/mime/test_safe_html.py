import re

import pytest

from chalicelib.adapters.mime.safe_html import safe_html
from tests.adapters.mime.received import read


@pytest.mark.parametrize(
    "html",
    [
        "<img src='https://spy.example/x.gif'>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java\tscript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<a href='//evil.example'>x</a>",
        "<form action='https://evil.example'><input name=p></form>",
        "<div style='background:url(https://spy.example)'>x</div>",
        "<table background='https://spy.example/x.gif'><tr><td>x</table>",
        "<svg><image href='https://spy.example'/></svg>",
        "<link rel=stylesheet href='https://spy.example'><base href='https://evil.example'>",
        "<iframe src='https://evil.example'></iframe>",
        "<img src='data:image/svg+xml;base64,AAAA'>",
    ],
)
def test_html_that_could_do_harm_is_disarmed(html: str) -> None:
    assert not re.search(r"(?i)spy|evil|script|data:|<form|<input|style=|action=", safe_html(html))


def test_links_and_the_mails_own_pictures_stay() -> None:
    assert (
        safe_html('<a href="https://x.example">x</a>') == '<a href="https://x.example" rel="noopener noreferrer">x</a>'
    )
    assert safe_html('<img src="cid:logo">') == '<img src="cid:logo">'


def test_html_that_nests_without_end_is_shown_as_text_only() -> None:
    got = read(b"Content-Type: text/html\r\n", b"<div>" * 100_000 + b"Hello")
    assert (got.html, got.text) == ("", "Hello")
    assert any("safely" in problem for problem in got.problems)
