"""What the desk remembers of addresses and of spam, in memory, with the versions that the ports promise."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.deliverability import AddressMark
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.spam import SpamModel


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
