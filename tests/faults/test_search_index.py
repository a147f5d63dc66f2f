"""Whichever call of a building fails, and however: the next one makes the index right, and nothing is lost."""

from itertools import product

import pytest

from chalicelib.adapters import search_index
from chalicelib.adapters.changes import LEASE, WAIT
from chalicelib.usecases.search_tickets import search_tickets
from tests.faults.faulty_aws import Failure, Plan, at_calls, is_read, undisturbed
from tests.faults.scenes import in_work
from tests.faults.stage import Stage


def waiting(stage: Stage) -> None:
    """A ticket waits to be built in again, which is due."""
    stage.at(in_work)
    stage.wait(WAIT)
    stage.insist("PATCH", f"/v1/tickets/{{ref}}={stage.ref}", {"subject": "A xylophone"})
    stage.settle()
    stage.wait(LEASE)
    stage.cloud.clock.move_to(stage.cloud.clock.now() + WAIT)


class Shelf:
    """The index's files, put back to where they stood."""

    def __init__(self, stage: Stage) -> None:
        self._s3, self._bucket = stage.desk.aws.client("s3"), stage.desk.environment.files_bucket
        self._stood = {key: self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read() for key in self._keys()}

    def clear(self) -> None:
        for key in self._keys():
            self._s3.delete_object(Bucket=self._bucket, Key=key)

    def restore(self) -> None:
        self.clear()
        for key, content in self._stood.items():
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)

    def _keys(self) -> list[str]:
        listed = self._s3.list_objects_v2(Bucket=self._bucket, Prefix="search/")
        return [stored["Key"] for stored in listed.get("Contents", [])]


def build(stage: Stage, plan: Plan) -> None:
    with stage.failing_by(plan, "every_minute"):
        stage.tick()


def found(stage: Stage, text: str) -> list[str]:
    return [hit.document.ref for hit in search_tickets(stage.desk, text, 10)[1].hits]


@pytest.mark.parametrize("most", [1, 100])
def test_a_building_that_fails_is_made_good_by_the_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(search_index, "FOLD_AT", most)
    Shelf(stage).clear()
    waiting(stage)
    before, shelf = stage.snapshot(), Shelf(stage)
    build(stage, undisturbed)
    operations = tuple(stage.aws.operations)
    assert "PutObject" in operations
    for failure, (number, operation) in product(Failure, enumerate(operations, 1)):
        if failure is not Failure.REFUSED and is_read(operation):
            continue
        shelf.restore()
        stage.restore(before)
        build(stage, at_calls({number: failure}))
        assert found(stage, "xylophone") == [stage.ref], f"{operation} {failure}: not found meanwhile"
        stage.come_to_rest()
        assert found(stage, "xylophone") == [stage.ref], f"{operation} {failure}: not found afterwards"
        assert found(stage, "parcel -xylophone") == [], f"{operation} {failure}: found as it was"
        assert not stage.desk.changes.waiting(), f"{operation} {failure}: it still waits"
