"""A customer says something further on a ticket, by mail or on its page: the ticket tells of the message."""

from collections.abc import Callable

from chalicelib.domain import lifecycle
from chalicelib.domain.message import Message
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.ports import Desk


def hear_customer(
    desk: Desk,
    ref: str,
    message: Message,
    *,
    automatic: bool = False,
    via: str = "",
    also: Callable[[Ticket], Ticket] = lambda ticket: ticket,
) -> Ticket:
    """Put a message that is kept already onto its ticket, and give that; heard twice it is heard once.

    A program's mail (`automatic`) starts and stops nothing; `via` says `chat` of the chat box. `also` is what else the
    same write does where a person wrote. Raises NotFound, or Conflict on a closed ticket.
    """

    def decide(current: Ticket) -> Ticket:
        if current.has_message(message.id):
            return current
        after = lifecycle.customer_wrote(
            current,
            message.id,
            desk.clock.now(),
            desk.settings.load(),
            email_id=message.email_id,
            automatic=automatic,
            by=message.author,
            via=via,
        )
        return after if automatic else also(after)

    return change_ticket(desk, ref, decide)
