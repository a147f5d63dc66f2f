"""The MIME structure of a mail that leaves: each entity with its header lines, its body in a transfer encoding.

multipart/mixed                   where files hang on it
  multipart/related               where the HTML shows pictures
    multipart/alternative         where there is HTML
      text/plain, text/html
    pictures
  files
"""

import binascii
import hashlib
import re
import unicodedata
from base64 import encodebytes
from collections.abc import Iterable
from email.header import Header
from typing import Final
from urllib.parse import quote

from chalicelib.domain.email import OutboundEmail, OutboundFile

_LONGEST_LINE: Final = 900  # characters of a 7bit line; RFC 5322, 2.1.1 allows 998
_LONGEST_NAME: Final = 150  # bytes of a file's name, thrice as many where all are percent-encoded
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")
_STRUCTURED: Final = ("multipart/", "message/")  # may not be Base64 (RFC 2045, 6.4): sent as plain bytes
_CONTENT_ID = re.compile(r"[!-;=?-~]{1,200}")
_UNFIT_FOR_A_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff/\\:*?"<>|]+')
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ._()+@-]+")


def body_of(mail: OutboundEmail) -> bytes:
    """The mail's body with the header lines that describe it; the same mail gives the same bytes.

    A picture that the HTML doesn't name hangs on the mail like any other file.
    """
    text = _text_entity(mail.text, "plain")
    if not mail.html:
        return _around("mixed", mail, text, mail.files)
    both = _multipart("alternative", mail.message_id, (text, _text_entity(mail.html, "html")))
    shown = tuple(file for file in mail.files if file.content_id and f"cid:{file.content_id}" in mail.html)
    related = _around("related", mail, both, shown, '; type="multipart/alternative"')
    return _around("mixed", mail, related, (file for file in mail.files if file not in shown))


def _around(kind: str, mail: OutboundEmail, inner: bytes, files: Iterable[OutboundFile], more: str = "") -> bytes:
    entities = tuple(_file_entity(file, "inline" if kind == "related" else "attachment") for file in files)
    return _multipart(kind, mail.message_id, (inner, *entities), more) if entities else inner


def _multipart(kind: str, message_id: str, parts: Iterable[bytes], more: str = "") -> bytes:
    whole = tuple(parts)
    boundary = _boundary(f"{kind} {message_id}", whole)
    mark = b"--" + boundary.encode("ascii")
    head = f'Content-Type: multipart/{kind}{more};\r\n boundary="{boundary}"\r\n\r\n'
    return b"".join((head.encode("ascii"), *(mark + b"\r\n" + part + b"\r\n" for part in whole), mark, b"--\r\n"))


def _boundary(said: str, parts: tuple[bytes, ...]) -> str:
    """From the message's identifier, so that a retry is the same mail; again where a part happens to contain it.

    Base64 has no "_" and quoted-printable nothing but hexadecimal digits behind "=", so that is rare.
    """
    boundary = "=_" + hashlib.sha256(said.encode("utf-8")).hexdigest()[:40]
    return _boundary(boundary, parts) if any(boundary.encode("ascii") in part for part in parts) else boundary


def _text_entity(text: str, kind: str) -> bytes:
    body = "\r\n".join(re.split(r"\r\n|\r|\n", text.replace("\x00", ""))).encode("utf-8", "replace")
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    encoding, encoded = _transfer_encoded(body)
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii") + encoded


def _transfer_encoded(body: bytes) -> tuple[str, bytes]:
    """As it is where that is safe, else whichever of RFC 2045's two encodings suits the script."""
    if body.isascii() and all(len(line) <= _LONGEST_LINE for line in body.split(b"\r\n")):
        return "7bit", body
    beyond_ascii = sum(1 for byte in body if byte > 127)
    if beyond_ascii * 4 < len(body):
        return "quoted-printable", binascii.b2a_qp(body, istext=True)
    return "base64", _base64(body)


def _base64(content: bytes) -> bytes:
    return encodebytes(content).replace(b"\n", b"\r\n")


def _file_entity(file: OutboundFile, disposition: str) -> bytes:
    name = clean_name(file.filename)
    lines = [
        f"Content-Type: {_type(file.content_type)};\r\n name={_old_name(name)}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {disposition};\r\n {_name(name)}",
    ]
    if _CONTENT_ID.fullmatch(file.content_id):
        lines.append(f"Content-ID: <{file.content_id}>")
    return "\r\n".join((*lines, "", "")).encode("ascii") + _base64(file.content)


def _type(content_type: str) -> str:
    plain = content_type.partition(";")[0].strip().lower()
    known = _TYPE.fullmatch(plain) and not plain.startswith(_STRUCTURED)
    return plain if known else "application/octet-stream"


def _name(name: str) -> str:
    return (
        f'filename="{name}"' if _PLAIN_NAME.fullmatch(name) else f"filename*=UTF-8''{quote(name, safe='')}"
    )  # RFC 2231


def _old_name(name: str) -> str:
    """For programs that know no RFC 2231, older Outlooks among them: encoded words within quotes, as many write it."""
    if _PLAIN_NAME.fullmatch(name):
        return f'"{name}"'
    words = Header(name, "utf-8", maxlinelen=76, header_name="x" * 6).encode(linesep="\r\n")
    return f'"{words}"'


def clean_name(filename: str) -> str:
    """A file's name without what is no part of one (paths, control and turning characters); short, its ending kept."""
    name = _UNFIT_FOR_A_NAME.sub("_", unicodedata.normalize("NFC", filename)).strip(" ._") or "file"
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    kept = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
    return (stem or ending).encode()[: _LONGEST_NAME - len(kept.encode())].decode("utf-8", "ignore") + kept
