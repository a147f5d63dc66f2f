"""Turns the bytes of a received mail into an InboundEmail, whatever the bytes are."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Final

from chalicelib.adapters.mime.charsets import decode_text
from chalicelib.adapters.mime.encodings import decode_words
from chalicelib.adapters.mime.header_lines import PARSER_FAILURES, Fields, Head, all_of, first_of, read_head
from chalicelib.adapters.mime.headers import read_addresses, read_date, read_verdicts, visible
from chalicelib.adapters.mime.limits import MAX_TEXT_CHARS
from chalicelib.adapters.mime.parts import Walk
from chalicelib.domain.automatic_mail import automatic_reason
from chalicelib.domain.email import Address, InboundEmail, mailbox_in, message_ids_in
from chalicelib.domain.quoted_reply import newly_said

UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)

_HASHED = ("from", "to", "date", "subject")


def read_email(raw: bytes) -> InboundEmail:
    """Reads a mail as SES stores it: never raises, whatever the bytes are; what went wrong stands in `problems`."""
    try:
        return _read(raw)
    except PARSER_FAILURES as failure:
        text = decode_text(raw[:MAX_TEXT_CHARS], "utf-8")[0]
        problem = f"could not be taken apart ({type(failure).__name__}): shown as it came"
        digest = hashlib.sha256(raw).hexdigest()
        return InboundEmail(
            sender=None, date=UNDATED, text=text, newly_said=text, problems=(problem,), content_hash=digest
        )


def _read(raw: bytes) -> InboundEmail:
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    head = read_head(raw, 0, len(raw))
    walk = Walk(raw)
    walk.note(*head.problems)
    body = walk.body(head, len(raw))
    fields = head.fields
    envelope_sender = _envelope_sender(fields)
    sender = _sender(fields, envelope_sender, walk)
    subject = visible(" ".join(decode_words(first_of(fields, "subject")[:10_000]).split()))
    headers = dict(reversed(fields))
    return InboundEmail(
        sender=sender,
        reply_to=read_addresses(all_of(fields, "reply-to")),
        to=read_addresses(all_of(fields, "to")),
        cc=read_addresses(all_of(fields, "cc")),
        envelope_sender=envelope_sender,
        envelope_recipients=_envelope_recipients(fields),
        subject=subject,
        date=_date(fields, walk),
        message_id=next(iter(message_ids_in(first_of(fields, "message-id"))), ""),
        in_reply_to=message_ids_in(first_of(fields, "in-reply-to")),
        references=message_ids_in(" ".join(all_of(fields, "references"))),
        text=body.text,
        html=body.html,
        newly_said=newly_said(body.text),
        attachments=tuple(walk.attachments),
        automatic=automatic_reason(headers, sender, envelope_sender, subject, headers.get("content-type", "")),
        verdicts=read_verdicts(fields),
        problems=tuple(walk.problems),
        content_hash=_content_hash(raw, head),
    )


def _envelope_sender(fields: Fields) -> str | None:
    path = next(all_of(fields, "return-path"), None)
    return None if path is None else mailbox_in(path)


def _envelope_recipients(fields: Fields) -> tuple[str, ...]:
    found = re.search(r"\bfor\s{1,20}([^\s;]{3,330})", first_of(fields, "received")[:4_000])
    mailbox = mailbox_in(found[1]) if found else ""
    return (mailbox,) if mailbox else ()


def _sender(fields: Fields, envelope_sender: str | None, walk: Walk) -> Address | None:
    named = read_addresses(all_of(fields, "from"))
    if named:
        walk.note("several senders: the first one counts" if len(named) > 1 else "")
        return named[0]
    for source in ("sender", "reply-to"):
        if others := read_addresses(all_of(fields, source)):
            walk.note(f"no sender in From: taken from {source.title()}")
            return others[0]
    walk.note("no sender in From: taken from the envelope" if envelope_sender else "no sender")
    return Address(envelope_sender) if envelope_sender else None


def _date(fields: Fields, walk: Walk) -> datetime:
    if date := read_date(first_of(fields, "date")):
        return date
    walk.note("no usable date")
    return read_date(first_of(fields, "received").rpartition(";")[2].strip()) or UNDATED


def _content_hash(raw: bytes, head: Head) -> str:
    """Of who wrote what to whom and when, but not of the trace lines and line ends that each way adds."""
    digest = hashlib.sha256()
    for name in _HASHED:
        digest.update(b"%s:%s\n" % (name.encode("ascii"), b" ".join(head.raw.get(name, b"").split())))
    for at in range(head.body_at, len(raw), 1 << 20):
        digest.update(raw[at : min(at + (1 << 20), len(raw))].translate(None, b"\r"))
    return digest.hexdigest()
