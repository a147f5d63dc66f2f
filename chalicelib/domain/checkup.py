"""What the doctor said when it last looked the desk over, from the machine from which the desk was deployed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of it: `state` is ok, remark, fail or unknown; `fix` says what to do, empty where all is well."""

    name: str
    state: str
    says: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """All that was looked at, and when (UTC)."""

    at: datetime
    verdicts: tuple[Verdict, ...]
