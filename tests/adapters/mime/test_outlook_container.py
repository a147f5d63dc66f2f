import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.mime.outlook_container import NotOpened, open_container
from chalicelib.domain.email import InboundEmail
from tests.adapters.mime import outlook
from tests.adapters.mime.received import multipart


def sent(container: bytes, text: bytes = b"") -> InboundEmail:
    kind = b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return multipart(b"mixed", b"Content-Type: text/plain\r\n\r\n" + text, kind + base64.encodebytes(container))


def test_the_files_in_winmail_dat_are_the_mails_own() -> None:
    more = (outlook.MEDIA_TYPE, outlook.TEXT, b"image/png\x00"), (outlook.CONTENT_ID, outlook.TEXT, b"cup@x\x00")
    got = sent(outlook.container(outlook.file("Tässe.png", b"PNG", *more), outlook.file("a.txt", b"A")), b"Hello")
    assert [(each.filename, each.content_type, each.content, each.content_id) for each in got.attachments] == [
        ("Tässe.png", "image/png", b"PNG", "cup@x"),
        ("a.txt", "text/plain", b"A", ""),
    ]
    assert (got.text, got.problems) == ("Hello", ())


@pytest.mark.parametrize(
    ("what", "text", "html"),
    [
        ((outlook.PLAIN, outlook.WIDE, "Größe\x00".encode("utf-16-le")), "Größe", ""),
        ((outlook.HTML, outlook.BINARY, b"<p>Cup</p><script>x</script>"), "Cup", "<p>Cup</p>"),
        ((outlook.RTF, outlook.BINARY, outlook.stored_rtf(rb"{\rtf1\ansi Cup\par 2}")), "Cup\n2", ""),
    ],
)
def test_its_text_is_shown_where_the_mail_has_no_other(what: tuple[int, int, bytes], text: str, html: str) -> None:
    got = sent(outlook.container(outlook.message(what)))
    assert (got.text, got.html) == (text, html)
    assert sent(outlook.container(outlook.message(what)), b"Mine").text == "Mine"


def test_a_message_in_it_gives_its_files_and_its_text() -> None:
    inner = outlook.container(
        outlook.message((outlook.SUBJECT, outlook.TEXT, b"Re: cup\x00"), (outlook.PLAIN, outlook.TEXT, b"Broken\x00")),
        outlook.file("photo.jpg", b"JPG"),
    )
    got = sent(outlook.container(outlook.file("x", b"", (outlook.OBJECT, 0x0D, b"G" * 16 + inner))))
    assert [(each.filename, each.content) for each in got.attachments] == [
        ("photo.jpg", b"JPG"),
        ("Re_ cup.txt", b"Broken"),
    ]


def test_what_only_claims_to_be_a_container_stays_as_it_is() -> None:
    got = sent(b"something else")
    assert [(each.filename, each.content) for each in got.attachments] == [("winmail.dat", b"something else")]
    assert any("unopened" in problem for problem in got.problems)


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(0, 200))
def test_a_broken_container_is_read_as_far_as_it_goes(noise: bytes, at: int) -> None:
    whole = outlook.container(outlook.file("a", b"A"), outlook.message((outlook.HTML, outlook.BINARY, b"<p>")))
    for data in (whole[:at], whole[:at] + noise + whole[at:], whole[:6] + noise):
        try:
            open_container(data)
        except NotOpened:
            assert data[:4] != whole[:4]
