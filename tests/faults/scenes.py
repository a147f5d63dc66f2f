"""The scenes of a ticket's story: where the desk stands, which function is at work, and what sets it to work."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.domain import sla
from chalicelib.domain.automation import Action, Automation, When
from chalicelib.domain.card import card_of
from chalicelib.domain.mail_thread import message_id
from chalicelib.domain.spending import SpendingSettings
from chalicelib.domain.ticket import Happening
from chalicelib.usecases.refuse_surveys import unsubscribe_link
from chalicelib.usecases.send_survey import survey_link
from tests.faults.stage import API, PAST_A_CLAIM, Stage

DAY = timedelta(days=1)


def customer_mail(number: int, subject: str = "My parcel is broken", *, answers: str = "") -> bytes:
    """Give the customer's mail of this number; `answers` is a Message-ID of ours or theirs."""
    thread = f"In-Reply-To: {answers}\r\nReferences: {answers}\r\n" if answers else ""
    text = f"From: Jo <jo@customer.org>\r\nTo: support@example.com\r\nSubject: {subject}\r\n{thread}"
    return f"{text}Message-ID: <mail-{number}@customer.org>\r\n\r\nWord number {number}, urgent.\r\n".encode()


FIRST_ID = "<mail-1@customer.org>"
TICKET, MESSAGES = "/v1/tickets/{ref}=", "/v1/tickets/{ref}/messages="


def arrived(stage: Stage) -> None:
    """A mail has become a ticket that nobody looked at."""
    stage.mail(customer_mail(1))
    stage.deliver("on_mail")
    stage.lose_work()


def in_work(stage: Stage) -> None:
    """The ticket is acknowledged, triaged and in Ada's hands."""
    stage.at(arrived)
    stage.wait(timedelta())


def replied(stage: Stage) -> None:
    """Ada has written a reply, which is still here."""
    stage.at(in_work)
    stage.insist("POST", MESSAGES + stage.ref, _reply("Send it back."), idempotency_key="reply-1")
    stage.lose_work()


def answered_in_the_chat(stage: Stage) -> None:
    """Somebody asked in the chat box, was answered twice, and left before they could read it."""
    stage.insist("PATCH", "/v1/settings", {"chat": {"enabled": True}})
    first = {"conversation": "v" * 24, "text": "In red, too?", "email": "jo@customer.org"}
    stage.insist("POST", "/chat/conversations", first)
    stage.wait(timedelta())
    for text in ("Yes.", "And in blue."):
        stage.insist("POST", MESSAGES + stage.ref, _reply(text), idempotency_key=text)
    stage.lose_work()
    stage.cloud.clock.move_to(stage.cloud.clock.now() + timedelta(minutes=2))


def replied_with_a_file(stage: Stage) -> None:
    """Ada has written a reply with a file, which is still here."""
    stage.at(in_work)
    reply_with_a_file(stage)
    stage.lose_work()


def solved(stage: Stage) -> None:
    """The ticket was just solved, and its place is still taken."""
    stage.at(in_work)
    stage.insist("PATCH", TICKET + stage.ref, {"status": "solved"})
    stage.lose_work()


def surveyed(stage: Stage) -> None:
    """The customer has been asked how it went."""
    stage.at(solved)
    stage.wait(timedelta())
    stage.wait(DAY)


def rated_low(stage: Stage) -> None:
    """The customer has rated it badly, which nobody knows of yet."""
    stage.at(surveyed)
    rate(stage)
    stage.lose_work()


def closed(stage: Stage) -> None:
    """The ticket is closed for good."""
    stage.at(surveyed)
    stage.wait(4 * DAY)
    stage.wait(3 * DAY)


def resting(stage: Stage) -> None:
    """The ticket is solved, and the solution settled."""
    stage.at(solved)
    stage.wait(timedelta())


def reopened(stage: Stage) -> None:
    """The customer has written again on a solved ticket; nobody took notice yet."""
    stage.at(resting)
    stage.mail(customer_mail(2, "Re: My parcel is broken", answers=FIRST_ID))
    stage.deliver("on_mail")
    stage.lose_work()


def reassigned(stage: Stage) -> None:
    """The ticket was given from Ada to Sam; whose hands it fills is still to be settled."""
    stage.at(in_work)
    stage.insist("PATCH", TICKET + stage.ref, {"assignee_id": "sam"})
    stage.lose_work()


def one_waits_for_another(stage: Stage) -> None:
    """Ada alone is there with room for one; her ticket was just solved, another waits."""
    people = stage.desk.people
    ada, sam = people.roster().agent("ada"), people.roster().agent("sam")
    assert ada
    assert sam
    people.save_agent(replace(ada, capacity=1))
    people.save_agent(replace(sam, available=False))
    stage.mail(customer_mail(1))
    stage.settle()
    first = stage.ref
    stage.mail(customer_mail(7, "Another matter"))
    stage.settle()
    stage.insist("PATCH", TICKET + first, {"status": "solved"})
    stage.lose_work()


def long_lived(stage: Stage) -> None:
    """The ticket has 150 facts, the oldest of which lie in a history item; the next one moves more of them."""
    stage.at(in_work)
    for length in (101, 150):
        ticket = stage.desk.tickets.get(stage.ref)
        assert ticket
        now = stage.cloud.clock.now()
        for number in range(len(ticket.timeline), length):
            ticket = ticket.with_fact(now, Happening.TAGS_SET, "desk", tags=f"tag-{number}")
        stage.desk.tickets.save(ticket, card_of(ticket, sla.of_ticket(ticket, stage.desk.settings.load(), now)))


def two_tickets(stage: Stage) -> tuple[str, str]:
    """Give the tickets of two mails, the older one first."""
    stage.at(in_work)
    first = stage.ref
    stage.mail(customer_mail(7, "Another matter"))
    stage.settle()
    return first, next(ref for ref in stage.refs() if ref != first)


def another_in_work(stage: Stage) -> None:
    """Two tickets of the same customer are in work."""
    two_tickets(stage)


def merged(stage: Stage) -> None:
    """A ticket was merged into another, which doesn't know of it yet."""
    first, second = two_tickets(stage)
    stage.insist("POST", "/v1/tickets/{ref}/merge=" + second, {"into": first})
    stage.lose_work()


def linked(stage: Stage) -> None:
    """A ticket was linked with another, which doesn't know of it yet."""
    first, second = two_tickets(stage)
    stage.insist("POST", "/v1/tickets/{ref}/links=" + second, {"ticket": first, "kind": "caused_by"})
    stage.lose_work()


def called_upon(stage: Stage) -> None:
    """Ada has called upon Sam in a note, of which he doesn't know yet."""
    stage.at(in_work)
    body = {"kind": "note", "text": "@sam, what do you think?", "author_id": "ada"}
    stage.insist("POST", MESSAGES + stage.ref, body, idempotency_key="note-2")
    stage.lose_work()


def further_word(stage: Stage) -> None:
    """The customer has written about something else on a ticket that is in work."""
    stage.at(in_work)
    stage.mail(customer_mail(2, "Re: My parcel is broken", answers=FIRST_ID))
    stage.settle()


def split(stage: Stage) -> None:
    """Make the customer's second message a ticket of its own."""
    tickets = [ticket for ref in stage.refs() if (ticket := stage.desk.tickets.get(ref))]
    old = next(ticket for ticket in tickets if not ticket.origin.startswith("split:"))
    second = next(fact for fact in old.timeline if fact.what is Happening.CUSTOMER_WROTE).detail["message"]
    path = f"/v1/tickets/{{ref}}/messages/{{message_id}}/split={old.ref},{second}"
    assert stage.insist("POST", path, {"subject": "Another matter"}).status == 201


def was_split(stage: Stage) -> None:
    """A message has become a ticket of its own, of which the old one doesn't know yet."""
    stage.at(further_word)
    split(stage)
    stage.lose_work()


def shelved(stage: Stage) -> None:
    """Somebody called the ticket spam, of which nothing was learnt yet."""
    stage.at(in_work)
    stage.insist("PATCH", TICKET + stage.ref, {"shelf": "spam"})
    stage.lose_work()


RULES = (
    Automation("remind", "Remind", When("silent", "pending", seconds=86_400), (), (Action("answer", "sorry"),)),
    Automation(
        "held", "Held", When("status_changed", "on_hold"), (), (Action("note", "Ask"), Action("add_tags", "held"))
    ),
)


def followed(stage: Stage) -> None:
    """The desk reminds customers by itself, and waits for one."""
    stage.at(in_work)
    stage.desk.settings.save(replace(stage.desk.settings.load(), automations=RULES))
    stage.insist("PATCH", TICKET + stage.ref, {"status": "pending"})
    stage.wait(timedelta())


# ---- what sets a function to work


def a_mail(number: int, subject: str = "My parcel is broken", *, answers: str = "") -> Callable[[Stage], None]:
    """Let the customer's mail of this number come."""

    def act(stage: Stage) -> None:
        stage.mail(customer_mail(number, subject, answers=answers))
        stage.deliver("on_mail")

    return act


def merge(stage: Stage) -> None:
    """Merge the younger ticket into the older one."""
    tickets = [ticket for ref in stage.refs() if (ticket := stage.desk.tickets.get(ref))]
    first, second = sorted(tickets, key=lambda ticket: ticket.created_at)
    body = {"into": first.ref}
    assert stage.insist("POST", "/v1/tickets/{ref}/merge=" + second.ref, body).json["merged_into"] == first.ref


def link(stage: Stage) -> None:
    """Link one ticket with the other."""
    first, second = sorted(stage.refs())
    made = stage.insist("POST", "/v1/tickets/{ref}/links=" + second, {"ticket": first, "kind": "caused_by"})
    assert made.json["links"] == [{"ticket": first, "kind": "caused_by"}]


def bounce(stage: Stage) -> None:
    """Let SES tell that nobody is there."""
    sent = message_id(stage.desk.signer.secret(), stage.ref, "acknowledgement", "support@example.com")
    gone = {"emailAddress": "jo@customer.org", "status": "5.1.1", "diagnosticCode": "550 no such user"}
    told = {"bounceType": "Permanent", "bounceSubType": "NoEmail", "bouncedRecipients": [gone]}
    mail = {"headers": [{"name": "Message-ID", "value": sent}]}
    stage.tell(json.dumps({"eventType": "Bounce", "bounce": told, "mail": mail}))
    stage.deliver("on_mail")


def near_the_cap(stage: Stage) -> None:
    """The month has nearly come to what it may cost, and nobody was told yet."""
    stage.at(in_work)
    capped = replace(stage.desk.settings.load(), spending=SpendingSettings(monthly_cap_cents=50))
    stage.desk.settings.save(capped)


def book_twice(stage: Stage) -> None:
    """Let a worker look at a ticket with nothing due, and a minute later once more: each time the month is booked."""
    for _ in range(2):
        stage.cloud.clock.move_to(stage.cloud.clock.now() + PAST_A_CLAIM)
        stage.desk.work.nudge(stage.ref)
        stage.deliver("on_work")


def work(stage: Stage) -> None:
    """Let workers do what is due."""
    stage.tick()
    stage.deliver("on_work")


def work_after(wait: timedelta) -> Callable[[Stage], None]:
    """Let workers do what is due after a while."""

    def act(stage: Stage) -> None:
        stage.cloud.clock.move_to(stage.cloud.clock.now() + wait)
        work(stage)

    return act


def _reply(text: str, **more: str) -> dict[str, str]:
    return {"kind": "reply", "text": text, "author_id": "ada", **more}


def create(stage: Stage) -> None:
    """Open a ticket by the API."""
    body = {"subject": "By the API", "text": "Hello", "customer": {"email": "jo@customer.org", "name": "Jo"}}
    made = stage.insist("POST", "/v1/tickets", body, idempotency_key="create-1")
    assert (made.status, made.json["ref"]) == (201, stage.refs()[0])


def create_for_ada(stage: Stage) -> None:
    """Open a ticket by the API, straight into Ada's hands."""
    body = {"subject": "For Ada", "text": "Hello", "customer": {"email": "jo@customer.org"}, "assignee_id": "ada"}
    assert stage.insist("POST", "/v1/tickets", body, idempotency_key="create-2").status == 201


def fill_in_the_form(stage: Stage) -> None:
    """Open a ticket by the public form."""
    form = [("form", "5f2c"), ("email", "jo@customer.org"), ("subject", "By form"), ("text", "Hello"), ("name", "Jo")]
    assert stage.insist("POST", "/help", form).status == 201


def reply(stage: Stage) -> None:
    """Answer the customer."""
    made = stage.insist("POST", MESSAGES + stage.ref, _reply("Send it back."), idempotency_key="reply-1")
    assert (made.status, made.json["text"]) == (201, "Send it back.")


def reply_with_a_file(stage: Stage) -> None:
    """Answer the customer with a file whose upload has arrived."""
    place = {"key": "uploads/manual", "name": "manual.pdf", "type": "application/pdf"}
    bucket = stage.cloud.environment["FILES_BUCKET"]
    stage.cloud.desk.aws.client("s3").put_object(Bucket=bucket, Key=place["key"], Body=b"%PDF")
    body = {**_reply("See the manual."), "attachments": [{"upload": stage.desk.signer.seal("upload", place)}]}
    made = stage.insist("POST", MESSAGES + stage.ref, body, idempotency_key="reply-3")
    assert (made.status, made.json["attachments"][0]["size"]) == (201, 4)


def reply_and_solve(stage: Stage) -> None:
    """Answer the customer and solve the ticket in one go."""
    body = _reply("A new one is on its way.", status="solved")
    assert stage.insist("POST", MESSAGES + stage.ref, body, idempotency_key="reply-2").status == 201


def note(stage: Stage) -> None:
    """Leave a note."""
    body = {"kind": "note", "text": "They sounded upset.", "author_id": "ada"}
    assert stage.insist("POST", MESSAGES + stage.ref, body, idempotency_key="note-1").status == 201


def change(stage: Stage) -> None:
    """Change several things on the version that was seen; refused, look whether they are changed already."""
    edit = {"assignee_id": "sam", "priority": "high", "tags": ["vip"], "fields": {"order": "A-17"}}
    seen = stage.insist("GET", TICKET + stage.ref)
    for _ in range(4):
        done = stage.insist("PATCH", TICKET + stage.ref, edit, if_match=seen.headers["ETag"])
        seen = done if done.status == 200 else stage.insist("GET", TICKET + stage.ref)
        if all(seen.json[name] == value for name, value in edit.items()):
            return
    raise AssertionError("the change never came through")


def solve(stage: Stage) -> None:
    """Solve the ticket."""
    assert stage.insist("PATCH", TICKET + stage.ref, {"status": "solved"}).json["status"] == "solved"


def put_off(stage: Stage) -> None:
    """Wait for the customer."""
    assert stage.insist("PATCH", TICKET + stage.ref, {"status": "pending"}).json["status"] == "pending"


def rate(stage: Stage, rating: str = "1") -> None:
    """Rate by the link of the survey's mail."""
    token = survey_link(stage.desk, stage.ref, 1).rpartition("/")[2]
    assert stage.insist("POST", "/s/{token}=" + token, [("rating", rating), ("comment", "Too slow")]).status == 200


def refuse_surveys(stage: Stage) -> None:
    """Press the mail program's button that unsubscribes."""
    ticket = stage.desk.tickets.get(stage.ref)
    assert ticket is not None
    token = unsubscribe_link(stage.desk, ticket.requester.customer_id).rpartition("/")[2]
    assert stage.insist("POST", "/u/{token}=" + token, [("List-Unsubscribe", "One-Click")]).status == 200


def hold(stage: Stage) -> None:
    """Wait for somebody else."""
    assert stage.insist("PATCH", TICKET + stage.ref, {"status": "on_hold"}).json["tags"] == ["held"]


@dataclass(frozen=True, slots=True)
class Scene:
    """One function at work, from where the desk stands before it. `functions` are those whose calls fail."""

    name: str
    function: str
    before: Callable[[Stage], None]
    act: Callable[[Stage], None]


def snooze(stage: Stage) -> None:
    """Put the ticket away until tomorrow."""
    body = {"until": (stage.desk.clock.now().replace(minute=0, second=0) + DAY).isoformat(), "reason": "Parts"}
    assert stage.insist("POST", "/v1/tickets/{ref}/snooze=" + stage.ref, body).json["snoozed_until"]


def put_away(stage: Stage) -> None:
    """The ticket has been put away until tomorrow."""
    stage.at(in_work)
    snooze(stage)
    stage.wait(timedelta())


def nothing(stage: Stage) -> None:
    """Nobody has written yet."""


URGENT_WARNING, URGENT_BREACH = timedelta(minutes=23), timedelta(minutes=31)

SCENES = (
    Scene("a mail becomes a ticket", "on_mail", nothing, a_mail(1)),
    Scene("a ticket is understood, assigned and acknowledged", "on_work", arrived, work),
    Scene("a second mail joins the ticket", "on_mail", in_work, a_mail(2, answers=FIRST_ID)),
    Scene("a mail opens a solved ticket again", "on_mail", resting, a_mail(2, answers=FIRST_ID)),
    Scene("a mail to a closed ticket opens a follow-up", "on_mail", closed, a_mail(2, answers=FIRST_ID)),
    Scene("a reopened ticket is settled", "on_work", reopened, work),
    Scene("a ticket is created by the API", API, nothing, create),
    Scene("a ticket is created in an agent's hands", API, nothing, create_for_ada),
    Scene("a form is filled in", API, nothing, fill_in_the_form),
    Scene("what nobody read in the chat goes by mail", "on_work", answered_in_the_chat, work),
    Scene("an agent replies", API, in_work, reply),
    Scene("an agent replies and solves", API, in_work, reply_and_solve),
    Scene("an agent leaves a note", API, in_work, note),
    Scene("a note on a long-lived ticket", API, long_lived, note),
    Scene("a ticket is changed", API, in_work, change),
    Scene("a ticket is solved", API, in_work, solve),
    Scene("a ticket waits for the customer", API, in_work, put_off),
    Scene("an agent replies with a file", API, in_work, reply_with_a_file),
    Scene("a reply leaves", "on_work", replied, work),
    Scene("a reply with a file leaves", "on_work", replied_with_a_file, work),
    Scene("a ticket changes hands", "on_work", reassigned, work),
    Scene("a solved ticket leaves its agent's hands", "on_work", solved, work),
    Scene("room goes to a ticket that waits", "on_work", one_waits_for_another, work),
    Scene("the schedule wakes what is due", "every_minute", arrived, work),
    Scene("a promise nears its end", "on_work", in_work, work_after(URGENT_WARNING)),
    Scene("a promise is broken", "on_work", in_work, work_after(URGENT_BREACH)),
    Scene("a rule breaks a silence", "on_work", followed, work_after(DAY)),
    Scene("a rule follows what an agent sets", API, followed, hold),
    Scene("a survey is sent", "on_work", resting, work_after(DAY)),
    Scene("a survey is remembered", "on_work", surveyed, work_after(3 * DAY)),
    Scene("a survey stays unanswered", "on_work", surveyed, work_after(7 * DAY)),
    Scene("two tickets are merged", API, another_in_work, merge),
    Scene("a ticket hears what was merged into it", "on_work", merged, work),
    Scene("two tickets are linked", API, another_in_work, link),
    Scene("a ticket hears what it was linked with", "on_work", linked, work),
    Scene("who is called upon is told", "on_work", called_upon, work),
    Scene("a message becomes a ticket", API, further_word, split),
    Scene("a ticket hears what was split off it", "on_work", was_split, work),
    Scene("a ticket is put away", API, in_work, snooze),
    Scene("a ticket is back in time", "on_work", put_away, work_after(DAY)),
    Scene("a bounce marks its address", "on_mail", in_work, bounce),
    Scene("what was called spam is learnt", "on_work", shelved, work),
    Scene("a customer rates", API, surveyed, rate),
    Scene("a customer refuses surveys", API, surveyed, refuse_surveys),
    Scene("a bad rating is followed up", "on_work", rated_low, work),
    Scene("admins hear that the cap is near", "on_work", near_the_cap, book_twice),
)
