"""The story, step by step, told to a deployed desk: each step does something and looks whether it came out right."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from infra.rehearsal.console_story import an_agent_at_the_console
from infra.rehearsal.deployment_story import deploy, destroy, first_key, update_in_place
from infra.rehearsal.desk import JO, KIM, Desk, expect, wait_for

HURRY_SECONDS = 8
LOST_SECONDS = 15
A_MOMENT = 2.0
LATE_KEY = "inbound/late"
SCHEDULE_PATIENCE = 150
"""The emulator's schedule ticks once a minute, from when it was made."""

SETTINGS = {
    "name": "Rehearsal",
    "sla_policies": [
        {"id": "lost", "match": {"tag": ["lost"]}, "targets": {"first_response": {"urgent": LOST_SECONDS}}},
        {"id": "hurry", "match": {"priority": ["urgent"]}, "targets": {"first_response": {"urgent": HURRY_SECONDS}}},
        {"id": "calm", "targets": {"first_response": {"normal": 3600}}},
    ],
    "survey": {"delay_seconds": 1},
}

Step = tuple[str, Callable[[Desk], None]]


def settings_and_people(desk: Desk) -> None:
    """A team of two, opening hours and promises, all by the API."""
    expect(desk.api("GET", "/v1/health")["status"] == "ok", "the API is well")
    desk.api("PATCH", "/v1/settings", SETTINGS)
    desk.api("POST", "/v1/teams", {"id": "support", "name": "Support"})
    for agent, role in (("lin", "lead"), ("sam", "agent")):
        person = {"id": agent, "name": agent.title(), "email": f"{agent}@desk.example", "role": role}
        desk.api("POST", "/v1/agents", {**person, "team_ids": ["support"], "capacity": 20})
    desk.api("PATCH", "/v1/teams/support", {"lead_ids": ["lin"]})


def a_lost_message(desk: Desk) -> None:
    """A ticket whose request for work is lost: nothing but the schedule can find it again."""
    ref = desk.known["lost"] = desk.opened("lost@customer.example", priority="urgent", tags=["lost"])
    wait_for("the worker is done with it", lambda: desk.events(ref, "acknowledged"))
    time.sleep(A_MOMENT)  # the worker asks to be called at the deadline only after this was saved
    desk.session.client("sqs").purge_queue(QueueUrl=desk.stack.outputs["WorkQueueUrl"])


def a_ticket_by_api(desk: Desk) -> None:
    """It is acknowledged, triaged and in somebody's hands."""
    ref = desk.known["api"] = desk.opened(KIM)
    wait_for("the ticket is assigned", lambda: desk.api("GET", f"/v1/tickets/{ref}")["assignee_id"])
    wait_for("the acknowledgement leaves", lambda: desk.mails_to(KIM))


def a_ticket_by_mail(desk: Desk) -> None:
    """Bucket, queue and function make one ticket of a mail with an attachment."""
    mail = desk.mail(f"Jo <{JO}>", "My parcel is broken", "Hello, please help.")
    mail.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="crack.png")
    desk.receive(mail)
    ticket = wait_for("the mail becomes a ticket", lambda: desk.tickets_of(JO))[0]
    ref = desk.known["mail"] = ticket["ref"]
    wait_for("it is assigned", lambda: desk.api("GET", f"/v1/tickets/{ref}")["assignee_id"])
    [message] = desk.api("GET", f"/v1/tickets/{ref}/messages")["items"]
    [attachment] = message["attachments"]
    expect(attachment["filename"] == "crack.png", "the attachment is kept", attachment)


def an_answer_and_its_reply(desk: Desk) -> None:
    """The agent's answer leaves by mail; the customer presses Reply, and it joins the ticket."""
    ref = desk.known["mail"]
    body = {"kind": "reply", "text": "So sorry! A new one leaves today.", "author_id": "sam"}
    desk.api("POST", f"/v1/tickets/{ref}/messages", body)
    answer = wait_for("the answer leaves", lambda: desk.mails_to(JO)[1:])[0]
    desk.receive(desk.mail(f"Jo <{JO}>", str(answer["Subject"]), "Thank you!", to=str(answer["Reply-To"])))
    wait_for(
        "the customer's reply joins the ticket",
        lambda: len(desk.api("GET", f"/v1/tickets/{ref}/messages")["items"]) == 3,
    )


def a_broken_promise(desk: Desk) -> None:
    """Nobody answers in time: the breach is recorded at its true second, and the assignee hears of it once."""
    ref = desk.opened(KIM, priority="urgent", subject="It burns")
    clock = desk.api("GET", f"/v1/tickets/{ref}/sla")["clocks"][0]
    breach = wait_for("the breach is recorded", lambda: desk.events(ref, "sla_breached"))[0]
    expect(breach["at"] == clock["due_at"], f"the breach bears the deadline {clock['due_at']}", breach["at"])
    assignee = desk.api("GET", f"/v1/tickets/{ref}")["assignee_id"]
    wait_for(
        "the assignee is told",
        lambda: [mail for mail in desk.mails_to(f"{assignee}@desk.example") if ref in str(mail["Subject"])],
    )


def survey_and_rating(desk: Desk) -> None:
    """Solved; asked how it went; looking records nothing, rating does."""
    ref = desk.known["mail"]
    body = {"kind": "reply", "text": "It is on its way.", "author_id": "sam", "status": "solved"}
    desk.api("POST", f"/v1/tickets/{ref}/messages", body)
    wait_for("the survey is sent", lambda: desk.events(ref, "survey_sent"))
    text = _survey_text(desk)
    path = "/s/" + text.partition("/s/")[2].split()[0]
    status, html = desk.page("GET", path)
    expect(status == 200, "the survey's page is there", html)
    expect(not desk.events(ref, "rated"), "looking at it records nothing")
    status, html = desk.page("POST", path, {"rating": "5", "comment": "Quick!"})
    expect(status == 200, "the rating is taken", html)
    expect([event["detail"]["rating"] for event in desk.events(ref, "rated")] == ["5"], "the rating is kept")


def _survey_text(desk: Desk) -> str:
    bodies = (mail.get_body(("plain",)) for mail in desk.mails_to(JO))
    texts = (str(body.get_content()) for body in bodies if isinstance(body, EmailMessage))
    return next((text for text in texts if "/s/" in text), "")


def the_report(desk: Desk) -> None:
    """What happened is summed up."""
    now = datetime.now(UTC)
    start, end = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (now - timedelta(days=1), now + timedelta(days=1)))
    summary = desk.api("GET", f"/v1/reports/summary?from={start}&to={end}")
    seen = (
        summary["opened"],
        summary["solved"],
        summary["csat"],
        summary["sla_by_metric"]["first_response"]["breached"],
    )
    expect(seen[0] >= 4 and seen[1:3] == (1, 1.0) and seen[3] >= 1, "the report counts what happened", seen)


def what_ses_tells(desk: Desk) -> None:
    """A bounce, as SES publishes it, comes through the topic into the queue, and is no mail and no failure."""
    topics: Any = desk.session.client("sns")
    arns = [topic["TopicArn"] for topic in topics.list_topics()["Topics"] if "MailEvents" in topic["TopicArn"]]
    bounce = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}, "mail": {"messageId": "1"}}
    before = sum(note.function.count("OnMail") for note in desk.notes())
    topics.publish(TopicArn=arns[0], Message=json.dumps(bounce))
    wait_for("the queue is empty", lambda: desk.depth("IntakeQueueUrl") == 0)
    expect(desk.depth("IntakeDeadLettersUrl") == 0, "it is no dead letter")
    expect(before == sum(note.function.count("OnMail") for note in desk.notes()), "and changes nothing")


def a_batch_that_fails_in_part(desk: Desk) -> None:
    """Of three messages one names a mail that isn't there: it alone becomes a dead letter, the others tickets."""
    sqs, outputs = desk.session.client("sqs"), desk.stack.outputs
    # five attempts would take half an hour with the queue's own six minutes between them
    sqs.set_queue_attributes(QueueUrl=outputs["IntakeQueueUrl"], Attributes={"VisibilityTimeout": "2"})
    senders = [f"batch{number}@customer.example" for number in range(2)]
    with _queue_waits(desk, outputs["OnMailName"]):
        for sender in senders:
            desk.receive(desk.mail(f"Bo <{sender}>", "One of three", "Hello."))
        body = json.dumps({"Records": [{"s3": {"object": {"key": LATE_KEY}}}]})
        sqs.send_message(QueueUrl=outputs["IntakeQueueUrl"], MessageBody=body)
        wait_for("all three wait", lambda: desk.depth("IntakeQueueUrl") == 3)
    wait_for("the good ones become tickets", lambda: all(desk.tickets_of(sender) for sender in senders))
    wait_for("the bad one becomes a dead letter", lambda: desk.depth("IntakeDeadLettersUrl"))
    expect(desk.depth("IntakeDeadLettersUrl") == 1, "it alone is a dead letter", desk.depth("IntakeDeadLettersUrl"))
    counts = [len(desk.tickets_of(sender)) for sender in senders]
    expect(counts == [1, 1], "each good message became one ticket", counts)


@contextmanager
def _queue_waits(desk: Desk, function: str) -> Iterator[None]:
    """Keep a queue's function from being called, so that messages gather into one batch."""
    client: Any = desk.session.client("lambda")
    [mapping] = client.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def redrive(desk: Desk) -> None:
    """What made it fail is mended, the mail is there by now; the owner's command puts the letter back to work."""
    notes = desk.mail("Bo <late@customer.example>", "Late", "Here at last.")
    with _queue_waits(desk, desk.stack.outputs["OnMailName"]):
        desk.receive(notes, LATE_KEY)
        desk.session.client("sqs").purge_queue(QueueUrl=desk.stack.outputs["IntakeQueueUrl"])
    expect(not desk.tickets_of("late@customer.example"), "the mail alone makes no ticket, its message is gone")
    said = desk.command("infra.redrive", "intake")
    expect("1 put back" in said, "one letter is put back", said)
    wait_for("the letter becomes a ticket", lambda: desk.tickets_of("late@customer.example"))
    wait_for("no dead letter is left", lambda: desk.depth("IntakeDeadLettersUrl") == 0)


def the_doctor(desk: Desk) -> None:
    """It tells how the stack stands, and of what the emulator or its DNS can't say that it couldn't be found out.

    It ends with 1 for that: the emulator has no receipt rules, and its domains no records.
    """
    told = json.loads(desk.command("infra.doctor", "--save", "--no-dns", "--json", expected=1))
    states = {finding["name"]: finding["state"] for finding in told["findings"]}
    expect(states["stack"] == states["signing key"] == "ok", "stack and signing key are well", states)
    expect(states["MX record"] == "unknown", "what DNS would tell is unknown", states)
    silent = [finding["name"] for finding in told["findings"] if finding["state"] != "ok" and not finding["fix"]]
    expect(not silent, "every other line says what to do", silent)


def the_schedule(desk: Desk) -> None:
    """The minute's sweep finds the ticket whose message was lost, and its breach is recorded with its true time."""
    ref = desk.known["lost"]
    look = "the schedule finds what was lost"
    breach = wait_for(look, lambda: desk.events(ref, "sla_breached"), SCHEDULE_PATIENCE)[0]
    clock = desk.api("GET", f"/v1/tickets/{ref}/sla")["clocks"][0]
    expect(breach["at"] == clock["due_at"], "the breach bears its true time", breach["at"])
    wait_for(
        "the schedule runs", lambda: any("EveryMinute" in note.function for note in desk.notes()), SCHEDULE_PATIENCE
    )


def words_are_found(desk: Desk) -> None:
    """What the customer wrote is found by its words, from the file that the schedule built in the bucket."""
    ref = desk.known["mail"]
    wait_for(
        "words are found",
        lambda: [one for one in desk.api("GET", "/v1/search?q=parcel%20broken")["items"] if one["ref"] == ref],
        SCHEDULE_PATIENCE,
    )


def nothing_was_denied(desk: Desk) -> None:
    """No function was refused a call that the story needs."""
    denied = sorted({f"{note.function}: {note.service} {note.call}" for note in desk.notes() if "Denied" in note.error})
    expect(not denied, "each function may do what it has to", denied)


STORY: Sequence[Step] = (
    ("deploy by the owner's command", deploy),
    ("the first API key; a stranger is refused", first_key),
    ("health, settings, team and agents", settings_and_people),
    ("a ticket whose message is lost", a_lost_message),
    ("a ticket by API: acknowledged, assigned", a_ticket_by_api),
    ("a ticket by mail, with an attachment", a_ticket_by_mail),
    ("the answer leaves, the reply joins", an_answer_and_its_reply),
    ("a broken promise is noticed and told", a_broken_promise),
    ("an invited agent signs in at the console", an_agent_at_the_console),
    ("solved, survey, rating", survey_and_rating),
    ("a bounce comes back as an event", what_ses_tells),
    ("a batch fails in part, dead letter", a_batch_that_fails_in_part),
    ("redrive", redrive),
    ("the report", the_report),
    ("the doctor looks the desk over", the_doctor),
    ("the schedule finds what was lost", the_schedule),
    ("what was said is found by its words", words_are_found),
    ("nobody was denied what they need", nothing_was_denied),
    ("update in place, data kept", update_in_place),
    ("destroy: data kept, then not", destroy),
)
