"""Finds in a mail what it tells of mails that were not delivered."""

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.adapters.mime.charsets import decode_text
from chalicelib.adapters.mime.header_lines import read_head
from chalicelib.domain.bounce import Bounce
from chalicelib.domain.delivery_notice import DeliveryNotice, may_tell_of_failure
from chalicelib.domain.email import ReadAttachment

_REPORTS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_FEEDBACK: Final = "message/feedback-report"
_RETURNED: Final = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/rfc822-headers"}
)
_LONGEST_REPORT: Final = 64_000  # bytes that are read of a report, or of a returned mail's header lines


def read_bounces(
    sender: str, subject: str, headers: Mapping[str, str], text: str, attachments: Sequence[ReadAttachment]
) -> tuple[Bounce, ...]:
    """Whom a mail did not reach, as this one tells; the reports and the returned mail are among its attachments."""
    notice = _notice(sender, subject, headers, text, attachments)
    if not may_tell_of_failure(notice):
        return ()
    from chalicelib.domain.returned_mail import bounces_in

    return bounces_in(notice)


def _notice(
    sender: str, subject: str, headers: Mapping[str, str], text: str, attachments: Sequence[ReadAttachment]
) -> DeliveryNotice:
    reports = [_text(each) for each in attachments if each.content_type in _REPORTS]
    feedback = [_text(each) for each in attachments if each.content_type == _FEEDBACK]
    returned = [_head_of(each) for each in attachments if each.content_type in _RETURNED]
    return DeliveryNotice(
        sender=sender,
        subject=subject,
        headers=headers,
        text=text,
        reports=tuple(reports),
        feedback="".join(feedback[:1]),
        returned="".join(returned[:1]),
    )


def _text(report: ReadAttachment) -> str:
    return decode_text(report.content[:_LONGEST_REPORT], "")[0].replace("\r\n", "\n").replace("\r", "\n")


def _head_of(mail: ReadAttachment) -> str:
    head = read_head(mail.content[:_LONGEST_REPORT], 0, min(len(mail.content), _LONGEST_REPORT))
    return "\n".join(f"{name}: {head.first(name)}" for name in dict.fromkeys(name for name, _ in head.lines))
