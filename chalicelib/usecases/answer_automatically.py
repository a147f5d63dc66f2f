"""An automation's answer leaves by mail, marked as automatic, so that no machine answers it (RFC 3834)."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry
from chalicelib.domain.errors import MailRefused
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.compose_answer import compose_answer
from chalicelib.usecases.deliver_message import opened_too_many
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.record_bounces import wants_unasked_mail

UNWANTED, TOO_OFTEN = "unwanted", "too_often"


def answer_automatically(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Send the message named by `entry.about`, which a rule wrote, unless its customer gets no such mail.

    Who opens more tickets within an hour than are acknowledged may be a machine, and is left alone; so is who
    complained of our mail. The ticket then says why. Raises MailRefused or TryAgain.
    """
    message = desk.tickets.message(ticket.ref, entry.about)
    if message is None:
        raise MailRefused("the message can't be found any more")
    reason = _obstacle(desk, ticket)
    if not reason:
        desk.mailer.send(compose_answer(desk, ticket, message))
    now = desk.clock.now()

    def remember(current: Ticket) -> Ticket:
        about = {"message": entry.about}
        if reason:
            about = {"task": entry.task.value, "about": entry.about, "reason": reason}
        what = Happening.HELD_BACK if reason else Happening.DELIVERED
        return current if current.said(what, **about) else current.with_fact(now, what, lifecycle.DESK, **about)

    return remember


def _obstacle(desk: Desk, ticket: Ticket) -> str:
    if not wants_unasked_mail(desk, ticket.requester.email):
        return UNWANTED
    fresh = desk.clock.now() - ticket.created_at < timedelta(hours=1)
    most = desk.settings.load().acknowledgements_per_hour
    return TOO_OFTEN if fresh and opened_too_many(desk, ticket, most) else ""
