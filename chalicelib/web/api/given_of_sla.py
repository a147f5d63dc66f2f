"""What the API takes and gives of promises: policies, previews, what is in danger, and how it went."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.domain.sla_policy import SlaPolicy
from chalicelib.web.api.given import Given, Ticket
from chalicelib.web.api.given_of_desk import Attainment, FieldError
from chalicelib.web.api.taken import Taken


class SlaPolicyList(Given):
    """The policies, in the order in which they are tried."""

    items: list[SlaPolicy]
    next_cursor: str | None
    warnings: list[FieldError] = Field([], description="What was saved and is worth a second look.")


class NewSlaPolicies(Taken):
    """Policies in the place of all there are, in the order in which they are to be tried."""

    items: list[SlaPolicy]


class SlaProposal(Taken):
    """Settings to try, as `PATCH /v1/settings` takes them; what is left out is as it is."""

    sla_policies: list[SlaPolicy] | None = None
    calendar: dict[str, Any] | None = None
    calendars: dict[str, Any] | None = None


class ClockFigures(Given):
    """A clock in brief."""

    policy_id: str
    target_seconds: int
    business_time: bool
    calendar: str | None
    state: Literal["running", "paused", "met", "breached", "ended"]
    warn_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None


class ClockChange(Given):
    """One clock as it stands and as it would; null where there is none."""

    clock: str
    newly_breached: bool
    before: ClockFigures | None
    after: ClockFigures | None


class SlaDifference(Given):
    """What would change on one ticket."""

    ref: str
    policy_before: str | None
    policy_after: str | None
    newly_breached: bool
    changes: list[ClockChange]


class SlaPreview(Given):
    """What would change on a page of open tickets, of which `looked_at` were looked at."""

    looked_at: int
    changed: int
    newly_breached: int
    items: list[SlaDifference]
    next_cursor: str | None


class SlaApplied(Given):
    """Which of a page of open tickets follow the settings now and didn't before."""

    looked_at: int
    changed: int
    items: list[str]
    next_cursor: str | None


class AtRisk(Ticket):
    """An open ticket whose deadline has passed or comes soon."""

    overdue: bool
    remaining_seconds: float = Field(description="By the clock on the wall, until `due_at`; negative when overdue.")


class AtRiskPage(Given):
    """A page of these, the most urgent first."""

    items: list[AtRisk]
    next_cursor: str | None


class WebhookSecret(Given):
    """An address that policies tell, and the secret by which it knows us."""

    url: str
    secret: str


class WebhookList(Given):
    """All addresses that policies tell."""

    items: list[WebhookSecret]
    next_cursor: str | None


class SlaGroup(Given):
    """The tickets that have `value` in common; empty where they lack it."""

    value: str
    tickets: int
    overall: Attainment
    by_metric: dict[str, Attainment]


class SlaReport(Given):
    """How promises went on the tickets opened from `from` up to, not including, `to`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    from_: datetime = Field(alias="from")
    to: datetime
    everything: SlaGroup
    by_policy: list[SlaGroup]
    by_team: list[SlaGroup]
    by_channel: list[SlaGroup]
    by_priority: list[SlaGroup]
    by_hour_of_week: list[SlaGroup] = Field(description="`mon 09`: when the ticket was opened by the desk's own clock.")
