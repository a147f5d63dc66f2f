"""The rehearsal tells each step, stops at the first that fails, counts what was consumed, and leads nowhere else."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.rehearsal import __main__ as rehearsal
from infra.rehearsal import desk as desk_module
from infra.rehearsal import emulator
from infra.rehearsal.desk import Desk, StepFailed, expect, wait_for
from infra.rehearsal.differences import _bend
from infra.rehearsal.notes import Consumed, Note, consumed, read_notes
from infra.rehearsal.story import STORY


class StubDesk:
    """Notes what it is told to have called."""

    def __init__(self) -> None:
        self.made: list[Note] = []

    def notes(self) -> list[Note]:
        return list(self.made)


def step(*calls: Note, failing: str = "") -> Callable[[Any], None]:
    def act(desk: StubDesk) -> None:
        desk.made += calls
        if failing:
            raise StepFailed(failing)

    return act


READ, WRITE = Note("OnMail", "dynamodb", "GetItem", units=2), Note("OnMail", "dynamodb", "PutItem", units=3)


def test_each_step_is_told_with_what_it_consumed_and_none_after_a_failure() -> None:
    story = (("reads", step(READ, READ)), ("breaks", step(WRITE, failing="it broke")), ("never", step(READ)))
    desk: Any = StubDesk()
    rows = list(rehearsal.rehearse(desk, story))
    assert [(row.title, row.failure) for row in rows] == [("reads", ""), ("breaks", "it broke")]
    assert [row.used for row in rows] == [Consumed(2, 4, 0), Consumed(1, 0, 3)]


def test_units_are_told_apart_and_other_services_have_none() -> None:
    mail = Note("OnWork", "sesv2", "SendEmail", mail="eA==", to=("jo@customer.org",))
    assert consumed([READ, WRITE, WRITE, mail]) == Consumed(4, 2, 6)


def test_a_line_that_is_just_being_written_counts_the_next_time(tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    assert read_notes(file) == []
    whole = json.dumps({"at": 1, "function": "OnMail", "service": "s3", "call": "GetObject", "error": "", "units": 0})
    file.write_text(f"{whole}\n{whole[:20]}", encoding="utf-8")
    assert read_notes(file) == [Note("OnMail", "s3", "GetObject")]


def test_nothing_of_the_owners_own_account_leaks_into_a_rehearsal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "the-real-shop")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    with rehearsal.environment_of({"AWS_ENDPOINT_URL": "https://127.0.0.1:1"}):
        assert {name for name in os.environ if name.startswith("AWS_")} == {"AWS_ENDPOINT_URL"}
    assert os.environ["AWS_PROFILE"] == "the-real-shop"
    assert "AWS_ENDPOINT_URL" not in os.environ


def test_the_emulator_listens_on_loopback_only_with_policies_on_and_no_credentials_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    given = emulator._environment_of_server(tmp_path, 4567, tmp_path / "notes")
    assert (given["BIND_HOST"], given["AUTH"], given["IOT_MTLS_ENABLED"]) == ("127.0.0.1", "true", "0")
    assert not [name for name in given if name.startswith("AWS_")]


def test_only_what_the_emulator_misreads_is_bent() -> None:
    read = {"Action": ["dynamodb:GetItem"], "Resource": "table", "Effect": "Allow"}
    send = {"Action": ["sqs:SendMessage"], "Resource": "queue"}
    mail = {
        "Action": ["ses:SendEmail"],
        "Resource": "identity",
        "Condition": {"StringEquals": {"ses:FromAddress": "a@b.c"}},
    }
    for statement in (read, send, mail):
        _bend(statement)
    assert read == {"Action": ["dynamodb:GetItem"], "Resource": "table", "Effect": "Allow"}
    assert send == {"Action": ["sqs:SendMessage", "sqs:SendMessageBatch"], "Resource": "queue"}
    assert mail == {"Action": ["ses:SendEmail"], "Resource": "*"}


def test_waiting_ends_with_what_was_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "POLL_SECONDS", 0)
    found = iter([[], [], ["ticket"]])
    assert wait_for("a ticket", lambda: next(found)) == ["ticket"]
    with pytest.raises(StepFailed, match="in vain: the impossible"):
        wait_for("the impossible", lambda: False, -1)
    with pytest.raises(StepFailed, match="two is three, but: no"):
        expect(False, "two is three", "no")


def test_every_step_says_what_it_is_about() -> None:
    titles = [title for title, _ in STORY]
    assert len(set(titles)) == len(titles)
    assert all(step.__doc__ for _, step in STORY)
    assert all(len(title) <= 42 for title in titles), "they fit the table"


def test_a_failing_step_ends_the_command_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    stub = SimpleNamespace(environment={}, notes=Path("nowhere"))
    monkeypatch.setattr(rehearsal, "running", lambda: nullcontext(stub))
    monkeypatch.setattr(
        rehearsal, "rehearse", lambda desk: iter([rehearsal.Row("a step", 1, consumed([]), "it broke")])
    )
    monkeypatch.setattr(Desk, "log_tail", lambda self: "the log's tail")
    said = io.StringIO()
    monkeypatch.setattr("sys.stderr", said)
    assert rehearsal.main([]) == 1
    assert "a step: it broke" in said.getvalue()
    assert "the log's tail" in said.getvalue()
