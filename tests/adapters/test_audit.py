"""The audit log in the table: written with what it tells of, read by time, forgotten in the end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.audit import DynamoAudit
from chalicelib.adapters.people import DynamoPeople
from chalicelib.adapters.table import NEW, ConditionFailed, Put, Table
from chalicelib.domain.audit import AuditEntry, Deed, FieldChange, Kind
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.people import Agent, Team
from tests.adapters.noted import KEPT, noting
from tests.adapters.sample_tickets import NOON
from tests.adapters.watched_table import Watch, watched

DAY = timedelta(days=1)
ENTRY = AuditEntry(
    "0123456789ab", NOON, "agent:ada", Deed.CHANGED, Kind.AGENT, "sam", "Sam", (FieldChange("capacity", "3", "5"),), 2
)


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[Table, Watch]]:
    with watched(*any_cloud_table) as found:
        yield found


@pytest.fixture
def audit(desk: tuple[Table, Watch]) -> DynamoAudit:
    return noting(desk[0])()


def every(audit: DynamoAudit, days: int = 400) -> list[AuditEntry]:
    return list(audit.entries(NOON - days * DAY, NOON + days * DAY))


def test_an_entry_comes_back_as_it_was(audit: DynamoAudit) -> None:
    audit.keep(ENTRY)
    audit.keep(ENTRY)
    assert every(audit) == [ENTRY]


def test_entries_come_newest_first_over_months_and_from_any_place_on(audit: DynamoAudit) -> None:
    entries = [replace(ENTRY, at=NOON - number * 7 * DAY, id=f"{number:012x}") for number in range(12)]
    for entry in reversed(entries):
        audit.keep(entry)
    assert every(audit) == entries
    assert list(audit.entries(NOON - 400 * DAY, NOON + DAY, entries[4].place)) == entries[5:]
    assert list(audit.entries(entries[6].at, entries[2].at)) == entries[3:7]


def test_more_entries_in_a_month_than_one_question_gives_are_all_read(
    audit: DynamoAudit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.adapters.audit.CHUNK", 2)
    entries = [replace(ENTRY, at=NOON - timedelta(minutes=number)) for number in range(7)]
    for entry in entries:
        audit.keep(entry)
    assert every(audit, 1) == entries


def test_an_entry_is_forgotten_when_its_time_is_over(desk: tuple[Table, Watch], audit: DynamoAudit) -> None:
    audit.keep(ENTRY)
    item = desk[0].get("audit#2026-11", ENTRY.place)
    assert item is not None
    assert int(item["expires_at"]) == int((NOON + KEPT).timestamp())


def test_a_change_and_its_entry_are_one_write(desk: tuple[Table, Watch], audit: DynamoAudit) -> None:
    table, watch = desk
    people = DynamoPeople(table, lambda: audit)
    sam = people.save_agent(Agent("sam", "Sam", "sam@example.com"))
    people.save_agent(replace(sam, capacity=3))
    people.save_team(Team("support", "Support", ("sam",)))
    assert [name for name in watch.operations() if name not in ("GetItem", "Query")] == ["TransactWriteItems"] * 3
    told = {(one.deed, one.kind, one.subject): one.changes for one in every(audit)}
    assert told[Deed.CHANGED, Kind.AGENT, "sam"] == (FieldChange("capacity", "10", "3"),)
    assert FieldChange("email", "", "sam@example.com") in told[Deed.ADDED, Kind.AGENT, "sam"]
    assert FieldChange("lead_ids", "", "sam") in told[Deed.ADDED, Kind.TEAM, "support"]


def test_a_change_that_is_refused_leaves_no_entry(desk: tuple[Table, Watch], audit: DynamoAudit) -> None:
    people = DynamoPeople(desk[0], lambda: audit)
    sam = people.save_agent(Agent("sam", "Sam", "sam@example.com"))
    people.save_agent(replace(sam, capacity=3))
    with pytest.raises(StaleVersion):
        people.save_agent(replace(sam, capacity=4))
    with pytest.raises(ConditionFailed):
        audit.audited([Put({"pk": "people", "sk": "agent#sam"}, NEW)], Deed.ADDED, Kind.AGENT, "sam", "9")
    assert len(every(audit)) == 2


def test_an_entry_that_can_t_be_written_takes_the_change_back_with_it(
    desk: tuple[Table, Watch], audit: DynamoAudit
) -> None:
    people = DynamoPeople(desk[0], lambda: audit)
    with pytest.raises(ClientError):
        # an item ends at 400 kB, a sort key at 1 kB
        audit.audited(
            [Put({"pk": "people", "sk": "team#x", "name": "x", "version": 1}), Put({"pk": "people", "sk": "y" * 2000})],
            Deed.ADDED,
            Kind.TEAM,
            "x",
            "1",
        )
    assert people.roster().teams == ()
    assert every(audit) == []


def test_saving_what_is_there_already_is_no_entry(desk: tuple[Table, Watch], audit: DynamoAudit) -> None:
    people = DynamoPeople(desk[0], lambda: audit)
    sam = people.save_agent(Agent("sam", "Sam", "sam@example.com"))
    assert people.save_agent(sam).version == 2
    assert [one.deed for one in every(audit)] == [Deed.ADDED]
