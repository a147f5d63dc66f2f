"""What customers read: mails that thread, quote, bear files and links, in the words of the desk's owner."""

import re
from email.message import EmailMessage

import pytest

from infra.local.cloud import LocalCloud
from tests.story.narrator import DAY, Narrator, text_of

KIM = "kim@customer.org"


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def story(cloud: LocalCloud) -> Narrator:
    return Narrator(cloud)


def upload(story: Narrator, name: str, content: bytes) -> dict[str, str]:
    place = story.api("POST", "/v1/uploads", {"filename": name, "size": len(content)})
    key = re.sub(r"^https://[^/]+/|\?.*", "", place["url"])
    bucket = story.cloud.environment["FILES_BUCKET"]
    story.cloud.desk.aws.client("s3").put_object(Bucket=bucket, Key=key, Body=content)
    return {"upload": place["id"]}


def test_an_answer_bears_its_files_and_copies_and_a_large_one_is_fetched_by_its_link(story: Narrator) -> None:
    first = story.jo_mails("Broken lamp", "It flickers.\nHelp!")
    ref = story.only_ticket()["ref"]
    files = [upload(story, "manual.pdf", b"%PDF"), upload(story, "film.mp4", b"x" * 8_800_000)]
    body = {"kind": "reply", "html": "<p>See <b>page 2</b>.</p>", "author_id": "sam", "attachments": files, "cc": [KIM]}
    story.api("POST", f"/v1/tickets/{ref}/messages", body)
    answer = story.mails_to("jo@customer.org")[-1]
    assert KIM in str(answer["Cc"])
    assert str(answer["In-Reply-To"]) == str(first["Message-ID"])
    assert [part.get_filename() for part in answer.iter_attachments()] == ["manual.pdf"]
    assert text_of(answer).startswith("See page 2.\n\nSam\nPennydesk\n\nFiles that were too large")
    assert text_of(answer).rstrip().endswith("Jo Miller wrote:\n> It flickers.\n> Help!")
    assert "<p>See <b>page 2</b>.</p>" in html_of(answer)
    link = re.search(r"/files/\S+", text_of(answer))
    assert link is not None
    assert story.page("GET", link[0])[0] == 302
    story.jo_replies_to(answer, f"Thank you!\n\nOn Monday Sam wrote:\n> {text_of(answer)}")
    assert len(story.api("GET", f"/v1/tickets/{ref}/messages")["items"]) == 3


def test_the_owners_words_are_used_and_a_customer_can_refuse_surveys(story: Narrator) -> None:
    words = {"subject": "{{ reply.subject }}", "text": "Got it, {{ customer.name }}: {{ ticket.ref }}", "html": ""}
    story.api("PUT", "/v1/templates/acknowledgement/en", words)
    story.jo_mails("Broken lamp", "It flickers.")
    ref = story.only_ticket()["ref"]
    (receipt,) = story.mails_to("jo@customer.org")
    assert text_of(receipt).strip() == f"Got it, Jo Miller: {ref}"
    assert f"Got it, Jo Miller: {ref}" in html_of(receipt)
    story.api("PATCH", f"/v1/tickets/{ref}", {"status": "solved"})
    story.cloud.advance(DAY)
    survey = story.mails_to("jo@customer.org")[-1]
    link = str(survey["List-Unsubscribe"]).strip("<>")
    assert story.page("POST", f"/u/{link.rpartition('/')[2]}")[0] == 200
    story.cloud.advance(5 * DAY)
    assert len(story.mails_to("jo@customer.org")) == 2
    story.jo_mails("Another lamp", "It is dark.")
    again = next(one["ref"] for one in story.api("GET", "/v1/tickets")["items"] if one["subject"] == "Another lamp")
    story.api("PATCH", f"/v1/tickets/{again}", {"status": "solved"})
    story.cloud.advance(2 * DAY)
    assert len(story.mails_to("jo@customer.org")) == 3
    assert story.events(again, "survey_withheld")
