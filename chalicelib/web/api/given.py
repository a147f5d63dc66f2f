"""What the API gives of tickets, customers and people, as pydantic models: the source of its description.

Answers are written by views.py; tests hold that they fit the models here.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.web.api.taken import PriorityName, StatusName


class Given(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(extra="forbid")


class Ticket(Given):
    """A ticket. `version` is also its ETag: name it in If-Match to change what you have seen and nothing newer."""

    ref: str
    subject: str
    status: StatusName
    priority: PriorityName
    category: str
    channel: str
    language: str
    customer_id: str
    customer_name: str
    assignee_id: str | None
    team_id: str | None
    tags: list[str]
    fields: dict[str, str]
    version: int
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    snoozed_until: datetime | None = Field(description="Until when it is put away, unless its customer writes before.")
    due_at: datetime | None = Field(description="The deadline that presses most, if any.")
    due_metric: str | None = Field(description="What that deadline is of: `first_response`, say.")
    shelf: Literal["", "spam", "unparsed"] = Field(description="Where mail lies that is not worked on.")
    open_follow_ups: int = Field(description="Things that a person should still do.")


class TicketDetail(Ticket):
    """A ticket opened: with its requester, what it follows, and its follow-ups."""

    requester: "Requester"
    follows: str | None = Field(description="The closed ticket that this one continues.")
    merged_into: str | None = Field(description="The ticket that this one is part of.")
    merged_from: list[str] = Field(description="The tickets that are part of this one.")
    written_to: str | None = Field(description="The desk's address that the customer wrote to; answers leave from it.")
    participants: list[str] = Field(description="Who else its mail came from and went to.")
    links: list["Link"]
    required_skills: list[str]
    follow_ups: list["FollowUp"]
    cost: "TicketCost"


class CostLine(Given):
    """So much of something that AWS bills, and what it costs at list prices, in millionths of a dollar."""

    what: str
    unit: str
    quantity: int
    micro_usd: int


class TicketCost(Given):
    """What handling a ticket has cost, up to its last change; what people read is not part of it."""

    micro_usd: int
    parts: list[CostLine]


class Requester(Given):
    """Whom the ticket answers."""

    name: str
    email: str


class FollowUp(Given):
    """Something a person should do after all."""

    id: str
    reason: str
    created_at: datetime
    done_at: datetime | None
    done_by: str | None
    due_at: datetime | None


class Link(Given):
    """Another ticket, and what it is to this one."""

    ticket: str
    kind: Literal["related", "caused_by", "causes"]


class TicketPage(Given):
    """A page of tickets."""

    items: list[Ticket]
    next_cursor: str | None


class Attachment(Given):
    """A file that came with a message; `url` works for five minutes."""

    filename: str
    content_type: str
    size: int
    inline: bool
    content_id: str = Field(description="How the HTML names it (`cid:…`), where it does.")
    url: str


class Message(Given):
    """One message of a ticket. `newly_said` is its text without what it quotes.

    `ticket_ref` is the ticket that it lies under: the ticket itself, or one that was merged into it.
    """

    id: str
    ticket_ref: str
    kind: Literal["customer", "reply", "note", "system"]
    author: str
    author_name: str
    text: str
    newly_said: str
    html: str
    cc: list[str]
    bcc: list[str]
    attachments: list[Attachment]
    problems: list[str]
    created_at: datetime


class MessagePage(Given):
    """A page of a ticket's messages, in the order in which they were said."""

    items: list[Message]
    next_cursor: str | None


class Event(Given):
    """One fact of a ticket's history."""

    at: datetime
    what: str
    by: str
    detail: dict[str, str]


class EventPage(Given):
    """A page of a ticket's history, oldest first."""

    items: list[Event]
    next_cursor: str | None


class Segment(Given):
    """A stretch in which a clock ran or was paused, and what began it. `used_seconds` counts while it runs."""

    state: Literal["running", "paused"]
    start: datetime
    end: datetime | None
    reason: str
    used_seconds: float


class Alarm(Given):
    """A warning, the breach or a step of escalation of a clock: when it comes or came, and whether it is recorded."""

    what: Literal["sla_warned", "sla_breached", "sla_escalated"]
    step: str
    at: datetime
    recorded: bool


class Clock(Given):
    """One promise on a ticket. Seconds are of business time where `business_time` is true.

    `ended` is the state of a clock that nothing is owed on any more, neither kept nor broken. `recorded` says that the
    history holds the verdict, which no later edit of a policy changes.
    """

    metric: Literal["first_response", "next_response", "resolution", "progress_update", "recovery"]
    number: int
    policy_id: str
    calendar: str | None = Field(description="Whose hours count: the desk's own where null, as long as some do.")
    business_time: bool
    state: Literal["running", "paused", "met", "breached", "ended"]
    target_seconds: int
    used_seconds: float
    remaining_seconds: float
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    fulfilled_at: datetime | None
    breached_at: datetime | None
    ended_at: datetime | None
    recorded: bool
    segments: list[Segment]
    alarms: list[Alarm]


class Condition(Given):
    """What a policy asks for, and what the ticket has."""

    wanted: list[str]
    has: list[str]
    met: bool


class PolicyMatch(Given):
    """A policy held against a ticket as it is now."""

    id: str
    name: str
    fits: bool
    conditions: dict[str, Condition]


class Clocks(Given):
    """A ticket's clocks, as they stand at `now`.

    `policies` are the policies in their order, up to the first that fits the ticket as it is now: that one applies from
    the next change on, should it not be `policy_id` already.
    """

    ref: str
    policy_id: str | None
    now: datetime
    policies: list[PolicyMatch]
    clocks: list[Clock]


class SurveyAnswer(Given):
    """A satisfaction survey, and what the customer said, if anything.

    `rating` is 1 to 5, `nps` (how likely they recommend the company) 0 to 10, `ces` (how far they agree that it was
    made easy) 1 to 7; null where it wasn't asked or answered.
    """

    ticket_ref: str
    number: int
    agent_id: str | None
    sent_at: datetime
    expires_at: datetime
    reminded_at: datetime | None
    rating: int | None
    comment: str
    rated_at: datetime | None
    nps: int | None
    ces: int | None


class SurveyPage(Given):
    """A page of surveys."""

    items: list[SurveyAnswer]
    next_cursor: str | None


class Customer(Given):
    """A customer: one record however they write. `surveys` is whether they may be asked how satisfied they are."""

    id: str
    name: str
    email: str
    tier: str
    language: str
    tags: list[str]
    fields: dict[str, str]
    value: "MoneyAmount | None"
    identities: list["KnownBy"]
    surveys: bool
    surveys_refused_at: datetime | None
    first_contact: datetime
    last_contact: datetime
    parts: list["CustomerPart"] = Field(description="Records that were made one with this customer.")
    version: int


class MoneyAmount(Given):
    """An amount in minor units of a currency."""

    minor: int
    currency: str


class KnownBy(Given):
    """A name on a channel."""

    kind: Literal["email", "phone", "chat", "social", "account"]
    value: str


class CustomerPart(Given):
    """A record that was made one with a customer; until `separable_until` that can be undone."""

    id: str
    at: datetime
    by: str
    identities: list[KnownBy]
    separable_until: datetime


class CustomerNote(Given):
    """What somebody wrote down about a customer."""

    id: str
    text: str
    by: str
    at: datetime


class CustomerNoteList(Given):
    """What was written down about a customer, newest first."""

    items: list[CustomerNote]


class CustomerSummary(Given):
    """What a customer's latest tickets (100 at most) say: counts, their average rating, and what they had to do for it.

    `messages` they wrote, `reopened` times, `handovers` between people of the desk, `broken` promises.
    """

    tickets: int
    open: int
    solved: int
    ratings: int
    rating: float | None
    messages: int
    reopened: int
    handovers: int
    broken: int
    complete: bool = Field(description="Whether these are all of their tickets.")


class CustomerPage(Given):
    """Customers found."""

    items: list[Customer]
    next_cursor: str | None


class Agent(Given):
    """Somebody who answers customers; `load` is how many active tickets they hold."""

    id: str
    name: str
    email: str
    role: Literal["agent", "lead", "admin"]
    team_ids: list[str]
    skills: list[str]
    languages: list[str]
    available: bool
    active: bool
    capacity: int
    signature: str
    load: int
    version: int


class AgentList(Given):
    """All agents."""

    items: list[Agent]
    next_cursor: str | None


class Team(Given):
    """A group of agents with a queue of its own; its leads hear of warnings and breaches."""

    id: str
    name: str
    lead_ids: list[str]
    version: int


class TeamList(Given):
    """All teams."""

    items: list[Team]
    next_cursor: str | None
