"""A month's account in the table: everything that is added to it once, and who tells admins what it comes to."""

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters.counting import listen
from chalicelib.adapters.meter import Meter
from chalicelib.adapters.spending import DynamoSpending
from chalicelib.adapters.table import Table
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.spending import Account, booked_cost
from chalicelib.domain.usage import NAMES, Usage
from tests.adapters.sample_tickets import NOON

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)
ALL_OF_IT = Usage(*range(1, len(NAMES) + 1))


class Process:
    """One process of the desk, with its meter."""

    def __init__(self, table: Table) -> None:
        self.meter = Meter(lambda: 0)
        self.spending = DynamoSpending(table, self.meter)

    def works(self, used: Usage, minutes: int = 0) -> Account | None:
        """Use so much, and book it if it is time."""
        now = NOON + minutes * MINUTE
        with self.meter.handling(used, SimpleNamespace(memory_limit_in_mb=512)):
            self.meter.may_book(now, MINUTE, keeps=True)
            return self.spending.book(now)


@pytest.fixture
def table(any_cloud_table: tuple["DynamoDBClient", str]) -> Table:
    client, name = any_cloud_table
    listen(client)
    return Table(client, name)


def test_a_month_nobody_booked_into_is_empty(table: Table) -> None:
    assert Process(table).spending.account("2026-11") == Account("2026-11")


def test_what_two_processes_used_adds_up(table: Table) -> None:
    one, other = Process(table), Process(table)
    first, second = one.works(ALL_OF_IT), other.works(ALL_OF_IT)
    assert first is not None
    assert second is not None
    assert first.usage == ALL_OF_IT
    assert second.usage == ALL_OF_IT + ALL_OF_IT
    assert second.bookings == 2
    assert one.spending.account("2026-11") == second


def test_a_booking_is_one_write_and_tells_the_account_without_a_read(table: Table) -> None:
    process = Process(table)
    process.works(Usage(mails_out=1))
    booked = process.works(Usage(), minutes=1)
    assert booked is not None
    assert (booked.usage.table_calls, booked.usage.write_units, booked.usage.read_half_units) == (1, 1, 0)


def test_a_booking_whose_answer_was_lost_is_not_added_twice(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    process, real = Process(table), table.update

    def heard_but_not_answered(*args: object, **more: object) -> None:
        real(*args, **more)  # type: ignore[arg-type]
        raise TryAgain("the cloud could not be reached")

    with monkeypatch.context() as patch:
        patch.setattr(table, "update", heard_but_not_answered)
        with pytest.raises(TryAgain):
            process.works(Usage(mails_out=1))
    again = process.works(Usage(mails_out=10), minutes=1)
    assert again is not None
    assert (again.usage.mails_out, again.bookings) == (1, 1)
    last = process.works(Usage(), minutes=2)
    assert last is not None
    assert (last.usage.mails_out, last.bookings) == (11, 2)


def test_who_may_not_write_is_told_to_try_again_and_loses_nothing(table: Table) -> None:
    process, name = Process(table), table.name
    table.name = "another"
    with pytest.raises(TryAgain, match="ResourceNotFound"):
        process.works(Usage(mails_out=1))
    with pytest.raises(TryAgain, match="ResourceNotFound"):
        process.spending.known(NOON)
    table.name = name
    again = process.works(Usage(), minutes=1)
    assert again is not None
    assert again.usage.mails_out == 1


def test_each_month_starts_anew(table: Table) -> None:
    process = Process(table)
    process.works(Usage(mails_out=1))
    later = process.works(Usage(mails_out=5), minutes=60 * 24 * 10)
    assert later is not None
    assert (later.month, later.usage.mails_out) == ("2026-12", 5)
    assert process.spending.account("2026-11").usage.mails_out == 1


def test_what_is_known_is_at_most_a_minute_old(table: Table) -> None:
    mine, other = Process(table), Process(table)
    other.works(Usage(mails_out=1))
    assert mine.spending.known(NOON).usage.mails_out == 1
    other.works(Usage(mails_out=1), minutes=1)
    assert mine.spending.known(NOON + timedelta(seconds=59)).usage.mails_out == 1
    assert mine.spending.known(NOON + MINUTE).usage.mails_out == 2
    assert mine.spending.known(NOON + timedelta(days=10)) == Account("2026-12")


def test_what_was_booked_is_known_without_a_read(table: Table) -> None:
    process = Process(table)
    booked = process.works(Usage(mails_out=1))
    table.name = "unreadable"
    assert process.spending.known(NOON) == booked


def test_one_at_a_time_tells_admins_and_once(table: Table) -> None:
    one, other = Process(table).spending, Process(table).spending
    until = NOON + 2 * MINUTE
    assert one.claim_telling("2026-11", 80, 500, NOON, until)
    assert not other.claim_telling("2026-11", 80, 500, NOON, until)
    one.close_telling("2026-11", 80, 500)
    assert not other.claim_telling("2026-11", 80, 500, until, until)
    assert other.account("2026-11").told == 80


def test_who_died_while_telling_is_taken_over_and_who_failed_lets_go_at_once(table: Table) -> None:
    one, other = Process(table).spending, Process(table).spending
    assert one.claim_telling("2026-11", 80, 500, NOON, NOON + 2 * MINUTE)
    assert other.claim_telling("2026-11", 80, 500, NOON + 2 * MINUTE, NOON + 4 * MINUTE)
    other.release_telling("2026-11")
    assert one.claim_telling("2026-11", 80, 500, NOON + 2 * MINUTE, NOON + 4 * MINUTE)


def test_a_further_step_and_another_cap_are_told_anew_and_an_earlier_step_is_not(table: Table) -> None:
    spending = Process(table).spending
    spending.close_telling("2026-11", 90, 500)
    assert not spending.claim_telling("2026-11", 80, 500, NOON, NOON)
    assert spending.claim_telling("2026-11", 95, 500, NOON, NOON)
    assert spending.claim_telling("2026-11", 80, 1_000, NOON, NOON)
    spending.close_telling("2026-11", 95, 500)
    spending.close_telling("2026-11", 90, 500)
    assert (spending.account("2026-11").told, spending.account("2026-11").told_cap) == (95, 500)


def test_each_day_holds_what_was_booked_on_it(table: Table) -> None:
    process = Process(table)
    process.works(ALL_OF_IT)
    process.works(Usage(mails_out=1), minutes=24 * 60)
    account = process.spending.account("2026-11")
    assert account.days.keys() == {NOON.day, NOON.day + 1}
    assert sum(account.days.values()) == pytest.approx(booked_cost(account.usage), abs=30)
    assert account.days[NOON.day] > account.days[NOON.day + 1] > 0
