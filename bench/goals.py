"""What the desk means to reach, and what it reached."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.imports import FLOOR, ColdStart
from bench.meter import Tally
from bench.pages import INBOX, TICKET, PageCost
from bench.story import Measured

DUE, DANGER = "Sweep with 50 due", "Promises in danger"
PAGE, SWEEP, SECOND = "Queue page of 25", "Sweep with nothing due", "Second sweep"


@dataclass(frozen=True)
class Goal:
    """One goal in words, with the figure reached and the most that it may be."""

    name: str
    reached: float
    most: float

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.reached <= self.most


def count_goals(found: Sequence[Measured]) -> list[Goal]:
    """Give the goals for calls and units."""
    by_name = {measured.name: measured.tally for measured in found}
    mail, reply = by_name["Ticket from mail: on_mail"], by_name["Reply: the request"]
    conversation = next(tally for name, tally in by_name.items() if name.startswith("Conversation"))
    scans = sum(call.operation == "Scan" for measured in found for call in measured.tally.calls)
    return [
        Goal("Ticket from mail: DynamoDB writes", mail.table_writes, 3),
        Goal("Ticket from mail: write units", mail.write_units, 11),
        Goal("Reply: DynamoDB reads", reply.table_reads, 1),
        Goal("Reply: DynamoDB writes", reply.table_writes, 2),
        Goal("Reply: units, read and written", reply.read_units + reply.write_units, 12),
        *_most("Queue page of 25, however many are open", _named(by_name, PAGE), 2),
        *_most("Sweep with nothing due, however many are open", _named(by_name, SWEEP), 0.5),
        Goal("Sweep with 50 due: read units that more open tickets add", _spread(_named(by_name, DUE)), 0),
        Goal("Promises in danger: read units that more open tickets add", _spread(_named(by_name, DANGER)), 0),
        Goal("Second sweep: writes", max(tally.table_writes for tally in _named(by_name, SECOND)), 0),
        Goal("Conversation of 50 messages: calls", conversation.table_reads, 1),
        Goal("Conversation of 50 messages: read units", conversation.read_units, 13),
        Goal("Scans, anywhere", scans, 0),
    ]


def _named(by_name: dict[str, Tally], start: str) -> list[Tally]:
    return [tally for name, tally in by_name.items() if name.startswith(start)]


def _spread(tallies: Sequence[Tally]) -> float:
    units = [tally.read_units for tally in tallies]
    return max(units) - min(units)


def _most(name: str, tallies: Sequence[Tally], units: float) -> list[Goal]:
    calls = Goal(f"{name}: calls", max(len(tally.calls) for tally in tallies), 1)
    return [calls, Goal(f"{name}: read units", max(tally.read_units for tally in tallies), units)]


def cold_goals(found: Sequence[ColdStart]) -> list[Goal]:
    """Give the goals for cold starts."""
    by_name = {cold.name: cold for cold in found}
    floor = by_name[FLOOR].milliseconds
    return [
        Goal("Imports of the API, in floors", by_name["API"].milliseconds / floor, 1.5),
        Goal("Imports of the worker, in floors", by_name["worker"].milliseconds / floor, 1.3),
        Goal("Functions that import the X-Ray SDK", sum(cold.traced for cold in found), 0),
    ]


def processor_goal(request_ms: float, anchor_ms: float) -> Goal:
    """Give the goal for the processor time of one ticket."""
    return Goal("Processor time of a ticket, in those of django-helpdesk", request_ms / anchor_ms, 0.5)


def page_goals(found: Sequence[PageCost]) -> list[Goal]:
    """Give the goals for the console's pages."""
    by_name = {page.name: page for page in found}
    return [
        Goal(f"{INBOX}: calls to the table", by_name[INBOX].calls, 3),
        Goal(f"{TICKET}: calls to the table", by_name[TICKET].calls, 3),
        Goal("Any page of the console: kB compressed, at first", max(one.bytes_at_first for one in found) / 1000, 60),
        Goal("Any page of the console: kB compressed, after", max(one.bytes_alone for one in found) / 1000, 15),
        Goal("Any page of the console: CPU ms", max(one.milliseconds for one in found), 15),
    ]
