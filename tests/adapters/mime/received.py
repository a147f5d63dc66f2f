"""Mails as they come in, to be read."""

from chalicelib.adapters.mime.reading import read_email
from chalicelib.domain.email import InboundEmail

HEAD = (
    b"From: Ann <ann@example.com>\r\nTo: desk@example.com\r\nSubject: Order\r\nMessage-ID: <m1@example.com>\r\n"
    b"Date: Mon, 04 May 2026 14:00:00 +0200\r\n"
)


def read(headers: bytes, body: bytes = b"Hello\r\n") -> InboundEmail:
    return read_email(HEAD + headers + b"\r\n" + body)


def multipart(kind: bytes, *parts: bytes) -> InboundEmail:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return read(b"Content-Type: multipart/" + kind + b'; boundary="b"\r\n', body)
