"""Files that agents send along: chosen, kept with the draft, sent with the answer, taken back with it."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]
PDF = b"%PDF-1.7 a plan"


def uploaded(browser: Browser, desk: LocalCloud, name: str = "plan.pdf") -> str:
    """Do what the page's script does, and give the id of the upload."""
    token = re.search(r'data-token="([^"]+)"', browser.page.body)
    assert token
    told = f'{{"name": "{name}", "type": "application/pdf", "size": {len(PDF)}}}'.encode()
    headers = {"Content-Type": "application/json", "X-Form-Token": token[1]}
    place = browser.post_raw("/console/uploads", told, headers)
    assert place.status == 201, place.body
    key = place.json["url"].partition("amazonaws.com/")[2].partition("?")[0]
    assert key.startswith("drafts/")
    desk.desk.aws.client("s3").put_object(Bucket=desk.environment["FILES_BUCKET"], Key=key, Body=PDF)
    return str(place.json["id"])


def files_of(api: Client, ref: str) -> list[list[str]]:
    messages = api.get(f"/v1/tickets/{ref}/messages").json["items"]
    return [[file["filename"] for file in message["attachments"]] for message in messages]


def on_ticket(browser: Browser, ref: str) -> Browser:
    browser.open(f"/console/tickets/{ref}")
    return browser


def test_a_file_goes_with_the_answer_ten_seconds_later(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    sam = on_ticket(signed_in("sam"), ref)
    upload = uploaded(sam, desk)
    sam.open(f"/console/tickets/{ref}")
    page = sam.send(f"/console/tickets/{ref}/messages", kind="reply", text="Here is the plan.", upload=[upload])
    assert '<ul class="files"><li>plan.pdf</li></ul>' in page.body
    assert files_of(api, ref) == [[]]
    desk.advance(11)
    assert files_of(api, ref) == [[], ["plan.pdf"]]


def test_taken_back_it_still_has_its_file_and_so_has_a_draft(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    sam = on_ticket(signed_in("sam"), ref)
    upload = uploaded(sam, desk)
    sam.open(f"/console/tickets/{ref}")
    sam.post_raw(
        f"/console/tickets/{ref}/draft",
        urlencode({**sam_token(sam), "kind": "reply", "text": "", "upload": upload}).encode(),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert f'name="upload" value="{upload}" checked' in sam.open(f"/console/tickets/{ref}").body
    sam.send(f"/console/tickets/{ref}/messages", kind="reply", text="Here.", upload=[upload])
    again = sam.send(f"/console/tickets/{ref}/undo")
    assert f'name="upload" value="{upload}" checked' in again.body
    sam.send(f"/console/tickets/{ref}/messages", kind="reply", text="Without.")
    desk.advance(11)
    assert files_of(api, ref) == [[], []]


def test_a_note_has_its_file_at_once_and_nobody_can_name_anothers(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    sam = on_ticket(signed_in("sam"), ref)
    upload = uploaded(sam, desk)
    ada = on_ticket(signed_in("ada"), ref)
    ada.send(f"/console/tickets/{ref}/messages", kind="note", text="Not mine.", upload=[upload])
    sam.open(f"/console/tickets/{ref}")
    sam.send(f"/console/tickets/{ref}/messages", kind="note", text="Mine.", upload=[upload, upload, "made.up"])
    assert files_of(api, ref) == [[], [], ["plan.pdf"]]


def test_a_file_that_is_gone_is_told_and_the_note_kept(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    sam = on_ticket(signed_in("sam"), ref)
    upload = uploaded(sam, desk)
    s3, bucket = desk.desk.aws.client("s3"), desk.environment["FILES_BUCKET"]
    for found in s3.list_objects_v2(Bucket=bucket, Prefix="drafts/")["Contents"]:
        s3.delete_object(Bucket=bucket, Key=found["Key"])
    sam.open(f"/console/tickets/{ref}")
    reply = sam.send(f"/console/tickets/{ref}/messages", kind="note", text="Look at this.", upload=[upload])
    assert (reply.status, 'id="file-wrong"' in reply.body, "Look at this." in reply.body) == (422, True, True)
    assert files_of(api, ref) == [[]]


def test_without_a_script_files_come_with_the_form(signed_in: As, api: Client) -> None:
    sam = signed_in("sam")
    sam.open("/console/new")
    fields = {
        **sam.form("/console/new").fields,
        "email": "jo@customer.org",
        "subject": "A call",
        "text": "She said so.",
    }
    del fields["file"]
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    parts.append('Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF')
    body = "".join(f"--cut\r\n{part}\r\n" for part in parts) + "--cut--\r\n"
    page = sam.post_raw("/console/new", body.encode(), {"Content-Type": "multipart/form-data; boundary=cut"})
    assert page.status == 200
    assert files_of(api, sam.address.rpartition("/")[2]) == [["a.pdf"]]


def test_places_are_for_who_is_signed_in_and_came_from_a_page(signed_in: As, browser: Browser) -> None:
    told, kind = b'{"name": "a", "type": "", "size": 1}', {"Content-Type": "application/json"}
    forged = {**kind, "X-Form-Token": "x"}
    assert signed_in("sam").post_raw("/console/uploads", told, forged).status == 403
    assert "Sign in" in browser.post_raw("/console/uploads", told, forged).body


def test_every_page_lets_its_script_send_files_to_the_bucket_and_nowhere_else(signed_in: As) -> None:
    policy = signed_in("sam").open("/console").headers["Content-Security-Policy"]
    assert "connect-src 'self' https://pennydesk-local-files-bucket.s3.amazonaws.com;" in policy


def sam_token(browser: Browser) -> dict[str, str]:
    return {"form_token": browser.form("/messages").fields["form_token"]}
