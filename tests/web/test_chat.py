"""The chat box over HTTP: what it loads and how much that is, who may frame it, what it asks for again and again."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.chat_settings import ChatSettings
from chalicelib.web.static_files import static_file
from infra.local.cloud import LocalCloud
from tests.web.client import Client, Reply

SHOP = "https://shop.example"
FIRST = {"text": "Does it come in <b>red</b>?", "name": "Vi", "email": "Vi@Customer.example", "language": "en"}


def switch(desk: LocalCloud, **changes: Any) -> None:
    settings = desk.desk.settings.load()
    desk.desk.settings.save(replace(settings, chat=ChatSettings(**{"enabled": True, "sites": (SHOP,), **changes})))


@pytest.fixture(autouse=True)
def switched_on(desk: LocalCloud) -> Iterator[None]:
    switch(desk)
    yield
    switch(desk, enabled=False)


@pytest.fixture
def fresh(request: pytest.FixtureRequest) -> str:
    return f"{abs(hash(request.node.name)):024}"


def begun(stranger: Client, fresh: str, **more: Any) -> Reply:
    return stranger.post("/chat/conversations", {"conversation": fresh, **FIRST, **more})


def ref_of(desk: LocalCloud, token: str) -> str:
    content = desk.desk.signer.unseal("chat", token)
    assert content
    return content["ref"]


def by(token: str) -> dict[str, str]:
    return {"X-Chat": token}


def test_the_script_is_kept_for_an_hour_and_known_again(stranger: Client) -> None:
    reply = stranger.get("/chat.js")
    assert reply.headers["Cache-Control"] == "public, max-age=3600"
    assert json.dumps(SHOP) in reply.body
    assert "__DESK__" not in reply.body
    again = stranger.get("/chat.js", {"If-None-Match": reply.etag})
    assert (again.status, again.body) == (304, "")


def test_while_it_is_off_the_script_does_nothing_and_the_box_leads_to_the_form(
    stranger: Client, desk: LocalCloud
) -> None:
    switch(desk, enabled=False)
    assert stranger.get("/chat.js").body.startswith("//")
    page = stranger.get("/chat").body
    assert 'href="/help' in page
    assert "<script" not in page
    assert stranger.post("/chat/conversations", {"conversation": "x" * 24, **FIRST}).status == 409


def test_all_that_a_visitor_loads_is_under_15_kb_compressed(stranger: Client) -> None:
    loaded = [stranger.get("/chat.js").body, stranger.get("/chat").body]
    for name in ("chat-frame.js", "chat-frame.css"):
        found = static_file(name)
        assert found
        assert found.name in loaded[1]
        loaded.append(found.text)
    assert sum(len(gzip.compress(part.encode())) for part in loaded) < 15_000


def test_only_the_sites_that_the_owner_names_may_frame_it(stranger: Client, desk: LocalCloud) -> None:
    def ancestors(path: str) -> str:
        found = re.search(r"frame-ancestors ([^;]*)", stranger.get(path).headers["Content-Security-Policy"])
        assert found
        return found[1]

    assert (ancestors("/chat"), ancestors("/help")) == (SHOP, "'none'")
    assert "X-Frame-Options" not in stranger.get("/chat").headers
    switch(desk, sites=())
    assert ancestors("/chat") == "'none'"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_box_speaks_both_languages_and_runs_nothing_of_its_own_page(stranger: Client, language: str) -> None:
    page = stranger.get(f"/chat?lang={language}").body
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in page
    assert not re.search(r"<script>|\son\w+=|\sstyle=", page)


def test_under_a_stage_everything_is_asked_for_there(desk: LocalCloud) -> None:
    page = Client(stage="/api").get("/chat").body
    assert 'data-root="/api"' in page
    assert 'src="/api/static/chat-frame.' in page


def test_looking_at_it_writes_nothing(stranger: Client, desk: LocalCloud) -> None:
    calls = listened(desk)
    for path in ("/chat.js", "/chat", "/chat?lang=zh"):
        stranger.get(path)
    assert calls == []


def listened(desk: LocalCloud) -> list[str]:
    """Give what DynamoDB is asked from now on."""
    calls: list[str] = []
    events = desk.desk.table.client.meta.events
    events.register("before-call.dynamodb.*", lambda model, **_: calls.append(model.name))
    return calls


def test_a_conversation_begins_is_answered_and_asks_with_one_read(
    stranger: Client, api: Client, desk: LocalCloud, fresh: str
) -> None:
    first = begun(stranger, fresh)
    assert first.status == 201, first.body
    assert begun(stranger, fresh).json == first.json
    token = first.json["token"]
    desk.settle()
    everything = stranger.get("/chat/messages?after=0", by(token)).json
    assert [line["text"] for line in everything["lines"]] == [FIRST["text"]]
    ref = ref_of(desk, token)
    assert api.get(f"/v1/tickets/{ref}").json["requester"]["email"] == "vi@customer.example"

    calls = listened(desk)
    nothing = stranger.get("/chat/messages", by(token), after=everything["place"])
    assert (nothing.status, nothing.body, calls) == (204, "", ["GetItem"])

    api.post(f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "Yes.", "author_id": "ada"})
    news = stranger.get("/chat/messages", by(token), after=everything["place"]).json
    assert [(line["text"], line["mine"], line["by"]) for line in news["lines"]] == [("Yes.", False, "Ada")]
    assert stranger.post("/chat/seen", {"place": news["place"]}, by(token)).status == 204
    said = {"id": "m" * 24, "text": "Two, then."}
    assert stranger.post("/chat/messages", said, by(token)).json["text"] == "Two, then."
    assert stranger.post("/chat/end", {}, by(token)).json == {"state": "solved"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \x00\x07 "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": ["a"]}, "text"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "email"),
        ({"email": 7}, "email"),
        ({"name": "n" * 101}, "name"),
        ({"conversation": "short"}, "conversation"),
        ({"conversation": None}, "conversation"),
    ],
)
def test_what_can_not_be_is_refused_by_its_field(
    stranger: Client, fresh: str, changes: dict[str, Any], field: str
) -> None:
    reply = begun(stranger, fresh, **changes)
    assert (reply.status, reply.headers["Content-Type"]) == (422, "application/problem+json")
    assert reply.field.split("[")[0] == field


def test_odd_bodies_and_forged_tokens_are_refused_in_json(stranger: Client) -> None:
    for path in ("conversations", "messages", "seen", "address", "end"):
        for body in (b"", b"[]", b"{", b"\xff", b'{"text": "\\ud800"}'):
            reply = stranger.send("POST", f"/chat/{path}", body, {"Content-Type": "application/json"})
            assert 400 <= reply.status < 500, (path, body)
            assert reply.json["status"] == reply.status
        assert stranger.form(f"/chat/{path}", {"text": "a"}).status == 415
    for token in ("", "forged", "x" * 600):
        assert stranger.get("/chat/messages?after=zz", by(token)).status == 404


def test_the_shops_page_is_noted_without_what_addresses_hide(
    stranger: Client, api: Client, desk: LocalCloud, fresh: str
) -> None:
    page = "https://ada:secret@shop.example/lamps/7?token=secret#x"
    token = begun(stranger, fresh, page=page).json["token"]
    ref = ref_of(desk, token)
    assert api.get(f"/v1/tickets/{ref}").json["fields"] == {"page": "https://shop.example/lamps/7"}
    odd = begun(stranger, fresh[::-1], page="javascript:alert(1)").json["token"]
    ref = ref_of(desk, odd)
    assert api.get(f"/v1/tickets/{ref}").json["fields"] == {}
