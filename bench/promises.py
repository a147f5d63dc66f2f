"""What promises cost: sweeps among many open tickets, lists and previews; and a deadline in real time."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bench.desk import MONDAY, MeteredDesk
from bench.filling import OpenTickets
from bench.story import TICKET, TICKETS, Measured, new_ticket
from chalicelib.domain.ticket import Happening
from chalicelib.usecases.open_ticket import NewTicket, open_ticket
from infra.local.clock import MovableClock
from infra.local.cloud import LocalCloud
from infra.local.lambda_events import schedule_event

DUE = 50
DUE_AT = MONDAY + timedelta(hours=1, seconds=DUE - 61)
"""When the first so many of the tickets that `OpenTickets` writes are due by now or within the minute."""

CHAT_SECONDS = 30
PATIENCE_SECONDS = 90


def among_open(desk: MeteredDesk, sizes: Sequence[int]) -> Iterator[Measured]:
    """A sweep that finds 50 tickets due, what is in danger, and a preview, on a desk with more and more open ones.

    Search has nothing to catch up on: building its index in is counted by itself.
    """
    ref = json.loads(desk.ask("POST", TICKETS, 201, {}, json=new_ticket(9))["body"])["ref"]
    desk.settle()
    tickets = OpenTickets(desk, ref)
    desk.ask("PATCH", TICKET, 200, {"ref": ref}, json={"status": "solved"})
    desk.settle()
    tickets.fill_up_to(DUE)
    desk.build_index()
    desk.clock.move_to(DUE_AT)
    for size in sizes:
        tickets.fill_up_to(DUE + size)
        desk.warm_up()
        desk.meter.take()
        desk.invoke("every_minute", schedule_event(DUE_AT, "every_minute"))
        yield Measured(f"Sweep with {DUE} due, {size:,} more open", desk.meter.take())
        desk.ask("GET", "/v1/sla/at-risk", 200, {}, query={"within": 60, "limit": 25})
        yield Measured(f"Promises in danger, {size:,} more open", desk.meter.take())
    desk.warm_up()
    desk.meter.take()
    quick = {"sla_policies": [{"id": "standard", "targets": {"first_response": {"normal": 60}}}]}
    desk.ask("POST", "/v1/sla/preview", 200, {}, json=quick, query={"limit": DUE})
    yield Measured(f"Preview of {DUE} open tickets", desk.meter.take())


@dataclass(frozen=True)
class Deadline:
    """A deadline that passed in real time: how long after its instant, in seconds, the breach was in the table."""

    target_seconds: int
    late_seconds: float


def deadline() -> Deadline:
    """Let a chat wait for its answer in real time, on this machine's cloud, with one sweep a minute."""
    cloud = LocalCloud(MovableClock(), support_address="support@example.com", public_url="")
    cloud.start()
    try:
        return _waited(cloud)
    finally:
        cloud.stop()


def _waited(cloud: LocalCloud) -> Deadline:
    new = NewTicket(
        origin="bench", channel="chat", subject="Hello", text="Hello?", email="jo@customer.example", name="Jo"
    )
    ticket, _ = open_ticket(cloud.desk, new)
    due = ticket.created_at + timedelta(seconds=CHAT_SECONDS)
    cloud.tick()
    swept = time.monotonic()
    while (now := cloud.clock.now()) < due + timedelta(seconds=PATIENCE_SECONDS):
        cloud.pump()
        found = cloud.desk.tickets.get(ticket.ref)
        if found is not None and found.said(Happening.SLA_BREACHED):
            return Deadline(CHAT_SECONDS, (cloud.clock.now() - due).total_seconds())
        if time.monotonic() - swept >= 60:
            cloud.tick()
            swept = time.monotonic()
        time.sleep(0.1)
    raise TimeoutError(f"the breach of {due} was not noticed by {now}")
