"""A new ticket is understood: priority, category, language, team and skills, by the desk's rules."""

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.domain.triage import triage
from chalicelib.usecases.ports import Desk


def triage_ticket(desk: Desk, ticket: Ticket, entry: Entry) -> Ticket:
    """Give the ticket with what its first message says of it, on its way to routing."""
    opening = next((fact for fact in ticket.timeline if fact.what is Happening.OPENED), None)
    message = desk.tickets.message(ticket.ref, opening.detail.get("message", "")) if opening else None
    settings = desk.settings.load()
    text = (message.newly_said or message.text) if message else ""
    found = triage(ticket.subject, text, settings, settings.address(ticket.thread.address).language)
    return lifecycle.triaged(ticket, found, settings, desk.clock.now())
