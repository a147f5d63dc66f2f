import pytest

from chalicelib.adapters.mime.header_lines import read_parameters
from chalicelib.adapters.mime.reading import read_email
from chalicelib.domain.email import Address
from tests.adapters.mime.received import read


def test_headers_without_end_are_cut_with_a_word() -> None:
    got = read(b"X-Many: x\r\n" * 50_000)
    assert any("headers" in problem for problem in got.problems)
    assert (got.sender, got.text) == (Address("ann@example.com", "Ann"), "Hello\n")


def test_a_header_hidden_in_a_value_is_none() -> None:
    got = read_email(
        b"Subject: a\rBcc: x@evil.example\r\n From: boss@example.com\r\n"
        b"X-A: =?utf-8?q?=0D=0AFrom:_boss@example.com?=\r\n"
        b"From: =?utf-8?q?Eve=0D=0AReply-To=3A_boss=40example.com?= <eve@evil.example>\r\n\r\nReply-To: y@evil.example"
    )
    assert (got.sender, got.reply_to) == (Address("eve@evil.example", "Eve Reply-To: boss@example.com"), ())
    assert got.subject == "a Bcc: x@evil.example From: boss@example.com"


def test_only_the_first_of_a_header_counts_where_there_may_be_one() -> None:
    got = read_email(b"Subject: one\nSubject: two\nMessage-ID: <1@x>\nMessage-ID: <2@x>\nFrom: a@x.example\n\nx")
    assert (got.subject, got.message_id) == ("one", "<1@x>")


def test_parameters_split_and_in_odd_charsets_are_read() -> None:
    assert read_parameters("a/b; n*0*=gb2312''%C4%E3; n*1=x; m=\"q\"", "")[1] == {"n": "你x", "m": "q"}
    assert read_parameters("a/b; n*=punycode-''a-" + "a" * 4_000, "")[0] == "a/b"


@pytest.mark.parametrize("before", [b"\n\n", b"   \r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_blank_lines_and_marks_before_the_headers_are_skipped(before: bytes) -> None:
    got = read_email(before + b"From: a@x.example\nSubject: one\n\nHello")
    assert (got.subject, got.text) == ("one", "Hello")
