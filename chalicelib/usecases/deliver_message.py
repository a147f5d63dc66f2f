"""An answer leaves by mail, threading in the customer's mail program; so does the word that a request arrived."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry
from chalicelib.domain.errors import MailRefused, NotFound
from chalicelib.domain.outbound_html import html_of_text
from chalicelib.domain.scenario import notices
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.compose_answer import compose_answer
from chalicelib.usecases.compose_mail import AUTOMATIC_REPLY, Extras, language_of, to_customer
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.record_bounces import refuse_unreachable, wants_unasked_mail


def deliver_message(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Send the reply named by `entry.about` to the customer.

    Its Message-ID follows from the message, so that a repeated sending is recognised as the same mail.
    Raises MailRefused or TryAgain.
    """
    message = desk.tickets.message(ticket.ref, entry.about)
    if message is None:
        raise MailRefused("the message can't be found any more")
    refuse_unreachable(desk, ticket.requester.email)
    try:
        mail = compose_answer(desk, ticket, message)
    except NotFound as gone:
        raise MailRefused(gone.message) from gone
    desk.mailer.send(mail)

    def remember(current: Ticket) -> Ticket:
        if current.said(Happening.DELIVERED, message=entry.about):
            return current
        return current.with_fact(desk.clock.now(), Happening.DELIVERED, lifecycle.DESK, message=entry.about)

    return remember


def acknowledge(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Tell the customer once that their request arrived, under which reference, and what plans that run now tell.

    Somebody who opened more tickets within the hour than are acknowledged gets no more of these: it may be a machine.
    Who complained of our mail, or gets none of it, isn't written to unasked.
    """
    settings = desk.settings.load()
    unwanted = not wants_unasked_mail(desk, ticket.requester.email)
    if unwanted or opened_too_many(desk, ticket, settings.acknowledgements_per_hour):
        return lambda current: current
    news = "\n\n".join(notices(settings.running(desk.clock.now()), language_of(desk, ticket)))
    below = html_of_text(news) if news else ""
    extras = Extras(text_below=news, html_below=below, headers=AUTOMATIC_REPLY)
    desk.mailer.send(to_customer(desk, ticket, "acknowledgement", "acknowledgement", {}, extras))

    def remember(current: Ticket) -> Ticket:
        if current.said(Happening.ACKNOWLEDGED):
            return current
        return current.with_fact(desk.clock.now(), Happening.ACKNOWLEDGED, lifecycle.DESK)

    return remember


def opened_too_many(desk: Desk, ticket: Ticket, most: int) -> bool:
    """Whether a ticket's customer opened more than so many within the hour: one query."""
    latest = desk.tickets.of_customer(ticket.requester.customer_id, most + 1).cards
    an_hour_ago = desk.clock.now() - timedelta(hours=1)
    return sum(1 for card in latest if card.created_at > an_hour_ago) > most
