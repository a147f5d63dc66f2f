"""What a piece of work has used of AWS: calls, units, milliseconds, mails. Whole numbers, so that sums stay exact."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from chalicelib.domain import prices


@dataclass(frozen=True, slots=True)
class Usage:
    """So much of everything that AWS bills by the piece; usages add up.

    `read_half_units` are halves, since an eventually consistent read takes half a unit. `lambda_mb_ms` are milliseconds
    times megabytes of memory, as Lambda bills. `sqs_requests` holds those of Lambda's poller too, a receive and a
    delete for each batch. `mails_out` counts recipients, as SES does; `mail_in_chunks` full 256 kB of received mail.
    `key_reads` are readings of the encrypted signing key; `stored_bytes` are of files and raw mails.
    What is new goes to the end: tables hold these numbers in this order.
    """

    table_calls: int = 0
    read_half_units: int = 0
    write_units: int = 0
    lambda_requests: int = 0
    lambda_ms: int = 0
    lambda_mb_ms: int = 0
    sqs_requests: int = 0
    mails_out: int = 0
    api_requests: int = 0
    mails_in: int = 0
    s3_gets: int = 0
    s3_puts: int = 0
    stored_bytes: int = 0
    key_reads: int = 0
    mail_in_chunks: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(*(mine + theirs for mine, theirs in zip(self.numbers, other.numbers, strict=True)))

    def __bool__(self) -> bool:
        return any(self.numbers)

    @property
    def numbers(self) -> tuple[int, ...]:
        """All numbers, in the order of the fields."""
        return tuple(getattr(self, name) for name in NAMES)

    @property
    def quantities(self) -> dict[str, int]:
        """What of it has a price, by the names of domain.prices."""
        return {price: getattr(self, name) for name, price in PRICED.items()}


NOTHING_USED = Usage()

NAMES: tuple[str, ...] = tuple(field.name for field in fields(Usage))

PRICED: Mapping[str, str] = {
    "read_half_units": "read_half_unit",
    "write_units": "write_unit",
    "lambda_requests": "lambda_request",
    "lambda_mb_ms": "lambda_mb_ms",
    "sqs_requests": "sqs_request",
    "mails_out": "mail_out",
    "api_requests": "api_request",
    "mails_in": "mail_in",
    "s3_gets": "s3_get",
    "s3_puts": "s3_put",
    "stored_bytes": "s3_byte_month",
    "key_reads": "kms_request",
    "mail_in_chunks": "mail_in_chunk",
}
"""The price of each number that is billed. Calls to the table cost by their units, milliseconds by their memory."""


def cost_of(usage: Usage) -> int:
    """Give what a usage costs at list prices, in picodollars; stored bytes for the one month that they begin with."""
    return prices.cost(usage.quantities)
