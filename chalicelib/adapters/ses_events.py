"""Reads what SES tells by a topic of mails that it sent for us: bounces, complaints and delays.

(SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS", and of its notifications, which
have the same fields but for the first one's name.)
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.adapters.mime.writing import OWN_ID
from chalicelib.domain.bounce import LONGEST_DIAGNOSTIC, Bounce, BounceKind, BounceReason, kind_of
from chalicelib.domain.email import mailbox_in, message_ids_in

_MOST_RECIPIENTS = 50  # what SES takes in one mail
_NEVER_SENT = "OnAccountSuppressionList"
_SUB_TYPES = {
    "NoEmail": BounceReason.UNKNOWN_USER,
    "Suppressed": BounceReason.UNKNOWN_USER,
    _NEVER_SENT: BounceReason.UNKNOWN_USER,
    "MailboxFull": BounceReason.MAILBOX_FULL,
    "MessageTooLarge": BounceReason.TOO_LARGE,
    "ContentRejected": BounceReason.CONTENT,
    "AttachmentRejected": BounceReason.CONTENT,
}


def told_bounces(body: str) -> tuple[Bounce, ...]:
    """One Bounce for each recipient that an event tells of; () for any other event, and for what is none at all.

    `body` is the message of a queue: the event itself, or as SNS wraps it. A permanent bounce is hard, as SES means
    it: it stops sending to the address too. A suppressed address is one of which SES knows that from before.
    """
    event = _event(body)
    kind = event.get("eventType") or event.get("notificationType")
    readers = {"Bounce": _bounced, "Complaint": _complained, "DeliveryDelay": _delayed}
    reader = readers.get(kind) if isinstance(kind, str) else None
    return tuple(reader(event)) if reader else ()


def _event(body: str) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
        if isinstance(content, dict) and isinstance(content.get("Message"), str):
            content = json.loads(content["Message"])
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _bounced(event: Mapping[str, Any]) -> Iterator[Bounce]:
    bounce = _object(event, "bounce")
    permanent = bounce.get("bounceType") == "Permanent"
    reason = _SUB_TYPES.get(str(bounce.get("bounceSubType")))
    for recipient in _recipients(bounce, "bouncedRecipients"):
        said, status = str(recipient.get("diagnosticCode") or ""), str(recipient.get("status") or "")
        yield _told(event, recipient, status, said, reason, BounceKind.HARD if permanent else BounceKind.SOFT)


def _complained(event: Mapping[str, Any]) -> Iterator[Bounce]:
    complaint = _object(event, "complaint")
    for recipient in _recipients(complaint, "complainedRecipients"):
        said = str(complaint.get("complaintSubType") or complaint.get("complaintFeedbackType") or "")
        yield _told(event, recipient, "", said, BounceReason.COMPLAINT, BounceKind.SOFT)


def _delayed(event: Mapping[str, Any]) -> Iterator[Bounce]:
    for recipient in _recipients(_object(event, "deliveryDelay"), "delayedRecipients"):
        said, status = str(recipient.get("diagnosticCode") or ""), str(recipient.get("status") or "4.4.7")
        yield _told(event, recipient, status, said, BounceReason.EXPIRED, BounceKind.SOFT)


def _told(
    event: Mapping[str, Any],
    recipient: Mapping[str, Any],
    status: str,
    said: str,
    reason: BounceReason | None,
    kind: BounceKind,
) -> Bounce:
    from chalicelib.domain.failure_reason import reason_of, status_in, usual_status

    headers = _headers(event)
    reason = reason or reason_of(said, status)
    before = (*message_ids_in(headers.get("in-reply-to", "")), *reversed(message_ids_in(headers.get("references", ""))))
    own = message_ids_in(headers.get(OWN_ID.lower()) or headers.get("message-id", ""))
    return Bounce(
        address=mailbox_in(str(recipient.get("emailAddress") or "")[:1_000]),
        status=status or status_in(said) or usual_status(reason),
        reason=reason,
        kind=kind if kind is BounceKind.HARD else kind_of(BounceReason.UNDEFINED, status),
        diagnostic=" ".join(said.split())[:LONGEST_DIAGNOSTIC],
        original_id=own[0] if own else "",
        original_references=tuple(dict.fromkeys(before)),
    )


def _object(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = event.get(name)
    return value if isinstance(value, dict) else {}


def _recipients(of: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = of.get(name)
    return [each for each in value[:_MOST_RECIPIENTS] if isinstance(each, dict)] if isinstance(value, list) else []


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    """The header lines of the mail as we sent it, by names in lower case; SES leaves them out where it is told to."""
    mail = _object(event, "mail")
    listed = mail.get("headers")
    found = {
        str(each.get("name")).lower(): str(each.get("value"))[:20_000]
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
    }
    common = _object(mail, "commonHeaders").get("messageId")
    return found if "message-id" in found or not common else {**found, "message-id": str(common)}
