"""How much of everything a month takes: the idle desk, the tickets, their mail. docs/costs.md explains each rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import exp

from infra.cost.counted import Piece, alarms, days_kept, memory, pieces
from infra.cost.demand import Demand

DAYS = Fraction(365, 12)
MINUTES = int(DAYS * 24 * 60)
"""Of a month: 43,800."""

POLLS_A_MINUTE = 15
"""Of one idle queue: Lambda keeps five long polls of 20 s open."""
QUEUES = 2
FIXED_MS, CALL_MS, COLD_MS = 30, 10, 1_500
"""How long a warm invocation is billed: so much, and more for each AWS call; and how long a cold start's beginning."""
IDLE_MINUTES, BUSY_HOURS = 10, 220
"""How long an idle copy of a function lives, and in how many hours of a month a desk's work comes."""
ENDINGS, TOGETHER = 2, 25
"""Changes of a ticket that search must know when it is solved and closed; so many are built in together."""
METRICS = 5
"""How many the functions write where DESK_METRICS is on: docs/operations.md names them."""
LOG_BYTES = 1_000
"""Of one invocation: Lambda's own three lines, and ours."""
MAIL_BYTES, ANSWER_BYTES = 20_000, 6_000
"""Of a mail as it comes in, and of an answer of the API."""
CHUNK_BYTES = 256 * 1024
"""SES bills each full one of a received mail."""

Quantities = dict[str, Fraction]


class Section(StrEnum):
    """The parts of a bill."""

    IDLE = "the desk while nobody writes"
    TICKETS = "tickets, without their mail"
    MAIL = "mail"


@dataclass(frozen=True)
class Line:
    """So much of something: `price` is its name in the price list."""

    section: Section
    what: str
    price: str
    quantity: int


def lines(demand: Demand) -> list[Line]:
    """Give a month line by line."""
    found = [*_idle(demand), *_tickets(demand), *_mail(demand)]
    return [Line(section, what, price, round(quantity)) for section, what, price, quantity in found]


Rough = Iterator[tuple[Section, str, str, Fraction]]


def _idle(demand: Demand) -> Rough:
    sweep = pieces()["sweep"]
    logged = Fraction(MINUTES * LOG_BYTES)
    for what, price, quantity in (
        (f"empty polls of {QUEUES} queues", "sqs_request", Fraction(MINUTES * POLLS_A_MINUTE * QUEUES)),
        ("the schedule, once a minute", "schedule", Fraction(MINUTES)),
        ("its sweeps: invocations", "lambda_request", Fraction(MINUTES)),
        ("its sweeps: time", "lambda_mb_ms", Fraction(MINUTES) * _mb_ms({"every_minute": 1}, sweep.calls)),
        ("its sweeps: reads", "read_half_unit", MINUTES * 2 * Fraction(sweep.read_units)),
        ("its log", "log_byte", logged),
        ("its log, kept", "log_byte_month", logged * _months_kept("LogRetentionDays", demand)),
        (f"alarms ({demand.alarms})", "alarm_month", Fraction(alarms(demand.alarms))),
        ("metrics of the desk's own", "metric_month", Fraction(METRICS * (demand.metrics == "on"))),
        ("the budget that warns", "budget_month", Fraction(1)),
        ("the signing key's parameter", "parameter_month", Fraction(1)),
        ("agents who sign in", "staff_month", Fraction(demand.agents)),
    ):
        yield Section.IDLE, what, price, quantity


def _tickets(demand: Demand) -> Rough:
    total = Total.of(demand)
    logged, kept = total.invoked * LOG_BYTES, demand.tickets * demand.attachments * demand.attachment_kb * 1000
    for what, price, quantity in (
        ("table: writes", "write_unit", total.write_units),
        ("table: reads", "read_half_unit", 2 * total.read_units),
        (f"table, after {demand.months} months", "table_byte_month", demand.months * total.stored_bytes),
        ("its backup, any second of 35 days", "table_backup_byte_month", demand.months * total.stored_bytes),
        ("functions: invocations", "lambda_request", total.invoked),
        ("functions: time", "lambda_mb_ms", total.mb_ms),
        (f"functions: {total.cold:,} cold starts", "lambda_mb_ms", total.cold_mb_ms),
        ("requests to the API", "api_request", total.invocations.get("api", Fraction(0))),
        ("queues: sent, received, deleted", "sqs_request", total.queue_requests),
        ("files: written", "s3_put", total.calls.get("s3:PutObject", Fraction(0))),
        ("files: read", "s3_get", total.calls.get("s3:GetObject", Fraction(0)) + demand.tickets * demand.attachments),
        (f"files, after {demand.months} months", "s3_byte_month", demand.months * kept),
        ("logs", "log_byte", logged),
        ("logs, kept", "log_byte_month", logged * _months_kept("LogRetentionDays", demand)),
        ("answers and files to agents", "byte_out", total.invocations.get("api", Fraction(0)) * ANSWER_BYTES + kept),
        ("the signing key, decrypted", "kms_request", Fraction(total.cold)),
    ):
        yield Section.TICKETS, what, price, quantity


def _mail(demand: Demand) -> Rough:
    received = Fraction(demand.tickets * demand.customer_mails)
    attached = demand.tickets * demand.attachments
    encoded = demand.attachment_kb * 1000 * Fraction(4, 3)  # base64
    stored = received * MAIL_BYTES + attached * encoded
    for what, price, quantity in (
        ("mails received", "mail_in", received),
        ("their full 256 kB", "mail_in_chunk", attached * int((MAIL_BYTES + encoded) // CHUNK_BYTES)),
        ("mails written to the bucket", "s3_put", received),
        ("mails as they came, kept", "s3_byte_month", stored * _months_kept("MailRetentionDays", demand)),
        ("mails sent", "mail_out", Total.of(demand).calls.get("sesv2:SendEmail", Fraction(0))),
    ):
        yield Section.MAIL, what, price, quantity


def _months_kept(parameter: str, demand: Demand) -> Fraction:
    return min(days_kept(parameter) / DAYS, Fraction(demand.months))


def _mb_ms(invocations: Mapping[str, int], calls: Mapping[str, int]) -> Fraction:
    """Give the megabyte-milliseconds of some invocations that make these calls, shared evenly."""
    total = sum(invocations.values())
    each = FIXED_MS + Fraction(CALL_MS * sum(calls.values()), total) if total else Fraction(0)
    return sum((memory()[name] * count * each for name, count in invocations.items()), Fraction(0))


@dataclass(frozen=True)
class Total:
    """All that a month's tickets come to."""

    invocations: Mapping[str, Fraction]
    calls: Mapping[str, Fraction]
    read_units: Fraction
    write_units: Fraction
    stored_bytes: Fraction
    mb_ms: Fraction
    received: int

    @classmethod
    def of(cls, demand: Demand) -> "Total":
        """Add up the counted pieces, each as often as it happens."""
        parts = [(pieces()[name], times) for name, times in _times(demand).items()]
        extra = _beyond(pieces()["opening mail with an attachment"], pieces()["opening mail"])
        parts.append((extra, demand.tickets * demand.attachments))
        parts.append((pieces()["index built"], _builds(demand)))
        return cls(
            _summed((one.invocations, times) for one, times in parts),
            _summed((one.calls, times) for one, times in parts),
            sum((Fraction(one.read_units) * times for one, times in parts), Fraction(0)),
            sum((one.write_units * times for one, times in parts), Fraction(0)),
            sum((one.stored_bytes * times for one, times in parts), Fraction(0)),
            sum((_mb_ms(one.invocations, one.calls) * times for one, times in parts), Fraction(0)),
            demand.tickets * demand.customer_mails,
        )

    @property
    def invoked(self) -> Fraction:
        """How often any function is invoked."""
        return sum(self.invocations.values(), Fraction(0))

    @property
    def queue_requests(self) -> Fraction:
        """Each message is sent, received and deleted; the bucket sends one for each mail."""
        sent = sum((times for call, times in self.calls.items() if call.startswith("sqs:")), Fraction(self.received))
        taken = self.invocations.get("on_mail", Fraction(0)) + self.invocations.get("on_work", Fraction(0))
        return sent + 2 * taken

    @property
    def cold(self) -> int:
        """How many invocations find no copy of their function."""
        return sum(cold_starts(float(times)) for times in self.invocations.values())

    @property
    def cold_mb_ms(self) -> Fraction:
        """What starting them takes."""
        each = {name: memory()[name] * cold_starts(float(times)) for name, times in self.invocations.items()}
        return Fraction(COLD_MS * sum(each.values()))


def cold_starts(invocations: float) -> int:
    """Give how many of a function's invocations in a month find no copy of it alive.

    They come at random (Poisson) within the busy hours; a copy dies after some idle minutes.
    """
    return round(invocations * exp(-invocations * IDLE_MINUTES / 60 / BUSY_HOURS))


def _times(demand: Demand) -> dict[str, Fraction]:
    """Give how often each piece happens in the month. An agent looks before each reply, and once more to solve."""
    per_ticket = {
        "opening mail": Fraction(1),
        "further mail": Fraction(demand.customer_mails - 1),
        "agent's look": Fraction(demand.replies + 1),
        "reply": Fraction(demand.replies),
        "end, unasked": 1 - demand.surveys,
        "end, rated": demand.surveys * demand.answered,
        "end, silent": demand.surveys * (1 - demand.answered),
    }
    return {name: demand.tickets * times for name, times in per_ticket.items()}


def _builds(demand: Demand) -> Fraction:
    """Give how often what changed is built into the search index: once in a busy hour, and oftener for 25 changes."""
    changes = demand.tickets * (demand.customer_mails + demand.replies + ENDINGS)
    return min(Fraction(changes), BUSY_HOURS + Fraction(changes, TOGETHER))


def _beyond(more: Piece, less: Piece) -> Piece:
    calls = {name: count - less.calls.get(name, 0) for name, count in more.calls.items()}
    reads, writes = more.read_units - less.read_units, more.write_units - less.write_units
    return Piece({}, calls, reads, writes, more.stored_bytes - less.stored_bytes)


def _summed(parts: Iterator[tuple[Mapping[str, int], Fraction]]) -> dict[str, Fraction]:
    total: Quantities = {}
    for counts, times in parts:
        for name, count in counts.items():
            total[name] = total.get(name, Fraction(0)) + count * times
    return total
