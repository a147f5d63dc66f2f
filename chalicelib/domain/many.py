"""One change that is made to many tickets, and how it is taken back: what was there before, unless somebody has changed
the same thing since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain import lifecycle
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ticket import Happening, Priority, Shelf, Status, Ticket

UNDO_SECONDS = 600
"""How long a change of many tickets can be taken back."""

TAG_LIMIT = 100


class Kind(StrEnum):
    """What is changed."""

    ASSIGN = "assign"
    TEAM = "team"
    STATUS = "status"
    PRIORITY = "priority"
    SHELF = "shelf"
    TAG = "tag"
    UNTAG = "untag"
    MERGE = "merge"


_HANDS = frozenset({Happening.ASSIGNED, Happening.UNASSIGNED, Happening.TEAM_SET})
_TURNS = frozenset(
    {
        Happening.WAITING_ON_CUSTOMER,
        Happening.WAITING_ON_THIRD_PARTY,
        Happening.RESUMED,
        Happening.SOLVED,
        Happening.REOPENED,
        Happening.CLOSED,
    }
)
_TOUCHES: Mapping[Kind, frozenset[Happening]] = {
    Kind.ASSIGN: _HANDS,
    Kind.TEAM: _HANDS,
    Kind.STATUS: _TURNS,
    Kind.PRIORITY: frozenset({Happening.PRIORITY_SET}),
    Kind.SHELF: frozenset({Happening.SHELVED}),
    Kind.TAG: frozenset({Happening.TAGS_SET}),
    Kind.UNTAG: frozenset({Happening.TAGS_SET}),
    Kind.MERGE: frozenset({Happening.MERGED_INTO, Happening.SEPARATED}),
}
"""The facts that change the same thing."""

_ALLOWED: Mapping[Kind, tuple[str, ...]] = {
    Kind.STATUS: (Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED),
    Kind.PRIORITY: tuple(Priority),
    Kind.SHELF: (Shelf.NONE, Shelf.SPAM),
}


@dataclass(frozen=True, slots=True)
class ManyChange:
    """What is to be done to each: set the assignee, team, status, priority or shelf to `value`, add or remove it as a
    tag, or make the ticket a part of the one it names. Raises InvalidInput for a value that can't be."""

    kind: Kind
    value: str = ""

    def __post_init__(self) -> None:
        allowed = _ALLOWED.get(self.kind)
        if allowed is not None and self.value not in allowed:
            raise InvalidInput("choose what is to be done", "do")
        if self.kind in (Kind.TAG, Kind.UNTAG) and not 1 <= len(self.value) <= TAG_LIMIT:
            raise InvalidInput(f"name a tag of 1 to {TAG_LIMIT} characters", "tag")

    def before(self, ticket: Ticket) -> str:
        """Give what has to be known of a ticket to take the change back."""
        return {
            Kind.ASSIGN: ticket.assignee_id,
            Kind.TEAM: f"{ticket.team_id} {ticket.assignee_id}",
            Kind.STATUS: ticket.status.value,
            Kind.PRIORITY: ticket.priority.value,
            Kind.SHELF: f"{ticket.shelf.value} {ticket.assignee_id}",
        }.get(self.kind, "")

    def tags(self, ticket: Ticket) -> tuple[str, ...]:
        """Give a ticket's tags with this one, or without it."""
        rest = tuple(tag for tag in ticket.tags if tag != self.value)
        if self.kind is Kind.UNTAG:
            return rest
        return ticket.tags if self.value in ticket.tags else (*ticket.tags, self.value)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to one ticket: what was there `before`, and how many facts the ticket had after it."""

    ref: str
    before: str
    facts: int

    def touched_since(self, ticket: Ticket, kind: Kind) -> bool:
        """Whether somebody changed the same thing later. What the desk does by itself in consequence, such as finding
        an agent for what nobody has, is no one's change."""
        later = ticket.timeline[self.facts :]
        return any(fact.what in _TOUCHES[kind] and fact.by != lifecycle.DESK for fact in later) or (
            kind is Kind.STATUS and any(fact.what is Happening.CUSTOMER_WROTE for fact in later)
        )


def with_status_again(ticket: Ticket, before: Status, now: datetime, by: str, settings: DeskSettings) -> Ticket:
    """Give a ticket its former status back, also that of a new one on which nobody had worked."""
    if before is not Status.NEW or ticket.status is Status.NEW:
        return lifecycle.with_status(ticket, before, now, by, settings)
    return replace(lifecycle.with_status(ticket, Status.OPEN, now, by, settings), status=Status.NEW)


def packed(done: Iterable[Done]) -> dict[str, list[str]]:
    """Give what was done in few bytes: each former value once, with the tickets that had it."""
    found: dict[str, list[str]] = {}
    for each in done:
        found.setdefault(each.before, []).append(f"{each.ref} {each.facts}")
    return found


def unpacked(found: Mapping[str, Iterable[str]]) -> tuple[Done, ...]:
    """Give what `packed` was given, in the order of the former values."""
    pairs = ((before, each.partition(" ")) for before, every in found.items() for each in every)
    return tuple(Done(ref, before, int(facts)) for before, (ref, _, facts) in pairs)
