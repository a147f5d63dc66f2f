"""What is used is counted where it is used, rides on tickets until it is booked, and is neither lost nor told twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters import counting
from chalicelib.adapters.counting import Handling, add, listen, of_invocation
from chalicelib.adapters.meter import MOST_CARRIED, Meter
from chalicelib.adapters.table import ConditionFailed, Table
from chalicelib.adapters.tickets import DynamoTickets
from chalicelib.domain.errors import StaleVersion, TryAgain
from chalicelib.domain.usage import Usage
from tests.adapters.sample_tickets import NOON, a_ticket, card_for, kept, ref_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)
LAMBDA = SimpleNamespace(memory_limit_in_mb="512")
"""Lambda's context, which tells the memory as text."""


def still() -> int:
    """A time that stands still."""
    return 10**9


def a_meter() -> Meter:
    return Meter(still)


@contextmanager
def invoked(meter: Meter, *, books: bool = False, first: Usage | None = None) -> Iterator[None]:
    with meter.handling(first or Usage(), LAMBDA):
        if books:
            meter.may_book(NOON, MINUTE, keeps=True)
        yield


@pytest.fixture
def desk_table(any_cloud_table: tuple["DynamoDBClient", str]) -> Table:
    client, name = any_cloud_table
    listen(client)
    return Table(client, name)


# ---- counting


def test_each_call_of_a_handling_counts_and_calls_outside_of_one_do_not(desk_table: Table) -> None:
    meter = a_meter()
    desk_table.put({"pk": "a", "sk": "b"})
    with invoked(meter, first=Usage(lambda_requests=1)):
        desk_table.put({"pk": "a", "sk": "b"})
        desk_table.get("a", "b")
        desk_table.delete("a", "b")
    assert meter.pending.read_half_units in (1, 2), "Moto tells half of what a consistent read consumes"
    assert replace(meter.pending, read_half_units=2) == Usage(3, 2, 2, lambda_requests=1)


def test_a_refused_write_costs_all_the_same(desk_table: Table) -> None:
    meter = a_meter()
    with invoked(meter), pytest.raises(ConditionFailed):
        desk_table.put({"pk": "a", "sk": "b"}, "attribute_exists(pk)")
    assert meter.pending == Usage(table_calls=1, write_units=1)


def test_handlings_in_two_threads_do_not_count_for_each_other() -> None:
    met, meters = threading.Barrier(2, timeout=10), (a_meter(), a_meter())

    def handle(meter: Meter, mails: int) -> None:
        with invoked(meter):
            met.wait()
            for _ in range(mails):
                add(Usage(mails_out=1))
            met.wait()

    threads = [threading.Thread(target=handle, args=pair) for pair in zip(meters, (2, 5), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [meter.pending.mails_out for meter in meters] == [2, 5]


def test_time_is_counted_once_however_often_it_is_asked_for() -> None:
    now = iter((1_000_000_000, 1_010_400_000, 1_030_400_000, 1_030_400_000))
    handling = Handling(512, ticks=lambda: next(now))
    assert [handling.take().lambda_ms for _ in range(3)] == [11, 20, 0]


def test_time_costs_by_the_functions_memory() -> None:
    now = iter((1_000_000_000, 1_010_000_000))
    handling = of_invocation(Usage(), SimpleNamespace(memory_limit_in_mb="256"), lambda: next(now))
    assert handling.take() == Usage(lambda_ms=10, lambda_mb_ms=2_560)


def test_the_first_invocation_of_a_process_bears_its_initialisation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    monkeypatch.setattr(counting, "_begun", False)
    monkeypatch.setattr("time.process_time", lambda: 0.7)
    assert [of_invocation(Usage(), LAMBDA, still).take().lambda_ms for _ in range(2)] == [700, 0]


# ---- on the ticket


def test_a_ticket_knows_what_it_cost_its_own_write_included(desk_table: Table) -> None:
    meter = a_meter()
    tickets = DynamoTickets(desk_table, meter=meter)
    with invoked(meter, first=Usage(lambda_requests=1, mails_in=1)):
        added = kept(tickets, a_ticket())
    assert added.cost == Usage(table_calls=1, write_units=3, lambda_requests=1, mails_in=1)
    read = tickets.get(added.ref)
    assert read == added
    assert read is not None
    assert read.cost == card_for(added).cost == tickets.of_customer("cjo", 1).cards[0].cost


def test_outside_of_a_handling_a_ticket_keeps_what_it_cost(desk_table: Table) -> None:
    tickets = DynamoTickets(desk_table)
    used = Usage(mails_out=3)
    added = kept(tickets, a_ticket(cost=used, unbooked=used))
    saved = kept(tickets, added)
    assert (saved.cost, saved.unbooked) == (used, used)


def test_what_came_after_a_save_goes_to_the_next_one(desk_table: Table) -> None:
    meter = a_meter()
    tickets = DynamoTickets(desk_table, meter=meter)
    with invoked(meter):
        added = kept(tickets, a_ticket())
        add(Usage(mails_out=1))
    with invoked(meter):
        another = kept(tickets, a_ticket(2))
        saved = kept(tickets, added)
    assert (added.cost.mails_out, another.cost.mails_out, saved.cost.mails_out) == (0, 0, 1)


def test_a_lost_race_costs_and_is_told_once(desk_table: Table) -> None:
    meter = a_meter()
    tickets = DynamoTickets(desk_table, meter=meter)
    with invoked(meter):
        first = kept(tickets, a_ticket())
        kept(tickets, first)
    with invoked(meter):
        add(Usage(mails_out=1))
        with pytest.raises(StaleVersion):
            kept(tickets, first)
        latest = tickets.get(first.ref)
        assert latest is not None
        saved = kept(tickets, latest)
    assert saved.cost.mails_out == 1
    assert saved.cost.table_calls == 2 + 3
    assert saved.cost.write_units == 3 + 3 + 1 + 3
    assert saved.cost == saved.unbooked


def test_a_process_remembers_the_ends_of_so_many_tickets_and_no_more() -> None:
    meter = a_meter()
    for number in range(MOST_CARRIED + 10):
        with invoked(meter), meter.saving(a_ticket(number), {}):
            pass
    assert len(meter._carried) == MOST_CARRIED
    assert ref_of(0) not in meter._carried


# ---- for the month


def test_what_a_process_does_not_book_rides_on_the_next_ticket_until_one_that_books_takes_it_over(
    desk_table: Table,
) -> None:
    intake, worker = a_meter(), a_meter()
    with invoked(intake, first=Usage(mails_in=1)):
        pass
    with invoked(intake, first=Usage(mails_in=1)):
        added = kept(DynamoTickets(desk_table, meter=intake), a_ticket())
    assert added.unbooked.mails_in == 2
    assert added.cost.mails_in == 1
    assert intake.pending == Usage()
    with invoked(worker, books=True):
        saved = kept(DynamoTickets(desk_table, meter=worker), added)
        booking = worker.booking("2026-11")
    assert saved.unbooked == Usage()
    assert saved.cost.mails_in == 1
    assert booking is not None
    assert (booking.usage.mails_in, booking.usage.table_calls) == (2, 2)


def test_between_its_bookings_a_worker_takes_over_what_rides_and_lets_nothing_ride() -> None:
    meter, ticket = a_meter(), a_ticket(unbooked=Usage(mails_in=1))
    meter.booked(NOON)
    with invoked(meter, books=True, first=Usage(mails_out=1)):
        with meter.saving(ticket, {}) as (_, unbooked):
            assert unbooked == Usage()
        assert meter.booking("2026-11") is None
    assert (meter.pending.mails_in, meter.pending.mails_out) == (1, 1)


def test_a_stale_save_takes_nothing_over() -> None:
    meter, ticket = a_meter(), a_ticket(unbooked=Usage(mails_in=1))
    with invoked(meter, books=True):
        with pytest.raises(ConditionFailed), meter.saving(ticket, {}):
            raise ConditionFailed
        with meter.saving(ticket, {}) as (_, unbooked):
            assert unbooked == Usage()
        booking = meter.booking("2026-11")
    assert booking is not None
    assert booking.usage.mails_in == 1


def test_what_rode_on_a_save_that_was_stale_rides_on_the_next() -> None:
    meter = a_meter()
    with invoked(meter, first=Usage(mails_in=1)):
        pass
    with invoked(meter):
        with pytest.raises(ConditionFailed), meter.saving(a_ticket(), {}):
            raise ConditionFailed
        with meter.saving(a_ticket(), {}) as (cost, unbooked):
            assert (cost.mails_in, unbooked.mails_in) == (0, 1)


def test_a_save_that_may_have_been_made_counts_for_the_month_rather_twice_than_never() -> None:
    meter = a_meter()
    with invoked(meter, first=Usage(mails_in=1)), pytest.raises(TryAgain), meter.saving(a_ticket(), {}):
        raise TryAgain("briefly unable")
    assert meter.pending.mails_in == 1


@pytest.mark.parametrize(
    ("seconds", "books"),
    [(0, False), (59, False), (60, True), (61, True), (-1, True)],
)
def test_a_process_books_at_most_once_a_minute(seconds: int, books: bool) -> None:
    meter = a_meter()
    meter.booked(NOON)
    with meter.handling(Usage(mails_in=1), LAMBDA):
        meter.may_book(NOON + timedelta(seconds=seconds), MINUTE, keeps=True)
        assert (meter.booking("2026-11") is not None) is books


def test_a_process_that_keeps_nothing_waits_from_its_first_handling_on() -> None:
    meter, found = a_meter(), []
    for seconds in (0, 59, 60):
        with meter.handling(Usage(mails_in=1), LAMBDA):
            meter.may_book(NOON + timedelta(seconds=seconds), MINUTE, keeps=False)
            found.append(meter.booking("2026-11") is not None)
    assert found == [False, False, True]


def test_nothing_used_is_nothing_to_book() -> None:
    meter = a_meter()
    with invoked(meter, books=True):
        assert meter.booking("2026-11") is None


def test_a_booking_stays_the_same_until_it_is_known_to_be_done() -> None:
    meter, seen = a_meter(), list[Any]()
    for _ in range(2):
        with invoked(meter, books=True, first=Usage(mails_in=1)):
            seen.append(meter.booking("2026-11"))
    assert seen[0] is seen[1]
    meter.booked(NOON - MINUTE)
    with invoked(meter, books=True):
        third: Any = meter.booking("2026-12")
    assert (third.month, third.usage.mails_in) == ("2026-12", 1)
    assert third.id != seen[0].id
    assert replace(third) == third
