"""What the desk remembers of addresses and of spam, in the table: as it was kept, never overwritten unseen, small."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters import spam_memory
from chalicelib.adapters.deliverability import DynamoDeliverability, key_of
from chalicelib.adapters.spam_memory import DynamoSpamMemory
from chalicelib.adapters.table import Table
from chalicelib.domain.deliverability import AddressMark, Trouble
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.spam import HAM, MOST_TAUGHT, MOST_TOKENS, SPAM, SpamModel, taught
from tests.conftest import MONDAY


@pytest.fixture
def table(any_cloud_table: tuple[Any, str]) -> Table:
    return Table(*any_cloud_table)


MARK = AddressMark("jo@customer.example", Trouble.FAILING, MONDAY, "mailbox_full", "5.2.2", 2, MONDAY, ("a", "b"))


class TestMarks:
    def test_one_comes_back_as_it_was(self, table: Table) -> None:
        marks = DynamoDeliverability(table)
        assert marks.mark_of(MARK.email) is None
        marks.keep(MARK)
        assert marks.mark_of("JO@customer.example") == replace(MARK, version=1)

    def test_one_that_stands_for_good_has_no_expiry(self, table: Table) -> None:
        DynamoDeliverability(table).keep(replace(MARK, expires_at=None))
        item = table.get(key_of(MARK.email), "address")
        assert item is not None
        assert "expires_at" not in item

    def test_what_others_wrote_is_never_overwritten(self, table: Table) -> None:
        marks = DynamoDeliverability(table)
        first = marks.keep(MARK)
        with pytest.raises(StaleVersion):
            marks.keep(MARK)
        marks.keep(first)
        with pytest.raises(StaleVersion):
            marks.keep(first)

    def test_lifted_it_is_gone(self, table: Table) -> None:
        marks = DynamoDeliverability(table)
        marks.keep(MARK)
        assert marks.lift(MARK.email)
        assert marks.mark_of(MARK.email) is None
        assert not marks.lift(MARK.email)


class TestSpam:
    def test_what_was_taught_comes_back(self, table: Table) -> None:
        memory = DynamoSpamMemory(table)
        assert memory.load() == SpamModel()
        saved = memory.save(taught(SpamModel(), "7K3F-92QX", SPAM, ["赢大", "pills"]))
        assert DynamoSpamMemory(table).load() == saved

    def test_it_is_read_once_in_a_while(self, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
        memory, other = DynamoSpamMemory(table), DynamoSpamMemory(table)
        now = [1000.0]
        monkeypatch.setattr("chalicelib.adapters.spam_memory.time.monotonic", lambda: now[0])
        memory.load()
        other.save(taught(SpamModel(), "7K3F-92QX", HAM, ["parcel"]))
        assert memory.load().ham == 0
        assert memory.latest().ham == 1
        now[0] += spam_memory.MOST_AGE_SECONDS + 1
        assert memory.load().ham == 1

    def test_two_who_teach_at_once_do_not_overwrite_one_another(self, table: Table) -> None:
        memory, other = DynamoSpamMemory(table), DynamoSpamMemory(table)
        first = memory.save(SpamModel(spam=1))
        with pytest.raises(StaleVersion):
            other.save(SpamModel(spam=2))
        memory.save(first)
        with pytest.raises(StaleVersion):
            other.save(first)

    def test_a_full_model_is_a_small_item(self) -> None:
        tokens = {f"{hash_of(n)}": (n % 50, n % 7) for n in range(MOST_TOKENS)}
        lessons = {f"{hash_of(n)[:4]}-{hash_of(n)[4:8]}": SPAM for n in range(MOST_TAUGHT)}
        packed = spam_memory.pack_model(SpamModel(500, 500, tokens, lessons))
        assert len(packed["model"]) < 100_000


def hash_of(number: int) -> str:
    return f"{number * 2654435761 % 2**40:010x}xyz"
