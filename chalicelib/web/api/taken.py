"""What the API takes, as pydantic models that refuse unknown fields and wrong types, and say the limits."""

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.domain.api_key import SCOPES
from chalicelib.domain.customer import NOTE_LIMIT
from chalicelib.domain.mailbox import LONGEST, is_mailbox
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_BYTES_LIMIT, TEXT_LIMIT


def _mailbox(text: str) -> str:
    if not is_mailbox(text):
        raise ValueError("is not a mail address; it should look like name@example.com")
    return text.lower()


def one_line(text: str) -> str:
    """Give a text that fits on one line, or raise ValueError."""
    if any(unicodedata.category(symbol) in ("Cc", "Zl", "Zp") for symbol in text):
        raise ValueError("must be one line without control characters")
    return text


def _that_can_be_kept(text: str) -> str:
    if len(text.encode()) > TEXT_BYTES_LIMIT:
        raise ValueError(f"must have at most {TEXT_BYTES_LIMIT:,} bytes, beside at most {TEXT_LIMIT:,} characters")
    return text


StatusName = Literal["new", "open", "pending", "on_hold", "solved", "closed"]
SettableStatus = Literal["open", "pending", "on_hold", "solved", "closed"]
PriorityName = Literal["low", "normal", "high", "urgent"]
LanguageName = Annotated[str, StringConstraints(pattern=r"^([a-z]{2})?$")]
"""An ISO 639-1 code, or "" for none: what a customer writes, whether or not the desk has texts in it."""
Languages = Annotated[list[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]], Field(max_length=20)]
ChannelName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST),
    AfterValidator(_mailbox),
    Field(json_schema_extra={"format": "email"}),
]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=TEXT_LIMIT, pattern=r"\S"), AfterValidator(_that_can_be_kept)
]
Subject = Annotated[
    str, StringConstraints(min_length=1, max_length=SUBJECT_LIMIT, strip_whitespace=True), AfterValidator(one_line)
]
Name = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True), AfterValidator(one_line)]
FullName = Annotated[
    str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), AfterValidator(one_line)
]
Signature = Annotated[str, StringConstraints(max_length=1_000, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
SlugOrNone = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,39})?$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=50, strip_whitespace=True), AfterValidator(one_line)]
Words = Annotated[list[Word], Field(max_length=30), AfterValidator(lambda words: list(dict.fromkeys(words)))]
Values = Annotated[dict[Word, Annotated[str, StringConstraints(max_length=500)]], Field(max_length=30)]


class Taken(BaseModel):
    """A request's body: strict types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)  # a call builds the one that it needs


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
    """What to change on a ticket; what is left out, or null, stays.

    An assignee that is empty or null sends the ticket back to its team's queue. An empty shelf takes it off the shelf.
    """

    status: SettableStatus | None = None
    priority: PriorityName | None = None
    category: Name | None = None
    language: LanguageName | None = None
    subject: Subject | None = None
    team_id: Slug | None = None
    assignee_id: SlugOrNone | None = None
    tags: Words | None = None
    fields: Values | None = None
    shelf: Literal["", "spam"] | None = None


class EnclosedFile(Taken):
    """An uploaded file by the id of its upload. With `content_id`, the HTML shows it where it names `cid:<that>`."""

    upload: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    content_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@-]{0,100}$")] = ""


class NewMessage(Taken):
    """A public reply or an internal note. `author_id` is the agent who writes; `status` is set with it.

    `text`, `html` or both are required: one is made from the other. HTML is cleaned as that of received mail.
    """

    kind: Literal["reply", "note"]
    text: Text | None = None
    html: Annotated[str, StringConstraints(min_length=1, max_length=900_000)] | None = None
    attachments: Annotated[list[EnclosedFile], Field(max_length=20)] = []
    cc: Annotated[list[Email], Field(max_length=20)] = []
    bcc: Annotated[list[Email], Field(max_length=20)] = []
    author_id: Slug | None = None
    status: SettableStatus | None = None


class Merge(Taken):
    """The reference of the ticket that takes the other one in."""

    into: Annotated[str, Field(min_length=8, max_length=20)]


class Split(Taken):
    """What the new ticket is called, the old one's subject if nothing; `following` takes what came after it along."""

    subject: Annotated[str, Field(max_length=SUBJECT_LIMIT)] = ""
    following: bool = False


class NewLink(Taken):
    """The reference of another ticket, and what that is to this one."""

    ticket: Annotated[str, Field(min_length=8, max_length=20)]
    kind: Literal["related", "caused_by", "causes"] = "related"


class NewFollowUp(Taken):
    """Something that a person should do, and by when."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]
    due_at: Annotated[AwareDatetime | None, Field(strict=False)] = None


class Snooze(Taken):
    """Until when a ticket is put away, within a year, and why; it comes back sooner when its customer writes."""

    until: Annotated[AwareDatetime, Field(strict=False)]
    reason: Annotated[str, Field(max_length=200)] = ""


class OtherIdentity(Taken):
    """A name on a channel other than mail: mail addresses come by merging, since each has a record of its own."""

    kind: Literal["phone", "chat", "social", "account"]
    value: FullName


class Worth(Taken):
    """What a customer is worth to the business, in minor units (cents) of a currency by its ISO 4217 code."""

    minor: Annotated[int, Field(ge=0, le=10**15)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class CustomerChange(Taken):
    """What to change on a customer; what is left out stays. A `value` of 0 takes it away."""

    name: Name | None = None
    tier: Name | None = None
    language: LanguageName | None = None
    tags: Words | None = None
    surveys: bool | None = None
    fields: Annotated[dict[Word, Annotated[str, StringConstraints(max_length=200)]], Field(max_length=20)] | None = None
    identities: Annotated[list[OtherIdentity], Field(max_length=20)] | None = None
    value: Worth | None = None


class CustomerMerge(Taken):
    """The mail address or the id of the customer who is the same person."""

    other: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, strip_whitespace=True)]


class CustomerSeparation(Taken):
    """The id of the part that is to be a customer of its own again."""

    part: Annotated[str, StringConstraints(min_length=1, max_length=20)]


class NewCustomerNote(Taken):
    """What is worth knowing about a customer. Customers never see it."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=NOTE_LIMIT, pattern=r"\S")]


class NewAgent(Taken):
    """Somebody who will answer customers. Without an `id`, the address's local part becomes it."""

    id: Slug | None = None
    name: FullName
    email: Email
    role: Literal["agent", "lead", "admin"] = "agent"
    team_ids: Annotated[list[Slug], Field(max_length=20)] = []
    skills: Words = []
    languages: Languages = []
    available: bool = True
    capacity: Annotated[int, Field(ge=0, le=500)] = 10
    signature: Signature = ""


class AgentChange(Taken):
    """What to change on an agent; what is left out stays."""

    name: FullName | None = None
    email: Email | None = None
    role: Literal["agent", "lead", "admin"] | None = None
    team_ids: Annotated[list[Slug], Field(max_length=20)] | None = None
    skills: Words | None = None
    languages: Languages | None = None
    available: bool | None = None
    active: bool | None = None
    capacity: Annotated[int, Field(ge=0, le=500)] | None = None
    signature: Signature | None = None


class NewTeam(Taken):
    """A group of agents with a queue of its own."""

    id: Slug
    name: FullName
    lead_ids: Annotated[list[Slug], Field(max_length=20)] = []


class TeamChange(Taken):
    """What to change on a team; what is left out stays."""

    name: FullName | None = None
    lead_ids: Annotated[list[Slug], Field(max_length=20)] | None = None


class NewApiKey(Taken):
    """A key for a machine, with the scopes it needs and no others."""

    name: FullName
    scopes: Annotated[list[Literal[SCOPES]], Field(min_length=1)]  # type: ignore[valid-type]


class SettingsChange(Taken):
    """Settings to change, by their names; what is left out stays."""

    model_config = ConfigDict(extra="allow")
