"""Turns an OutboundEmail into the bytes that SES sends: RFC 5322 and MIME, the same bytes every time.

Nothing that somebody else wrote can add a header line: texts that people write (subjects, names) lose their line
breaks; where a line break can only be an attack or a mistake (addresses, identifiers, other headers) it is refused.
"""

import re
from collections.abc import Iterable
from email.header import Header
from email.utils import format_datetime
from typing import Final

from chalicelib.adapters.mime.body_writing import body_of
from chalicelib.adapters.mime.wire_address import wire_address
from chalicelib.domain.email import Address, OutboundEmail

OWN_ID: Final = "X-Pennydesk-Message-ID"
"""Where our own Message-ID stands as well: SES replaces the other (SES developer guide, "Header fields")."""

_MAX_LINE: Final = 76  # characters of a header line (RFC 2047, 2)
_LONGEST_LINE: Final = 900  # characters of a line; RFC 5322, 2.1.1 allows 998
_FIELD_NAME = re.compile(r"[!-9;-~]{1,76}")
_FIELD_VALUE = re.compile(r"[^\x00-\x1f\x7f]*")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_SOMEBODYS_MESSAGE_ID = re.compile(rf"<[!-;=?-~]{{1,{_LONGEST_LINE}}}>")
_PLAIN_NAME = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # a direction set by one text would turn what stands beside it
_OWN_HEADERS = frozenset(
    {
        *("from", "to", "cc", "bcc", "reply-to", "sender", "subject", "date", "message-id", "in-reply-to"),
        *("references", "mime-version", "content-type", "content-transfer-encoding", "return-path"),
        OWN_ID.lower(),
    }
)


def write_email(mail: OutboundEmail) -> bytes:
    """The mail with CRLF line ends; text and HTML as alternatives, with the files around them.

    The same mail gives the same bytes. An identifier that some mail program made so badly that it can't be written is
    left out of In-Reply-To and References, since an answer without its thread is better than none. Raises ValueError
    for a date without a zone, for an address that mail can't be sent to, for an own identifier that is none, and for a
    header that has a line break, a name that is none, or the name of one that is written from the mail's own fields.
    """
    head = "\r\n".join((*_own_lines(mail), *_extra_lines(mail), "MIME-Version: 1.0", ""))
    return head.encode("ascii") + body_of(mail)


def _own_lines(mail: OutboundEmail) -> Iterable[str]:
    if mail.date.tzinfo is None:
        raise ValueError("the date of a mail needs a zone")
    if not mail.to:
        raise ValueError("a mail needs a recipient")
    yield f"Date: {format_datetime(mail.date)}"
    yield _addresses("From", (mail.sender,))
    yield _addresses("To", mail.to)
    if mail.cc:
        yield _addresses("Cc", mail.cc)
    if mail.reply_to:
        yield _addresses("Reply-To", (mail.reply_to,))
    yield _unstructured("Subject", _one_line(mail.subject))
    yield f"Message-ID: {_message_id(mail.message_id)}"
    yield f"{OWN_ID}: {mail.message_id}"
    if _SOMEBODYS_MESSAGE_ID.fullmatch(mail.in_reply_to):
        yield f"In-Reply-To: {mail.in_reply_to}"
    if references := [each for each in mail.references if _SOMEBODYS_MESSAGE_ID.fullmatch(each)]:
        yield "References: " + "\r\n ".join(references)


def _extra_lines(mail: OutboundEmail) -> Iterable[str]:
    for name, value in mail.headers.items():
        if not _FIELD_NAME.fullmatch(name) or name.lower() in _OWN_HEADERS:
            raise ValueError(f"not a header that can be added to a mail: {name!r}")
        if not _FIELD_VALUE.fullmatch(value):
            raise ValueError(f"the header {name} has a line break or control character")
        yield _unstructured(name, _one_line(value))


def _one_line(text: str) -> str:
    return " ".join(_TURNS.sub("", _CONTROL.sub(" ", text)).split())


def _unstructured(name: str, value: str) -> str:
    plain = value.isascii() and "=?" not in value and max(map(len, value.split(" "))) <= _LONGEST_LINE
    if not plain:
        return f"{name}: {_encoded_words(value, len(name) + 2)}"
    lines = [f"{name}:"]
    for word in value.split(" "):
        if len(lines[-1]) + 1 + len(word) > _MAX_LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines)


def _encoded_words(text: str, already: int = 0) -> str:
    """RFC 2047 words, split between characters, never within one."""
    header = Header(text, "utf-8", maxlinelen=_MAX_LINE, header_name="x" * max(0, already - 2))
    return header.encode(linesep="\r\n")


def _addresses(name: str, addresses: Iterable[Address]) -> str:
    return f"{name}: " + ",\r\n ".join(_mailbox(each) for each in addresses)


def _mailbox(address: Address) -> str:
    email = wire_address(address.email)
    name = _one_line(address.name)[:200]
    if not name:
        return email
    if not name.isascii() or "=?" in name:
        return f"{_encoded_words(name, 10)}\r\n <{email}>"
    if _PLAIN_NAME.fullmatch(name):
        return f"{name} <{email}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{email}>'


def _message_id(text: str) -> str:
    if not _MESSAGE_ID.fullmatch(text) or len(text) > _LONGEST_LINE:
        raise ValueError(f"not a message identifier: {text[:100]!r}")
    return text
