"""A desk can be moved into, where its story goes on."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.table import Table
from infra.export import __main__ as export_command
from infra.export.walk import Wanted
from infra.import_desk import __main__ as import_command
from infra.import_desk import loading
from infra.import_desk.loading import Choices, load
from infra.local.cloud import LocalCloud
from infra.stage import Refused
from tests.infra.moving import (
    WITH_KEY,
    Killed,
    Removal,
    content_of,
    copied,
    left,
    lived_in,
    mails,
    silent,
    staff,
    ticket_called,
    without_mail,
)
from tests.story.narrator import DAY, Narrator, text_of


def test_a_desk_moved_with_its_key_is_the_same_desk_and_its_story_goes_on(removal: Removal, tmp_path: Path) -> None:
    first = removal.open()
    before = lived_in(first)
    ref = ticket_called(before, "My cup is broken")
    reply = next(mail for mail in before.mails_to("jo@customer.org") if "Here is a new one" in text_of(mail))
    folder = left(first, tmp_path / "first")
    held = {agent.id: agent.holding for agent in first.desk.people.roster().agents}
    queues = {card.ref: card for card in first.desk.tickets.queue(["team:support", "agent:sam"], 100).cards}

    second = removal.open()
    load(second.desk, folder, WITH_KEY, silent)
    again = content_of(left(second, tmp_path / "second"))
    assert (without_mail(again), mails(again)) == (without_mail(content_of(folder)), mails(content_of(folder)))
    assert len(mails(again)) == 6
    assert {agent.id: agent.holding for agent in second.desk.people.roster().agents} == held
    assert {card.ref: card for card in second.desk.tickets.queue(["team:support", "agent:sam"], 100).cards} == queues

    after = Narrator(second)
    after.jo_replies_to(reply, "Thank you!")
    assert after.api("GET", f"/v1/tickets/{ref}/messages")["items"][-1]["text"].strip() == "Thank you!"
    bo = len(after.mails_to("bo@b.org"))
    second.advance(2 * DAY)
    assert len(after.mails_to("bo@b.org")) == bo + 1
    assert after.page("GET", after.survey_path(after.mails_to("bo@b.org")[-1]))[0] == 200
    assert second.desk.api_keys.find("story-key") is not None


def test_with_another_key_answers_still_find_their_ticket(removal: Removal, tmp_path: Path) -> None:
    first = removal.open()
    staff(first)
    before = Narrator(first)
    before.jo_mails("Hello", "Help.", Message_ID="<hello@customer.org>")
    ref = before.only_ticket()["ref"]
    before.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "How?"})
    reply = before.mails_to("jo@customer.org")[-1]
    folder = left(first, tmp_path / "first", Wanted())
    second = removal.open()
    load(second.desk, folder, Choices(), silent)
    after = Narrator(second)
    del reply["Subject"]
    reply["Subject"] = "Something else"
    after.jo_replies_to(reply, "Like this.")
    assert [one["kind"] for one in after.api("GET", f"/v1/tickets/{ref}/messages")["items"]] == [
        "customer",
        "reply",
        "customer",
    ]


def test_a_new_desk_keeps_its_own_addresses_unless_asked(removal: Removal, tmp_path: Path) -> None:
    first = removal.open()
    saved = first.desk.settings.save(replace(first.desk.settings.load(), name="Cup & Co"))
    folder = left(first, tmp_path / "first")
    for choices, address in ((Choices(), "help@new.example"), (Choices(keep_addresses=True), saved.support_address)):
        second = removal.open(support_address="help@new.example", public_url="https://new.example")
        load(second.desk, folder, choices, silent)
        found = second.desk.settings.load()
        assert (found.name, found.version, found.support_address) == ("Cup & Co", saved.version, address)


def test_an_import_killed_at_any_record_goes_on_and_loses_nothing(
    removal: Removal, belongings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(belongings, tmp_path)
    second = removal.open()
    monkeypatch.setattr(loading, "LINES_BETWEEN_MARKS", 3)
    real, budget, deaths = Table.put, [0], 0

    def dying(table: Table, *args: Any, **more: Any) -> None:
        budget[0] -= 1
        if budget[0] < 0:
            raise Killed
        real(table, *args, **more)

    monkeypatch.setattr(Table, "put", dying)
    while True:
        budget[0] = 7
        try:
            load(second.desk, folder, Choices(resume=deaths > 0, signing_key=True), silent)
            break
        except Killed:
            deaths += 1
    assert deaths > 3
    monkeypatch.setattr(Table, "put", real)
    assert without_mail(content_of(left(second, tmp_path / "second"))) == without_mail(content_of(folder))


def test_an_import_that_is_repeated_changes_nothing_that_happened_since(
    removal: Removal, belongings: Path, tmp_path: Path
) -> None:
    folder = copied(belongings, tmp_path)
    second = removal.open()
    load(second.desk, folder, WITH_KEY, silent)
    after = Narrator(second)
    ref = ticket_called(after, "Still waiting")
    after.api("PATCH", f"/v1/tickets/{ref}", {"status": "solved"})
    held = {agent.id: agent.holding for agent in second.desk.people.roster().agents}
    (folder / f"import-{second.desk.environment.table}.json").unlink()
    load(second.desk, folder, Choices(resume=True), silent)
    assert after.ticket(ref)["status"] == "solved"
    assert {agent.id: agent.holding for agent in second.desk.people.roster().agents} == held


def test_a_desk_that_holds_something_is_not_loaded_into(removal: Removal, tmp_path: Path) -> None:
    folder = left(removal.open(), tmp_path / "out")
    second = removal.open()
    second.issue_key("pd_first_key")
    load(second.desk, folder, Choices(), silent)
    staff(second)
    with pytest.raises(Refused, match="isn't empty, it holds people items"):
        load(second.desk, folder, Choices(), silent)
    load(second.desk, folder, Choices(resume=True), silent)


def test_an_export_that_is_not_whole_is_not_loaded(removal: Removal, tmp_path: Path) -> None:
    cloud = removal.open()
    staff(cloud)
    folder = left(cloud, tmp_path / "out", Wanted())
    empty = removal.open()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    def refused(told: str, *, key: bool = False) -> None:
        for mark in folder.glob("import-*.json"):
            mark.unlink()
        with pytest.raises(Refused, match=told):
            load(empty.desk, folder, Choices(resume=True, signing_key=key), silent)

    refused("has no signing_key.json", key=True)
    people = (folder / "people.jsonl").read_bytes()
    (folder / "people.jsonl").write_bytes(people.split(b"\n", 1)[1])
    refused("people.jsonl has 3 lines, its manifest says 4")
    (folder / "people.jsonl").write_bytes(people[:-9])
    refused("people.jsonl, line 4: ")
    (folder / "people.jsonl").unlink()
    refused("is missing: copy the whole folder")
    (folder / "manifest.json").write_text(json.dumps({**manifest, "format_version": 2}), encoding="utf-8")
    refused("the folder holds pennydesk-export 2")
    (folder / "manifest.json").unlink()
    refused("has to be finished by the same command")


def test_the_commands_say_what_they_did_and_what_the_key_means(
    removal: Removal, moved_in: LocalCloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud = moved_in
    folder = str(tmp_path / "out")
    assert export_command.main(["--out", folder, "--page", "50"], cloud.environment) == 0
    said = capsys.readouterr().out
    assert re.search(r"^tickets.jsonl: \d+$", said, re.MULTILINE)
    assert "The signing key stays behind" in said
    new = removal.open()
    assert import_command.main(["--in", folder], new.environment) == 0
    said = capsys.readouterr().out
    assert "signs with a key of its own" in said
    assert "no copies of its 1 attachments" in said
    assert import_command.main(["--in", folder], new.environment) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_what_is_missing_is_told_in_one_line(
    removal: Removal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    removal.open()
    assert export_command.main(["--out", str(tmp_path / "x"), "--stage", "beta"], {}) == 1
    assert capsys.readouterr().err == (
        "there is no stack pennydesk-beta in this account and region; name the stage by --stage\n"
    )
    assert import_command.main(["--in", str(tmp_path / "nothing")], {}) == 1
    assert "no manifest.json" in capsys.readouterr().err
