"""What was said on a ticket: one message, with where it came from and what hung on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

TEXT_LIMIT = 100_000
"""Most characters that one message's text may have; longer mail is cut here with a mark, its source is kept."""

TEXT_BYTES_LIMIT = 350_000
"""Most bytes of UTF-8 that a message written through the web may have: it lies in one DynamoDB item of 400 kB."""

SUBJECT_LIMIT = 250
"""Most characters of a subject line; RFC 5322 advises lines of 78 and allows 998."""


class MessageKind(StrEnum):
    """Who speaks to whom: the customer to us, an agent to the customer, agents among themselves, the desk."""

    CUSTOMER = "customer"
    REPLY = "reply"
    NOTE = "note"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; its bytes lie in the files bucket under `key`. `size` is in bytes."""

    key: str
    filename: str
    content_type: str
    size: int
    inline: bool = False
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a ticket.

    `id` follows from what the message came from, so that the same one written twice is one.
    `author` names who spoke: `customer:<id>`, `agent:<id>`, `key:<id>` or `desk`; `author_name` is for people.
    `email_id` is its RFC 5322 Message-ID, with angle brackets, where it came or left by mail.
    `source` is the key of the raw mail in the mail bucket, and `problems` what reading it met.
    `cc` and `bcc` are who gets a reply beside the customer; `signature` is its author's own, as it then was.
    """

    id: str
    kind: MessageKind
    author: str
    author_name: str
    text: str
    created_at: datetime
    html: str = ""
    newly_said: str = ""
    attachments: tuple[Attachment, ...] = ()
    email_id: str = ""
    source: str = ""
    problems: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    signature: str = ""
