"""Undoes what mail does to bytes on their way: transfer encodings (RFC 2045, 6) and encoded words (RFC 2047)."""

import binascii
import contextlib
import re

from chalicelib.adapters.mime.charsets import decode_text

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=(\s{1,80}(?==\?))?")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


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


def _unbase64(data: bytes) -> bytes:
    clean = data.translate(None, _NOT_BASE64)
    whole = len(clean) - (len(clean) % 4 == 1)
    return binascii.a2b_base64(clean[:whole] + b"=" * (-whole % 4))


def unencoded(data: bytes, encoding: str) -> bytes:
    """Undoes a Content-Transfer-Encoding (RFC 2045, 6); what is not really encoded stays as it is."""
    name = encoding.split(";")[0].strip().lower()
    if name == "base64":
        return _unbase64(data) if data.strip() else b""
    if name.replace(" ", "") == "quoted-printable":
        return binascii.a2b_qp(data)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecoded(data)
    return data


def _uudecoded(data: bytes) -> bytes:
    begin = re.search(rb"(?m)^begin [0-7]{3,4} [^\n]*\n", data)
    if not begin:
        return data
    out = bytearray()
    for line in data[begin.end() :].split(b"\n"):
        if line.strip() in (b"end", b"`", b""):
            break
        with contextlib.suppress(binascii.Error):
            out += binascii.a2b_uu(line.rstrip(b"\r"))
    return bytes(out)
