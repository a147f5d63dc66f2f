"""The use cases whose AWS calls are counted, in the order in which a ticket lives through them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.anchor.visitor import COMPLAINT
from bench.desk import MONDAY, MeteredDesk
from bench.filling import TEAM, OpenTickets
from bench.meter import Tally
from chalicelib.usecases.send_survey import survey_link
from infra.local.lambda_events import schedule_event

TICKETS, TICKET = "/v1/tickets", "/v1/tickets/{ref}"
MESSAGES = "/v1/tickets/{ref}/messages"
DUE_WITHIN = timedelta(hours=1, minutes=5)
"""When the first hundreds of the tickets that `OpenTickets` writes are due."""

ANSWER = (
    "Thank you for the serial number. E-27 says that the cutter is blocked: please take the blade out as the sheet in "
    "the box shows, and blow the dust away. Should it stop again, a replacement leaves tomorrow morning. "
)


@dataclass(frozen=True)
class Measured:
    """A use case and what it came to."""

    name: str
    tally: Tally


def mail(number: int) -> bytes:
    """Give a customer's mail as their program sends it: plain text of some 400 characters, and the same as HTML."""
    html = f"<html><body><div style='font-family:Calibri'><p>{COMPLAINT}</p><p>Jo Customer</p></div></body></html>"
    return (
        f"From: Jo Customer <jo{number}@customer.example>\r\nTo: support@example.com\r\n"
        f"Subject: The label printer stops after every third label\r\nMessage-ID: <mail-{number}@customer.example>\r\n"
        "Date: Mon, 23 Nov 2026 09:59:00 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="between"\r\n\r\n'
        f"--between\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{COMPLAINT}\r\nJo Customer\r\n"
        f"--between\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--between--\r\n"
    ).encode()


def lifetime(desk: MeteredDesk) -> Iterator[Measured]:
    """A ticket's life, step by step, on an empty desk whose functions are warm."""
    desk.warm_up()
    desk.meter.take()
    created = desk.ask("POST", TICKETS, 201, {}, json=new_ticket(1))
    ref = json.loads(created["body"])["ref"]
    yield Measured("Ticket by API: the request", desk.meter.take())
    yield _rest(desk, "Ticket by API: its workers")
    yield from _conversation(desk, ref)
    yield from _ending(desk, ref)


def from_mail(desk: MeteredDesk) -> Iterator[Measured]:
    """A mail that becomes a ticket, on a desk whose functions are warm."""
    desk.warm_up()
    desk.meter.take()
    desk.receive_mail(mail(1), "jo1@customer.example", ["support@example.com"])
    desk.settle()
    whole = desk.meter.take()
    yield Measured("Ticket from mail: on_mail", whole.of("on_mail"))
    yield Measured("Ticket from mail: until acknowledged and assigned", whole)


def new_ticket(number: int) -> dict[str, Any]:
    """Give the body of a request for a ticket."""
    customer = {"email": f"kim{number}@customer.example", "name": "Kim Customer"}
    return {"subject": "The label printer stops after every third label", "text": COMPLAINT, "customer": customer}


def _rest(desk: MeteredDesk, name: str) -> Measured:
    desk.settle()
    return Measured(name, desk.meter.take())


def _conversation(desk: MeteredDesk, ref: str) -> Iterator[Measured]:
    desk.ask("POST", MESSAGES, 201, {"ref": ref}, json={"kind": "reply", "text": ANSWER})
    yield Measured("Reply: the request", desk.meter.take())
    yield _rest(desk, "Reply: its delivery")
    once = {"Idempotency-Key": "second-answer"}
    desk.ask("POST", MESSAGES, 201, {"ref": ref}, json={"kind": "reply", "text": ANSWER}, headers=once)
    yield Measured("Reply with an Idempotency-Key: the request", desk.meter.take())
    desk.settle()
    desk.meter.take()
    desk.ask("POST", MESSAGES, 201, {"ref": ref}, json={"kind": "note", "text": "Cutter again, the third this month."})
    desk.settle()
    yield Measured("Note", desk.meter.take())
    desk.ask("PATCH", TICKET, 200, {"ref": ref}, json={"status": "pending"})
    desk.settle()
    yield Measured("Status change", desk.meter.take())


def _ending(desk: MeteredDesk, ref: str) -> Iterator[Measured]:
    desk.ask("PATCH", TICKET, 200, {"ref": ref}, json={"status": "solved"})
    desk.settle()
    yield Measured("Solve: the request, and the agent's place freed", desk.meter.take())
    asked = _until_surveyed(desk, ref)
    yield Measured("Survey sent", asked.of("on_work"))
    token = survey_link(desk.desk, ref, 1).rpartition("/")[2]
    desk.fill_in("/s/{token}", 200, {"token": token}, {"rating": "5", "comment": "Quick, thank you."})
    desk.settle()
    yield Measured("Rating", desk.meter.take())
    desk.ask("GET", TICKET, 200, {"ref": ref})
    yield Measured("Ticket read", desk.meter.take())
    yield _booking(desk, ref)


def _booking(desk: MeteredDesk, ref: str) -> Measured:
    """Let a worker look at a ticket with nothing due, a minute after it last added to the month's account."""
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=1))
    desk.desk.settings.load()
    desk.desk.work.nudge(ref)
    desk.meter.take()
    desk.settle()
    return Measured("A worker with nothing to do, and the month's account", desk.meter.take())


def _until_surveyed(desk: MeteredDesk, ref: str) -> Tally:
    """Move the clock to where the survey is due, and give the counts of that moment alone."""
    ticket = desk.desk.tickets.get(ref)
    if ticket is None or ticket.next_due is None:
        raise LookupError(f"no survey is due on {ref}")
    desk.advance((ticket.next_due - desk.clock.now()).total_seconds() - 1)
    desk.meter.take()
    desk.advance(1)
    return desk.meter.take()


def crowd(desk: MeteredDesk, sizes: Sequence[int]) -> Iterator[Measured]:
    """A page of a team's queue, and sweeps with nothing due, on a desk with more and more open tickets."""
    yield from _sweeps(desk, 0)
    created = desk.ask("POST", TICKETS, 201, {}, json=new_ticket(2))
    ref = json.loads(created["body"])["ref"]
    desk.settle()
    tickets = OpenTickets(desk, ref)
    desk.meter.take()
    desk.build_index()
    yield Measured("One ticket built into the search index", desk.meter.take())
    desk.ask("GET", "/v1/search", 200, {}, query={"q": "label printer"})
    yield Measured("Search by words, the first of a process", desk.meter.take())
    desk.ask("GET", "/v1/search", 200, {}, query={"q": "label printer"})
    yield Measured("Search by words", desk.meter.take())
    for size in sizes:
        tickets.fill_up_to(size)
        desk.ask("GET", TICKETS, 200, {}, query={"queue": TEAM, "limit": 25})
        yield Measured(f"Queue page of 25, {size:,} open tickets", desk.meter.take())
        yield from _sweeps(desk, size)


def _sweeps(desk: MeteredDesk, size: int) -> Iterator[Measured]:
    """Two sweeps over the same instant at which nothing is due."""
    for which in ("Sweep", "Second sweep"):
        desk.invoke("every_minute", schedule_event(MONDAY, "every_minute"))
        yield Measured(f"{which} with nothing due, {size:,} open tickets", desk.meter.take())


def due_sweeps(desk: MeteredDesk, size: int = 25) -> Iterator[Measured]:
    """Two sweeps over the same instant at which so many tickets are due, before any worker saw to them."""
    created = desk.ask("POST", TICKETS, 201, {}, json=new_ticket(5))
    desk.settle()
    OpenTickets(desk, json.loads(created["body"])["ref"]).fill_up_to(size)
    desk.build_index()
    desk.clock.move_to(MONDAY + DUE_WITHIN)
    desk.meter.take()
    for which in ("Sweep", "Second sweep"):
        desk.invoke("every_minute", schedule_event(desk.clock.now(), "every_minute"))
        yield Measured(f"{which} with {size:,} tickets due", desk.meter.take())


def conversation(desk: MeteredDesk, messages: int = 50) -> Iterator[Measured]:
    """Read a ticket with so many messages."""
    created = desk.ask("POST", TICKETS, 201, {}, json=new_ticket(3))
    ref = json.loads(created["body"])["ref"]
    for _ in range(messages - 1):
        desk.ask("POST", MESSAGES, 201, {"ref": ref}, json={"kind": "note", "text": COMPLAINT})
    desk.settle()
    desk.meter.take()
    desk.ask("GET", MESSAGES, 200, {"ref": ref}, query={"limit": messages})
    yield Measured(f"Conversation of {messages} messages", desk.meter.take())


def lists(desk: MeteredDesk) -> Iterator[Measured]:
    """Small lists of real tickets, by each index: an agent's queue, a customer's tickets, what is due."""
    created = [desk.ask("POST", TICKETS, 201, {}, json=new_ticket(number)) for number in (6, 7, 8)]
    desk.settle()
    customer = json.loads(created[0]["body"])["customer_id"]
    desk.meter.take()
    desk.ask("GET", TICKETS, 200, {}, query={"queue": "agent:ada"})
    desk.ask("GET", TICKETS, 200, {}, query={"customer": customer})
    desk.clock.move_to(desk.clock.now() + timedelta(days=1))
    desk.invoke("every_minute", schedule_event(desk.clock.now(), "every_minute"))
    yield Measured("Small lists", desk.meter.take())


def cold(desk: MeteredDesk) -> Iterator[Measured]:
    """What the first request of a new copy of the function reads beside: the key, the settings and the signing key."""
    desk.forget()
    desk.ask("POST", TICKETS, 201, {}, json=new_ticket(4))
    yield Measured("Ticket by API: the first request of a fresh copy", desk.meter.take())
