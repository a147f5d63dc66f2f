"""What a customer's tickets say of them."""

from dataclasses import replace

from chalicelib.domain.card import Card
from chalicelib.domain.customer_figures import CustomerFigures, figures_of
from chalicelib.domain.ticket import Happening, Priority, Requester, Shelf, Status, Ticket
from tests.domain.samples import MONDAY

CARD = Card("7K3F-92QX", "Cup", Status.OPEN, Priority.NORMAL, "email", "cjo", MONDAY, MONDAY, 1)
TICKET = Ticket("7K3F-92QX", "form:1", "Cup", Requester("cjo", "Jo", "jo@x.org"), "email", MONDAY, MONDAY)


def test_who_has_no_tickets_has_no_figures() -> None:
    assert figures_of([], []) == CustomerFigures()


def test_tickets_are_counted_by_how_they_stand_and_spam_not_at_all() -> None:
    cards = [
        CARD,
        replace(CARD, ref="2", status=Status.SOLVED, ratings=(5, 2), verdicts={"resolution": (1, 2)}),
        replace(CARD, ref="3", status=Status.CLOSED, ratings=(4,)),
        replace(CARD, ref="4", shelf=Shelf.SPAM, ratings=(1,)),
    ]
    found = figures_of(cards, [])
    assert (found.tickets, found.open, found.solved, found.broken) == (3, 1, 2, 2)
    assert (found.ratings, found.rating) == (3, 11 / 3)


def test_effort_is_what_the_customer_wrote_and_how_often_they_were_passed_on_or_had_to_come_back() -> None:
    ticket = TICKET.with_fact(MONDAY, Happening.OPENED, "customer:cjo")
    for agent in ("sam", "sam", "ada", "sam"):
        ticket = ticket.with_fact(MONDAY, Happening.ASSIGNED, "desk", agent=agent)
    ticket = ticket.with_fact(MONDAY, Happening.REOPENED, "customer:cjo")
    ticket = ticket.with_fact(MONDAY, Happening.CUSTOMER_WROTE, "customer:cjo")
    found = figures_of([CARD], [ticket, replace(ticket, ref="of somebody else")])
    assert (found.messages, found.reopened, found.handovers) == (2, 1, 2)
