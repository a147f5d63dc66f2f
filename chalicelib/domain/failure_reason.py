"""Judges what mail servers say when they don't take a mail: why it is, and with which status (RFC 3463).

Servers agree on numbers only loosely, so their words count first, then the status, then the reply code of SMTP.
"""

import re
from typing import Final

from chalicelib.domain.bounce import BounceReason
from chalicelib.domain.failure_words import REASONS_IN_ORDER

_LONGEST: Final = 2_000  # characters of a server's words that are looked at

_R = BounceReason


_BY_STATUS: Final = {
    **dict.fromkeys(("1.1", "1.0", "1.3", "1.351"), _R.UNKNOWN_USER),
    **dict.fromkeys(("1.2", "4.4"), _R.UNKNOWN_HOST),
    **dict.fromkeys(("1.6", "7.17", "7.18"), _R.MOVED),
    **dict.fromkeys(("1.10", "7.27", "3.2"), _R.TAKES_NO_MAIL),
    **dict.fromkeys(("1.7", "1.8"), _R.SENDER_REFUSED),
    **dict.fromkeys(("2.1", "7.13"), _R.MAILBOX_DISABLED),
    "2.2": _R.MAILBOX_FULL,
    **dict.fromkeys(("2.3", "3.4", "7.16"), _R.TOO_LARGE),
    **dict.fromkeys(("1.4", "2.0", "2.4"), _R.FILTERED),
    **dict.fromkeys(("7.20", "7.21", "7.22", "7.23", "7.24", "7.26", "7.29", "7.509"), _R.AUTHENTICATION),
    **dict.fromkeys(("7.25", "7.606"), _R.REPUTATION),
    "7.28": _R.THROTTLED,
    **dict.fromkeys(("4.1", "4.7"), _R.EXPIRED),
    **dict.fromkeys(("5.3",), _R.THROTTLED),
}
_BY_SUBJECT: Final = {
    "3": _R.SYSTEM,
    "4": _R.NETWORK,
    "5": _R.SYSTEM,
    "6": _R.CONTENT,
    "7": _R.POLICY,
}
"""By the middle number alone (RFC 3463, 3: what a status is about)."""

_STATUS_OF: Final = {
    _R.UNKNOWN_USER: "5.1.1",
    _R.UNKNOWN_HOST: "5.1.2",
    _R.MOVED: "5.1.6",
    _R.TAKES_NO_MAIL: "5.3.2",
    _R.MAILBOX_FULL: "5.2.2",
    _R.MAILBOX_DISABLED: "5.2.1",
    _R.TOO_LARGE: "5.3.4",
    _R.SPAM: "5.7.1",
    _R.VIRUS: "5.7.1",
    _R.AUTHENTICATION: "5.7.26",
    _R.REPUTATION: "5.7.1",
    _R.SENDER_REFUSED: "5.1.8",
    _R.RELAYING: "5.7.1",
    _R.FILTERED: "5.7.1",
    _R.POLICY: "5.7.1",
    _R.THROTTLED: "5.7.28",
    _R.EXPIRED: "5.4.7",
    _R.NETWORK: "5.4.1",
    _R.CONTENT: "5.6.0",
    _R.SYSTEM: "5.3.0",
    _R.UNDEFINED: "5.0.0",
}
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.])(?<!\d:)([45])[0-5]\d(?=[ ,;-]|$)(?!-\d)")
_TRIED_AGAIN = re.compile(
    "will be retried|(?:will|we'll) (?:keep|continue) (?:on )?(?:to )?try|only a temporary|"
    "do(?:es)? not need to (?:re-?)?send|still being tried|has been delayed|delivery (?:is )?delayed|"
    "no action is required|is still (?:in the queue|trying|attempting)|not yet been delivered|retried for"
)
_COMMAND = re.compile(
    r">>> (helo|ehlo|mail|rcpt|data|\.)\b|(?:in reply to|after|response to|"
    r"\bin:)(?: the)? {0,4}\"?(?:end of )?(mail|rcpt|data)\b|\[(mail|rcpt|data)(?:_\w{2,4})?\]|"
    r"(?:smtp )?command:?\W{0,6}(mail|rcpt|data)\b|\b(rcpt|mail)[ _](?:to|from)\b|does not like (recipient|"
    "sender)"
)
_RECIPIENT_WAS_REFUSED = re.compile(r"need rcpt|no valid recipient|delivery error: dd ")
_STAGES: Final = {"recipient": "rcpt", "sender": "mail", ".": "data"}


def reason_of(said: str, status: str, transcript: str = "") -> BounceReason:
    """Why, by the words, then by the status; UNDEFINED where neither tells.

    `transcript` is where the command of SMTP is looked for that was refused when the words don't name it. A server
    that took the recipient and says "unknown user" of the mail itself filters: some carriers' phones answer so.
    """
    words = _plain(said)
    told = next((reason for reason, pattern in REASONS_IN_ORDER if pattern.search(words)), None)
    by_status = _reason_of_status(status)
    stage = _stage(words)
    if stage == "mail" and (told or by_status) in _ABOUT_AN_ADDRESS:
        return _R.SENDER_REFUSED
    at_data = (stage or _stage(_plain(transcript))) == "data"
    if told in _ABOUT_THE_USER and by_status is not _R.UNKNOWN_USER and at_data:
        return _R.FILTERED
    if told is _R.MAILBOX_DISABLED and by_status is _R.UNKNOWN_USER:
        return by_status
    return told or by_status


_ABOUT_THE_USER: Final = frozenset({_R.UNKNOWN_USER, _R.MAILBOX_DISABLED})
_ABOUT_AN_ADDRESS: Final = _ABOUT_THE_USER | {_R.UNKNOWN_HOST}


def _plain(words: str) -> str:
    return " ".join(words[:_LONGEST].lower().split())


def _stage(words: str) -> str:
    """The last command of SMTP that was sent before it was refused, in lower case, or ""."""
    if _RECIPIENT_WAS_REFUSED.search(words):
        return "rcpt"
    found = "".join(group for group in (_last(words) or ()) if group)
    return _STAGES.get(found, found)


def _last(words: str) -> tuple[str, ...] | None:
    groups = None
    for match in _COMMAND.finditer(words):
        groups = tuple(each or "" for each in match.groups())
    return groups


def _reason_of_status(status: str) -> BounceReason:
    found = _STATUS.fullmatch(status)
    if not found:
        return _R.UNDEFINED
    return _BY_STATUS.get(f"{found[2]}.{found[3]}") or _BY_SUBJECT.get(found[2], _R.UNDEFINED)


def status_in(said: str) -> str:
    """The first enhanced status that the words name, a telling one before "5.1.0" and that before "5.0.0", or ""."""
    found = [match[0] for match in _STATUS.finditer(said[:_LONGEST]) if match[1] != "2"]
    return min(found, key=vagueness, default="")


def vagueness(status: str) -> tuple[bool, bool]:
    """The smaller, the more a status says: "5.1.1" before "5.1.0" before "5.0.0"."""
    return status.endswith(".0"), status.endswith(".0.0")


def is_temporary(said: str) -> bool:
    """Whether it is tried again: the words say so, or have only reply codes of class 4 (RFC 5321, 4.2.1)."""
    words = _plain(said)
    return {match[1] for match in _REPLY.finditer(words)} == {"4"} or _TRIED_AGAIN.search(words) is not None


def has_reply(said: str) -> bool:
    """Whether the words have a reply code of SMTP."""
    return _REPLY.search(said[:_LONGEST]) is not None


def usual_status(reason: BounceReason) -> str:
    """The status that fits a reason for which a notice gives none."""
    return _STATUS_OF.get(reason, "")
