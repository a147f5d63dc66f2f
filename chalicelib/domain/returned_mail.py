"""Reads what a mail says about mails that were not delivered: reports (RFC 3464, RFC 5965) and plain words.

Heavy with words: to be imported only where a mail may tell of a failure (see delivery_notice).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.domain.automatic_mail import out_of_office_subject
from chalicelib.domain.bounce import LONGEST_DIAGNOSTIC, Bounce, BounceKind, BounceReason, kind_of
from chalicelib.domain.delivery_notice import (
    FAILED_SUBJECT,
    JUNK_REPORT,
    DeliveryNotice,
    by_system,
    may_tell_of_failure,
    without_sender,
)
from chalicelib.domain.delivery_report import Failure, fields_of, reported_recipients, values_of
from chalicelib.domain.failure_notice import (
    Parts,
    addresses_in,
    notice_parts,
    returned_ids,
    returned_recipients,
    told_failures,
)
from chalicelib.domain.failure_reason import has_reply, is_temporary, reason_of, status_in, usual_status, vagueness

_LONGEST_TEXT: Final = 30_000  # characters
_DELAYED: Final = frozenset({"delayed"})
_COMPLAINTS: Final = frozenset({"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "complaint", ""})
_TELLING_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_FAILED_WORDS = re.compile(
    r"(?:could|can|did|does|has|have|was|were|is|am|been)(?: ?n[o']t| not)(?: \w{1,12}){0,3} (?:deliver|reach|"
    r"sent|accept|be sent|exist)|undeliver|deliver\w* .{0,60}(?:fail|unsuccess|problem|error|impossible|delay)|"
    r"fail\w* .{0,60}(?:deliver|recipient)|unable to (?:deliver|send|relay)|returned (?:mail|to you|to sender)|"
    "not (?:been )?delivered|permanent (?:error|failure)|fatal error|rejected|user unknown|"
    "transcript of session|mailbox (?:is )?full|over quota|no such user|bounced|delivery (?:status|error)|"
    r"\b5\d\d[ -]\d\.\d\.\d|\b55\d\b|unknown user|does not exist|isn't able|wasn't able|wasn't delivered|"
    "送信できません|配信|送達|届け|见つか|退信|无法|失败|не может быть доставлено|не доставлен|zugestellt|unzustellbar|"
    "failure reasons|エラー|could not|couldn't"
)


def bounces_in(notice: DeliveryNotice) -> tuple[Bounce, ...]:
    """One Bounce for every recipient that the mail says was not reached, in its order; () when it is no bounce.

    Never raises, and takes time in proportion to the mail.
    """
    if not may_tell_of_failure(notice):
        return ()
    parts = notice_parts(notice.text)
    returned = notice.returned or parts.returned
    if notice.feedback or JUNK_REPORT in returned[:_LONGEST_TEXT].lower():
        return _complaints(notice.feedback, returned)
    named = _reported(notice, parts)
    failures = [each for each in named if not each.was_reached]
    if failures:
        expected = returned_recipients(returned)
        failures = [_explained(each, parts.own, expected, alone=len(failures) == 1) for each in failures]
    elif not named and _tells_of_failure(notice, parts):
        failures = list(_told(notice, parts, returned))
    original, before = returned_ids(returned)
    return tuple(_judged(each, parts.own, original, before) for each in failures)


def _reported(notice: DeliveryNotice, parts: Parts) -> list[Failure]:
    """The recipients of the reports, or of one that lost its type and stands in the text."""
    reports = notice.reports
    text = notice.text[:_LONGEST_TEXT]
    if not reports and "final-recipient:" in text.lower() and _tells_of_failure(notice, parts):
        reports = (text,)
    return [each for report in reports for each in reported_recipients(report)]


def _tells_of_failure(notice: DeliveryNotice, parts: Parts) -> bool:
    """Whether it says so in its subject, or in its words; who is away may well be unable to answer, but is there."""
    if "x-failed-recipients" in notice.headers:
        return True
    if out_of_office_subject(notice.subject):
        return False
    comes_back = bool(parts.returned or notice.returned)
    if FAILED_SUBJECT.search(notice.subject.lower()[:300]):
        return comes_back or without_sender(notice) or by_system(notice)
    told = bool(_FAILED_WORDS.search(parts.own[:8_000].lower()))
    return told and (by_system(notice) or comes_back or has_reply(parts.own))


def _told(notice: DeliveryNotice, parts: Parts, returned: str) -> tuple[Failure, ...]:
    failed = addresses_in(notice.headers.get("x-failed-recipients", ""))
    fields = fields_of(returned)
    told = " ".join(notice.headers.get(name, "") for name in ("to", "from", "sender", "reply-to", "delivered-to"))
    writer = " ".join(fields.get(name, "") for name in ("from", "return-path", "sender", "reply-to", "message-id"))
    others = addresses_in(f"{told} {writer}")
    found = told_failures(parts.own, failed, returned_recipients(returned), others)
    return found or told_failures(parts.own, (), (), ()) or told_failures(notice.text[:_LONGEST_TEXT], (), (), others)


def _explained(failure: Failure, own: str, expected: Sequence[str], *, alone: bool) -> Failure:
    """A report that says little, or names nobody, is explained by the words beside it."""
    if not failure.address:
        told = told_failures(own, (), expected, ())
        return replace(told[0], status=failure.status, action=failure.action) if told and alone else failure
    if failure.said and (has_reply(failure.said) or reason_of(failure.said, "") is not BounceReason.UNDEFINED):
        return failure
    words = told_failures(own, (failure.address,), (), ())[0].said if failure.address in own.lower() else ""
    return replace(failure, said=f"{failure.said}\n{words or (own if alone else '')}".strip())


def _judged(failure: Failure, own: str, original: str, before: tuple[str, ...]) -> Bounce:
    status = _status(failure)
    reason = reason_of(failure.said, status, own)
    if reason is BounceReason.UNDEFINED and not failure.status:
        reason = reason_of(own, status)
    if failure.action in _DELAYED and reason is not BounceReason.MAILBOX_FULL:
        reason = BounceReason.EXPIRED
    status = status or usual_status(reason)
    if failure.action in _DELAYED or (not _status(failure) and is_temporary(failure.said or own)):
        status = f"4{status[1:]}"
    return Bounce(
        address=failure.address,
        status=status,
        reason=reason,
        kind=kind_of(reason, status),
        diagnostic=" ".join(failure.said.split())[:LONGEST_DIAGNOSTIC],
        also=failure.also,
        original_id=original,
        original_references=before,
    )


def _status(failure: Failure) -> str:
    """The status that tells most: that of the words, where it has a detail or the report's has none; or ""."""
    reported = failure.status if _TELLING_STATUS.fullmatch(failure.status) else ""
    found = status_in(failure.said)
    return min(filter(None, (found, reported)), key=vagueness, default="")


def _complaints(feedback: str, returned: str) -> tuple[Bounce, ...]:
    """Those who complained of a mail (RFC 5965, 3.2): named by the report, else by the mail that it returns."""
    fields = fields_of(feedback)
    kind = fields.get("feedback-type", "").strip().lower()
    if kind == "not-spam":
        return ()
    reason = BounceReason.COMPLAINT if kind in _COMPLAINTS else BounceReason.AUTHENTICATION
    named = (*values_of(feedback, "original-rcpt-to"), *values_of(feedback, "removal-recipient"))
    original, before = returned_ids(returned)
    return tuple(
        Bounce(
            address=address,
            status="",
            reason=reason,
            kind=BounceKind.SOFT,
            diagnostic=f"{kind} {fields.get('user-agent', '')}".strip()[:LONGEST_DIAGNOSTIC],
            original_id=original,
            original_references=before,
        )
        for address in addresses_in(" ".join(named)) or returned_recipients(returned) or ("",)
    )
