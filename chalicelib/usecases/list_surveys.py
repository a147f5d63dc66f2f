"""What customers said: the surveys of solved tickets, newest first."""

from chalicelib.domain.card import Page
from chalicelib.domain.ticket import Survey
from chalicelib.usecases.list_tickets import Filter, list_tickets
from chalicelib.usecases.ports import Desk


def list_surveys(desk: Desk, limit: int, after: str = "") -> tuple[list[tuple[str, Survey]], str]:
    """Give the surveys on a page of solved and closed tickets with their references, and the place after which the next
    page begins.
    """
    page: Page = list_tickets(desk, Filter(done=True), limit, after)
    asked = [card.ref for card in page.cards if card.surveys_sent]
    tickets = [ticket for ref in asked if (ticket := desk.tickets.get(ref)) is not None]
    return [(ticket.ref, survey) for ticket in tickets for survey in ticket.surveys], page.after
