"""The console's pages: what they read, how large they are on the wire, and the processor time of making one.

Time is measured as for a ticket by form (`processor.py`), in a process of its own: API Gateway's event, Chalice, our
handler, the template, and botocore up to where it would send; AWS's answers are recorded. Run as a module, this is that
process.
"""

import gc
import gzip
import json
import re
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.anchor.visitor import COMPLAINT
from bench.child import answer, ask, question
from bench.desk import MONDAY, made_up_account
from bench.filling import TEAM, OpenTickets
from bench.playback import Recording, Scene, Stage
from bench.proxy_event import proxy_event
from bench.recording import RecordingDesk
from bench.story import MESSAGES, TICKETS, new_ticket
from chalicelib.domain.sign_in import Session

ROUNDS = 40
WARM_UP = 5
INBOX, TICKET, CUSTOMER, REPORTS = "Inbox of 25 tickets", "Ticket with 50 messages", "Customer", "Reports"
STATIC = Path(__file__).resolve().parents[1] / "chalicelib" / "web" / "static"
LINKED = re.compile(r"/static/([a-z]+)\.[0-9a-f]+\.(css|js)")


@dataclass(frozen=True)
class PageCost:
    """One page: its calls to the table, the units they read, and bytes as compressed for the wire: of the page alone,
    and with every style sheet and script that a browser fetches the first time."""

    name: str
    calls: int
    read_units: float
    bytes_alone: int
    bytes_at_first: int
    milliseconds: float


@dataclass(frozen=True)
class _Seen:
    calls: int
    read_units: float
    html: str


def measure() -> list[PageCost]:
    """Give every page's cost; those of 25 tickets and of 50 messages are the goals'."""
    seen: dict[str, _Seen] = {}
    recording = _record(seen)
    spent: dict[str, float] = ask("bench.pages", recording.as_json())
    return [
        PageCost(name, one.calls, one.read_units, _packed(one.html), _at_first(one.html), spent[name])
        for name, one in seen.items()
    ]


def _packed(text: str) -> int:
    return len(gzip.compress(text.encode(), 6))


def _at_first(html: str) -> int:
    names = dict.fromkeys(LINKED.findall(html))
    linked = ((STATIC / f"{name}.{kind}").read_text(encoding="utf-8") for name, kind in names)
    return _packed(html) + sum(map(_packed, linked))


def _record(seen: dict[str, _Seen]) -> Recording:
    scenes: dict[str, Scene] = {}
    with made_up_account():
        desk = RecordingDesk()
        try:
            desk.start()
            for name, event in _pages(desk).items():
                for which in (", first", ""):
                    if which:
                        desk.forget()
                    desk.recorded.clear()
                    desk.meter.take()
                    reply = desk.answer(event, 200)
                    [scenes[f"{name}{which}"]] = desk.recorded
                tally = desk.meter.take()
                seen[name] = _Seen(tally.table_reads + tally.table_writes, tally.read_units, reply["body"])
            environment = asdict(desk.desk.environment)
        finally:
            desk.stop()
    return Recording(environment, MONDAY.isoformat(), scenes)


def _pages(desk: RecordingDesk) -> dict[str, dict[str, Any]]:
    """Give the event of each page on a desk with that much to show, as an admin's browser asks for it."""
    made = json.loads(desk.ask("POST", TICKETS, 201, {}, json=new_ticket(1))["body"])
    desk.settle()
    OpenTickets(desk, made["ref"]).fill_up_to(25)
    long = json.loads(desk.ask("POST", TICKETS, 201, {}, json=new_ticket(2))["body"])
    for _ in range(49):
        desk.ask("POST", MESSAGES, 201, {"ref": long["ref"]}, json={"kind": "note", "text": COMPLAINT})
    desk.settle()
    ticket, customer = {"ref": long["ref"]}, {"customer_id": long["customer_id"]}
    return {
        INBOX: _asked(desk, "/console", {}, f"?view={TEAM}&limit=25"),
        TICKET: _asked(desk, "/console/tickets/{ref}", ticket),
        CUSTOMER: _asked(desk, "/console/customers/{customer_id}", customer),
        REPORTS: _asked(desk, "/console/reports", {}),
    }


def _asked(desk: RecordingDesk, resource: str, path: dict[str, str], query: str = "") -> dict[str, Any]:
    headers = {"accept": "text/html", "accept-language": "en-GB", "cookie": f"pennydesk={_session(desk)}"}
    return proxy_event("GET", resource, path, resource.format(**path) + query, headers, None)


def _session(desk: RecordingDesk) -> str:
    from chalicelib.web.console.session import PURPOSE, sealable

    now = desk.clock.now()
    return desk.desk.signer.seal(PURPOSE, sealable(Session("ada", now, now, "bench")))


def _answer_question() -> None:
    recording = Recording.from_json(question())
    names = [name for name in recording.scenes if not name.endswith(", first")]
    answer({name: _milliseconds(recording, name) for name in names})


def _milliseconds(recording: Recording, name: str) -> float:
    stage = Stage(recording)
    stage.play(recording.scenes[f"{name}, first"])
    play = stage.rehearsed(recording.scenes[name])
    for _ in range(WARM_UP):
        play()
    gc.collect()
    each = []
    for _ in range(ROUNDS):
        before = time.process_time()
        play()
        each.append(1000 * (time.process_time() - before))
    return statistics.median(each)


if __name__ == "__main__":
    _answer_question()
