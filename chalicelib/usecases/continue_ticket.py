"""A ticket that is closed for good goes on as another, linked to it."""

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ticket import Happening, Status, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.ports import Desk


def closed_for_good(desk: Desk, ticket: Ticket) -> bool:
    """Whether what a customer writes now needs a ticket of its own: this one is closed, or was solved long ago."""
    if ticket.status is Status.CLOSED:
        return True
    if ticket.status is not Status.SOLVED or ticket.solved_at is None:
        return False
    patience = desk.settings.load().reopen_seconds
    return (desk.clock.now() - ticket.solved_at).total_seconds() > patience


def continuation(desk: Desk, ticket: Ticket) -> Ticket | None:
    """Give the ticket that a closed one goes on as, if there is one: a later one, so that following them ends."""
    refs = [fact.detail["ticket"] for fact in ticket.timeline if fact.what is Happening.CONTINUED_AS]
    further = desk.tickets.get(refs[-1]) if refs else None
    return further if further is not None and further.created_at > ticket.created_at else None


def link_continuation(desk: Desk, ref: str, continued_as: str) -> None:
    """Note on a ticket which one it goes on as; noted twice it is noted once, and a ticket that is gone needs none."""

    def decide(current: Ticket) -> Ticket:
        if current.said(Happening.CONTINUED_AS, ticket=continued_as):
            return current
        return current.with_fact(desk.clock.now(), Happening.CONTINUED_AS, lifecycle.DESK, ticket=continued_as)

    try:
        change_ticket(desk, ref, decide)
    except NotFound:
        return
