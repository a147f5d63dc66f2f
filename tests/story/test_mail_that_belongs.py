"""Mail on its way through the whole desk: agents answer and pass on by mail, tickets merge, addresses take no more."""

import json
from dataclasses import replace
from email.message import EmailMessage

from chalicelib.domain.mail_thread import message_id
from chalicelib.domain.support_address import SupportAddress
from infra.local.cloud import LocalCloud
from tests.story.narrator import Narrator

ADA, JO = "ada@example.com", "jo@customer.org"


def ada_mails(story: Narrator, subject: str, text: str, *, answers: EmailMessage | None = None) -> None:
    """Let Ada write from her own mail program, which answers as such programs do."""
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = f"Ada <{ADA}>", subject, f"<{len(text)}@example.com>"
    mail["To"] = str(answers["Reply-To"] or answers["From"]) if answers else "support@example.com"
    if answers:
        mail["References"] = f"{answers['References'] or ''} {answers['Message-ID']}".strip()
    mail.set_content(text)
    story.cloud.receive_mail(bytes(mail), ADA, ["support@example.com"])
    story.cloud.settle()


def plain(mail: EmailMessage) -> str:
    """Give what a mail says as plain text."""
    parts = (part for part in mail.walk() if part.get_content_type() == "text/plain")
    return "".join(str(part.get_content()) for part in parts)


def test_an_agent_answers_a_notice_and_the_customer_reads_it(story: Narrator) -> None:
    story.jo_mails("My cup is broken", "Help!", Message_ID="<cup@customer.org>")
    ref = story.only_ticket()["ref"]
    if story.ticket(ref)["assignee_id"] != "ada":
        story.api("PATCH", f"/v1/tickets/{ref}", {"assignee_id": "ada"})
    story.cloud.settle()
    ada_mails(story, "Re: notice", "A new cup left today.\n", answers=story.mails_to(ADA)[-1])
    assert "A new cup left today." in plain(story.mails_to(JO)[-1])
    assert [one["by"] for one in story.events(ref, "agent_answered")] == ["agent:ada"]


def test_an_agent_passes_a_mail_on_for_whoever_wrote_it(story: Narrator) -> None:
    block = "---------- Forwarded message ---------\nFrom: Joan <jo@customer.org>\nDate: Mon\nSubject: Cup\nTo: Ada\n"
    ada_mails(story, "Fwd: Cup", f"Can somebody look?\n\n{block}\n\nMy cup broke.\n")
    ticket = story.ticket(story.only_ticket()["ref"])
    assert ticket["requester"] == {"name": "Joan", "email": "jo@customer.org"}
    said = story.api("GET", f"/v1/tickets/{ticket['ref']}/messages")["items"]
    assert [(one["kind"], one["text"].strip()) for one in said] == [
        ("customer", "My cup broke."),
        ("note", "Can somebody look?"),
    ]


def test_one_mail_to_two_addresses_is_one_ticket_of_the_first(story: Narrator) -> None:
    store = story.cloud.desk.settings
    store.save(replace(store.load(), addresses=(SupportAddress("sales@example.com", tags=("buying",)),)))
    for copy in ("support@example.com", "sales@example.com"):
        raw = f"From: Jo <{JO}>\r\nTo: sales@example.com, support@example.com\r\nMessage-ID: <both@customer.org>\r\n"
        story.cloud.receive_mail(f"{raw}Subject: A cup\r\n\r\nHello".encode(), JO, [copy])
    story.cloud.settle()
    ticket = story.ticket(story.only_ticket()["ref"])
    assert (ticket["tags"], ticket["written_to"]) == (["buying"], "sales@example.com")


def test_after_a_merge_the_answer_to_the_one_lands_in_the_other(story: Narrator) -> None:
    story.jo_mails("Cup", "Broken", Message_ID="<one@customer.org>")
    first = story.only_ticket()["ref"]
    story.cloud.advance(60)
    story.jo_mails("Cup again", "Still broken", Message_ID="<two@customer.org>")
    second = next(one["ref"] for one in story.api("GET", "/v1/tickets")["items"] if one["ref"] != first)
    story.api("POST", f"/v1/tickets/{second}/merge", {"into": first})
    story.cloud.settle()
    story.cloud.advance(60)
    story.jo_replies_to(story.mails_to(JO)[-1], "And now?")
    said = story.api("GET", f"/v1/tickets/{first}/messages")["items"]
    assert [one["newly_said"].strip() for one in said] == ["Broken", "Still broken", "And now?"]
    assert story.ticket(second)["status"] == "closed"


def test_an_address_that_is_gone_gets_nothing_more_until_somebody_lifts_the_mark(story: Narrator) -> None:
    story.jo_mails("Cup", "Broken", Message_ID="<one@customer.org>")
    ref = story.only_ticket()["ref"]
    before = len(story.mails_to(JO))
    desk, queue = story.cloud.desk, story.cloud.environment["INTAKE_QUEUE_URL"]
    sent = message_id(desk.signer.secret(), ref, "acknowledgement", "support@example.com")
    told = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": JO, "status": "5.1.1"}]}
    event = {"eventType": "Bounce", "bounce": told, "mail": {"headers": [{"name": "Message-ID", "value": sent}]}}
    for _ in range(2):
        desk.aws.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(event))
    story.cloud.settle()
    assert len(story.events(ref, "delivery_failed")) == 1
    assert story.api("GET", f"/v1/addresses/{JO}")["trouble"] == "bounced"
    answer = {"kind": "reply", "text": "Soon.", "author_id": "ada"}
    story.api("POST", f"/v1/tickets/{ref}/messages", answer)
    story.cloud.settle()
    assert len(story.mails_to(JO)) == before
    story.api("DELETE", f"/v1/addresses/{JO}")
    story.api("POST", f"/v1/tickets/{ref}/messages", answer)
    story.cloud.settle()
    assert len(story.mails_to(JO)) == before + 1


def test_mail_from_a_domain_that_is_not_proven_is_no_agents_answer(cloud: LocalCloud, story: Narrator) -> None:
    story.jo_mails("Cup", "Broken", Message_ID="<one@customer.org>")
    ref, before = story.only_ticket()["ref"], len(story.mails_to(JO))
    notice = story.mails_to(JO)[-1]
    raw = f"From: {ADA}\r\nTo: {notice['Reply-To']}\r\nSubject: Re\r\nMessage-ID: <x@evil.org>\r\n\r\nSend me money"
    cloud.receive_mail(raw.encode(), ADA, ["support@example.com"], {"dmarc": "gray"})
    cloud.settle()
    assert len(story.mails_to(JO)) == before
    assert story.api("GET", f"/v1/tickets/{ref}/messages")["items"][-1]["kind"] == "note"
