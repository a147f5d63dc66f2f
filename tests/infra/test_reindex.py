"""The index is built anew from the table alone."""

from datetime import timedelta

import pytest

from chalicelib.adapters.search_index import S3SearchIndex
from chalicelib.domain.message import MessageKind
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.open_ticket import NewTicket, open_ticket
from chalicelib.usecases.search_tickets import search_tickets
from infra import reindex as module
from infra.local.cloud import LocalCloud
from infra.reindex import main, reindex
from infra.stage import Refused


@pytest.fixture
def lost(cloud: LocalCloud) -> LocalCloud:
    """A desk with a ticket that the index has lost."""
    new = NewTicket(origin="form:1", channel="form", subject="A lamp", text="Dark", email="jo@x.org", name="Jo")
    ref = open_ticket(cloud.desk, new)[0].ref
    note = NewMessage(origin="n", kind=MessageKind.NOTE, text="Xylophone", author="agent:ada", author_name="Ada")
    answer_ticket(cloud.desk, ref, note)
    cloud.advance(2 * 3600)
    s3, bucket = cloud.desk.aws.client("s3"), cloud.desk.environment.files_bucket
    for stored in s3.list_objects_v2(Bucket=bucket, Prefix="search/")["Contents"]:
        s3.delete_object(Bucket=bucket, Key=stored["Key"])
    vars(cloud.desk)["search"] = S3SearchIndex(s3, bucket)
    assert found(cloud) == 0
    return cloud


def found(cloud: LocalCloud) -> int:
    return len(search_tickets(cloud.desk, "xylophone", 10)[1].hits)


def test_what_was_lost_is_found_again(lost: LocalCloud, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], lost.environment) == 0
    assert capsys.readouterr().out == "1 tickets can be found\n"
    assert found(lost) == 1


def test_it_takes_many_pages_and_keeps_the_builder_away_meanwhile(
    lost: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 1)
    monkeypatch.setattr(module, "HOLD", timedelta())
    told: list[str] = []
    assert reindex(lost.desk, told.append) == 1
    assert found(lost) == 1
    assert lost.desk.changes.take(lost.clock.now()) is not None


def test_while_the_builder_is_at_work_it_waits(lost: LocalCloud, capsys: pytest.CaptureFixture[str]) -> None:
    lost.desk.changes.take(lost.clock.now())
    vars(lost.desk).pop("changes")
    with pytest.raises(Refused):
        reindex(lost.desk)
