"""An admin asks who changed what of the desk, and when."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.audit import AuditEntry, Kind
from chalicelib.domain.desk import MOST_AUDIT_DAYS, DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.usecases.ports import AuditedDesk

USUAL_DAYS = 90
MOST_READ = 2000
"""How many entries one page reads at most in search of those that fit; the next one goes on from there."""

PLACE = re.compile(r"[0-9]{13}#[0-9a-f]{12}")
AREAS = (*(kind.value for kind in Kind), *(name for name in DeskSettings.__dataclass_fields__ if name != "version"))


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """What is asked for: from `begin` up to, not including, `end`; by whom, and about which area; "" for any."""

    begin: datetime
    end: datetime
    by: str = ""
    area: str = ""

    def fits(self, entry: AuditEntry) -> bool:
        """Whether an entry answers it."""
        return self.by in ("", entry.by) and (not self.area or self.area in entry.areas)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first, and the place after which the next page begins; "" at the end."""

    entries: tuple[AuditEntry, ...]
    after: str


def usual_question(now: datetime) -> AuditQuestion:
    """Give the question of somebody who asks for nothing particular: everything of late."""
    return AuditQuestion(now - timedelta(days=USUAL_DAYS), now + timedelta(seconds=1))


def read_audit(desk: AuditedDesk, question: AuditQuestion, limit: int, after: str = "") -> AuditPage:
    """Give a page of at most `limit` entries. It may be short, or empty, and yet have a next one.

    Raises InvalidInput for a place, a time or an area that can't be.
    """
    if question.begin >= question.end:
        raise InvalidInput("must be earlier than `to`", "from")
    if question.end - question.begin > timedelta(days=MOST_AUDIT_DAYS):
        raise InvalidInput("must be at most ten years before `to`", "from")
    if question.area and question.area not in AREAS:
        raise InvalidInput(f"is not one of {', '.join(AREAS)}", "area")
    if after and not PLACE.fullmatch(after):
        raise InvalidInput("is not a cursor that this list gave; begin without one", "cursor")
    found: list[AuditEntry] = []
    place = ""
    for number, entry in enumerate(desk.audit.entries(question.begin, question.end, after)):
        if len(found) == limit or number == MOST_READ:
            return AuditPage(tuple(found), place)
        place = entry.place
        if question.fits(entry):
            found.append(entry)
    return AuditPage(tuple(found), "")
