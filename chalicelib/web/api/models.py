"""What the API takes and gives, as pydantic models: the source of its validation and of its OpenAPI description.

Requests refuse unknown fields and wrong types, and say the limits. Answers are written by views.py; tests hold that
they fit the models here.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.domain.api_key import SCOPES
from chalicelib.domain.mailbox import LONGEST, is_mailbox
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_LIMIT


def _mailbox(text: str) -> str:
    if not is_mailbox(text):
        raise ValueError("is not a mail address; it should look like name@example.com")
    return text.lower()


StatusName = Literal["new", "open", "pending", "on_hold", "solved", "closed"]
SettableStatus = Literal["open", "pending", "on_hold", "solved", "closed"]
PriorityName = Literal["low", "normal", "high", "urgent"]
LanguageName = Literal["", "en", "zh"]
ChannelName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST), AfterValidator(_mailbox)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_LIMIT, pattern=r"\S")]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=SUBJECT_LIMIT, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
SlugOrNone = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,39})?$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=50, strip_whitespace=True)]
Words = Annotated[list[Word], Field(max_length=30)]
Values = Annotated[dict[Word, Annotated[str, StringConstraints(max_length=500)]], Field(max_length=30)]


class Taken(BaseModel):
    """A request's body: strict types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Given(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(extra="forbid")


class CustomerName(Taken):
    """Who asks. The customer is found by address, or made."""

    email: Email
    name: Name = ""


class NewTicket(Taken):
    """A request to be opened as a ticket."""

    subject: Subject
    text: Text
    customer: CustomerName
    priority: PriorityName = "normal"
    category: Name = ""
    channel: ChannelName = "api"
    language: LanguageName = ""
    team_id: SlugOrNone = ""
    assignee_id: SlugOrNone = ""
    tags: Words = []
    fields: Values = {}


class TicketChange(Taken):
    """What to change on a ticket; what is left out stays. An empty assignee sends it back to its team's queue."""

    status: SettableStatus | None = None
    priority: PriorityName | None = None
    category: Name | None = None
    language: LanguageName | None = None
    subject: Subject | None = None
    team_id: Slug | None = None
    assignee_id: SlugOrNone | None = None
    tags: Words | None = None
    fields: Values | None = None


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
    assignee_id: str | None
    team_id: str | None
    tags: list[str]
    fields: dict[str, str]
    version: int
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    due_at: datetime | None = Field(description="The deadline that presses most, if any.")
    shelf: Literal["", "spam", "unparsed"] = Field(description="Where mail lies that is not worked on.")
    open_follow_ups: int = Field(description="Things that a person should still do.")


class TicketDetail(Ticket):
    """A ticket opened: with its requester, what it follows, and its follow-ups."""

    requester: "Requester"
    follows: str | None = Field(description="The closed ticket that this one continues.")
    required_skills: list[str]
    follow_ups: list["FollowUp"]


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


class TicketPage(Given):
    """A page of tickets."""

    items: list[Ticket]
    next_cursor: str | None


class NewMessage(Taken):
    """A public reply or an internal note. `author_id` is the agent who writes; `status` is set with it."""

    kind: Literal["reply", "note"]
    text: Text
    author_id: Slug | None = None
    status: SettableStatus | None = None


class Attachment(Given):
    """A file that came with a message; `url` works for five minutes."""

    filename: str
    content_type: str
    size: int
    inline: bool
    url: str


class Message(Given):
    """One message of a ticket. `newly_said` is its text without what it quotes."""

    id: str
    kind: Literal["customer", "reply", "note", "system"]
    author: str
    author_name: str
    text: str
    newly_said: str
    html: str
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
    """A stretch in which a clock ran or was paused, and what began it."""

    state: Literal["running", "paused"]
    start: datetime
    end: datetime | None
    reason: str


class Clock(Given):
    """One promise on a ticket. Seconds are of business time where `business_time` is true."""

    metric: Literal["first_response", "next_response", "resolution"]
    number: int
    policy_id: str
    business_time: bool
    state: Literal["running", "paused", "met", "breached"]
    target_seconds: int
    used_seconds: float
    remaining_seconds: float
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    fulfilled_at: datetime | None
    breached_at: datetime | None
    segments: list[Segment]


class Clocks(Given):
    """A ticket's clocks, as they stand at `now`."""

    ref: str
    policy_id: str | None
    now: datetime
    clocks: list[Clock]


class SurveyAnswer(Given):
    """A satisfaction survey, and what the customer said, if anything."""

    ticket_ref: str
    number: int
    agent_id: str | None
    sent_at: datetime
    expires_at: datetime
    reminded_at: datetime | None
    rating: int | None
    comment: str
    rated_at: datetime | None


class SurveyPage(Given):
    """A page of surveys."""

    items: list[SurveyAnswer]
    next_cursor: str | None


class CustomerChange(Taken):
    """What to change on a customer; what is left out stays."""

    name: Name | None = None
    tier: Name | None = None
    language: LanguageName | None = None
    tags: Words | None = None


class Customer(Given):
    """A customer: one record however they write."""

    id: str
    name: str
    email: str
    tier: str
    language: str
    tags: list[str]
    first_contact: datetime
    last_contact: datetime
    version: int


class CustomerPage(Given):
    """Customers found."""

    items: list[Customer]
    next_cursor: str | None


class NewAgent(Taken):
    """Somebody who will answer customers. Without an `id`, the address's local part becomes it."""

    id: Slug | None = None
    name: Annotated[Name, StringConstraints(min_length=1)]
    email: Email
    role: Literal["agent", "lead", "admin"] = "agent"
    team_ids: Annotated[list[Slug], Field(max_length=20)] = []
    skills: Words = []
    languages: Annotated[list[Literal["en", "zh"]], Field(max_length=2)] = []
    available: bool = True
    capacity: Annotated[int, Field(ge=0, le=500)] = 10


class AgentChange(Taken):
    """What to change on an agent; what is left out stays."""

    name: Annotated[Name, StringConstraints(min_length=1)] | None = None
    email: Email | None = None
    role: Literal["agent", "lead", "admin"] | None = None
    team_ids: Annotated[list[Slug], Field(max_length=20)] | None = None
    skills: Words | None = None
    languages: Annotated[list[Literal["en", "zh"]], Field(max_length=2)] | None = None
    available: bool | None = None
    active: bool | None = None
    capacity: Annotated[int, Field(ge=0, le=500)] | None = None


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
    load: int
    version: int


class AgentList(Given):
    """All agents."""

    items: list[Agent]
    next_cursor: str | None


class NewTeam(Taken):
    """A group of agents with a queue of its own."""

    id: Slug
    name: Annotated[Name, StringConstraints(min_length=1)]
    lead_ids: Annotated[list[Slug], Field(max_length=20)] = []


class TeamChange(Taken):
    """What to change on a team; what is left out stays."""

    name: Annotated[Name, StringConstraints(min_length=1)] | None = None
    lead_ids: Annotated[list[Slug], Field(max_length=20)] | None = None


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


class NewApiKey(Taken):
    """A key for a machine, with the scopes it needs and no others."""

    name: Annotated[Name, StringConstraints(min_length=1)]
    scopes: Annotated[list[Literal[SCOPES]], Field(min_length=1)]  # type: ignore[valid-type]


class ApiKey(Given):
    """A key, without its secret."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime


class IssuedApiKey(ApiKey):
    """A key that was just made; `secret` is shown this once."""

    secret: str


class ApiKeyList(Given):
    """All keys, without their secrets."""

    items: list[ApiKey]
    next_cursor: str | None


class Spread(Given):
    """How long something took, in elapsed seconds; None where it never happened."""

    count: int
    median_seconds: float | None
    p90_seconds: float | None


class Attainment(Given):
    """Promises kept and broken; `attainment` is the kept share from 0 to 1, None where none was judged."""

    met: int
    breached: int
    attainment: float | None


class Satisfaction(Given):
    """Surveys sent for what was solved in the time, and their answers.

    `csat` is the share of 4 and 5 from 0 to 1, `average` the mean rating, `response_rate` from 0 to 1.
    """

    sent: int
    answered: int
    response_rate: float | None
    csat: float | None
    average: float | None
    ratings: dict[str, int]


class Summary(Given):
    """How the desk did from `from` up to, not including, `to`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    from_: datetime = Field(alias="from")
    to: datetime
    opened: int
    solved: int
    backlog: int = Field(description="Tickets that were not solved at the end of the time.")
    first_response: Spread = Field(description="Of tickets opened in the time.")
    resolution: Spread = Field(description="Of tickets solved in the time.")
    sla: Attainment
    sla_by_metric: dict[str, Attainment]
    satisfaction: Satisfaction
    csat: float | None = Field(description="The same as satisfaction.csat.")
    response_rate: float | None = Field(description="The same as satisfaction.response_rate.")


class Health(Given):
    """The desk is there."""

    status: Literal["ok"]
    version: str


class FieldError(Given):
    """A field to blame, with its remedy."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong, as RFC 9457 problem details."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[FieldError] = []


class Settings(Given):
    """The desk's settings; docs/settings.md explains each in a sentence."""

    model_config = ConfigDict(extra="allow")
    version: int


class SettingsChange(Taken):
    """Settings to change, by their names; what is left out stays."""

    model_config = ConfigDict(extra="allow")


Anything = dict[str, Any]
