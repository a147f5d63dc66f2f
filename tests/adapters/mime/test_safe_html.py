import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.mime.html_text import text_of_html
from chalicelib.adapters.mime.safe_html import REMOTE, safe_html, without_large_pictures
from tests.adapters.mime.received import read


class Findings(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, "", ""), *((tag, name, value or "") for name, value in attrs)]


def assert_harmless(html: str) -> None:
    for tag, name, value in Findings(html).found:
        assert tag in SHOWN
        assert name in ALLOWED
        assert name != "href" or re.match(r"https?://|mailto:", value, re.IGNORECASE)
        assert name != "src" or re.match(r"cid:|data:image/(png|gif|jpeg|webp);base64,", value, re.IGNORECASE)
        assert name != REMOTE or re.match(r"https?://", value, re.IGNORECASE)
        assert name not in ("href", "src", REMOTE) or not re.search(r"[\x00-\x1f]", value)
        assert name != "style" or not re.search(r"[\\\\/@{}<>]|url|expression|position", value)


SHOWN = {
    *(
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
    ),
    *("dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd"),
    *("li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr"),
}
ALLOWED = {
    *("", "href", "rel", "src", "alt", "title", "width", "height", "dir", "lang", "align", "valign", "start", "type"),
    *(
        "colspan",
        "rowspan",
        "border",
        "cellpadding",
        "cellspacing",
        "target",
        "style",
        "color",
        "bgcolor",
        "size",
        REMOTE,
    ),
}


@pytest.mark.parametrize(
    "html",
    [
        "<img src=x onerror=evil()>",
        "<img src='cid:a' srcset='https://spy.example 2x' lowsrc=//spy.example>",
        "<picture><source srcset='https://spy.example'><img src='cid:a'></picture>",
        "<video src='https://spy.example' poster='https://spy.example'></video><audio src=//spy.example></audio>",
        "<a href='javascript:evil(1)'>x</a>",
        "<a href=' java\tscript:evil(1)'>x</a>",
        "<a href='java&#10;script:evil(1)'>x</a>",
        "<a href='&#1;javascript:evil(1)'>x</a>",
        "<a href='JaVaScRiPt&colon;evil(1)'>x</a>",
        "<a href='vbscript:evil(1)'>x</a>",
        "<a href='data:text/html,evil'>x</a>",
        "<a href='//evil.example'>x</a>",
        r"<a href='http:/\evil.example'>x</a>",
        "<a href='https://x.example' ping='https://spy.example' onclick=evil()>x</a>",
        "<form action='https://evil.example'><input name=p><button formaction=//evil.example></form>",
        "<select><option>evil</select><textarea>evil</textarea>",
        "<div style='background:url(https://spy.example)'>x</div>",
        "<style>@import url(https://spy.example)</style>",
        "<p style='position:fixed' class=evil id=evil>x",
        "<table background='https://spy.example/x.gif'><tr><td background=//spy.example>x</table>",
        "<body background='https://spy.example'>x",
        "<svg><image href='https://spy.example'/><a xlink:href='javascript:evil()'>x</a></svg>",
        "<svg><style><img src=x onerror=evil()></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=evil()&gt;'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=evil()>",
        "<noscript><p title='</noscript><img src=x onerror=evil()>'>",
        "<link rel=stylesheet href='https://spy.example'><base href='https://evil.example'>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<iframe src='https://evil.example' srcdoc='<script>evil()</script>'></iframe>",
        "<object data='https://evil.example'></object><embed src='https://evil.example'>",
        "<template><img src=x onerror=evil()></template>",
        "<img src='data:image/svg+xml;base64,AAAA'>",
        "<img src='data:image/png,evil'>",
        "<img src='data:image/png;base64,AAAA,https://spy.example'>",
        "<!--[if mso]><img src='https://spy.example'><![endif]-->",
    ],
)
def test_html_that_could_do_harm_is_disarmed(html: str) -> None:
    safe = safe_html(html)
    assert not re.search(r"(?i)spy|evil|script|data:|<form|<input|style=|action=", safe)
    assert_harmless(safe)


PIECES = [
    *("<svg>", "<math>", "<mtext>", "<mglyph>", "<style>", "</style>", "<!--", "-->", "<![CDATA[", "]]>", "<noscript>"),
    *(
        "<table>",
        "<td>",
        "</table>",
        "<form>",
        "</form>",
        "<p title='",
        "'>",
        '">',
        "<img src=x onerror=evil()>",
        "<xmp>",
    ),
    *("<a href='", "javascript:", "https://x.example", "&#10;", "&colon;", "\t", "</a>", "<plaintext>", "<textarea>"),
    *(
        "<template>",
        "<title>",
        "</title>",
        "<desc>",
        "<foreignObject>",
        "<annotation-xml encoding=text/html>",
        "<b>",
        "x",
    ),
    *(
        "<img src='https://x.example/",
        "<img data-remote-src='",
        "style='",
        "color:",
        "<a href=https://x.example>y.example",
    ),
    *("<img src='cid:", "<img src='data:image/png;base64,", "\x00", "</p>", "</br>", "<br/", "<iframe srcdoc='"),
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=30))
def test_no_mixture_of_dangerous_pieces_is_dangerous_or_becomes_so_when_cleaned_again(pieces: list[str]) -> None:
    safe = safe_html("".join(pieces))
    assert_harmless(safe)
    assert safe_html(safe) == safe


def test_links_and_the_mails_own_pictures_stay() -> None:
    rel = 'target="_blank" rel="noopener noreferrer nofollow ugc"'
    assert safe_html('<a href="https://x.example">x</a>') == f'<a href="https://x.example" {rel}>x</a>'
    assert safe_html('<img src="cid:logo">') == '<img src="cid:logo">'
    assert safe_html('<img src="data:image/png;base64,\nAAAA">') == '<img src="data:image/png;base64,AAAA">'


def test_a_link_that_was_wrapped_is_mended() -> None:
    assert 'href="https://x.example/1"' in safe_html('<a href=" https://x.exa\r\n\tmple/1 ">x</a>')


@pytest.mark.parametrize("html", ["<td colspan=9999>", "<img width=100000>", "<td width='9;x'>", "<ol start=-9999999>"])
def test_sizes_that_would_break_a_page_are_left_out(html: str) -> None:
    assert "9" not in safe_html(f"<table><tr>{html}")
    assert "0" not in safe_html(f"<table><tr>{html}")


def test_words_about_a_picture_stay_on_their_line() -> None:
    assert text_of_html(safe_html("<img src='cid:a' alt='a\n&gt; forged'>")) == "[a > forged]"


def test_large_pictures_within_html_are_left_out() -> None:
    large = "data:image/png;base64," + "A" * 200_000
    assert without_large_pictures(f"<p>a<img src='{large}'>b<img src='data:image/png;base64,AA'>") == (
        "<p>a<img src=''>b<img src='data:image/png;base64,AA'>"
    )
    assert read(b"Content-Type: text/html\r\n", f"<img src='{large}'>".encode() * 3 + b"<p>Hello").text == "Hello"


def test_html_that_nests_without_end_is_shown_as_text_only() -> None:
    got = read(b"Content-Type: text/html\r\n", b"<div>" * 20_000 + b"Hello")
    assert (got.html, got.text) == ("", "Hello")
    assert any("safely" in problem for problem in got.problems)


def test_remote_pictures_are_not_loaded_but_can_be_asked_for() -> None:
    picture = '<img src="https://x.example/cup.png?a=1&amp;b=2" alt="A cup" width="300">'
    assert safe_html(picture) == picture.replace(" src=", " data-remote-src=")
    assert safe_html('<img data-remote-src="javascript:x" src="cid:a">') == '<img src="cid:a">'
    assert safe_html('<img data-remote-src="http://x.example/" src="http://y.example/">').count("http") == 1


@pytest.mark.parametrize("size", ["width=1 height=1", "height=0", "width='1'"])
def test_pictures_that_only_tell_that_a_mail_was_opened_are_left_out(size: str) -> None:
    assert safe_html(f"<p>a<img src='https://x.example/open.gif' {size}>") == "<p>a</p>"


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color: #fff; FONT-SIZE:12pt", "color:#fff;font-size:12pt"),
        ("border: 1px solid rgb(1, 2, 3)", "border:1px solid rgb(1, 2, 3)"),
        ('font-family: "Segoe UI", sans-serif', "font-family:&quot;Segoe UI&quot;, sans-serif"),
        ("margin-top: -500px; padding: 4px", "padding:4px"),
        ("color: expression(evil()); width: 99999px; width: 90%", "width:90%"),
    ],
)
def test_plain_looks_stay(style: str, kept: str) -> None:
    assert safe_html(f"<p style='{style}'>x") == f'<p style="{kept}">x</p>'


@pytest.mark.parametrize(
    "style",
    [
        *(
            "position:fixed",
            "background:url(//x)",
            "background-image:url(x)",
            "color:url(x)",
            "color:red\\9",
            "display:none",
        ),
        *(
            "behavior:url(x)",
            "-moz-binding:url(x)",
            "color:/**/red",
            "float:left",
            "z-index:9",
            "@import 'x'",
            "color:a:b",
        ),
    ],
)
def test_styles_that_load_cover_or_hide_are_left_out(style: str) -> None:
    assert safe_html(f'<p style="{style}">x') == "<p>x</p>"
