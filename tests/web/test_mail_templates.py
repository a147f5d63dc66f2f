"""The templates of mails through the API: read, changed, seen before, dropped; what is broken is refused."""

import json

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, Reply, new_ref

PATH = "/v1/templates/answer/en"
MINE = {"subject": "{{ reply.subject }}", "text": "Dear {{ customer.name }}!\n{{ message.text }}"}


def put(api: Client, path: str, body: object, version: str = "") -> Reply:
    headers = {"Content-Type": "application/json", **({"If-Match": version} if version else {})}
    return api.send("PUT", path, json.dumps(body).encode(), headers)


def test_a_template_is_read_changed_used_and_dropped(api: Client, desk: LocalCloud) -> None:
    before = api.get(PATH)
    assert (before.json["customised"], before.etag) == (False, '"0"')
    assert "message.html" in before.json["placeholders"]
    after = put(api, PATH, MINE, before.etag)
    assert after.status == 200, after.body
    assert (after.json["customised"], after.json["text"], after.etag) == (True, MINE["text"], '"1"')
    assert put(api, PATH, MINE, before.etag).status == 412
    assert [one["customised"] for one in api.get("/v1/templates").json["items"]].count(True) == 1
    assert api.delete(PATH).status == 204
    assert api.get(PATH).json == before.json


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"text": "a\n{{ message.text }\n"}, "text", "line 2: "),
        ({"text": "{{ message.text }}\n{{ customer.nmae }}"}, "text", "line 2: customer.nmae is no placeholder here"),
        ({"text": "Hello"}, "text", "must say {{ message.text }}"),
        ({"html": "<b>Hello</b>"}, "html", "must say {{ message.html }}"),
        ({"subject": "two\nlines"}, "subject", "one line"),
        ({"subject": "{% for x in y %}{% endfor %}"}, "subject", "for can't be used here"),
        ({"text": "{{ message.text }}" + "x" * 50_000}, "text", "at most"),
        ({"title": "x"}, "title", "is not a field"),
    ],
)
def test_a_broken_template_is_refused_with_its_line_and_a_remedy(
    api: Client, change: dict[str, str], field: str, said: str
) -> None:
    reply = put(api, PATH, {**MINE, **change})
    assert (reply.status, reply.field) == (422, field)
    assert said in reply.json["detail"]
    assert api.get(PATH).json["customised"] is False


@pytest.mark.parametrize("path", ["/v1/templates/greeting/en", "/v1/templates/answer/de"])
def test_a_template_that_no_mail_has_is_not_found(api: Client, path: str) -> None:
    for reply in (api.get(path), put(api, path, MINE), api.delete(path), api.post(f"{path}/preview", {})):
        assert reply.status == 404


def test_a_preview_shows_a_sample_or_a_tickets_own_data(api: Client) -> None:
    sample = api.post(f"{PATH}/preview", MINE).json
    assert sample["text"].startswith("Dear Jo Miller!\nI am sorry for the trouble.")
    ref = new_ref(api, subject="<b>灯</b>")
    real = api.post("/v1/templates/acknowledgement/zh/preview", {"ticket_ref": ref}).json
    assert real["subject"] == f"Re: <b>灯</b> [#{ref}]"
    assert "感谢您的来信" in real["text"]
    assert "&lt;b&gt;灯&lt;/b&gt;" in real["html"]


def test_a_broken_draft_is_refused_in_the_preview_too(api: Client) -> None:
    assert api.post(f"{PATH}/preview", {"text": "{{ oops }}"}).field == "text"
    assert api.post(f"{PATH}/preview", {"ticket_ref": "0000-0000"}).field == "ticket_ref"


def test_a_tickets_data_needs_the_scope_to_read_it(api: Client) -> None:
    ref = new_ref(api)
    key = api.post("/v1/api-keys", {"name": "words", "scopes": ["settings:read"]}).json["secret"]
    assert Client(key).post(f"{PATH}/preview", {}).status == 200
    assert Client(key).post(f"{PATH}/preview", {"ticket_ref": ref}).status == 403
    assert put(Client(key), PATH, MINE).status == 403
