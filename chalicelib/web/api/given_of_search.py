"""What the API gives of searches."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.web.api.given import Given
from chalicelib.web.api.taken import PriorityName, StatusName

Mark = Annotated[list[int], Field(min_length=2, max_length=2)]


class SearchHit(Given):
    """A ticket that was found, as it stood when its last change was noted: a minute ago at most."""

    ref: str
    subject: str
    status: StatusName
    priority: PriorityName
    channel: str
    customer_id: str
    customer_name: str
    assignee_id: str | None
    team_id: str | None
    tags: list[str]
    shelf: Literal["", "spam", "unparsed"]
    merged_into: str | None = Field(description="The ticket that this one is part of.")
    version: int
    created_at: datetime
    updated_at: datetime
    excerpt: str = Field(description="The stretch of its text that shows the most of what was asked.")
    excerpt_marks: list[Mark] = Field(description="Where in it what was asked begins and ends, in characters.")
    subject_marks: list[Mark] = Field(description="The same for the subject.")


class SearchPage(Given):
    """A page of what was found, newest tickets first."""

    items: list[SearchHit]
    next_cursor: str | None
    back_to: datetime | None = Field(description="Where time ran out: how far back was looked. The next page goes on.")
