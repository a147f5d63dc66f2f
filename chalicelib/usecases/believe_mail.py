"""An agent says that a person wrote what looked automatic: from then on it counts as the customer's word."""

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.ports import Desk


def believe_mail(desk: Desk, ref: str, message_id: str, by: str) -> Ticket:
    """Give the ticket on which an automatic mail counts as written by a person: it opens, and clocks run from now.

    Said twice it is said once. Raises NotFound where there is no such mail, Conflict on a closed ticket.
    """

    def decide(ticket: Ticket) -> Ticket:
        mails = (fact for fact in ticket.timeline if fact.what is Happening.AUTOMATIC_MAIL)
        mail = next((fact for fact in mails if fact.detail.get("message") == message_id), None)
        if mail is None:
            raise NotFound(f"ticket {ref} has no automatic mail {message_id}", "message")
        if ticket.said(Happening.PERSON_CONFIRMED, message=message_id):
            return ticket
        now = desk.clock.now()
        after = ticket.with_fact(now, Happening.PERSON_CONFIRMED, by, message=message_id)
        return lifecycle.customer_wrote(after, message_id, now, desk.settings.load(), by=mail.by)

    return change_ticket(desk, ref, decide)
