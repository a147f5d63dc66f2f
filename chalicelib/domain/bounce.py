"""What became of a mail that did not reach somebody, or that somebody complained of."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_DIAGNOSTIC: Final = 500  # characters that are kept of what a server said


class BounceKind(StrEnum):
    """Whether it makes sense to write to the address again: `hard` says never, `soft` perhaps later."""

    HARD = "hard"
    SOFT = "soft"


class BounceReason(StrEnum):
    """Why a mail was not delivered, in the order in which servers' words are judged."""

    COMPLAINT = "complaint"
    UNKNOWN_USER = "unknown_user"
    UNKNOWN_HOST = "unknown_host"
    MOVED = "moved"
    TAKES_NO_MAIL = "takes_no_mail"
    MAILBOX_FULL = "mailbox_full"
    MAILBOX_DISABLED = "mailbox_disabled"
    TOO_LARGE = "too_large"
    SPAM = "spam"
    VIRUS = "virus"
    AUTHENTICATION = "authentication"
    REPUTATION = "reputation"
    SENDER_REFUSED = "sender_refused"
    RELAYING = "relaying"
    FILTERED = "filtered"
    POLICY = "policy"
    THROTTLED = "throttled"
    EXPIRED = "expired"
    NETWORK = "network"
    CONTENT = "content"
    SYSTEM = "system"
    UNDEFINED = "undefined"


NOBODY_THERE: Final = frozenset(
    {BounceReason.UNKNOWN_USER, BounceReason.UNKNOWN_HOST, BounceReason.MOVED, BounceReason.TAKES_NO_MAIL}
)
"""Reasons that say something of the address itself: it won't do better tomorrow, whatever is sent to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """One recipient's failure, delay or complaint.

    - `address`: in lower case; "" when the mail names none.
    - `status`: RFC 3463 ("5.1.1"); of class 4 for a delay, "" for a complaint.
    - `diagnostic`: what the server or the report said, on one line.
    - `also`: other names of the same recipient: the address that was written to before it was forwarded.
    - `original_id`: the Message-ID of the mail that did not arrive, with angle brackets, or "".
    - `original_references`: the identifiers that it answered, from the latest to the first.
    """

    address: str
    status: str
    reason: BounceReason
    kind: BounceKind
    diagnostic: str = ""
    also: tuple[str, ...] = ()
    original_id: str = ""
    original_references: tuple[str, ...] = ()


def kind_of(reason: BounceReason, status: str) -> BounceKind:
    """Hard where nobody is there and the failure is permanent (RFC 3463, 2: class 5); all else may pass."""
    permanent = not status.startswith("4")
    return BounceKind.HARD if reason in NOBODY_THERE and permanent else BounceKind.SOFT
