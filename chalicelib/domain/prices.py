"""What AWS asks for what a desk uses: dated list prices of region us-east-1, and quantities turned into money by them.

Prices differ by region, mostly upwards: logs cost 0.70 USD a gigabyte in Singapore, say, and 0.50 in us-east-1. Taxes,
discounts and free tiers are left out; `FREE_EACH_MONTH` has those tiers that never end, for who reckons with them.

Money is a whole number of picodollars (10⁻¹² USD), so that sums of the smallest prices neither drift nor vanish: half a
read unit costs 62,500 of them. Where one piece has no whole price, the price is told for more pieces: `per`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

REGION = "us-east-1"
"""Where `LIST` holds."""
USD = 10**12
"""Picodollars of a dollar."""
GIB = 2**30
"""Bytes of what AWS bills as a gigabyte."""


@dataclass(frozen=True, slots=True)
class Price:
    """What so many pieces of something cost.

    `unit` says what one piece is; `picodollars` are asked for `per` pieces. `source` and `as_of` say from where and of
    when (an ISO date or month, empty where the source tells none) the price is known; `weak` marks one that was seen
    on other people's pages only, never in AWS's own price list.
    """

    name: str
    unit: str
    picodollars: int
    per: int
    source: str
    as_of: str
    weak: bool = False


_LIST = "AWS Price List API, us-east-1, as a cost tool's tests quote it"
_ASIA = "AWS Price List API, the same in ap-southeast-1 and in guides on us-east-1"
_TOKYO = "AWS Price List API, ap-northeast-1, and guides on us-east-1"
_DYNAMODB = "AWS's pricing page for DynamoDB on demand, lowered in November 2024"
_SES = "AWS Price List, AmazonSES; plan Essentials, on which new accounts start"
_CLOUDWATCH = "cloudburn.io, Amazon CloudWatch pricing, quoting AWS's page"
_TRANSFER = "usage.ai, AWS data transfer costs"
_KMS = "cloudburn.io, AWS KMS pricing"
_EVENTS = "AWS's pricing page for EventBridge: events of AWS's own are free"
_BUDGETS = "AWS Budgets: budgets that only tell are free"
_SYSTEMS = "AWS Systems Manager: standard parameters are free"

_ALL = (
    Price("read_half_unit", "half a read unit", 125_000, 2, _DYNAMODB, "2025-08"),
    Price("write_unit", "write unit", 625_000, 1, _DYNAMODB, "2025-08"),
    Price("table_byte_month", "byte in the table for a month", USD // 4, GIB, _LIST, "2026-10-08"),
    Price("table_backup_byte_month", "byte restorable for a month", USD // 5, GIB, _LIST, "2026-10-08"),
    Price("lambda_request", "invocation", 200_000, 1, _ASIA, "2026-08-12"),
    Price("lambda_mb_ms", "MB of memory for a millisecond, arm64", 13_333_400, 1_024_000, _ASIA, "2026-08-12"),
    Price("api_request", "request to a REST API", 3_500_000, 1, _LIST, "2026-10-08"),
    Price("sqs_request", "request to a standard queue", 400_000, 1, _LIST, "2026-10-08"),
    Price("mail_out", "mail sent, for each recipient", 160_000_000, 1, _SES, "2026-07-22"),
    Price("mail_in", "mail received", 100_000_000, 1, _SES, "2026-07-22"),
    Price("mail_in_chunk", "full 256 kB of received mail", 90_000_000, 1, _SES, "2026-07-22"),
    Price("s3_put", "request that writes or lists objects", 5_000_000, 1, _LIST, "2026-10-08"),
    Price("s3_get", "request that reads an object", 400_000, 1, _LIST, "2026-10-08"),
    Price("s3_byte_month", "byte in S3 Standard for a month", 23 * USD // 1_000, GIB, _LIST, "2026-10-08"),
    Price("log_byte", "byte of log taken in", USD // 2, GIB, _CLOUDWATCH, "2026-02", weak=True),
    Price("log_byte_month", "byte of log kept for a month", 3 * USD // 100, GIB, _ASIA, "2026-08-12"),
    Price("alarm_month", "alarm for a month", USD // 10, 1, _ASIA, "2026-08-12"),
    Price("metric_month", "metric of one's own for a month", 3 * USD // 10, 1, _CLOUDWATCH, "2026-02", weak=True),
    Price("alarm_mail", "mail by which SNS tells of an alarm", 20_000_000, 1, _LIST, "2026-10-08"),
    Price("byte_out", "byte sent to the internet", 9 * USD // 100, GIB, _TRANSFER, "2026-06-02", weak=True),
    Price("kms_request", "request to a key of AWS's own", 3_000_000, 1, _KMS, "2026-03", weak=True),
    Price("schedule", "event of a scheduled rule", 0, 1, _EVENTS, "2026-03", weak=True),
    Price(
        "staff_month", "person who signs in, Cognito Lite, a month", 5_500_000_000, 1, _TOKYO, "2026-05-21", weak=True
    ),
    Price("budget_month", "budget without actions for a month", 0, 1, _BUDGETS, "2026", weak=True),
    Price("parameter_month", "standard parameter for a month", 0, 1, _SYSTEMS, "", weak=True),
)
LIST: Mapping[str, Price] = {price.name: price for price in _ALL}
"""Every price by its name."""

FREE_EACH_MONTH: Mapping[str, int] = {
    "lambda_request": 1_000_000,
    "lambda_mb_ms": 400_000 * 1_024_000,
    "sqs_request": 1_000_000,
    "table_byte_month": 25 * GIB,
    "alarm_month": 10,
    "metric_month": 10,
    "log_byte": 5 * GIB,
    "log_byte_month": 5 * GIB,
    "alarm_mail": 1_000,
    "kms_request": 20_000,
    "staff_month": 10_000,
    "byte_out": 100 * GIB,
}
"""How much of what AWS gives each account every month for ever; what lasts twelve months only is not here."""


def cost(quantities: Mapping[str, int], prices: Mapping[str, Price] = LIST) -> int:
    """Give what so much of so many things costs, in picodollars.

    Takes quantities by the names of prices: `{"write_unit": 6, "mail_out": 1}`. Each is priced on its own and rounded
    to the nearest picodollar. Raises KeyError for a name that has no price.
    """
    return sum(priced(prices[name], quantity) for name, quantity in quantities.items())


def priced(price: Price, quantity: int) -> int:
    """Give what so many pieces cost, in picodollars, rounded to the nearest."""
    return (2 * quantity * price.picodollars + price.per) // (2 * price.per)


def in_usd(picodollars: int, places: int = 2) -> str:
    """Give an amount as dollars with so many decimal places, rounded half up: `0.02`."""
    step = 10 ** (12 - places)
    whole = (2 * abs(picodollars) + step) // (2 * step)
    sign = "-" if picodollars < 0 and whole else ""
    return f"{sign}{whole // 10**places}.{whole % 10**places:0{places}d}"
