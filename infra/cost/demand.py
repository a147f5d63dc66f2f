"""What a month brings a desk: as its owner tells it, or as is assumed where nothing is told."""

from dataclasses import dataclass, fields
from fractions import Fraction

ALARM_SETS = ("full", "essential")
SWITCHES = ("off", "on")
MOST_TICKETS = 10**9


class Unclear(Exception):
    """What was asked for can't be reckoned; the message is one line that names the flag."""


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A month, and for how many `months` the desk has run like this: what is kept adds up.

    `messages` and `attachments` are per ticket; `surveys` is the share of customers who are asked how it went, and
    `answered` the share of those who say.
    """

    tickets: int
    messages: int = 6
    attachments: Fraction = Fraction(0)
    attachment_kb: int = 300
    surveys: Fraction = Fraction(1)
    answered: Fraction = Fraction(1, 5)
    agents: int = 3
    alarms: str = "full"
    metrics: str = "off"
    months: int = 12

    def __post_init__(self) -> None:
        """Raise Unclear for what no month can bring."""
        least = {"tickets": 0, "messages": 1, "attachments": 0, "attachment_kb": 0, "agents": 0, "months": 1}
        for name, smallest in least.items():
            _refuse_unless(getattr(self, name) >= smallest, name, f"must be {smallest} or more")
        for name in ("surveys", "answered"):
            _refuse_unless(0 <= getattr(self, name) <= 1, name, "is a share, from 0 to 1")
        _refuse_unless(self.tickets <= MOST_TICKETS, "tickets", f"must be at most {MOST_TICKETS:,}")
        _refuse_unless(self.messages <= 10_000, "messages", "must be at most 10,000")
        _refuse_unless(self.attachments <= 1_000, "attachments", "must be at most 1,000")
        _refuse_unless(self.attachment_kb <= 40_000, "attachment_kb", "must be at most 40,000, SES's largest mail")
        _refuse_unless(self.months <= 1_200, "months", "must be at most 1,200")
        _refuse_unless(self.metrics in SWITCHES, "metrics", f"is one of {', '.join(SWITCHES)}")
        _refuse_unless(self.alarms in ALARM_SETS, "alarms", f"is one of {', '.join(ALARM_SETS)}")

    @property
    def customer_mails(self) -> int:
        """How many of a ticket's messages the customer writes: the first, and then in turn."""
        return (self.messages + 1) // 2

    @property
    def replies(self) -> int:
        """How many of a ticket's messages an agent writes."""
        return self.messages // 2


def _refuse_unless(right: bool, name: str, rule: str) -> None:
    if not right:
        raise Unclear(f"--{name.replace('_', '-')} {rule}")


def flags() -> dict[str, object]:
    """Give what is assumed where a flag is left out, by the field's name."""
    return {field.name: field.default for field in fields(Demand) if field.name != "tickets"}
