"""What the API gives of the desk itself: its keys, reports, settings and health, and what went wrong."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.web.api.given import CostLine, Given


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


class FieldChange(Given):
    """A field by its path, with what it said before and says now; long texts are cut around the first difference."""

    field: str
    before: str
    after: str


class AuditEntry(Given):
    """Something that was done to the desk itself; `more_changes` counts those beyond what is listed."""

    id: str
    at: datetime
    by: str
    deed: Literal["added", "changed", "removed", "merged", "separated", "erased", "exported", "imported"]
    kind: Literal["settings", "agent", "team", "template", "api_key", "customer", "desk"]
    subject: str
    name: str
    changes: list[FieldChange]
    more_changes: int


class AuditPage(Given):
    """A page of the audit log, newest first; it may be short, and yet have a next one."""

    items: list[AuditEntry]
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


class Recommendation(Given):
    """What customers of what was solved in the time said of recommending the company, from 0 to 10.

    `nps` is the share of promoters (9 and 10) less that of detractors (0 to 6), in points from -100 to 100.
    """

    answered: int
    promoters: int
    passives: int = Field(description="7 and 8.")
    detractors: int
    nps: float | None


class Ease(Given):
    """How far customers of what was solved in the time agreed, from 1 to 7, that it was made easy for them.

    `ces` is the mean, `easy` counts the answers 5 to 7, `easy_share` their share from 0 to 1.
    """

    answered: int
    easy: int
    easy_share: float | None
    ces: float | None


class TicketCosts(Given):
    """What tickets have cost by now, at AWS's list prices, in millionths of a dollar."""

    count: int = Field(description="Tickets opened in the time that know their cost.")
    total_micro_usd: int
    median_micro_usd: int | None
    p90_micro_usd: int | None
    mean_micro_usd: int | None


class Spending(Given):
    """What a month has cost up to `as_of`, at list prices without free tiers; see docs/costs.md for what is left out.

    `metered` was counted by the functions themselves, `fixed` is what an idle desk costs, reckoned.
    """

    month: str
    as_of: datetime
    currency: Literal["USD"]
    prices: str = Field(description="The region whose list prices these are.")
    metered: list[CostLine]
    fixed: list[CostLine]
    spent_micro_usd: int
    forecast_micro_usd: int = Field(description="At the end of the month, if it goes on as it began.")
    monthly_cap_cents: int | None
    warn_at_percent: int
    off: list[Literal["bot", "surveys", "acknowledgements"]] = Field(description="What the cap has switched off.")


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
    nps: Recommendation
    ces: Ease
    cost: TicketCosts = Field(description="Of tickets opened in the time.")


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


class AddressMark(Given):
    """What is known against an address: mail doesn't reach it (`bounced`, `failing`), or its owner `complained`."""

    email: str
    trouble: Literal["bounced", "complained", "failing"]
    reason: str
    status: str = Field(description="RFC 3463, as the last server said it.")
    count: int
    at: datetime
    expires_at: datetime | None = Field(description="When it is forgotten by itself; null for what a person lifts.")
    takes_answers: bool
    takes_unasked: bool = Field(description="Whether acknowledgements and surveys go there.")


class Settings(Given):
    """The desk's settings; docs/settings.md explains each in a sentence."""

    model_config = ConfigDict(extra="allow")
    version: int
