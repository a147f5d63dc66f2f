"""One thing that was checked, and how it stands."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing stands: well; well enough, with a remark; badly; or nobody could find out."""

    OK = "ok"
    REMARK = "remark"
    FAIL = "fail"
    UNKNOWN = "unknown"


BAD = frozenset({State.FAIL, State.UNKNOWN})


class Side(StrEnum):
    """What a thing is needed for."""

    RECEIVE = "receiving"
    SEND = "sending"
    RUN = "running"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report; `fix` says what to do about it, empty where all is well."""

    name: str
    side: Side
    state: State
    says: str
    fix: str = ""
