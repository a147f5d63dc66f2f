"""Files of an answer travel straight to the bucket, and are named in the message; HTML comes cleaned."""

from urllib.parse import parse_qs, urlsplit

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref

FILE = {"filename": "Rechnung März.pdf", "content_type": "application/pdf", "size": 4}


def arrived(desk: LocalCloud, api: Client, content: bytes = b"%PDF", **more: str) -> dict[str, str]:
    """Give a file whose upload has arrived, as a message names it."""
    place = api.post("/v1/uploads", {**FILE, "size": len(content)}).json
    key = urlsplit(place["url"]).path.lstrip("/")
    desk.desk.aws.client("s3").put_object(Bucket=desk.environment["FILES_BUCKET"], Key=key, Body=content)
    return {"upload": place["id"], **more}


def test_a_place_takes_one_file_of_just_this_type_and_size(api: Client) -> None:
    place = api.post("/v1/uploads", FILE)
    assert place.status == 201
    query = parse_qs(urlsplit(place.json["url"]).query)
    assert query["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
    assert (place.json["method"], place.json["headers"]) == ("PUT", {"Content-Type": "application/pdf"})
    assert "/uploads/" in place.json["url"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": 100_000_001}, "size"),
        ({"filename": " "}, "filename"),
        ({"filename": "a\r\nb"}, "filename"),
        ({"content_type": "application/pdf\r\nx-amz-acl: public-read"}, "content_type"),
    ],
)
def test_what_can_be_no_file_is_refused(api: Client, change: dict[str, object], field: str) -> None:
    reply = api.post("/v1/uploads", {**FILE, **change})
    assert (reply.status, reply.field) == (422, field)


def test_a_message_takes_its_files_along(api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    body = {"kind": "reply", "text": "Here.", "attachments": [arrived(desk, api)], "cc": ["kim@customer.org"]}
    key = {"Idempotency-Key": "with-a-file"}
    first, again = (api.post(f"/v1/tickets/{ref}/messages", body, key) for _ in range(2))
    assert first.status == again.status == 201
    assert first.json["id"] == again.json["id"]
    (file,) = first.json["attachments"]
    assert (file["filename"], file["content_type"], file["size"]) == ("Rechnung März.pdf", "application/pdf", 4)
    assert f"/attachments/{ref}/" in file["url"]
    assert first.json["cc"] == ["kim@customer.org"]


def test_html_is_cleaned_and_the_text_made_from_it(api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    picture = arrived(desk, api, content_id="plan")
    html = '<p>Look: <img src="cid:plan" onerror="x()"></p><script>alert(1)</script>'
    reply = api.post(f"/v1/tickets/{ref}/messages", {"kind": "reply", "html": html, "attachments": [picture]})
    assert reply.status == 201, reply.body
    assert (reply.json["text"], reply.json["html"]) == ("Look:", '<p>Look: <img src="cid:plan"></p>')
    assert [(file["inline"], file["content_id"]) for file in reply.json["attachments"]] == [(True, "plan")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": None}, "text"),
        ({"attachments": [{"upload": "made.up"}]}, "attachments[0].upload"),
        ({"attachments": [{"upload": "x"}] * 21}, "attachments"),
        ({"cc": ["support@example.com"]}, "cc[0]"),
        ({"bcc": ["support+7k3f@example.com"]}, "bcc[0]"),
        ({"cc": ["no address"]}, "cc[0]"),
        ({"kind": "note", "cc": ["kim@customer.org"]}, "cc"),
        ({"text": None, "html": "<script>x</script>"}, "html"),
    ],
)
def test_what_can_not_be_sent_is_refused(api: Client, change: dict[str, object], field: str) -> None:
    reply = api.post(f"/v1/tickets/{new_ref(api)}/messages", {"kind": "reply", "text": "x", **change})
    assert (reply.status, reply.field) == (422, field)


def test_an_agents_signature_is_kept_with_what_they_wrote(api: Client, desk: LocalCloud) -> None:
    api.patch("/v1/agents/sam", {"signature": "Sam\nRepairs"})
    ref = new_ref(api)
    message = api.post(f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "x", "author_id": "sam"}).json["id"]
    api.patch("/v1/agents/sam", {"signature": ""})
    kept = desk.desk.tickets.message(ref, message)
    assert kept is not None
    assert kept.signature == "Sam\nRepairs"
