"""Undoes what mail does to bytes on their way: transfer encodings (RFC 2045, 6) and encoded words (RFC 2047)."""

import binascii
import re

from chalicelib.adapters.mime.charsets import decode_text
from chalicelib.adapters.mime.uuencode import uudecoded

_WORD = re.compile(
    r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000}(?:\?(?!=|[\w-]{1,30}\?[bBqQ]\?)[^?]{0,200}){0,5})\?=(\s{1,80}(?==\?))?"
)
_PIECE = 1 << 20  # bytes
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=\s]|[A-Za-z0-9+/=][ \t]{1,9}[A-Za-z0-9+/=]")


def decode_words(text: str) -> str:
    """`text` with its encoded words decoded (RFC 2047), also where a character is split between two words."""
    out: list[str] = []
    pending, charset, end = b"", "", 0
    for word in _WORD.finditer(text):
        name = word[1].split("*")[0].lower()
        if pending and (name != charset or word.start() != end):
            out.append(decode_text(pending, charset)[0])
            pending = b""
        out.append(text[end : word.start()])
        pending, charset, end = pending + _word_bytes(word[2], word[3]), name, word.end()
    out.append(decode_text(pending, charset)[0])
    return "".join(out) + text[end:]


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "bB":
        return _unbase64(data)
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def _unbase64(data: bytes, start: int = 0, end: int | None = None) -> bytes:
    """The bytes between two places, decoded piece by piece: a mail of 40 MB is held once, not three times.

    Several encodings that follow each other are all read. What follows the last one's padding and isn't base64, such as
    the footer of a mailing list, is left out.
    """
    out = bytearray()
    rest = b""
    end = len(data) if end is None else end
    for at in range(start, end, _PIECE):
        clean = rest + data[at : min(at + _PIECE, end)].translate(None, _NOT_BASE64)
        *ended, rest = clean.split(b"=") if b"=" in clean else (clean,)
        for each in ended:
            out += _whole_base64(each)
        if ended and rest and _FOREIGN.search(data, data.rindex(b"=", at, min(at + _PIECE, end)), end):
            return bytes(out)
        whole = len(rest) // 4 * 4
        out += binascii.a2b_base64(rest[:whole])
        rest = rest[whole:]
    out += _whole_base64(rest)
    return bytes(out)


def _whole_base64(clean: bytes) -> bytes:
    whole = len(clean) - (len(clean) % 4 == 1)
    return binascii.a2b_base64(clean[:whole] + b"=" * (-whole % 4))


def unencoded(raw: bytes, encoding: str, start: int = 0, end: int | None = None) -> bytes:
    """Undoes a Content-Transfer-Encoding (RFC 2045, 6) between two places of `raw`.

    What is not really encoded stays as it is.
    """
    name = encoding.split(";")[0].strip().lower()
    if name == "base64":
        return _unbase64(raw, start, end)
    data = raw[start:end]
    if name.replace(" ", "") == "quoted-printable":
        return binascii.a2b_qp(data)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecoded(data)
    return data


def _uudecoded(data: bytes) -> bytes:
    begin = re.search(rb"(?m)^begin [0-7]{3,4} [^\n]*\n", data)
    return uudecoded(data, begin.end())[0] if begin else data
