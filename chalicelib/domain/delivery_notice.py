"""Tells, by its head alone, a mail in which a server may say that another was not delivered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_SYSTEM_SENDER = re.compile(
    r"(?:mailer[-_.]?daemon|post[-_.]?master|mail[-_.]?(?:daemon|delivery|system)\S{0,20}|mdaemon|delivery|mmdf|"
    r"system|bounces?|(?:mail|smtp)-?(?:gw|gateway)?|uucp|administrator|internet-?mail-?delivery)(?:@|$)"
)
FAILED_SUBJECT = re.compile(
    "undeliver|un-?deliverable|delivery (?:status|failure|failed|report|problem|error|notification|has failed|"
    "incomplete|delayed|unsuccessful)|failure notice|returned mail|returned to sender|mail (?:delivery|"
    "system error|failure|returned|could not)|(?:mail|message|e-?mail) .{0,30}(?:not delivered|undeliver|"
    "failed|bounced|could not be|rejected|delayed)|non-?delivery|unable to deliver|failed (?:mail|delivery)|"
    "could not be delivered|bounced mail|delivery_failure|dsn:|nicht zustellbar|unzustellbar|zustellung|"
    "non remis|non distribu|échec|no (?:se )?(?:pudo|entreg)|não entregue|mancata consegna|onbestelbaar|"
    "nie dostarczono|kunde inte levereras|не доставлен|недоставлен|доставк|退信|退回|无法投递|未送达|配信|"
    "送信できません|エラーメール|エラー通知|メールを送信|"
    "user unknown|warning: could not send|rejected: |considered unsolicited",
)
_ANSWER_SUBJECT = re.compile(
    r"(?:re|aw|fw|fwd|wg|sv|vs|antw|rv|tr|rif|回复|转发|答复|回覆|轉寄)\s?[:：]", re.IGNORECASE
)
JUNK_REPORT: Final = "x-hmxmroriginalrecipient:"  # what Outlook.com adds to a mail that was marked as junk


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNotice:
    """What a mail offers to somebody who asks whether it tells of a failed delivery.

    - `headers`: the first of each, with names in lower case.
    - `text`: what is written for people, the returned mail included where it is a part of the text.
    - `reports`: the parts of the type message/delivery-status, as text.
    - `feedback`: the part of the type message/feedback-report, or "".
    - `returned`: the header lines of the mail that came back as a part, or "".
    """

    sender: str = ""
    subject: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    reports: tuple[str, ...] = ()
    feedback: str = ""
    returned: str = ""


def may_tell_of_failure(notice: DeliveryNotice) -> bool:
    """Whether a server may have written this: what a person answers or forwards is theirs."""
    by_server = without_sender(notice) or by_system(notice) or _is_report(notice)
    subject = notice.subject.lower()[:300]
    if _ANSWER_SUBJECT.match(subject) and not by_server:
        return False
    marked = "x-failed-recipients" in notice.headers or JUNK_REPORT in notice.returned.lower()
    return bool(by_server or notice.reports or notice.feedback or marked or FAILED_SUBJECT.search(subject))


def without_sender(notice: DeliveryNotice) -> bool:
    """Whether it came with the null reverse path, as notices must (RFC 3461, 6.2)."""
    return notice.headers.get("return-path", "x").strip() in ("<>", "")


def by_system(notice: DeliveryNotice) -> bool:
    """Whether it is signed by a mail system rather than a person."""
    return _SYSTEM_SENDER.match(notice.sender) is not None


def _is_report(notice: DeliveryNotice) -> bool:
    return notice.headers.get("content-type", "").strip().lower().startswith("multipart/report")
