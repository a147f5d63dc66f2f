"""Each function may do what the story needs of it, and nothing that no use case needs."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from chalicelib.adapters import search_index
from chalicelib.domain.search.found import Change
from chalicelib.domain.spam import ENOUGH, SpamModel, taught, tokens_of
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.web.call import Call
from chalicelib.web.console.session import begin
from infra.local.cloud import LocalCloud
from tests.packaging.policies import Grant, Need, Recorder, grants, matches
from tests.story.narrator import DAY, HOUR, Narrator

REASONS: Mapping[str, str] = {
    "WriteOwnLog": "Lambda writes a function's log with the function's role",
    "TakeFromIntakeQueue": "Lambda's poller takes messages with the role of the function that it hands them to",
    "TakeFromWorkQueue": "as above",
    "SeeHowAddressesStand": "an admin asks in the console how the desk's addresses stand; here nobody signs in",
    "InvitePeople": "an admin invites an agent in the console; here no user pool is made, which mocks are slow at",
}
"""Statements whose grants no recorded call uses, each with what needs them nevertheless."""


class WatchedNarrator(Narrator):
    """Tells stories while a recorder listens to what the functions need."""

    def __init__(self, cloud: LocalCloud, recorder: Recorder) -> None:
        super().__init__(cloud)
        recorder.listen(cloud)
        gateway = self._gateway
        vars(gateway)["handle_request"] = recorder.during(gateway.handle_request, "api_handler")

    def console(self, path: str, body: bytes, headers: Mapping[str, str]) -> str:
        """Send something to the console, and give what it answers."""
        answer = self._gateway.handle_request("POST", path, dict(headers), body)
        assert answer["statusCode"] < 400, answer
        return str(answer["body"])


def tell_everything(story: WatchedNarrator) -> None:
    """Touch every use case that asks something else of AWS."""
    cloud = story.cloud
    attachment = b"\r\n".join(
        (b"From: Jo <jo@customer.org>", b"To: support@example.com", b"Subject: Broken", b"Message-ID: <a@customer.org>",
         b"MIME-Version: 1.0", b'Content-Type: application/pdf; name="a.pdf"',
         b'Content-Disposition: attachment; filename="a.pdf"', b"", b"%PDF", b"")
    )  # fmt: skip
    cloud.receive_mail(attachment, "jo@customer.org", ["support@example.com"])
    cloud.settle()
    ref = story.only_ticket()["ref"]
    story.api("POST", "/v1/sla/preview", {})
    grow_old(cloud, ref)
    place = story.api("POST", "/v1/uploads", {"filename": "b.pdf", "size": 4})
    key = place["url"].partition("?")[0].partition("amazonaws.com/")[2]
    cloud.desk.aws.client("s3").put_object(Bucket=cloud.environment["FILES_BUCKET"], Key=key, Body=b"%PDF")
    files = [{"upload": place["id"]}]
    answer_from_the_console(story, ref)
    reply = {"kind": "reply", "text": "So sorry!", "author_id": "ada", "attachments": files}
    story.api("POST", f"/v1/tickets/{ref}/messages", reply, idempotency_key="once")
    story.jo_replies_to(story.mails_to("jo@customer.org")[-1], "Thank you!")
    story.api("PATCH", f"/v1/tickets/{ref}", {"assignee_id": "sam"})
    cloud.advance(5 * HOUR)
    story.api("PATCH", f"/v1/tickets/{ref}", {"status": "solved"})
    cloud.advance(DAY)
    story.page("POST", story.survey_path(story.mails_to("jo@customer.org")[-1]), rating="1")
    look_around(story, ref)
    find_room(story)
    search_and_forget(story, ref)
    learn_of_spam(story)


def answer_from_the_console(story: WatchedNarrator, ref: str) -> None:
    """An agent answers with a file; the answer leaves ten seconds later."""
    cloud = story.cloud
    seat = Call(cloud.desk, "GET", {}, {}, {}, b"")
    agent = cloud.desk.people.roster().agent("ada")
    assert agent is not None
    cookie = begin(seat, agent).partition(";")[0]
    session = cloud.desk.signer.unseal("session", cookie.partition("=")[2])
    assert session is not None
    given = {"cookie": cookie, "x-form-token": session["form"]}
    told = json.dumps({"name": "c.pdf", "type": "application/pdf", "size": 4}).encode()
    place = json.loads(story.console("/console/uploads", told, {**given, "content-type": "application/json"}))
    key = place["url"].partition("?")[0].partition("amazonaws.com/")[2]
    cloud.desk.aws.client("s3").put_object(Bucket=cloud.environment["FILES_BUCKET"], Key=key, Body=b"%PDF")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    note = urlencode({"kind": "note", "text": "And that.", "upload": place["id"], "form": "c2"}).encode()
    story.console(f"/console/tickets/{ref}/messages", note, {**given, **kind})
    typed = urlencode({"kind": "reply", "text": "See this.", "upload": place["id"], "form": "c1"}).encode()
    story.console(f"/console/tickets/{ref}/messages", typed, {**given, **kind})
    cloud.advance(11)
    [message] = [one for one in story.api("GET", f"/v1/tickets/{ref}/messages")["items"] if one["text"] == "See this."]
    assert [file["filename"] for file in message["attachments"]] == ["c.pdf"]


def look_around(story: WatchedNarrator, ref: str) -> None:
    """Read what there is, run the desk, and use the public form."""
    for path in ("messages", "events", "sla", "surveys"):
        story.api("GET", f"/v1/tickets/{ref}/{path}")
    customer = story.ticket(ref)["customer_id"]
    for path in (f"customers/{customer}", f"customers/{customer}/summary", "customers?email=jo@customer.org",
                 "tickets?queue=team:support", "surveys",
                 "agents", "teams", "settings", "templates",
                 "reports/summary?from=2026-11-23&to=2026-12-23"):  # fmt: skip
        story.api("GET", f"/v1/{path}")
    story.api("PATCH", f"/v1/customers/{customer}", {"tier": "gold"})
    story.api("POST", f"/v1/customers/{customer}/merge", {"other": "jo@work.example"})
    story.api("POST", f"/v1/customers/{customer}/notes", {"text": "Calls at noon."})
    story.api("PATCH", "/v1/settings", {"name": "Shop"})
    story.api("PATCH", "/v1/agents/sam", {"capacity": 3})
    key = story.api("POST", "/v1/api-keys", {"name": "bot", "scopes": ["tickets:read"]})
    story.api("DELETE", f"/v1/api-keys/{key['id']}")
    fields = {"name": "Kim", "email": "kim@customer.org", "subject": "Form", "text": "Hello", "form": "f1"}
    assert story.page("POST", "/help", **fields)[0] == 201


def find_room(story: WatchedNarrator) -> None:
    """A ticket waits for an agent; when one is free, a worker wakes it."""
    for agent in ("ada", "sam"):
        story.api("PATCH", f"/v1/agents/{agent}", {"capacity": 1})
    body = {"subject": "Hello", "text": "Hello", "customer": {"email": "bo@customer.org"}}
    refs = [story.api("POST", "/v1/tickets", body)["ref"] for _ in range(3)]
    for ref in refs:
        story.api("PATCH", f"/v1/tickets/{ref}", {"status": "solved"})


def learn_of_spam(story: WatchedNarrator) -> None:
    """Mail looks like what was called spam; whether its sender was helped before is looked up."""
    lessons = SpamModel()
    for number in range(ENOUGH):
        lessons = taught(lessons, f"spam-{number}", "spam", tokens_of("Prize", "casino pills winner", "a@b.example"))
        lessons = taught(lessons, f"ham-{number}", "ham", tokens_of("Cup", "broken", "jo@customer.org"))
    story.cloud.desk.spam.save(lessons)
    story.jo_mails("Prize", "casino pills winner", Message_ID="<prize@customer.org>")


def search_and_forget(story: WatchedNarrator, ref: str) -> None:
    """Tickets are searched for; some are taken out of the table, and with it out of the months' files."""
    desk, body = story.cloud.desk, {"subject": "Broken", "text": "Again", "customer": {"email": "bo@customer.org"}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "FOLD_AT", 1)
        for _ in range(2):
            story.cloud.advance(2 * HOUR)
            assert story.api("GET", "/v1/search?q=broken")["items"]
            desk.table.delete(f"ticket#{ref}", "ticket")
            desk.changes.note(Change(ref, 1, story.cloud.clock.now()))
            story.cloud.advance(2 * HOUR)
            ref = story.api("POST", "/v1/tickets", body)["ref"]


def grow_old(cloud: LocalCloud, ref: str) -> None:
    """Let a ticket have so many facts that the oldest move to items of their own."""

    def decide(ticket: Ticket) -> Ticket:
        for number in range(120):
            ticket = ticket.with_fact(cloud.clock.now(), Happening.TAGS_SET, "desk", tags=str(number))
        return ticket

    change_ticket(cloud.desk, ref, decide)


@pytest.fixture
def recorded(cloud: LocalCloud) -> tuple[set[Need], list[Grant]]:
    """What the functions asked for while everything was told, and what they may."""
    recorder = Recorder()
    tell_everything(WatchedNarrator(cloud, recorder))
    return recorder.needs, grants(cloud.environment)


def test_nothing_is_denied_that_the_story_needs_and_nothing_allowed_without_need(
    recorded: tuple[set[Need], list[Grant]],
) -> None:
    needs, allowed = recorded
    denied = {need for need in needs if not any(grant.covers(need) for grant in allowed)}
    assert denied == set()
    used = {grant for grant in allowed if any(grant.covers(need) for need in needs)}
    idle = {(grant.function, grant.sid, grant.action, grant.pattern) for grant in set(allowed) - used}
    unexplained = {grant for grant in idle if grant[1] not in REASONS}
    assert unexplained == set(), "give up the grant, tell the story that needs it, or write down why"


def test_another_sender_another_table_and_another_prefix_are_refused(cloud: LocalCloud) -> None:
    allowed = grants(cloud.environment)
    mail = "arn:aws:ses:us-east-1:123456789012:identity/example.com"
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/another"
    for need in (
        Need("on_work", "ses:SendRawEmail", mail, (("ses:FromAddress", "ceo@example.com"),)),
        Need("on_work", "dynamodb:GetItem", table),
        Need("on_mail", "s3:GetObject", f"arn:aws:s3:::{cloud.environment['MAIL_BUCKET']}/elsewhere/1"),
        Need("every_minute", "dynamodb:PutItem", table.replace("another", cloud.environment["DESK_TABLE"])),
        Need("every_minute", "s3:GetObject", f"arn:aws:s3:::{cloud.environment['FILES_BUCKET']}/attachments/1"),
        Need("api_handler", "s3:PutObject", f"arn:aws:s3:::{cloud.environment['FILES_BUCKET']}/search/fresh.db"),
    ):
        assert not any(grant.covers(need) for grant in allowed), need


@pytest.mark.parametrize(
    ("parameters", "sender", "may"),
    [
        ({}, "support@example.com", True),
        ({}, "sales@example.com", False),
        ({"MoreAddresses": "sales@example.com,shop@example.org"}, "shop@example.org", True),
        ({"MoreAddresses": "sales@example.com,shop@example.org"}, "support@example.com", True),
        ({"MoreAddresses": "sales@example.com"}, "ceo@example.com", False),
        ({"AddressDomain": "example.com"}, "ceo@example.com", True),
        ({"AddressDomain": "example.com"}, "ceo@evil-example.com", False),
        ({"AddressDomain": "example.com"}, "ceo@mail.example.com", False),
    ],
)
def test_mail_leaves_from_the_addresses_that_the_owner_named(
    cloud: LocalCloud, parameters: dict[str, str], sender: str, may: bool
) -> None:
    identity = f"arn:aws:ses:us-east-1:123456789012:identity/{sender.rpartition('@')[2]}"
    allowed = grants(cloud.environment, **parameters)
    for action in ("ses:SendEmail", "ses:SendRawEmail"):
        need = Need("on_work", action, identity, (("ses:FromAddress", sender),))
        assert any(grant.covers(need) for grant in allowed) is may


@pytest.mark.parametrize(
    ("pattern", "resource", "fits"),
    [
        ("arn:aws:s3:::mail/inbound/*", "arn:aws:s3:::mail/inbound/a/b", True),
        ("arn:aws:s3:::mail/inbound/*", "arn:aws:s3:::mail/Inbound/a", False),
        ("arn:aws:s3:::mail", "arn:aws:s3:::mail/inbound/a", False),
        ("arn:aws:sqs:*:1:q?", "arn:aws:sqs:eu-west-1:1:q7", True),
        ("arn:aws:sqs:*:1:q?", "arn:aws:sqs:eu-west-1:1:q", False),
        ("table/a.b", "table/aXb", False),
    ],
)
def test_patterns_match_as_iam_reads_them(pattern: str, resource: str, fits: bool) -> None:
    assert matches(pattern, resource) is fits
