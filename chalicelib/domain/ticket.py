"""The ticket: its fields, its timeline of facts, its surveys and follow-ups. Values only; lifecycle.py changes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from chalicelib.domain.agenda import Agenda, Task, next_due
from chalicelib.domain.usage import NOTHING_USED, Usage

NOTHING: Mapping[str, str] = MappingProxyType({})

MOST_PARTICIPANTS = 20
"""How many addresses may write to a ticket by mail, beside its requester's."""

DETAIL_LIMIT = 500
"""Most characters of one detail of a fact: a hundred facts must fit into an item, however many tags were set."""


class Status(StrEnum):
    """Where a ticket stands: ours to act on (new, open), somebody else's (pending, on hold), done (solved, closed)."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"


ACTIVE = frozenset({Status.NEW, Status.OPEN})
"""The desk's turn: these fill an agent's hands."""

DONE = frozenset({Status.SOLVED, Status.CLOSED})


class Priority(StrEnum):
    """How soon, from least to most."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Shelf(StrEnum):
    """Where mail is kept that isn't worked on as a ticket until a person says so; NONE is the ordinary ticket."""

    NONE = ""
    SPAM = "spam"
    UNPARSED = "unparsed"


class Happening(StrEnum):
    """What a fact of the timeline says happened."""

    OPENED = "opened"
    CUSTOMER_WROTE = "customer_wrote"
    AUTOMATIC_MAIL = "automatic_mail"
    AGENT_ANSWERED = "agent_answered"
    AUTO_ANSWERED = "auto_answered"
    NOTE_ADDED = "note_added"
    WAITING_ON_CUSTOMER = "waiting_on_customer"
    WAITING_ON_THIRD_PARTY = "waiting_on_third_party"
    RESUMED = "resumed"
    SOLVED = "solved"
    REOPENED = "reopened"
    CLOSED = "closed"
    PRIORITY_SET = "priority_set"
    CATEGORY_SET = "category_set"
    LANGUAGE_SET = "language_set"
    TEAM_SET = "team_set"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    TAGS_SET = "tags_set"
    FIELDS_SET = "fields_set"
    SUBJECT_SET = "subject_set"
    POLICY_SET = "policy_set"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    SLA_ESCALATED = "sla_escalated"
    WEBHOOK_SENT = "webhook_sent"
    RULE_FIRED = "rule_fired"
    ACKNOWLEDGED = "acknowledged"
    DELIVERED = "delivered"
    DELIVERY_HELD = "delivery_held"
    DELIVERY_FAILED = "delivery_failed"
    SURVEY_SENT = "survey_sent"
    SURVEY_WITHHELD = "survey_withheld"
    SURVEY_REMINDED = "survey_reminded"
    SURVEY_UNANSWERED = "survey_unanswered"
    RATED = "rated"
    FOLLOW_UP_ADDED = "follow_up_added"
    FOLLOW_UP_DONE = "follow_up_done"
    CONTINUED_AS = "continued_as"
    MERGED_INTO = "merged_into"
    MERGED_FROM = "merged_from"
    SEPARATED = "separated"
    FORWARDED = "forwarded"
    PERSON_CONFIRMED = "person_confirmed"
    SHELVED = "shelved"
    HELD_BACK = "held_back"
    MENTIONED = "mentioned"
    SPLIT_FROM = "split_from"
    SPLIT_OFF = "split_off"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    LINKED = "linked"
    UNLINKED = "unlinked"
    ADDRESS_GIVEN = "address_given"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a ticket's history: at this UTC instant, this happened, by this one, with these details.

    `by` is `customer:<id>`, `agent:<id>`, `key:<id>` or `desk`. Facts are never rewritten.
    """

    at: datetime
    what: Happening
    by: str
    detail: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def tells(self, what: Happening, **detail: str) -> bool:
        """Whether this is such a fact with all these details; empty ones are never kept."""
        return self.what is what and all(self.detail.get(name, "") == value for name, value in detail.items())


@dataclass(frozen=True, slots=True)
class Requester:
    """Whom the ticket answers: the customer as this ticket met them. `email` is empty where none is known."""

    customer_id: str
    name: str
    email: str
    tier: str = ""


@dataclass(frozen=True, slots=True)
class EmailThread:
    """What outgoing mail needs to thread: the customer's latest Message-ID and the chain before it, oldest first.

    `address` is our address that the customer wrote to; `participants` may write to this ticket by mail.
    """

    last_id: str = ""
    chain: tuple[str, ...] = ()
    address: str = ""
    participants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """One satisfaction survey, asked after the `number`-th resolution.

    `rating` is 1 to 5, None until it is given. `nps` (0 to 10, how likely they recommend the company) and `ces` (1 to
    7, how far they agree that it was made easy) are None where they weren't asked or the customer left them out.
    """

    number: int
    sent_at: datetime
    expires_at: datetime
    agent_id: str = ""
    reminded_at: datetime | None = None
    rating: int | None = None
    comment: str = ""
    rated_at: datetime | None = None
    nps: int | None = None
    ces: int | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something a person should do after all, though the ticket may be solved: call back, find out, make good."""

    id: str
    reason: str
    created_at: datetime
    done_at: datetime | None = None
    done_by: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """One request of one customer, from its first word to its rating.

    `origin` is what it came from (`email:<Message-ID>`, `key:<id>:<Idempotency-Key>`…); the reference follows from it.
    `version` counts the saved states, 0 before the first; every write names the one it was decided on.
    `archived` counts the facts at the head of `timeline` that lie in history items of their own.
    `cost` is what handling it has used of AWS, up to and with its last save, as the process that saved it knew: what
    came after that save waits in that process for the next one, or is lost with it. What people read isn't part of it.
    `unbooked` is what the month's account doesn't know yet; whoever books next takes it over.
    """

    ref: str
    origin: str
    subject: str
    requester: Requester
    channel: str
    created_at: datetime
    updated_at: datetime
    status: Status = Status.NEW
    priority: Priority = Priority.NORMAL
    category: str = ""
    language: str = ""
    shelf: Shelf = Shelf.NONE
    assignee_id: str = ""
    team_id: str = ""
    policy_id: str = ""
    required_skills: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    solved_at: datetime | None = None
    follows: str = ""
    thread: EmailThread = field(default_factory=EmailThread)
    timeline: tuple[Fact, ...] = ()
    agenda: Agenda = ()
    surveys: tuple[Survey, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    archived: int = 0
    cost: Usage = NOTHING_USED
    unbooked: Usage = NOTHING_USED
    version: int = 0

    @property
    def active(self) -> bool:
        """Whether it is the desk's turn now, so that the ticket fills its assignee's hands."""
        return self.status in ACTIVE and not self.shelf and self.snoozed_until is None

    @property
    def snoozed_until(self) -> datetime | None:
        """Until when the ticket is put away, or None where it isn't."""
        return next((entry.at for entry in self.agenda if entry.task is Task.WAKE), None)

    @property
    def next_due(self) -> datetime | None:
        """When the earliest agenda entry is due."""
        return next_due(self.agenda)

    @property
    def open_follow_ups(self) -> tuple[FollowUp, ...]:
        """Follow-ups that nobody has done yet."""
        return tuple(task for task in self.follow_ups if task.done_at is None)

    def survey(self, number: int) -> Survey | None:
        """Give the survey after the `number`-th resolution, if it was sent."""
        return next((survey for survey in self.surveys if survey.number == number), None)

    @property
    def resolutions(self) -> int:
        """How often the ticket was solved."""
        return sum(1 for fact in self.timeline if fact.what is Happening.SOLVED)

    @property
    def merged_into(self) -> str:
        """The reference of the ticket that this one is part of, or an empty string."""
        turns = (Happening.MERGED_INTO, Happening.SEPARATED)
        last = next(
            (fact for fact in reversed(self.timeline) if fact.what in turns and "from" not in fact.detail), None
        )
        return last.detail["ticket"] if last is not None and last.what is Happening.MERGED_INTO else ""

    @property
    def merged_from(self) -> tuple[str, ...]:
        """The references of the tickets that are part of this one, in the order in which they came."""
        parts: dict[str, None] = {}
        for fact in self.timeline:
            if fact.what is Happening.MERGED_FROM:
                parts[fact.detail["ticket"]] = None
            elif fact.what is Happening.SEPARATED:
                parts.pop(fact.detail.get("from", ""), None)
        return tuple(parts)

    def said(self, what: Happening, **detail: str) -> bool:
        """Whether the timeline holds such a fact with all these details."""
        return any(fact.tells(what, **detail) for fact in self.timeline)

    def has_message(self, message_id: str) -> bool:
        """Whether a message is part of this ticket; one written but never mentioned is not."""
        return any(fact.detail.get("message") == message_id for fact in self.timeline)

    def with_fact(self, at: datetime, what: Happening, by: str, **detail: str) -> "Ticket":
        """Give the ticket with one fact more, which may have come to light late.

        Empty details are left out, long ones cut at DETAIL_LIMIT.
        """
        kept = {name: value[:DETAIL_LIMIT] for name, value in detail.items() if value}
        fact = Fact(at, what, by, kept or NOTHING)
        return replace(self, updated_at=max(self.updated_at, at), timeline=(*self.timeline, fact))
