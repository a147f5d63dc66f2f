"""What the desk spends in a month, and what it gives up, in which order, as that nears the owner's cap.

All at list prices, free tiers left out: the desk warns rather too early than too late. Money is in picodollars, the
cap in cents of a dollar, since AWS bills in dollars. Taking mail and requests in, answering, promises and notices to
agents are never given up: they are not even named in `ORDER`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from chalicelib.domain import prices
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.prices import USD
from chalicelib.domain.usage import NAMES, PRICED, Usage

STRICT: dict[str, Any] = {"extra": "forbid"}
CENT = USD // 100
MOST_CENTS = 100_000_000


@dataclass(frozen=True)
class SpendingSettings:
    """The most that the desk should cost in a month, in cents of a dollar (0: no cap), and when admins are warned."""

    __pydantic_config__ = STRICT
    monthly_cap_cents: int = 0
    warn_at_percent: int = 80

    def __post_init__(self) -> None:
        if not 0 <= self.monthly_cap_cents <= MOST_CENTS:
            remedy = f"must be from 0 (no cap) to {MOST_CENTS:,} cents"
            raise InvalidInput(remedy, "spending.monthly_cap_cents")
        if not 1 <= self.warn_at_percent <= 100:
            raise InvalidInput("must be from 1 to 100", "spending.warn_at_percent")


class Saving(StrEnum):
    """What the desk can do without for the rest of a month."""

    BOT = "bot"
    SURVEYS = "surveys"
    ACKNOWLEDGEMENTS = "acknowledgements"


ORDER: tuple[tuple[Saving, int], ...] = ((Saving.BOT, 90), (Saving.SURVEYS, 95), (Saving.ACKNOWLEDGEMENTS, 100))
"""What is given up, and from which percentage of the cap on."""


def economy(spent: int, cap_cents: int) -> tuple[Saving, ...]:
    """Give what is off, in the order in which it was given up, when `spent` picodollars are; without a cap nothing."""
    return tuple(saving for saving, percent in ORDER if _reached(spent, cap_cents, percent))


def step_reached(spent: int, settings: SpendingSettings) -> int:
    """Give the highest percentage of the cap that admins are told of and that is reached, 0 for none."""
    steps = (settings.warn_at_percent, *(percent for _, percent in ORDER))
    return max((step for step in steps if _reached(spent, settings.monthly_cap_cents, step)), default=0)


def _reached(spent: int, cap_cents: int, percent: int) -> bool:
    return cap_cents > 0 and 100 * spent >= percent * cap_cents * CENT


# ---- the account of a month


@dataclass(frozen=True, slots=True)
class Account:
    """What was booked in a month (`2026-11`, UTC). `told` is the step that admins were last told of, under `told_cap`.

    `days` are picodollars booked on each day of the month (UTC), as priced then. An account nobody booked into has no
    `bookings`.
    """

    month: str
    usage: Usage = field(default_factory=Usage)
    bookings: int = 0
    told: int = 0
    told_cap: int = 0
    days: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an account: so much of something, at so many picodollars in all."""

    what: str
    unit: str
    quantity: int
    picodollars: int


LOG_BYTES = 1_000
"""What an invocation writes to the log, some: the platform's three lines, and one or two of ours."""

FIXED: Mapping[str, int] = {
    "sqs_request": 2 * 15,
    "lambda_request": 1,
    "lambda_mb_ms": 256 * 40,
    "read_half_unit": 1,
    "log_byte": LOG_BYTES,
}
"""What a desk uses each minute though nobody writes to it, reckoned as docs/costs.md says: nothing of it is metered.

Lambda polls each of two queues fifteen times; a look at what is due takes 40 ms of 256 MB and half a read unit. Alarms
and people who sign in are not among it: the desk can't see how many there are.
"""


def month_of(at: datetime) -> str:
    """Give the month of an instant in UTC: `2026-11`."""
    return f"{at.astimezone(UTC):%Y-%m}"


def month_from(text: str) -> datetime:
    """Give the instant at which a month like `2026-11`, of the years 2000 to 2999, begins. Raises InvalidInput."""
    if not re.fullmatch(r"2[0-9]{3}-(0[1-9]|1[0-2])", text):
        raise InvalidInput("must be a month like 2026-11", "month")
    return datetime(int(text[:4]), int(text[5:]), 1, tzinfo=UTC)


def end_of(begin: datetime) -> datetime:
    """Give the instant at which the month that begins then ends."""
    return (begin + timedelta(days=31)).replace(day=1)


def metered_lines(usage: Usage) -> tuple[Line, ...]:
    """Give a usage line by line, what wasn't used left out; lines without a price of their own cost nothing."""
    return tuple(_line(name, getattr(usage, name)) for name in NAMES if getattr(usage, name))


def _line(name: str, quantity: int) -> Line:
    if name not in PRICED:
        unit = {"table_calls": "call to the table", "lambda_ms": "millisecond of Lambda"}[name]
        return Line(name, unit, quantity, 0)
    price = prices.LIST[PRICED[name]]
    return Line(name, price.unit, quantity, prices.priced(price, quantity))


def log_line(usage: Usage) -> Line:
    """Give what a usage's invocations write to the log, reckoned."""
    price, quantity = prices.LIST["log_byte"], usage.lambda_requests * LOG_BYTES
    return Line("log_bytes", price.unit, quantity, prices.priced(price, quantity))


def fixed_lines(account: Account, now: datetime) -> tuple[Line, ...]:
    """Give what the month's idling costs up to `now`; a month gone by that nobody booked into had no desk."""
    begin = month_from(account.month)
    gone = min(now, end_of(begin)) - begin
    if gone <= timedelta() or (now >= end_of(begin) and not account.bookings):
        return ()
    return tuple(_idling(name, rate, gone) for name, rate in FIXED.items())


def _idling(name: str, rate: int, gone: timedelta) -> Line:
    price, quantity = prices.LIST[name], rate * int(gone.total_seconds()) // 60
    return Line(name, price.unit, quantity, prices.priced(price, quantity))


def total(lines: tuple[Line, ...]) -> int:
    """Give what lines cost together, in picodollars."""
    return sum(line.picodollars for line in lines)


def booked_cost(usage: Usage) -> int:
    """Give what a booked usage costs with the logs that it left, in picodollars."""
    return total((*metered_lines(usage), log_line(usage)))


def spent_by_day(account: Account, now: datetime) -> tuple[tuple[date, int], ...]:
    """Give what each day of the month has cost so far, in picodollars: what was booked on it, and its idling.

    Bookings from before days were kept are in none of them.
    """
    begin = month_from(account.month)
    end = min(now, end_of(begin))
    if end <= begin or not fixed_lines(account, now):
        return ()
    days = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
    marks = [total(fixed_lines(replace(account, bookings=1), at)) for at in (*(day for day in days if day < end), end)]
    idling = [after - before for before, after in pairwise(marks)]
    return tuple((day.date(), account.days.get(day.day, 0) + idle) for day, idle in zip(days, idling, strict=False))


SERVICE_OF: Mapping[str, str] = {
    **dict.fromkeys(("read_half_units", "read_half_unit", "write_units", "table_calls"), "DynamoDB"),
    **dict.fromkeys(("lambda_requests", "lambda_request", "lambda_ms", "lambda_mb_ms"), "Lambda"),
    **dict.fromkeys(("sqs_requests", "sqs_request"), "SQS"),
    **dict.fromkeys(("mails_out", "mails_in", "mail_in_chunks"), "SES"),
    **dict.fromkeys(("s3_gets", "s3_puts", "stored_bytes"), "S3"),
    **dict.fromkeys(("log_bytes", "log_byte"), "CloudWatch"),
    "api_requests": "API Gateway",
    "key_reads": "KMS",
}
"""Which of AWS's services a line of an account is of."""


def by_service(lines: Iterable[Line]) -> dict[str, int]:
    """Give what each service costs, in picodollars, dearest first."""
    found: dict[str, int] = {}
    for line in lines:
        service = SERVICE_OF[line.what]
        found[service] = found.get(service, 0) + line.picodollars
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def spent_in(account: Account, now: datetime) -> int:
    """Give what the month has cost up to `now`, in picodollars: what was booked, its logs, and the idling."""
    return booked_cost(account.usage) + total(fixed_lines(account, now))


def forecast(account: Account, now: datetime) -> int:
    """Give what the month will have cost at its end, in picodollars, when it goes on as it began.

    Its first day counts as a whole day, lest an early hour be taken for the pace of the month.
    """
    begin = month_from(account.month)
    end = end_of(begin)
    if now >= end:
        return spent_in(account, now)
    gone = max(now - begin, timedelta(days=1))
    metered = booked_cost(account.usage)
    whole = metered * int((end - begin).total_seconds()) // int(gone.total_seconds())
    return whole + total(fixed_lines(Account(account.month, bookings=1), end))
