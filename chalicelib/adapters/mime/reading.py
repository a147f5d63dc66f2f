"""Turns the bytes of a received mail into an InboundEmail, whatever the bytes are."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from chalicelib.adapters.mime.charsets import Clues, decode_text
from chalicelib.adapters.mime.encodings import decode_words
from chalicelib.adapters.mime.header_lines import PARSER_FAILURES, Head, read_head
from chalicelib.adapters.mime.headers import (
    judged_domains,
    read_addresses,
    read_date,
    read_recipients,
    read_verdicts,
    visible,
)
from chalicelib.adapters.mime.limits import MAX_TEXT_CHARS
from chalicelib.adapters.mime.notices import read_bounces
from chalicelib.adapters.mime.parts import Walk
from chalicelib.adapters.mime.wire_address import domain_on_the_wire
from chalicelib.domain.automatic_mail import BOUNCE, automatic_reason
from chalicelib.domain.email import Address, InboundEmail, mailbox_in, message_ids_in

UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)

_BEFORE_HEADERS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]{0,998}\r?\n){0,99}(?=[!-9;-~]{1,76}:[ \t]|From )")
_LONGEST_SAID = 200  # characters
_BEGINNING_OF_CALENDAR: Final = 4_000  # bytes within which an iCalendar object names its method
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
    clues = Clues(raw)
    head = read_head(raw, _beginning(raw), len(raw), clues)
    walk = Walk(raw, clues=clues)
    walk.note(*head.problems)
    body = walk.finished(walk.body(head, len(raw)))
    envelope_sender = _envelope_sender(head)
    sender = _sender(head, envelope_sender, walk)
    subject = visible(" ".join(decode_words(head.first("subject")[:10_000]).split()))
    headers = head.firsts()
    reply_to = read_addresses(head.all("reply-to"))
    bounces = read_bounces(sender.email if sender else "", subject, headers, body.text, walk.attachments)
    kind = _content_type(headers, walk)
    automatic = automatic_reason(headers, sender, envelope_sender, subject, kind, next(iter(reply_to), None))
    return InboundEmail(
        sender=sender,
        reply_to=reply_to,
        to=read_addresses(head.all("to")),
        cc=read_addresses(head.all("cc")),
        envelope_sender=envelope_sender,
        envelope_recipients=read_recipients(head),
        subject=subject,
        date=_date(head, walk),
        message_id=next(iter(message_ids_in(head.first("message-id"))), ""),
        in_reply_to=message_ids_in(head.first("in-reply-to")),
        references=message_ids_in(" ".join(head.all("references"))),
        text=body.text,
        html=body.html,
        newly_said=body.newly_said,
        attachments=tuple(walk.attachments),
        automatic=automatic or (BOUNCE if bounces else None),
        bounces=bounces,
        verdicts=_verdicts(head, sender, walk),
        problems=tuple(walk.problems),
        content_hash=_content_hash(raw, head),
    )


def _beginning(raw: bytes) -> int:
    """Where the headers begin: after a mark of byte order and blank lines, which some gateways put before them."""
    found = _BEFORE_HEADERS.match(raw)
    return found.end() if found else 0


def _content_type(headers: Mapping[str, str], walk: Walk) -> str:
    """The mail's own, or its calendar's answer where it has one: beside it stands only what a program says of it."""
    calendars = (each.content for each in walk.attachments if each.content_type == "text/calendar")
    if any(b"METHOD:REPLY" in content[:_BEGINNING_OF_CALENDAR].upper() for content in calendars):
        return "text/calendar; method=reply"
    return headers.get("content-type", "")


def _envelope_sender(head: Head) -> str | None:
    """None where none is told or readable; "" is the null sender, or a program's without a domain."""
    path = next(head.all("return-path"), None)
    if path is None:
        return None
    return mailbox_in(path) or (None if "@" in path else "")


def _sender(head: Head, envelope_sender: str | None, walk: Walk) -> Address | None:
    named = read_addresses(head.all("from"))
    if named:
        walk.note("several senders: the first one counts" if len(named) > 1 else "")
        return named[0]
    for source in ("sender", "reply-to"):
        if others := read_addresses(head.all(source)):
            walk.note(f"no sender in From: taken from {source.title()}")
            return others[0]
    said = visible(decode_words(head.first("from")))[:_LONGEST_SAID]
    walk.note(f"no address in From, only: {said}" if said else "")
    walk.note("no sender in From: taken from the envelope" if envelope_sender else "no sender")
    return Address(envelope_sender) if envelope_sender else None


def _verdicts(head: Head, sender: Address | None, walk: Walk) -> dict[str, str]:
    """What SES judged. DMARC fails for a sender whom it was not judged for: one that SES saw somebody else in."""
    verdicts = read_verdicts(head)
    others = [each for each in judged_domains(head) if sender and not _within(sender.email.rpartition("@")[2], each)]
    if others:
        walk.note(f"DMARC was judged for {others[0][:100]}, not for the sender")
        verdicts["dmarc"] = "fail"
    return verdicts


def _within(domain: str, judged: str) -> bool:
    ours, theirs = (f".{_comparable(each)}" for each in (domain, judged))
    return ours.endswith(theirs) or theirs.endswith(ours)


def _comparable(domain: str) -> str:
    try:
        return domain_on_the_wire(domain)
    except ValueError:
        return domain


def _date(head: Head, walk: Walk) -> datetime:
    if date := next(filter(None, map(read_date, head.all("date"))), None):
        return date
    walk.note("no usable date")
    return read_date(head.first("received").rpartition(";")[2].strip()) or UNDATED


def _content_hash(raw: bytes, head: Head) -> str:
    """Of who wrote what to whom and when, but not of the trace lines and line ends that each way adds."""
    digest = hashlib.sha256()
    for name in _HASHED:
        digest.update(b"%s:%s\n" % (name.encode("ascii"), b" ".join(head.raw(name).split())))
    for at in range(head.body_at, len(raw), 1 << 20):
        digest.update(raw[at : min(at + (1 << 20), len(raw))].translate(None, b"\r"))
    return digest.hexdigest()
