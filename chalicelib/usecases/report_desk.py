"""A lead asks how the desk does: one reading of the cards tells of a range of days and of as many before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.report import Summary, summarize
from chalicelib.domain.report_range import ReportRange
from chalicelib.domain.report_stretch import Stretch, stretch_of
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.read_cards import Reading, read_cards
from chalicelib.usecases.report_summary import OLDEST_DAYS

RATED_READ = 100
"""Rated tickets that are opened to see what was said, the newest: one call reads so many."""


@dataclass(frozen=True, slots=True)
class DeskReport:
    """What was read, and the range with the one before; `as_of` is its end, or now where that lies ahead."""

    reading: Reading
    as_of: datetime
    now: Stretch
    before: Stretch
    summary: Summary
    summary_before: Summary


@dataclass(frozen=True, slots=True)
class Comment:
    """What a customer wrote beside a rating (1 to 5), and an NPS (0 to 10) and a CES (1 to 7) where they gave one."""

    ref: str
    customer_name: str
    agent_id: str
    rating: int
    nps: int | None
    ces: int | None
    text: str
    at: datetime


def report_desk(desk: Desk, within: ReportRange) -> DeskReport:
    """Give the report of a range. Raises InvalidInput naming `from` for one too long ago, or with too many tickets."""
    now, earlier = desk.clock.now(), within.before()
    if earlier.start < now - timedelta(days=OLDEST_DAYS):
        raise InvalidInput(f"must be, with as many days before it, within the last {OLDEST_DAYS} days", "from")
    reading = read_cards(desk, earlier.start)
    return DeskReport(
        reading=reading,
        as_of=min(now, within.end),
        now=stretch_of(reading.cards, within),
        before=stretch_of(reading.cards, earlier),
        summary=summarize(reading.cards, within.start, within.end),
        summary_before=summarize(reading.cards, earlier.start, earlier.end),
    )


def read_comments(desk: Desk, stretch: Stretch) -> tuple[Comment, ...]:
    """Give what customers wrote beside their ratings of what was solved in a range, the newest first.

    Cards don't hold it: the newest RATED_READ rated tickets are read, in one call.
    """
    rated = sorted((card for card in stretch.solved if card.ratings), key=lambda card: card.updated_at, reverse=True)
    tickets = desk.tickets.get_many([card.ref for card in rated[:RATED_READ]]) if rated else {}
    found = (
        Comment(
            ref=ticket.ref,
            customer_name=ticket.requester.name,
            agent_id=survey.agent_id,
            rating=survey.rating,
            nps=survey.nps,
            ces=survey.ces,
            text=survey.comment,
            at=survey.rated_at,
        )
        for ticket in tickets.values()
        for survey in ticket.surveys
        if survey.rating is not None and survey.rated_at is not None and survey.comment.strip()
    )
    return tuple(sorted(found, key=lambda comment: (comment.at, comment.ref), reverse=True))
