"""The customer: one record however they write, also where two records turn out to be one person, and where they don't.

Two records become one by one of them becoming a part: it stays as it is and points to the other, which takes over what
it lacks itself and remembers what that was. So it can be undone exactly, and no ticket has to be rewritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from chalicelib.domain.errors import Conflict, NotFound

NOTHING: Mapping[str, str] = MappingProxyType({})

SEPARABLE = timedelta(days=30)
"""How long two records that became one can be made two again."""

NOTE_LIMIT = 10_000
"""Characters of a note."""

MOST_IDS = 20
"""Records that one customer may consist of: a list of their tickets reads each."""


class IdentityKind(StrEnum):
    """By what somebody can be known."""

    EMAIL = "email"
    PHONE = "phone"
    CHAT = "chat"
    SOCIAL = "social"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody's name on one channel: a mail address, a telephone number, the number of an account in a shop."""

    kind: IdentityKind
    value: str


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest units of a currency (ISO 4217): 12345 and EUR are 123.45 euros."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class CustomerNote:
    """What somebody of the desk wrote down about a customer. `by` is as in a ticket's facts."""

    id: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A record that was made one with another: since when, by whom, and what it is known by.

    `beneath` are records that were parts of this one already. From `name` on: what the other took over from it, not
    having it before; `value` in minor units.
    """

    id: str
    at: datetime
    by: str
    first_contact: datetime
    last_contact: datetime
    identities: tuple[Identity, ...]
    beneath: tuple[str, ...] = ()
    name: str = ""
    tier: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    value: int = 0
    surveys_refused_at: datetime | None = None

    @property
    def separable_until(self) -> datetime:
        """Until when it can be made a customer of its own again."""
        return self.at + SEPARABLE


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who wrote to the desk. `id` follows from the first address they used; `tier` is the desk's word.

    Since `surveys_refused_at`, if that is set, they are asked no more how satisfied they are. `identities` are known
    beside `email` and those of the `parts`. `value` is what they are worth to the business, as another system says.
    With `merged_into` this record is itself a part of the customer of that id.
    """

    id: str
    name: str
    email: str
    first_contact: datetime
    last_contact: datetime
    tier: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    surveys_refused_at: datetime | None = None
    identities: tuple[Identity, ...] = ()
    fields: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    value: Money | None = None
    merged_into: str = ""
    parts: tuple[Part, ...] = ()
    version: int = 0

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids under which their tickets lie, their own first."""
        return (self.id, *(known for part in self.parts for known in (part.id, *part.beneath)))

    @property
    def known_by(self) -> tuple[Identity, ...]:
        """All by which they are known, each once, the address they used first before the rest."""
        first = (Identity(IdentityKind.EMAIL, self.email),) if self.email else ()
        of_parts = (identity for part in self.parts for identity in part.identities)
        return tuple(dict.fromkeys((*first, *self.identities, *of_parts)))

    @property
    def known_since(self) -> datetime:
        """When they first wrote, from whichever address."""
        return min((self.first_contact, *(part.first_contact for part in self.parts)))

    @property
    def last_seen(self) -> datetime:
        """When they last wrote, from whichever address."""
        return max((self.last_contact, *(part.last_contact for part in self.parts)))

    def part(self, customer_id: str) -> Part | None:
        """Give the part of this id, or None."""
        return next((part for part in self.parts if part.id == customer_id), None)


def joined(customer: Customer, other: Customer, now: datetime, by: str) -> tuple[Customer, Customer]:
    """Give a customer with another as a part of them, and that other.

    Words that both have stay the first one's; tags add up, and so does the value in one currency. Whoever refused
    surveys by either record has refused them. Raises Conflict beyond MOST_IDS.
    """
    if len(customer.ids) + len(other.ids) > MOST_IDS:
        raise Conflict(f"a customer may consist of {MOST_IDS} records at most", "other")
    part = _part(customer, other, now, by)
    after = replace(
        customer,
        name=customer.name or part.name,
        tier=customer.tier or part.tier,
        language=customer.language or part.language,
        tags=(*customer.tags, *part.tags),
        fields={**part.fields, **customer.fields},
        value=_with(customer, other),
        surveys_refused_at=customer.surveys_refused_at or part.surveys_refused_at,
        parts=(*customer.parts, part),
    )
    return after, replace(other, merged_into=customer.id)


def separated(customer: Customer, other: Customer, now: datetime) -> tuple[Customer, Customer]:
    """Give a customer without a part, and that other as it was before, though what was said since stays with the first.

    Who refused surveys meanwhile has refused them for both. Raises NotFound for what is no part, Conflict after
    SEPARABLE.
    """
    part = customer.part(other.id)
    if part is None:
        raise NotFound("that is no part of this customer, or one of another part", "part")
    if now > part.separable_until:
        raise Conflict(f"that can be undone for {SEPARABLE.days} days, until {part.separable_until:%Y-%m-%d}", "part")
    refused = customer.surveys_refused_at
    after = replace(
        customer,
        name="" if customer.name == part.name else customer.name,
        tier="" if customer.tier == part.tier else customer.tier,
        language="" if customer.language == part.language else customer.language,
        tags=tuple(tag for tag in customer.tags if tag not in part.tags),
        fields={name: text for name, text in customer.fields.items() if part.fields.get(name) != text},
        value=_without(customer.value, part.value),
        surveys_refused_at=None if refused == part.surveys_refused_at else refused,
        parts=tuple(known for known in customer.parts if known is not part),
    )
    return after, replace(other, merged_into="", surveys_refused_at=other.surveys_refused_at or refused)


def _part(customer: Customer, other: Customer, now: datetime, by: str) -> Part:
    return Part(
        id=other.id,
        at=now,
        by=by,
        first_contact=other.known_since,
        last_contact=other.last_seen,
        identities=other.known_by,
        beneath=other.ids[1:],
        name="" if customer.name else other.name,
        tier="" if customer.tier else other.tier,
        language="" if customer.language else other.language,
        tags=tuple(tag for tag in other.tags if tag not in customer.tags),
        fields={name: text for name, text in other.fields.items() if name not in customer.fields},
        value=_added(customer, other),
        surveys_refused_at=None if customer.surveys_refused_at else other.surveys_refused_at,
    )


def _added(customer: Customer, other: Customer) -> int:
    if other.value is None or (customer.value and customer.value.currency != other.value.currency):
        return 0
    return other.value.minor


def _with(customer: Customer, other: Customer) -> Money | None:
    if customer.value is None:
        return other.value
    return replace(customer.value, minor=customer.value.minor + _added(customer, other))


def _without(value: Money | None, minor: int) -> Money | None:
    if value is None or not minor:
        return value
    return replace(value, minor=value.minor - minor) if value.minor > minor else None
