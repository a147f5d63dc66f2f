"""What the desk remembers of addresses and of spam, in memory, with the versions that the ports promise."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.deliverability import AddressMark
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.spam import SpamModel
from chalicelib.domain.ticket import Ticket
from tests.usecases.fake_records import FakeTickets


class FakeDeliverability:
    """Marks by address."""

    def __init__(self) -> None:
        self.kept: dict[str, AddressMark] = {}
        self.stale = 0

    def mark_of(self, email: str) -> AddressMark | None:
        return self.kept.get(email)

    def keep(self, mark: AddressMark) -> AddressMark:
        known = self.kept.get(mark.email)
        if self.stale or mark.version != (known.version if known else 0):
            self.stale = max(0, self.stale - 1)
            raise StaleVersion("stale", "version")
        self.kept[mark.email] = replace(mark, version=mark.version + 1)
        return self.kept[mark.email]

    def lift(self, email: str) -> bool:
        return self.kept.pop(email, None) is not None


class FakeSpamMemory:
    """One model. `stale` so many savings are refused."""

    def __init__(self) -> None:
        self.kept = SpamModel()
        self.reads = self.stale = 0

    def load(self) -> SpamModel:
        self.reads += 1
        return self.kept

    def latest(self) -> SpamModel:
        return self.kept

    def save(self, model: SpamModel) -> SpamModel:
        if self.stale or model.version != self.kept.version:
            self.stale = max(0, self.stale - 1)
            raise StaleVersion("stale", "version")
        self.kept = replace(model, version=model.version + 1)
        return self.kept


class FakeAllowances:
    """Counts by what, whom and stretch."""

    def __init__(self) -> None:
        self.taken: Counter[tuple[str, str, int]] = Counter()

    def take(self, what: str, who: str, most: int, seconds: int, now: datetime) -> bool:
        key = (what, who, int(now.timestamp()) // seconds)
        if self.taken[key] >= most:
            return False
        self.taken[key] += 1
        return True


class FakeChats:
    """How far visitors have read. A glance sees what `tickets` holds, but for what is `unseen_yet`."""

    def __init__(self, tickets: FakeTickets) -> None:
        self._tickets = tickets
        self.unseen_yet: set[str] = set()
        self.places: dict[str, int] = {}

    def glance(self, ref: str) -> Ticket | None:
        found = None if ref in self.unseen_yet else self._tickets.get(ref)
        return replace(found, timeline=found.timeline[found.archived :]) if found else None

    def seen(self, ref: str) -> int:
        return self.places.get(ref, 0)

    def mark_seen(self, ref: str, place: int, now: datetime) -> None:
        self.places[ref] = max(place, self.seen(ref))
