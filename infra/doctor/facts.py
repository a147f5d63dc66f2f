"""What is known about a desk's surroundings: plain values that the checks judge, or Unknown."""

from dataclasses import dataclass
from typing import TypeAlias, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that couldn't be found out, and why."""

    why: str


Found: TypeAlias = Value | Unknown


@dataclass(frozen=True, slots=True)
class Identity:
    """An SES identity: a domain, or one address. `mail_from` is its own MAIL FROM domain, empty where SES's is used."""

    name: str
    verified: bool
    dkim_status: str
    dkim_tokens: tuple[str, ...] = ()
    mail_from: str = ""
    mail_from_status: str = ""


@dataclass(frozen=True, slots=True)
class SendingAccount:
    """What SES lets this account do in this region: mails a day and a second, and whether to anybody at all."""

    production: bool
    sending: bool
    standing: str
    per_day: float
    per_second: float
    sent_today: float


@dataclass(frozen=True, slots=True)
class ReceiptRule:
    """A rule of the active rule set that stores mail; no `recipients` means all verified domains."""

    name: str
    enabled: bool
    recipients: tuple[str, ...]
    bucket: str
    prefix: str
    scans: bool


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Addresses to which SES doesn't send any more, since they bounced or complained; `count` is at least so many."""

    count: int
    support_address: bool


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Who hears of alarms: confirmed, and still to be confirmed."""

    confirmed: int
    pending: int


@dataclass(frozen=True, slots=True)
class DnsRecords:
    """What the domain says about its mail. Each is a tuple of records' texts, empty where there are none.

    `mx` and `mail_from_mx` are host names in order of preference; `dkim` are targets of the tokens' CNAMEs, in the
    order of the identity's tokens, empty where one is missing; `dmarc` is what the nearest domain
    upwards that has one says.
    """

    mx: Found[tuple[str, ...]]
    spf: Found[tuple[str, ...]]
    dmarc: Found[tuple[str, ...]]
    dkim: Found[tuple[str, ...]] = ()
    mail_from_mx: Found[tuple[str, ...]] = ()
    mail_from_spf: Found[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the checks look at. None means: looked for, and not there.

    `unsendable` are addresses that the desk's settings name and the stack gives no leave to send as.
    """

    stage: str
    region: str
    support_address: str
    domain: str
    mail_bucket: str
    stack_status: Found[str]
    signing_key: Found[bool]
    identity: Found[Identity | None]
    account: Found[SendingAccount]
    suppressed: Found[Suppressed]
    rules: Found[tuple[ReceiptRule, ...] | None]
    subscriptions: Found[Subscriptions | None]
    dead_letters: Found[dict[str, int]]
    concurrency: Found[int]
    dns: DnsRecords
    unsendable: Found[tuple[str, ...]] = ()
