"""A mail with HTML, pictures and files has the structure that mail programs expect, and reads back as it was."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.mime.body_writing import clean_name
from chalicelib.adapters.mime.reading import read_email
from chalicelib.adapters.mime.writing import write_email
from chalicelib.domain.email import Address, OutboundEmail, OutboundFile
from chalicelib.domain.enclosure import size_in_mail

MAIL = OutboundEmail(
    sender=Address("desk@example.com"),
    to=(Address("ann@example.com"),),
    subject="x",
    text="Hello",
    html='<p>Hello <img src="cid:dot@pictures" alt="a dot"></p>',
    message_id="<m1@example.com>",
    date=datetime(2026, 5, 4, 12, 0, tzinfo=UTC),
)
DOT = OutboundFile("dot.png", "image/png", b"\x89PNG\r\n\x1a\n", "dot@pictures")
BILL = OutboundFile("Rechnung März.pdf", "application/pdf", bytes(range(256)) * 9)
UNFIT = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e/\\\\]")
FILES = st.builds(
    OutboundFile,
    filename=st.text(min_size=1),
    content_type=st.sampled_from(
        ["image/png", "message/rfc822", "multipart/mixed", "a\r\nb: c/d", "", "TEXT/HTML; x=1"]
    ),
    content=st.binary(max_size=300),
    content_id=st.sampled_from(["", "dot@pictures", "two", "a>\r\nBcc: eve@example.com"]),
)


def structure(part: EmailMessage) -> object:
    """Give a mail's types as they are nested."""
    kind = part.get_content_type()
    return (kind, *map(structure, part.iter_parts())) if part.is_multipart() else kind  # type: ignore[arg-type]


def parsed(mail: OutboundEmail) -> EmailMessage:
    return email.message_from_bytes(write_email(mail), policy=email.policy.default)


def test_text_and_html_are_alternatives_pictures_are_related_and_files_hang_on_the_mail() -> None:
    both = ("multipart/alternative", "text/plain", "text/html")
    related = ("multipart/related", both, "image/png")
    assert structure(parsed(MAIL)) == both
    assert structure(parsed(replace(MAIL, files=(DOT,)))) == related
    assert structure(parsed(replace(MAIL, files=(BILL,)))) == ("multipart/mixed", both, "application/pdf")
    assert structure(parsed(replace(MAIL, files=(DOT, BILL)))) == ("multipart/mixed", related, "application/pdf")
    assert structure(parsed(replace(MAIL, html="", files=(BILL,)))) == (
        "multipart/mixed",
        "text/plain",
        "application/pdf",
    )


def test_a_picture_that_the_html_does_not_name_hangs_on_the_mail_like_any_file() -> None:
    stray = replace(DOT, content_id="elsewhere")
    read = read_email(write_email(replace(MAIL, files=(stray,))))
    assert [(file.filename, file.inline) for file in read.attachments] == [("dot.png", False)]


def test_what_was_enclosed_is_read_again() -> None:
    read = read_email(write_email(replace(MAIL, files=(DOT, BILL))))
    picture, bill = sorted(read.attachments, key=lambda file: not file.inline)
    assert (picture.content, picture.content_id, picture.inline) == (DOT.content, "dot@pictures", True)
    assert (bill.filename, bill.content_type, bill.content) == (BILL.filename, BILL.content_type, BILL.content)
    assert (read.problems, read.text.strip()) == ((), "Hello")


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("bill\r\nBcc: eve@example.com", "bill_Bcc_ eve@example.com"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("   ", "file"),
        ('a"b\\c.txt', "a_b_c.txt"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("订单" * 100 + ".pdf", "订单" * 24 + ".pdf"),
    ],
)
def test_a_file_has_a_name_that_deceives_nobody(given_name: str, shown: str) -> None:
    assert clean_name(given_name) == shown
    (file,) = read_email(write_email(replace(MAIL, html="", files=(replace(BILL, filename=given_name),)))).attachments
    assert file.filename == shown


@settings(max_examples=60, deadline=None)
@given(st.lists(FILES, max_size=4), st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_enclosed_the_mail_says_the_same_and_its_files_hold_the_same(
    files: list[OutboundFile], text: str, html: str
) -> None:
    raw = write_email(replace(MAIL, files=tuple(files), text=text, html=html))
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert not set(b"\r\n") & set(raw.replace(b"\r\n", b""))
    assert raw.isascii()
    assert b"\r\nBcc:" not in raw
    read = read_email(raw)
    assert sorted(file.content for file in read.attachments) == sorted(file.content for file in files)
    assert all(file.filename and not UNFIT.search(file.filename) for file in read.attachments)


@given(st.binary(max_size=3_000))
def test_a_file_takes_no_more_room_than_is_reckoned(content: bytes) -> None:
    plain = replace(MAIL, html="")
    two = (replace(BILL, content=b"", filename="x"), replace(BILL, content=content, filename="订" * 50))
    before, after = (len(write_email(replace(plain, files=files))) for files in (two[:1], two))
    assert after - before <= size_in_mail(len(content))


def test_the_same_mail_with_files_is_the_same_bytes() -> None:
    assert write_email(replace(MAIL, files=(DOT, BILL))) == write_email(replace(MAIL, files=(DOT, BILL)))
