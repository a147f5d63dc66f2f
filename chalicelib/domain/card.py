"""What lists and reports know of a ticket without opening it: one small value, derived anew at every save."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain import sla
from chalicelib.domain.ticket import DONE, Happening, Priority, Shelf, Status, Ticket
from chalicelib.domain.usage import Usage

FOLLOW_UPS, SNOOZED = "follow-ups", "snoozed"


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket as one line of a queue.

    `due_at` is the deadline that presses most, that of the metric `due_metric`. `first_response_seconds` and
    `resolution_seconds` are elapsed seconds, None until it happened; `verdicts` counts clocks met and breached per
    metric; `ratings` are the surveys' answers, `surveys_sent` how many were asked. `nps` (0 to 10) and `ces` (1 to 7)
    are those of the latest answered survey, None where it had none.
    """

    ref: str
    subject: str
    status: Status
    priority: Priority
    channel: str
    customer_id: str
    created_at: datetime
    updated_at: datetime
    version: int
    customer_name: str = ""
    tier: str = ""
    category: str = ""
    language: str = ""
    shelf: Shelf = Shelf.NONE
    policy_id: str = ""
    assignee_id: str = ""
    team_id: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    solved_at: datetime | None = None
    snoozed_until: datetime | None = None
    due_at: datetime | None = None
    due_metric: str = ""
    first_response_seconds: float | None = None
    resolution_seconds: float | None = None
    verdicts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    surveys_sent: int = 0
    ratings: tuple[int, ...] = ()
    nps: int | None = None
    ces: int | None = None
    follow_ups: int = 0
    cost: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Page:
    """Some cards of a list, and the place after which the next page begins; `after` is empty at the end."""

    cards: tuple[Card, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in a list, its card unread: the list's name (see queue_of) and its place there (see urgency)."""

    queue: str
    place: str
    card: Callable[[], Card]

    @property
    def due(self) -> str:
        """The deadline that presses, to the second (`2026-11-23T12:00:00`, UTC), or an empty string."""
        return self.place[2:21] if self.place.startswith("1#") else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that isn't done, list by list; where there was more than was read, it isn't the `whole`."""

    lines: tuple[Line, ...]
    whole: bool = True


def card_of(ticket: Ticket, clocks: Sequence[sla.Clock]) -> Card:
    """Give the card of a ticket whose clocks stand like this."""
    pressing = None if ticket.status in DONE else sla.pressing(clocks)
    answered = [survey for survey in ticket.surveys if survey.rating is not None]
    first_answer = next((fact.at for fact in ticket.timeline if fact.what is Happening.AGENT_ANSWERED), None)
    return Card(
        ref=ticket.ref,
        subject=ticket.subject,
        status=ticket.status,
        priority=ticket.priority,
        channel=ticket.channel,
        customer_id=ticket.requester.customer_id,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        version=ticket.version,
        customer_name=ticket.requester.name,
        tier=ticket.requester.tier,
        category=ticket.category,
        language=ticket.language,
        shelf=ticket.shelf,
        policy_id=ticket.policy_id,
        assignee_id=ticket.assignee_id,
        team_id=ticket.team_id,
        tags=ticket.tags,
        fields=ticket.fields,
        solved_at=ticket.solved_at,
        snoozed_until=ticket.snoozed_until,
        due_at=pressing.due_at if pressing else None,
        due_metric=pressing.metric if pressing else "",
        first_response_seconds=_elapsed(ticket.created_at, first_answer),
        resolution_seconds=_elapsed(ticket.created_at, ticket.solved_at),
        verdicts=_verdicts(clocks),
        surveys_sent=len(ticket.surveys),
        ratings=tuple(survey.rating for survey in answered if survey.rating is not None),
        nps=answered[-1].nps if answered else None,
        ces=answered[-1].ces if answered else None,
        follow_ups=len(ticket.open_follow_ups),
        cost=ticket.cost,
    )


def _elapsed(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else (end - start).total_seconds()


def _verdicts(clocks: Sequence[sla.Clock]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for clock in clocks:
        met, breached = counts.get(clock.metric, (0, 0))
        if clock.state == "breached":
            counts[clock.metric] = (met, breached + 1)
        elif clock.state == "met":
            counts[clock.metric] = (met + 1, breached)
    return counts


def queue_of(card: Card) -> str:
    """Give the one list that a ticket stands in: a shelf, its agent's or its team's queue, or the month of solving.

    What is put away stands by itself, in the same order: its deadlines come all the same. Solved tickets on which a
    person should still do something stand among the follow-ups.
    """
    if card.shelf:
        return card.shelf.value
    if card.status in DONE:
        return FOLLOW_UPS if card.follow_ups else done_in(card.solved_at or card.updated_at)
    if card.snoozed_until:
        return SNOOZED
    return f"agent:{card.assignee_id}" if card.assignee_id else f"team:{card.team_id}"


def done_in(at: datetime) -> str:
    """Give the list of what was solved in the month of `at` (UTC): `done:2026-11`."""
    return f"done:{at:%Y-%m}"


def urgent_until(at: datetime) -> str:
    """Give the place in a queue of open tickets behind which no deadline up to `at` stands."""
    return f"1#{at:%Y-%m-%dT%H:%M:%S}#~"


def urgency(card: Card) -> str:
    """Give the place in a queue, the most urgent sorting first: what has a deadline by it, then the rest by age.

    Lists of what is done sort by the time of solving.
    """
    if card.status in DONE:
        return f"{card.solved_at or card.updated_at:%Y-%m-%dT%H:%M:%S.%f}#{card.ref}"
    if card.due_at is not None:
        return f"1#{card.due_at:%Y-%m-%dT%H:%M:%S}#{card.ref}"
    return f"2#{card.created_at:%Y-%m-%dT%H:%M:%S}#{card.ref}"
