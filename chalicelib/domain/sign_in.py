"""How somebody of the desk proves who they are: an answer at once, or something more that is asked of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SESSION_SECONDS = 12 * 3600
"""How long a session lives after it was last renewed."""

RENEWED_AFTER_SECONDS = 3600
"""A session that is used is renewed when it is older than this."""

LONGEST_SECONDS = 14 * 86400
"""After so long since the password was typed, it is asked for again, however busy the session was."""


class Asked(StrEnum):
    """What is asked of somebody beside their password."""

    TEMPORARY = "temporary"
    """The password was a temporary one: choose your own."""

    AUTHENTICATOR = "authenticator"
    """The six digits that an authenticator app shows (RFC 6238)."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody proved that they own this mail address's account."""

    email: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """Something more is asked before that; `token` belongs to this one attempt and goes back with the answer."""

    asked: Asked
    email: str
    token: str


@dataclass(frozen=True, slots=True)
class Session:
    """One browser's right to act for an agent. `proven_at` is when the password was given, `renewed_at` when the
    session was last renewed; `form_token` proves that a form came from a page of this session."""

    agent_id: str
    proven_at: datetime
    renewed_at: datetime
    form_token: str

    def alive(self, now: datetime, signed_out_at: datetime | None) -> bool:
        """Whether it still counts at `now`; everything proven before the agent signed out everywhere doesn't."""
        fresh = now < self.renewed_at + timedelta(seconds=SESSION_SECONDS)
        young = now < self.proven_at + timedelta(seconds=LONGEST_SECONDS)
        return fresh and young and (signed_out_at is None or self.proven_at > signed_out_at)

    def wants_renewal(self, now: datetime) -> bool:
        """Whether a page that is shown should give the browser a newer one."""
        return now >= self.renewed_at + timedelta(seconds=RENEWED_AFTER_SECONDS)
