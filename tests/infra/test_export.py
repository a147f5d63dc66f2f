"""A desk can be left with everything that it knows, while it goes on working."""

import json
import re
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from chalicelib.domain.message import Message
from chalicelib.domain.ticket import Requester, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from infra.export import records
from infra.export.folder import ExportFolder
from infra.export.walk import Wanted, export
from infra.export.wire import Malformed, from_wire, line_of, read_ticket, ticket_record, to_wire
from infra.local.cloud import LocalCloud
from infra.stage import Refused
from tests.adapters.sample_tickets import MESSAGES, TICKETS, card_for
from tests.conftest import MONDAY
from tests.infra.moving import (
    EVERYTHING,
    Killed,
    Removal,
    content_of,
    left,
    lines_of,
    with_notes,
)
from tests.story.narrator import Narrator

# ---- the records


@given(TICKETS)
def test_any_ticket_reads_back_as_it_was(ticket: Ticket) -> None:
    card = card_for(ticket)
    ticket_back, card_back = read_ticket(json.loads(line_of(ticket_record(ticket, card))))
    assert (ticket_back, to_wire(card_back)) == (ticket, to_wire(card))


@given(MESSAGES)
def test_any_message_reads_back_as_it_was(message: Message) -> None:
    assert from_wire(Message, json.loads(line_of(to_wire(message)))) == message


def test_text_that_is_no_unicode_is_kept() -> None:
    line = line_of({"text": "broken \ud800"})
    assert (line.isascii(), json.loads(line)) == (True, {"text": "broken \ud800"})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "lost"}, "status: "),
        ({"mood": "bad"}, "mood: is not a field"),
        ({"created_at": "soon"}, "created_at: "),
        ({"figures": None}, "figures: is missing"),
    ],
)
def test_a_record_that_is_wrong_names_its_field(change: dict[str, Any], told: str) -> None:
    ticket = Ticket("7K3F-92QX", "x", "Hi", Requester("cjo", "Jo", "jo@customer.org"), "email", MONDAY, MONDAY)
    with pytest.raises(Malformed, match=re.escape(told)):
        read_ticket({**ticket_record(ticket, card_for(ticket)), **change})


def test_every_field_that_is_written_is_documented(belongings: Path) -> None:
    folder = belongings
    text = (Path(__file__).parents[2] / "docs" / "leaving.md").read_text(encoding="utf-8")
    names = {name for path in folder.glob("*.jsonl") for record in lines_of(folder, path.name) for name in record}
    names |= json.loads((folder / "manifest.json").read_text(encoding="utf-8")).keys()
    assert {name for name in names if f"`{name}`" not in text} == set()
    assert {path.name for path in folder.iterdir() if f"`{path.name}" not in text} == set()


def test_only_its_owner_can_read_an_export(removal: Removal, tmp_path: Path) -> None:
    folder = left(removal.open(), tmp_path / "out")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()} == {0o600}


def test_secrets_stay_behind_unless_asked_for(removal: Removal, tmp_path: Path) -> None:
    cloud = removal.open()
    cloud.issue_key("pd_secret")
    folder = left(cloud, tmp_path / "out", Wanted())
    everything = b"".join(path.read_bytes() for path in folder.iterdir())
    assert cloud.desk.signer.secret() not in everything
    assert b"sha256" not in everything
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["left_behind"] == {"api-keys": 1}


# ---- broken off


def test_an_export_killed_between_any_two_pages_gives_the_same_files(moved_in: LocalCloud, tmp_path: Path) -> None:
    cloud = moved_in
    whole = left(cloud, tmp_path / "whole")
    broken_off, kills = tmp_path / "broken", 0

    def die(_: str) -> None:
        raise Killed

    while not (broken_off / "manifest.json").exists():
        try:
            export(cloud.desk, broken_off, EVERYTHING, die)
        except Killed:
            kills += 1
    assert kills > 5
    assert {path.name: path.read_bytes() for path in broken_off.glob("*.jsonl")} == {
        path.name: path.read_bytes() for path in whole.glob("*.jsonl")
    }
    assert content_of(broken_off) == content_of(whole)


@pytest.mark.parametrize("commits", [0, 1, 2, 5])
def test_a_page_that_was_half_written_is_written_again(
    moved_in: LocalCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    cloud = moved_in
    whole = left(cloud, tmp_path / "whole")
    real, left_over = ExportFolder.commit, [commits]

    def dying(folder: ExportFolder, place: tuple[str, Any]) -> None:
        if not left_over[0]:
            for name in [*folder._pending]:
                folder._append(name)
            raise Killed
        left_over[0] -= 1
        real(folder, place)

    with monkeypatch.context() as patch:
        patch.setattr(ExportFolder, "commit", dying)
        with pytest.raises(Killed):
            left(cloud, tmp_path / "broken")
    assert content_of(left(cloud, tmp_path / "broken")) == content_of(whole)


# ---- the desk goes on working meanwhile


def test_a_message_that_comes_between_two_reads_is_not_lost(cloud: LocalCloud) -> None:
    story = Narrator(cloud)
    story.jo_mails("Hello", "One.")
    ref = story.only_ticket()["ref"]
    real = cloud.desk.table.query

    def blind(*args: Any, **more: Any) -> Iterator[Any]:
        return (item for item in real(*args, **more) if not item["sk"].startswith("message#"))

    cloud.desk.table.query = blind  # type: ignore[method-assign]
    assert [name for name, _ in records.conversation_records(cloud.desk, ref)] == [records.MESSAGES, records.TICKETS]


def test_history_that_moves_between_two_reads_is_read_again(cloud: LocalCloud) -> None:
    story = Narrator(cloud)
    ref = story.api("POST", "/v1/tickets", {"subject": "L", "text": "x", "customer": {"email": "li@l.org"}})["ref"]
    for first in range(0, 120, 40):
        change_ticket(cloud.desk, ref, partial(with_notes, first=first))
    real, reads = cloud.desk.table.query, []

    def late(*args: Any, **more: Any) -> Iterator[Any]:
        reads.append(args)
        return (item for item in real(*args, **more) if len(reads) > 1 or not item["sk"].startswith("history#"))

    cloud.desk.table.query = late  # type: ignore[method-assign]
    _, record = list(records.conversation_records(cloud.desk, ref))[-1]
    assert len(record["timeline"]) > 110
    assert len(reads) == 2


# ---- refused


def test_a_folder_of_something_else_is_not_written_into(removal: Removal, tmp_path: Path) -> None:
    cloud = removal.open()
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(Refused, match="holds something else"):
        left(cloud, tmp_path)
    left(cloud, tmp_path / "out")
    with pytest.raises(Refused, match="holds a finished export"):
        left(cloud, tmp_path / "out")


def test_an_object_whose_key_leads_out_of_the_folder_is_refused(removal: Removal, tmp_path: Path) -> None:
    cloud = removal.open()
    bucket = cloud.environment["FILES_BUCKET"]
    cloud.desk.aws.client("s3").put_object(Bucket=bucket, Key="attachments/../../../evil", Body=b"x")
    with pytest.raises(Refused, match="can't be a file's name"):
        left(cloud, tmp_path / "out")
    assert not (tmp_path.parent / "evil").exists()
