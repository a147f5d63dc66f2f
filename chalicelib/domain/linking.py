"""Tickets that have to do with one another: related, or one the cause of the other.

Each of the two knows it by a fact of its own. What the one says that was changed by hand counts; the other's fact
follows from it by the agenda, and may be late, as with merging.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.ticket import Fact, Happening, Ticket

MOST_LINKS = 20


class LinkKind(StrEnum):
    """What the other ticket is to this one."""

    RELATED = "related"
    CAUSED_BY = "caused_by"
    CAUSES = "causes"

    @property
    def inverse(self) -> "LinkKind":
        """What this ticket is to the other one."""
        return _INVERSE.get(self, self)


_INVERSE = {LinkKind.CAUSED_BY: LinkKind.CAUSES, LinkKind.CAUSES: LinkKind.CAUSED_BY}


def links_of(ticket: Ticket) -> Mapping[str, LinkKind]:
    """Give the references of the tickets that this one is linked with, the latest last, each with what it is to it."""
    found: dict[str, LinkKind] = {}
    for fact in ticket.timeline:
        if fact.what is Happening.LINKED:
            found.pop(fact.detail["ticket"], None)
            found[fact.detail["ticket"]] = LinkKind(fact.detail["kind"])
        elif fact.what is Happening.UNLINKED:
            found.pop(fact.detail["ticket"], None)
    return found


def neighbours(ticket: Ticket) -> Mapping[str, str]:
    """Give the references of every ticket that this one points to, and what it is to it: a LinkKind, `follows`,
    `continued_as`, `split_from` or `split_off`."""
    found: dict[str, str] = {ticket.follows: "follows"} if ticket.follows else {}
    for fact in ticket.timeline:
        if fact.what is Happening.CONTINUED_AS:
            found[fact.detail["ticket"]] = "continued_as"
        elif fact.what in (Happening.SPLIT_FROM, Happening.SPLIT_OFF):
            found[fact.detail["ticket"]] = fact.what.value
    return found | {ref: kind.value for ref, kind in links_of(ticket).items()}


def linked(ticket: Ticket, other: str, kind: LinkKind, now: datetime, by: str) -> Ticket:
    """Link a ticket with another; linked twice alike it is linked. Raises InvalidInput or Conflict."""
    if other == ticket.ref:
        raise InvalidInput("is the ticket itself; name another", "ticket")
    known = links_of(ticket)
    if known.get(other) is kind:
        return ticket
    if other not in known and len(known) >= MOST_LINKS:
        raise Conflict(f"a ticket has at most {MOST_LINKS} links; remove one first", "ticket")
    after = ticket.with_fact(now, Happening.LINKED, by, ticket=other, kind=kind.value)
    return lifecycle.with_tasks(after, Entry(now, Task.TELL_LINK, other))


def unlinked(ticket: Ticket, other: str, now: datetime, by: str) -> Ticket:
    """Take a link away; one that isn't there is gone."""
    if other not in links_of(ticket):
        return ticket
    after = ticket.with_fact(now, Happening.UNLINKED, by, ticket=other)
    return lifecycle.with_tasks(after, Entry(now, Task.TELL_LINK, other))


def agreed(ticket: Ticket, other: Ticket, now: datetime) -> Ticket:
    """Give a ticket that says of another what that one says of it; the very ticket where it does."""
    said = links_of(other).get(ticket.ref)
    wanted = said.inverse if said else None
    if links_of(ticket).get(other.ref) is wanted:
        return ticket
    by = next((fact.by for fact in reversed(other.timeline) if _about(fact, ticket.ref)), lifecycle.DESK)
    if wanted is None:
        return ticket.with_fact(now, Happening.UNLINKED, by, ticket=other.ref)
    return ticket.with_fact(now, Happening.LINKED, by, ticket=other.ref, kind=wanted.value)


def _about(fact: Fact, ref: str) -> bool:
    return fact.what in (Happening.LINKED, Happening.UNLINKED) and fact.detail["ticket"] == ref
