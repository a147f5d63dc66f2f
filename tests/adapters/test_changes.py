"""What changed waits in one item, for search to read and for one at a time to build in; nothing noted is lost."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters import changes as module
from chalicelib.adapters.changes import ENOUGH, LEASE, SOON, WAIT, DynamoChanges
from chalicelib.adapters.table import Table
from chalicelib.adapters.tickets import DynamoTickets
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.search.found import CHANGES, Change
from tests.domain.search.samples import NOON

LATER = NOON + LEASE + timedelta(seconds=1)


@pytest.fixture
def table(any_cloud_table: tuple[Any, str]) -> Table:
    return Table(*any_cloud_table)


@pytest.fixture
def changes(table: Table) -> DynamoChanges:
    return DynamoChanges(table)


def change(number: int, version: int = 2) -> Change:
    return Change(f"0000-{number:04}", version, NOON)


def due(table: Table) -> list[timedelta]:
    """Give in how long what waits is to be built in."""
    return [at - NOON for ref, at in DynamoTickets(table).due(NOON + timedelta(days=1)) if ref == CHANGES]


def in_order(found: Sequence[Change] | None) -> list[Change]:
    assert found is not None
    return sorted(found, key=lambda one: (one.ref, one.version))


def test_what_is_noted_waits_once_and_is_due_an_hour_after_the_first(table: Table, changes: DynamoChanges) -> None:
    assert (due(table), list(changes.waiting())) == ([], [])
    for one in (change(1), change(1), change(2), change(1, version=3)):
        changes.note(one)
    assert in_order(changes.waiting()) == [change(1), change(1, version=3), change(2)]
    assert due(table) == [WAIT]


def test_when_there_is_enough_it_is_due_at_once(table: Table, changes: DynamoChanges) -> None:
    for number in range(ENOUGH):
        assert due(table) == ([WAIT] if number else [])
        changes.note(change(number))
    assert due(table) == [timedelta()]


def test_more_than_should_wait_is_refused_for_now(changes: DynamoChanges, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    changes.note(change(1))
    changes.note(change(2))
    with pytest.raises(TryAgain):
        changes.note(change(3))


def test_one_at_a_time_takes_what_waits_and_strikes_it_out(table: Table, changes: DynamoChanges) -> None:
    changes.note(change(1))
    taken = changes.take(NOON)
    assert in_order(taken) == [change(1)]
    assert DynamoChanges(table).take(NOON) is None
    changes.settle([change(1)], NOON)
    assert (due(table), list(changes.waiting())) == ([], [])


def test_what_comes_while_somebody_builds_waits_its_own_time(table: Table, changes: DynamoChanges) -> None:
    changes.note(change(1))
    changes.take(NOON)
    DynamoChanges(table).note(change(1, version=3))
    changes.settle([change(1)], NOON)
    assert (list(changes.waiting()), due(table)) == ([change(1, version=3)], [WAIT])


@pytest.mark.parametrize(("done", "more"), [([change(1)], False), ([], False), ([change(1), change(2)], True)])
def test_what_is_left_is_tried_again_soon(table: Table, changes: DynamoChanges, done: list[Change], more: bool) -> None:
    changes.note(change(1))
    changes.note(change(2))
    changes.take(NOON)
    changes.settle(done, NOON, more=more)
    assert due(table) == [SOON]
    assert DynamoChanges(table).take(NOON) is not None


def test_who_dies_is_taken_over_from_and_can_spoil_nothing_later(table: Table, changes: DynamoChanges) -> None:
    changes.note(change(1))
    changes.take(NOON)
    successor = DynamoChanges(table)
    assert in_order(successor.take(LATER)) == [change(1)]
    changes.settle([change(1)], LATER)
    assert DynamoChanges(table).take(LATER) is None, "the lease is the successor's"
    assert list(changes.waiting()) == [change(1)]


def test_nobody_builds_while_somebody_holds_it(table: Table, changes: DynamoChanges) -> None:
    assert changes.hold(NOON, NOON + timedelta(minutes=10))
    assert changes.hold(NOON + timedelta(minutes=5), NOON + timedelta(minutes=15)), "it is held by the same"
    assert not DynamoChanges(table).hold(NOON, NOON + timedelta(minutes=1))
    DynamoChanges(table).note(change(1))
    assert DynamoChanges(table).take(NOON + timedelta(minutes=14)) is None
    changes.settle((), NOON, more=True)
    assert in_order(DynamoChanges(table).take(NOON)) == [change(1)]
