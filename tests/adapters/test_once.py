"""A repeated request is answered with what the first was answered, and done once."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.adapters.once import KEPT_SECONDS, Once
from chalicelib.adapters.table import Table, unpacked
from chalicelib.domain.errors import InvalidInput, RequestInProgress, TryAgain
from infra.local.lambda_events import LocalContext
from tests.adapters.unreliable_cloud import BAD_DAYS, bad_day
from tests.adapters.watched_table import Watch, watched

CONTEXT = LocalContext("api_handler")
KEY, PAYLOAD = "key:k1:/v1/tickets:chosen", {"path": {}, "body": '{"subject": "物流"}'}


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[Table, Watch]]:
    with watched(*any_cloud_table) as found:
        yield found


@pytest.fixture
def once(desk: tuple[Table, Watch]) -> Once:
    return Once(desk[0])


class Counter:
    """Something to do, that knows how often it was done."""

    def __init__(self, before: Callable[[], object] = lambda: None) -> None:
        self.done = 0
        self._before = before

    def __call__(self) -> dict[str, Any]:
        self.done += 1
        self._before()
        return {"status": 201, "body": {"ref": f"7K3F-{self.done:04}", "subject": "物流", "due_at": None}}


def test_the_same_request_gets_the_same_answer_and_is_done_once(once: Once) -> None:
    do = Counter()
    first = once.answer(KEY, PAYLOAD, do, CONTEXT)
    assert first == {"status": 201, "body": {"ref": "7K3F-0001", "subject": "物流", "due_at": None}}
    assert once.answer(KEY, PAYLOAD, do, LocalContext("api_handler")) == first
    assert do.done == 1


def test_another_key_is_another_request(once: Once) -> None:
    do = Counter()
    for key in (KEY, KEY + "2", "钥匙", "\ud800"):
        once.answer(key, PAYLOAD, do, CONTEXT)
    assert do.done == 4


def test_the_same_key_with_another_request_is_refused(once: Once) -> None:
    do = Counter()
    once.answer(KEY, PAYLOAD, do, CONTEXT)
    with pytest.raises(InvalidInput) as refusal:
        once.answer(KEY, {**PAYLOAD, "body": "another"}, do, CONTEXT)
    assert (refusal.value.field, do.done) == ("Idempotency-Key", 1)


def test_a_request_that_comes_while_the_first_is_worked_on_is_told_so(once: Once) -> None:
    def again() -> None:
        with pytest.raises(RequestInProgress):
            once.answer(KEY, PAYLOAD, Counter(), CONTEXT)

    assert once.answer(KEY, PAYLOAD, Counter(before=again), CONTEXT)["status"] == 201


def test_a_request_that_failed_may_be_made_again(once: Once) -> None:
    def fail() -> None:
        raise TryAgain("briefly unable")

    with pytest.raises(TryAgain):
        once.answer(KEY, PAYLOAD, Counter(before=fail), CONTEXT)
    assert once.answer(KEY, PAYLOAD, Counter(), CONTEXT)["status"] == 201


def test_a_request_whose_function_died_may_be_made_again_when_its_time_is_over(once: Once) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        once.answer(KEY, PAYLOAD, Counter(before=die), LocalContext("api_handler", remaining_ms=200))
    with pytest.raises(RequestInProgress):
        once.answer(KEY, PAYLOAD, Counter(), CONTEXT)
    time.sleep(0.25)
    assert once.answer(KEY, PAYLOAD, Counter(), CONTEXT)["status"] == 201


def record(desk: tuple[Table, Watch]) -> dict[str, Any]:
    table, watch = desk
    key = json.loads(next(call.body for call in watch.calls if call.operation == "PutItem"))["Item"]
    found = table.client.get_item(TableName=table.name, Key={"pk": key["pk"], "sk": key["sk"]})["Item"]
    return unpacked(found)


def test_a_record_expires_after_a_day_by_the_tables_time_to_live(
    desk: tuple[Table, Watch], once: Once, desk_definition: dict[str, Any]
) -> None:
    once.answer(KEY, PAYLOAD, Counter(), CONTEXT)
    found = record(desk)
    assert found["pk"].startswith("once#")
    assert 0 <= time.time() + KEPT_SECONDS - int(found["expires_at"]) < 60
    assert not found.keys() & {
        definition["AttributeName"] for definition in desk_definition["AttributeDefinitions"][2:]
    }


def test_a_record_names_neither_the_key_nor_the_request(desk: tuple[Table, Watch], once: Once) -> None:
    once.answer(KEY, {"body": "private words"}, Counter(), CONTEXT)
    sent = b"".join(call.body for call in desk[1].calls)
    assert b"private words" not in sent
    assert b"chosen" not in sent


def test_an_expired_record_counts_as_none_though_dynamodb_deletes_it_late(
    desk: tuple[Table, Watch], once: Once
) -> None:
    table, do = desk[0], Counter()
    once.answer(KEY, PAYLOAD, do, CONTEXT)
    found = record(desk)
    past = {":past": int(time.time()) - 5}
    table.update(found["pk"], found["sk"], "SET expires_at = :past", past)
    once.answer(KEY, PAYLOAD, do, CONTEXT)
    assert do.done == 2


@pytest.mark.parametrize("kind", BAD_DAYS)
def test_a_cloud_that_is_briefly_unable_is_told_as_such_and_nothing_is_done(
    desk: tuple[Table, Watch], once: Once, kind: str
) -> None:
    do = Counter()
    with bad_day({"dynamodb": desk[0].client}, BAD_DAYS[kind]), pytest.raises(TryAgain):
        once.answer(KEY, PAYLOAD, do, CONTEXT)
    assert do.done == 0
    assert once.answer(KEY, PAYLOAD, do, CONTEXT)["status"] == 201
