"""The desk's settings in the table: versioned, and never seen more than a minute late."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters import desk_settings
from chalicelib.adapters.desk_settings import DynamoSettings
from chalicelib.adapters.table import Table
from chalicelib.domain.desk import DeskSettings, SurveySettings, TriageRule
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.sla_policy import SlaPolicy
from tests.adapters.noted import noting
from tests.adapters.watched_table import Watch, watched

DEFAULTS = DeskSettings(name="New desk", support_address="help@shop.example", public_url="https://shop.example")


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[Table, Watch]]:
    with watched(*any_cloud_table) as found:
        yield found


@pytest.fixture
def table(desk: tuple[Table, Watch]) -> Table:
    return desk[0]


class MovedClock:
    """Stands in for the module `time`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    moved = MovedClock()
    monkeypatch.setattr(desk_settings, "time", moved)
    return moved


def test_a_desk_that_saved_nothing_has_the_defaults(table: Table) -> None:
    assert DynamoSettings(table, DEFAULTS, noting(table)).load() == DEFAULTS


def test_what_is_saved_is_read_by_everybody(table: Table) -> None:
    wanted = replace(
        DEFAULTS,
        name="客服",
        language="zh",
        acknowledge=False,
        triage=(TriageRule(words=("坏了",), priority="high", skills=("repair",)),),
        sla_policies=(SlaPolicy(id="gold", targets={"resolution": {"urgent": 60}}),),
        survey=SurveySettings(enabled=False),
        calendar={"timezone": "Asia/Shanghai", "hours": {"mon": [["09:00", "18:00"]]}},
    )
    assert DynamoSettings(table, DEFAULTS, noting(table)).save(wanted) == replace(wanted, version=1)
    assert DynamoSettings(table, DEFAULTS, noting(table)).load() == replace(wanted, version=1)


def test_what_was_never_saved_follows_the_environment(table: Table) -> None:
    table.put({"pk": "desk", "sk": "settings", "settings": '{"name": "Old", "gone": 7}', "version": 3})
    assert DynamoSettings(table, DEFAULTS, noting(table)).load() == replace(DEFAULTS, name="Old", version=3)


def test_a_change_made_on_an_old_version_is_refused(table: Table) -> None:
    settings = DynamoSettings(table, DEFAULTS, noting(table))
    first = settings.save(replace(DEFAULTS, name="First"))
    second = settings.save(replace(first, name="Second"))
    assert (first.version, second.version) == (1, 2)
    for stale in (DEFAULTS, first):
        with pytest.raises(StaleVersion):
            settings.save(replace(stale, name="Third"))
    assert DynamoSettings(table, DEFAULTS, noting(table)).load() == second


def test_settings_are_read_once_a_minute(desk: tuple[Table, Watch], clock: MovedClock) -> None:
    table, watch = desk
    settings = DynamoSettings(table, DEFAULTS, noting(table))
    for _ in range(6):
        settings.load()
        clock.now += 10
    assert watch.operations() == ["GetItem"]
    clock.now += 1
    settings.load()
    assert watch.operations() == ["GetItem"] * 2


def test_another_process_sees_a_change_after_a_minute_at_most(table: Table, clock: MovedClock) -> None:
    one, another = DynamoSettings(table, DEFAULTS, noting(table)), DynamoSettings(table, DEFAULTS, noting(table))
    another.load()
    saved = one.save(replace(DEFAULTS, name="Changed"))
    assert one.load() == saved
    assert another.load() == DEFAULTS
    clock.now += 60.1
    assert another.load() == saved


def test_a_new_public_url_applies_to_a_desk_that_saved_other_settings(any_cloud_table: "tuple[Any, str]") -> None:
    table = Table(*any_cloud_table)
    before = DynamoSettings(table, DeskSettings(public_url="https://old.example"), noting(table))
    before.save(replace(before.load(), name="Our shop"))
    now = DynamoSettings(table, DeskSettings(public_url="https://new.example"), noting(table)).load()
    assert (now.name, now.public_url) == ("Our shop", "https://new.example")


def test_whoever_asks_for_the_latest_sees_a_change_at_once_and_knows_it_from_then_on(desk: tuple[Table, Watch]) -> None:
    table, watch = desk
    one, another = (DynamoSettings(table, DEFAULTS, noting(table)) for _ in range(2))
    another.load()
    saved = one.save(replace(DEFAULTS, name="Changed"))
    assert another.latest() == saved
    calls = len(watch.calls)
    assert (another.load(), len(watch.calls)) == (saved, calls)
