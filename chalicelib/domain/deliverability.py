"""What is known of an address that mail to it did not reach, or whose owner complained of mail."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain import lifecycle
from chalicelib.domain.bounce import Bounce, BounceKind, BounceReason
from chalicelib.domain.ticket import Happening, Ticket

SOFT_LIMIT = 3
"""So many temporary failures, each within SOFT_DAYS of the one before, and the desk stops writing unasked."""

SOFT_DAYS = 3
TOLD = 6
"""How many of the latest reports are remembered, so that one that is delivered again counts once."""


class Trouble(StrEnum):
    """What stands between the desk and a mailbox: nobody there, a complaint, or something that may pass."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class AddressMark:
    """What is remembered of an address. `count` counts failures in a row, `told` are the reports they came from.

    `expires_at` is when a mark that may pass is forgotten; None for one that only a person lifts.
    """

    email: str
    trouble: Trouble
    at: datetime
    reason: str = ""
    status: str = ""
    count: int = 1
    expires_at: datetime | None = None
    told: tuple[str, ...] = ()
    version: int = 0

    def stands(self, now: datetime) -> bool:
        """Whether the mark still counts."""
        return self.expires_at is None or now < self.expires_at

    def takes_mail(self, now: datetime) -> bool:
        """Whether it makes sense to write: not where nobody is there."""
        return not self.stands(now) or self.trouble is not Trouble.BOUNCED

    def takes_unasked(self, now: datetime) -> bool:
        """Whether acknowledgements and surveys may go there: not to who complained, nor where nothing arrives."""
        if not self.stands(now):
            return True
        return self.trouble is Trouble.FAILING and self.count < SOFT_LIMIT


def marked(known: AddressMark | None, email: str, bounce: Bounce, report: str, now: datetime) -> AddressMark:
    """Give the mark of an address after one more failure or complaint, which `report` told; told again, as it was.

    A hard bounce outweighs a complaint, and a complaint what may pass.
    """
    if known is not None and report in known.told:
        return known
    fresh = known is None or not known.stands(now)
    before = AddressMark(email, _trouble(bounce), now, count=0) if known is None or fresh else known
    trouble = min(_trouble(bounce), before.trouble, key=list(Trouble).index)
    worse = fresh or trouble is _trouble(bounce)
    return replace(
        before,
        trouble=trouble,
        at=now if worse else before.at,
        reason=bounce.reason.value if worse else before.reason,
        status=bounce.status if worse else before.status,
        count=before.count + 1,
        expires_at=now + timedelta(days=SOFT_DAYS) if trouble is Trouble.FAILING else None,
        told=(*(known.told if known else ()), report)[-TOLD:],
        version=known.version if known else 0,
    )


def _trouble(bounce: Bounce) -> Trouble:
    if bounce.reason is BounceReason.COMPLAINT:
        return Trouble.COMPLAINED
    return Trouble.BOUNCED if bounce.kind is BounceKind.HARD else Trouble.FAILING


def undelivered(ticket: Ticket, bounce: Bounce, report: str, now: datetime) -> Ticket:
    """Show on a ticket that a mail of it did not arrive, or was complained of; told again, it is shown once.

    Where it won't arrive any more a person should find another way: once for each address. A delay (RFC 3463: class 4)
    and a complaint ask nothing of anybody.
    """
    mark = hashlib.sha256(bounce.address.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    if ticket.said(Happening.DELIVERY_FAILED, report=report, address=bounce.address):
        return ticket
    after = ticket.with_fact(
        now,
        Happening.DELIVERY_FAILED,
        lifecycle.DESK,
        report=report,
        address=bounce.address,
        status=bounce.status,
        kind=bounce.kind.value,
        reason=bounce.reason.value,
        diagnostic=bounce.diagnostic,
    )
    if bounce.reason is BounceReason.COMPLAINT or bounce.status.startswith("4"):
        return after
    return lifecycle.followed_up(after, f"undelivered_{mark}", "undelivered", now)
