"""Reads ISO-2022-JP (RFC 1468) as mail programs write it: with half-width kana and the characters of Windows.

Python's own codecs refuse both, and with them the whole text: ①, ㈱ and their like are in every other business mail.
"""

import re
from functools import cache

_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([@BD]|\([BJIH])")
_KANJI, _KANJI_2, _KANA = (b"$@", b"$B", b"$(@", b"$(B"), (b"$(D",), (b"(I",)


def has_japanese(data: bytes) -> bool:
    """Whether `data` changes to a Japanese character set somewhere."""
    return any(found[1] not in (b"(B", b"(J", b"(H") for found in _ESCAPE.finditer(data))


def decode_iso_2022_jp(data: bytes) -> str:
    """The text; what no Japanese charset has becomes U+FFFD."""
    texts: list[str] = []
    mode = b"(B"
    at = 0
    for escape in _ESCAPE.finditer(data):
        texts.append(_decoded(data[at : escape.start()], mode))
        mode, at = escape[1], escape.end()
    texts.append(_decoded(data[at:], mode))
    return "".join(texts)


def _decoded(data: bytes, mode: bytes) -> str:
    if mode in _KANA:
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in data).decode("cp932", "replace")
    if mode not in _KANJI and mode not in _KANJI_2:
        return data.decode("cp932", "replace")
    if mode in _KANJI_2:
        pairs = (b"\x8f" + bytes(byte | 0x80 for byte in data[at : at + 2]) for at in range(0, len(data), 2))
        return b"".join(pairs).decode("euc_jp", "replace")
    lines = re.split(rb"([\x00-\x20]+)", data)
    return b"".join(line if line[:1] <= b" " else _shifted(line) for line in lines).decode("cp932", "replace")


def _shifted(pairs: bytes) -> bytes:
    return b"".join(map(_shifted_pair, pairs[::2], pairs[1::2]))


@cache
def _shifted_pair(first: int, second: int) -> bytes:
    """A character of JIS X 0208 as Shift_JIS has it (JIS X 0208:1997, annex 1)."""
    row, cell = (first & 0x7F) - 0x21, (second & 0x7F) - 0x21
    lead, trail = row // 2 + 0x81, cell + (0x9F if row % 2 else 0x40)
    return bytes([(lead if lead <= 0x9F else lead + 0x40) & 0xFF, trail if row % 2 or trail < 0x7F else trail + 1])
