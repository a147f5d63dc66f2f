"""A ticket's life in the pieces that a bill is reckoned from, each counted once: see docs/costs.md."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

from bench.anchor.visitor import COMPLAINT
from bench.desk import INDEXES, MeteredDesk, metered_desk
from bench.meter import Tally
from bench.story import ANSWER, MESSAGES, TICKET, TICKETS
from bench.units import item_size
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.send_survey import survey_link
from infra.local.lambda_events import schedule_event

SCHEDULE = "every_minute"
BESIDE_EACH_ITEM = 100
"""Bytes that DynamoDB bills beside each item and index entry (developer guide, "DynamoDB item sizes and formats")."""
ROUNDS = 3
"""Customer and agent each write so often; the last round is counted, when the ticket has grown."""
LATEST_DUE = timedelta(days=400)


@dataclass(frozen=True)
class Piece:
    """A piece of a life: the calls for it, and by how many bytes the table grew."""

    name: str
    tally: Tally
    stored_bytes: int


class _Watch:
    """Cuts what happens on a desk into pieces."""

    def __init__(self, desk: MeteredDesk) -> None:
        """What happened before is no part of any piece."""
        self._desk, self._stored = desk, _stored_bytes(desk)
        desk.meter.take()

    def piece(self, name: str) -> Piece:
        """Give what happened since the last piece, but the sweeps: the idle desk has them too."""
        tally, before = self._desk.meter.take(), self._stored
        self._stored = _stored_bytes(self._desk)
        calls = tuple(call for call in tally.calls if call.function != SCHEDULE or call.service == "sqs")
        invocations = tuple(name for name in tally.invocations if name != SCHEDULE)
        return Piece(name, Tally(calls, invocations), self._stored - before)


def count_pieces() -> list[Piece]:
    """Give every piece of a ticket's life by mail, and the sweep of an idle desk, counted on Moto."""
    with metered_desk() as desk:
        desk.warm_up()
        return [_sweep(desk), *_conversation(desk), *_endings(desk), *_attachment(desk)]


def _sweep(desk: MeteredDesk) -> Piece:
    desk.meter.take()
    desk.invoke(SCHEDULE, schedule_event(desk.clock.now(), SCHEDULE))
    return Piece("sweep", desk.meter.take(), 0)


def _conversation(desk: MeteredDesk) -> Iterator[Piece]:
    watch = _Watch(desk)
    ref = _opened(desk, "one")
    yield watch.piece("opening mail")
    for number in range(ROUNDS):
        if number:
            _receive(desk, "one", answers="one")
            further = watch.piece("further mail")
        _look(desk, ref)
        look = watch.piece("agent's look")
        desk.ask("POST", MESSAGES, 201, {"ref": ref}, json={"kind": "reply", "text": ANSWER})
        desk.settle()
        reply = watch.piece("reply")
    yield from (further, look, reply)


def _look(desk: MeteredDesk, ref: str) -> None:
    """What an agent's program asks before an answer is written: the queue, the ticket, its messages."""
    desk.ask("GET", TICKETS, 200, {}, query={"queue": "agent:ada", "limit": 25})
    desk.ask("GET", TICKET, 200, {"ref": ref})
    desk.ask("GET", MESSAGES, 200, {"ref": ref}, query={"limit": 25})


def _endings(desk: MeteredDesk) -> Iterator[Piece]:
    """Three ends: nobody asks how it went; the customer says; the customer says nothing."""
    unasked, rated, silent = (_answered(desk, name) for name in ("two", "three", "four"))
    watch = _Watch(desk)
    _ask_nobody(desk, asking=False)
    watch.piece("settings")
    _solve(desk, unasked)
    _live_out(desk, unasked)
    yield watch.piece("end, unasked")
    _ask_nobody(desk, asking=True)
    watch.piece("settings")
    _solve(desk, rated)
    _until_surveyed(desk, rated)
    token = survey_link(desk.desk, rated, 1).rpartition("/")[2]
    desk.fill_in("/s/{token}", 200, {"token": token}, {"rating": "5", "comment": "Quick, thank you."})
    _live_out(desk, rated)
    yield watch.piece("end, rated")
    _solve(desk, silent)
    _live_out(desk, silent)
    yield watch.piece("end, silent")


def _attachment(desk: MeteredDesk) -> Iterator[Piece]:
    desk.build_index()
    watch = _Watch(desk)
    _opened(desk, "five", attachments=1)
    yield watch.piece("opening mail with an attachment")
    desk.build_index()
    yield _built(desk)


def _built(desk: MeteredDesk) -> Piece:
    """One ticket is built into the search index, within a sweep that is there anyway."""
    return Piece("index built", Tally(desk.meter.take().calls, ()), 0)


def _answered(desk: MeteredDesk, name: str) -> str:
    ref = _opened(desk, name)
    desk.ask("POST", MESSAGES, 201, {"ref": ref}, json={"kind": "reply", "text": ANSWER})
    desk.settle()
    return ref


def _opened(desk: MeteredDesk, name: str, attachments: int = 0) -> str:
    """Take in a new customer's mail, and give its ticket's reference."""
    _receive(desk, name, attachments=attachments)
    customer = desk.desk.customers.id_of(f"{name}@customer.example")
    [card] = desk.desk.tickets.of_customer(customer, 2).cards
    return card.ref


def _receive(desk: MeteredDesk, name: str, *, answers: str = "", attachments: int = 0) -> None:
    sender = f"{name}@customer.example"
    written = EmailMessage(policy=SMTP)
    written["From"], written["To"] = f"Jo Customer <{sender}>", "support@example.com"
    written["Subject"] = "The label printer stops after every third label"
    written["Message-ID"] = f"<{name}@customer.example>"
    if answers:
        written.replace_header("Message-ID", f"<{desk.clock.now():%H%M%S%f}.{len(desk.sent_mail())}@customer.example>")
        written["In-Reply-To"] = f"<{answers}@customer.example>"
    written.set_content(COMPLAINT)
    written.add_alternative(f"<html><body><p>{COMPLAINT}</p></body></html>", subtype="html")
    for number in range(attachments):
        written.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    desk.receive_mail(bytes(written), sender, ["support@example.com"])
    desk.settle()


def _solve(desk: MeteredDesk, ref: str) -> None:
    desk.ask("PATCH", TICKET, 200, {"ref": ref}, json={"status": "solved"})
    desk.settle()


def _until_surveyed(desk: MeteredDesk, ref: str) -> None:
    while not _ticket(desk, ref).surveys:
        _next(desk, ref)


def _live_out(desk: MeteredDesk, ref: str) -> None:
    """Let everything happen to a ticket that is still to happen, each at its time."""
    while _ticket(desk, ref).next_due:
        _next(desk, ref)


def _next(desk: MeteredDesk, ref: str) -> None:
    due = _ticket(desk, ref).next_due
    if due is None or due > desk.clock.now() + LATEST_DUE:
        raise LookupError(f"nothing more is due on {ref}")
    desk.clock.move_to(max(due, desk.clock.now()))
    with desk.meter.running(SCHEDULE):  # which finds what is due, here this one ticket only
        desk.desk.work.nudge(ref)
    desk.settle()


def _ticket(desk: MeteredDesk, ref: str) -> Ticket:
    ticket = desk.desk.tickets.get(ref)
    if ticket is None:
        raise LookupError(f"there is no ticket {ref}")
    return ticket


def _ask_nobody(desk: MeteredDesk, *, asking: bool) -> None:
    settings = desk.desk.settings.load()
    desk.desk.settings.save(replace(settings, survey=replace(settings.survey, enabled=asking)))


def _stored_bytes(desk: MeteredDesk) -> int:
    """Give the bytes that DynamoDB would bill for the table and its indexes."""
    client, table = desk.desk.aws.client("dynamodb"), desk.desk.environment.table
    items = [item for page in client.get_paginator("scan").paginate(TableName=table) for item in page["Items"]]
    entries = [entry for item in items for index in INDEXES if (entry := index.entry(item)) is not None]
    return sum(item_size(stored) + BESIDE_EACH_ITEM for stored in (*items, *entries))


def as_json(pieces: list[Piece]) -> dict[str, dict[str, object]]:
    """Give the pieces as plain JSON values, by name."""
    return {
        piece.name: {
            "invocations": dict(Counter(piece.tally.invocations)),
            "calls": piece.tally.operations,
            "read_units": piece.tally.read_units,
            "write_units": piece.tally.write_units,
            "stored_bytes": piece.stored_bytes,
        }
        for piece in pieces
    }
