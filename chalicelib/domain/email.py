"""What an email is once its bytes have been understood, and what one is before it becomes bytes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.bounce import Bounce

_WORD = re.compile(r'"[^"<>\r\n]{0,62}"@[^\s<>,;]+|[^\s<>,;()]+')
_MAILBOX = re.compile(r'(?:"[^"<>\r\n]*"|[^\s@<>"(),;:]+)@[^\s@<>"(),;]+')
_QUOTED_LOCAL = re.compile(r'"[^"]*"(?=@)')
_NEEDLESSLY_QUOTED = re.compile(r'"([\w+-]+(?:\.[\w+-]+)*)"(?=@)')
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_ADDRESS_TOKEN = re.compile(r'\\.|[",;:@<>()]', re.DOTALL)
_MESSAGE_ID = re.compile(r"<[^<>]+>")
_LONGEST_MAILBOX = 320  # characters: 64 for the local part, "@", 255 for the domain (RFC 5321, 4.5.3.1)
_LONGEST_MESSAGE_ID = 998  # characters: one line (RFC 5322, 2.1.1)


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox, with the name that its owner shows. The email is kept trimmed and in lower case."""

    email: str
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "email", self.email.strip().lower())
        object.__setattr__(self, "name", " ".join(self.name.split()))


@dataclass(frozen=True, slots=True)
class ReadAttachment:
    """A part of a mail that is a file: kept as it came, under a name that is never empty and never a path.

    `content_id` is without its angle brackets, as `cid:` links name it (RFC 2392).
    """

    filename: str
    content_type: str
    content: bytes
    inline: bool
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundEmail:
    """A received mail, as far as it could be understood; `problems` names what could not.

    - `envelope_sender`: None when nobody told, "" for the null sender of bounces (RFC 5321, 4.5.5).
    - `date`: in UTC; a mail that tells no date has that of its first Received line, or 1970.
    - `message_id`, `in_reply_to`, `references`: with their angle brackets; `message_id` is "" when missing.
    - `text`: the whole body, readable; `html`: a safe subset of it, or "".
    - `newly_said`: the text without what it quotes and without signature.
    - `automatic`: why no person wrote this, or None.
    - `bounces`: whom a mail did not reach, as far as this one tells of it.
    - `verdicts`: spam, virus, spf, dkim and dmarc, as far as they were judged: "pass", "fail", "gray", "none"…
    - `content_hash`: the same for the same mail, whichever way it came: stands in for a missing `message_id`.
    """

    sender: Address | None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    envelope_sender: str | None = None
    envelope_recipients: tuple[str, ...] = ()
    subject: str = ""
    date: datetime
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    html: str = ""
    newly_said: str = ""
    attachments: tuple[ReadAttachment, ...] = ()
    automatic: str | None = None
    bounces: tuple[Bounce, ...] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    content_hash: str


@dataclass(frozen=True, slots=True)
class OutboundFile:
    """A file that leaves with a mail. One with a `content_id` (without angle brackets) is shown where the HTML names
    it as `cid:` (RFC 2392)."""

    filename: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundEmail:
    """A mail to be sent. `message_id`, `in_reply_to` and `references` have their angle brackets; `date` is aware.

    Those in `bcc` get it and are named nowhere in it.
    """

    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    subject: str
    text: str
    html: str = ""
    files: tuple[OutboundFile, ...] = ()
    message_id: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    date: datetime


def message_ids_in(text: str) -> tuple[str, ...]:
    """The message identifiers in a header's value, in order and each once, with angle brackets (RFC 5322, 3.6.4).

    A lone identifier that lost its brackets gets them back, one that was folded loses its spaces.
    """
    ids = ("".join(each.split()) for each in _MESSAGE_ID.findall(text))
    found = dict.fromkeys(each for each in ids if 2 < len(each) <= _LONGEST_MESSAGE_ID)
    bare = text.strip(" \t<>")
    if not found and "@" in bare and not re.search(r"[\s<>]", bare) and len(bare) < _LONGEST_MESSAGE_ID - 1:
        return (f"<{bare}>",)
    return tuple(found)


def mailbox_in(text: str) -> str:
    """The first thing in `text` that looks like a mailbox, in lower case and without needless quotes, or "".

    A word that others could read otherwise is none: one with two "@" outside quotes, or with invisible characters.
    """
    for word in _WORD.findall(text):
        if len(word) > _LONGEST_MAILBOX or _UNSEEN.search(word) or _QUOTED_LOCAL.sub("", word).count("@") != 1:
            continue
        if found := _MAILBOX.search(word):
            return _NEEDLESSLY_QUOTED.sub(r"\1", found[0]).lower().rstrip(".")
    return ""


def address_parts(text: str) -> Iterator[str]:
    """Splits an address list at its commas, outside quotes, comments and angle brackets (RFC 5322, 3.4).

    Groups dissolve into their members. Takes time in proportion to the text, whatever is in it.
    """
    start = depth = 0
    quoted = angle = has_at = False
    for token in _ADDRESS_TOKEN.finditer(text):
        char = token[0]
        if char == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
        elif depth:
            continue
        elif char in "<>":
            angle = char == "<"
        elif char == "@":
            has_at = True
        elif not angle and (char in ",;" or (char == ":" and not has_at)):
            if char != ":":
                yield text[start : token.start()]
            start, has_at = token.end(), False
    yield text[start:]
