import base64
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.mime.signed_content import NotSigned, signed_content
from chalicelib.domain.email import InboundEmail
from tests.adapters.mime.received import read

SIGNED, DATA, ENVELOPED = (bytes.fromhex(f"06092a864886f70d0107{last}") for last in ("02", "01", "03"))


def element(tag: int, content: bytes) -> bytes:
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content


def open_ended(tag: int, content: bytes) -> bytes:
    return bytes([tag, 0x80]) + content + b"\x00\x00"


def signed(octets: bytes, kind: bytes = SIGNED) -> bytes:
    content = element(0x30, DATA + element(0xA0, octets))
    data = element(0x30, element(0x02, b"\x01") + element(0x31, b"") + content + element(0x31, b"whoever"))
    return element(0x30, kind + element(0xA0, data))


def sent(content: bytes) -> InboundEmail:
    kind = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
    return read(kind + b"Content-Transfer-Encoding: base64\r\n", base64.encodebytes(content))


INNER = (
    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n"
    b"--i\r\n\r\nThe cup\r\n--i\r\nContent-Type: image/png\r\n\r\nPNG\r\n--i--"
)


def test_what_was_signed_is_shown_and_the_signature_kept() -> None:
    got = sent(signed(element(0x04, INNER)))
    assert got.text == "The cup"
    assert [each.filename for each in got.attachments] == ["attachment-1.png", "smime.p7m"]
    assert got.problems == ("signed with S/MIME: the signature was not checked",)


def test_content_in_pieces_without_length_is_put_together() -> None:
    pieces = element(0x04, b"Hel") + open_ended(0x24, element(0x04, b"lo"))
    assert signed_content(signed(open_ended(0x24, pieces))) == b"Hello"


@pytest.mark.parametrize("content", [signed(element(0x04, b"x"), ENVELOPED), b"", b"\x30\x80", signed(b"")])
def test_what_is_encrypted_or_broken_is_kept_and_said(content: bytes) -> None:
    got = sent(content)
    assert [(each.filename, each.content) for each in got.attachments] == [("smime.p7m", content)]
    assert any("encrypted" in problem for problem in got.problems)


@settings(deadline=None)
@given(st.binary(max_size=40), st.integers(0, 60))
def test_any_bytes_are_signed_content_or_refused_as_none(noise: bytes, at: int) -> None:
    whole = signed(open_ended(0x24, element(0x04, b"Hello")))
    for data in (noise, whole[:at], whole[:at] + noise + whole[at:], b"\x30\x80" * at):
        with contextlib.suppress(NotSigned):
            assert signed_content(data)
