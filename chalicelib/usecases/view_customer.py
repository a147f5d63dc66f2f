"""Everything about one customer on one page: who they are, what was noted, their tickets, ratings and effort."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.card import Page
from chalicelib.domain.customer import Customer, CustomerNote
from chalicelib.domain.customer_figures import CustomerFigures, figures_of
from chalicelib.domain.ticket import Survey, Ticket
from chalicelib.usecases.edit_customer import load_customer
from chalicelib.usecases.ports import Desk


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer with a page of their tickets, newest first, and what these say.

    `rated` are the answered surveys of these tickets, newest first, with their references.
    """

    customer: Customer
    notes: tuple[CustomerNote, ...]
    page: Page
    figures: CustomerFigures
    rated: tuple[tuple[str, Survey], ...]


def view_customer(desk: Desk, customer_id: str, limit: int, after: str = "") -> CustomerView:
    """Give all there is to know of a customer; figures and ratings are those of the page's tickets.

    One read of the record, and a Query for its notes and one for its tickets for each record that they consist of; one
    call for the tickets' histories. Raises NotFound.
    """
    customer = load_customer(desk, customer_id)
    own, *parts = customer.ids
    page = desk.tickets.of_customer(own, limit, after, parts)
    tickets = desk.tickets.get_many([card.ref for card in page.cards])
    return CustomerView(
        customer,
        desk.customers.notes(customer.ids),
        page,
        figures_of(page.cards, tickets.values()),
        _rated(tickets.values()),
    )


def _rated(tickets: Iterable[Ticket]) -> tuple[tuple[str, Survey], ...]:
    found = [(ticket.ref, survey) for ticket in tickets for survey in ticket.surveys if survey.rated_at is not None]
    return tuple(sorted(found, key=lambda one: str(one[1].rated_at), reverse=True))
