"""What the API takes and gives of automations and scenario plans."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from chalicelib.domain.automation import Automation
from chalicelib.web.api.given import Given
from chalicelib.web.api.taken import Taken


class AutomationsProposal(Taken):
    """Rules to try, as `PATCH /v1/settings` takes them; left out, those that are saved."""

    automations: list[Automation] | None = None


class AutomationChange(Given):
    """What would be what; what is written or told has nothing before."""

    field: Literal[
        "priority", "category", "tags", "team", "assignee", "status", "note", "answer", "follow_up", "webhook"
    ]
    before: str
    after: str


class AutomationEffect(Given):
    """What a rule would do to a ticket if what happened to it last happened once more."""

    automation: str
    ref: str
    subject: str
    event: str
    at: datetime = Field(description="When that happened; of silence, since when it lasts.")
    due_at: datetime | None = Field(description="Of silence: when the rule will be due; null where it is.")
    changes: list[AutomationChange]


class AutomationPreview(Given):
    """What rules would do to the open tickets, of which `looked_at` were looked at."""

    looked_at: int
    more: bool = Field(description="Whether there are open tickets that were not looked at.")
    unread: int = Field(description="Tickets of which a message's words would have been needed, and weren't read.")
    items: list[AutomationEffect]


class AutomationsTold(Given):
    """Which of a page of open tickets wait for silence by the rules now, and didn't before."""

    looked_at: int
    changed: int
    items: list[str]
    next_cursor: str | None


class ScenarioStanding(Given):
    """A scenario plan, and where it stands now."""

    id: str
    name: str
    phase: Literal["coming", "running", "over"]
    starts_at: datetime
    ends_at: datetime
    capacity: int = Field(description="Percent of their usual tickets that agents can hold while it runs.")
    tags: list[str]


class ScenarioList(Given):
    """All plans, in the order of the settings."""

    items: list[ScenarioStanding]
    next_cursor: str | None
