import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.mime.rich_text import decompressed, read_rtf
from tests.adapters.mime.outlook import stored_rtf


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}Hello\par world}", "Hello\nworld"),
        (rb"{\rtf1\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (rb"{\rtf1\uc1 \u20320?\u22909?}", "你好"),
        (rb"{\rtf1\uc1 \u-10179?\u-8704?}", "😀"),
        (rb"{\rtf1 a\{b\}\\c{\*\secret no}d}", r"a{b}\cd"),
        (rb"}}}{\rtf1 x", "x"),
    ],
)
def test_the_text_is_taken_out(rtf: bytes, text: str) -> None:
    assert read_rtf(rtf) == (text, False)


def test_html_that_was_packed_into_it_is_html_again() -> None:
    rtf = (
        rb"{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\b \htmlrtf0 a \'26 b{\*\htmltag84 &nbsp;}\htmlrtf \'a0"
        rb"\htmlrtf0 \htmlrtf }\htmlrtf0{\*\htmltag72 </p>}}"
    )
    assert read_rtf(rtf) == ("<p>a &amp; b&nbsp;</p>", True)


def test_what_is_compressed_refers_back_to_what_was_said() -> None:
    # of the specification's example: "{\rtf1 WXYZWXYZWXYZ}" with one reference back over its own end (MS-OXRTFCP, 4.2)
    packed = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert decompressed(packed) == rb"{\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_what_is_not_compressed_is_taken_as_it_is() -> None:
    assert decompressed(stored_rtf(b"{\\rtf1}")) == b"{\\rtf1}"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_unpacked_and_read(data: bytes) -> None:
    header = struct.pack("<II4sI", len(data), 5_000, b"LZFu", 0)
    read_rtf(decompressed(header + data)).text.encode()
    read_rtf(b"{\\rtf1\\fromhtml1 " + data).text.encode()
