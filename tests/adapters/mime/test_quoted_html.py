"""What programs mark in HTML as quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.mime.quoted_html import has_marks, said_in_html
from chalicelib.adapters.mime.reading import read_email

SAID = "<div>Thank you,<br>that works.</div>"


def reply(html: str, plain: str = "") -> str:
    """What is newly said by a mail with this HTML, and with this plain text beside it."""
    head = "From: ann@example.com\nMIME-Version: 1.0\n"
    if not plain:
        return read_email(f"{head}Content-Type: text/html; charset=utf-8\n\n{html}".encode()).newly_said
    parts = f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
    return read_email(f"{head}Content-Type: multipart/alternative; boundary=b\n\n{parts}".encode()).newly_said


@pytest.mark.parametrize(
    "quoted",
    [
        '<div class="gmail_quote gmail_quote_container">Scriobh Desk:<div>Please try again.</div></div>',
        '<div id="ydp1" class="ydp1 yahoo_quoted">Desk<br>Please try again.</div>',
        '<div class="moz-cite-prefix">Skrifað af Desk</div><blockquote type="cite">Please try again.</blockquote>',
        '<div class="protonmail_quote">Desk<blockquote>Please try again.</blockquote></div>',
        '<div class="zmail_extra"><br>Desk<div>Please try again.</div></div>',
        '<blockquote id="isReplyContent" style="PADDING-LEFT: 1ex">Desk<br>Please try again.</blockquote>',
        '<div class="ntes-mailmaster-quote">Desk<p>Please try again.</p></div>',
        '<div id="appendonsend"></div><hr><div>Desk</div><p>Please try again.</p>',
        '<hr><div id="divRplyFwdMsg" dir="ltr">Desk</div><div>Please try again.</div>',
        '<div id="x_divRplyFwdMsg">Desk</div><div>Please try again.</div>',
        '<div class="OutlookMessageHeader">Desk</div><p>Please try again.</p>',
        '<div id="ms-outlook-mobile-signature">Mit Gruß</div><div id="appendonsend"></div><p>Please try again.</p>',
        '<div name="messageReplySection">Desk<div>Please try again.</div></div>',
        '<div class="gmail_signature">Ann, <b>CEO</b></div>',
    ],
)
def test_what_a_program_marks_as_quoted_is_not_new_in_any_language(quoted: str) -> None:
    assert reply(SAID + quoted) == "Thank you,\nthat works."


def test_what_stands_below_a_marked_quote_is_kept() -> None:
    quoted = '<div class="gmail_quote"><div>Desk</div><table><tr><td>Please<br>try</td></tr></table></div>'
    assert reply(f"{SAID}{quoted}<p>One more thing.</p>") == "Thank you,\nthat works.\n\nOne more thing."


def test_the_marks_help_where_the_plain_text_has_none() -> None:
    html = f'{SAID}<div class="gmail_quote">Scriobh Desk:<p>Please try again.</p></div>'
    assert reply(html, "Thank you,\nthat works.\n\nScriobh Desk\n\nPlease try again.") == "Thank you,\nthat works."


def test_a_mail_that_is_all_quote_is_shown_whole() -> None:
    assert reply('<div class="gmail_quote">Desk<p>Please try again.</p></div>') == "Desk\n\nPlease try again."


def test_a_quote_that_a_person_chose_is_part_of_what_they_say() -> None:
    html = "<p>Your page says</p><div class='quote-box'>Free returns</div><p>but I had to pay.</p>"
    assert reply(html) == "Your page says\n\nFree returns\n\nbut I had to pay."


@given(st.text(alphabet='<>/ "=divclassgmail_quotepbr', max_size=200) | st.text(max_size=100))
def test_no_html_makes_it_fail(html: str) -> None:
    assert isinstance(said_in_html(html), str)
    assert has_marks(html) in (True, False)


def test_html_that_nests_without_bounds_says_nothing_here() -> None:
    assert said_in_html('<div class="gmail_quote">' * 50_000) == ""
