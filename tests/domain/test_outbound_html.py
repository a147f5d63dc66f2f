"""The HTML of a mail says what its text says, and nothing in either can break out of it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.outbound_html import html_of_text, links_in_html, mail_page, quote_in_html, without_pictures


class Reader(HTMLParser):
    """Reads HTML as a browser would: its words, its elements and its links."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def said(self) -> list[str]:
        """The words, whatever space stands between them."""
        return "".join(self.words).replace("\xa0", " ").split()


@given(st.text())
def test_any_text_is_said_word_for_word_and_is_never_html(text: str) -> None:
    reader = Reader(html_of_text(text))
    assert "".join(reader.said) == "".join(text.replace("\xa0", " ").split())
    assert set(reader.tags) <= {"p", "br", "a"}


def test_paragraphs_stand_between_empty_lines_and_lines_stay_lines() -> None:
    assert html_of_text("a\nb\n\n \nc\n") == '<p dir="auto">a<br>\nb</p>\n<p dir="auto">c</p>'


def test_an_indented_line_stays_indented() -> None:
    assert html_of_text("a\n  b  c") == '<p dir="auto">a<br>\n&nbsp;&nbsp;b &nbsp;c</p>'


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://a.example/x?y=1&z=2.", "https://a.example/x?y=1&z=2"),
        ("(http://a.example/b)", "http://a.example/b"),
        ("请看 https://a.example/订单，谢谢", "https://a.example/订单"),
        ('https://a.example/"><script>', "https://a.example/"),
    ],
)
def test_web_addresses_are_links(text: str, link: str) -> None:
    assert Reader(html_of_text(text)).links == [link]


def test_what_is_no_web_address_is_no_link() -> None:
    assert Reader(html_of_text("javascript:alert(1) mailto:x@y.z www.example.com")).links == []


def test_a_quotation_is_marked_as_one() -> None:
    html = quote_in_html("Jo <jo> wrote:", "a & b")
    assert '<p dir="auto">Jo &lt;jo&gt; wrote:</p>\n<blockquote type="cite"' in html
    assert "a &amp; b" in html


def test_links_to_files_are_listed() -> None:
    html = links_in_html("Files:", (("<a>.pdf", "https://x.example/?a=1&b=2"),))
    assert Reader(html).links == ["https://x.example/?a=1&b=2"]
    assert "&lt;a&gt;.pdf" in html


def test_the_page_says_its_language_and_bears_the_dark() -> None:
    page = mail_page("<p>你好</p>", "zh")
    assert '<html lang="zh-CN">' in page
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "background" not in page


def test_a_picture_that_is_not_there_leaves_its_words() -> None:
    html = 'a <img src="cid:one" alt="the lamp"> <img src="cid:two"> <img alt="x" src="cid:three">'
    assert without_pictures(html, frozenset({"one", "two"})) == 'a the lamp  <img alt="x" src="cid:three">'
    assert without_pictures(html, frozenset()) == html
