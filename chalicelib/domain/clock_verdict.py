"""What the fact that ended a clock remembers of it, so that no later edit of policy or calendar judges it anew."""

from dataclasses import dataclass
from datetime import datetime

_BUSINESS, _CALENDAR = "business", "calendar"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The promise as it stood when the clock ended: seconds promised and used, of which hours, due when (None where it
    never became due), by which policy. Kept or broken follows from when it ended.
    """

    target: int
    business_time: bool
    used: float
    due_at: datetime | None
    policy_id: str

    def written(self) -> str:
        """Give it in the form in which a fact keeps it: `3600 business 1200 2026-11-23T11:00:00Z standard`."""
        due = "-" if self.due_at is None else self.due_at.isoformat().replace("+00:00", "Z")
        hours = _BUSINESS if self.business_time else _CALENDAR
        return f"{self.target} {hours} {round(self.used, 3):.12g} {due} {self.policy_id}"

    @staticmethod
    def read(text: str) -> "Verdict | None":
        """Give the verdict of that form, or None where the text says that nothing was promised."""
        parts = text.split(" ", 4)
        if len(parts) != 5:
            return None
        target, hours, used, due, policy_id = parts
        at = None if due == "-" else datetime.fromisoformat(due)
        return Verdict(int(target), hours == _BUSINESS, float(used), at, policy_id)
