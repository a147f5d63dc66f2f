"""An answer leaves by mail, threading in the customer's mail program; so does the word that a request arrived."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import chat, lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.errors import MailRefused, NotFound
from chalicelib.domain.message import Message
from chalicelib.domain.outbound_html import html_of_text
from chalicelib.domain.scenario import notices
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.compose_answer import compose_answer
from chalicelib.usecases.compose_mail import AUTOMATIC_REPLY, Extras, language_of, to_customer
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.record_bounces import refuse_unreachable, wants_unasked_mail


def deliver_message(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Send the reply named by `entry.about` to the customer; what they read in the chat box needs no mail.

    Its Message-ID follows from the message, so that a repeated sending is recognised as the same mail.
    Raises MailRefused or TryAgain.
    """
    if chat.is_from_box(ticket) and (chat.answers_on_their_way(ticket, entry.about) or _is_delivered(ticket, entry)):
        return deliver_from_chat(desk, ticket, entry)
    message = desk.tickets.message(ticket.ref, entry.about)
    if message is None:
        raise MailRefused("the message can't be found any more")
    _send(desk, ticket, message)
    return lambda current: with_delivery(current, entry.about, desk.clock.now())


def _is_delivered(ticket: Ticket, entry: Entry) -> bool:
    return ticket.said(Happening.DELIVERED, message=entry.about)


def deliver_from_chat(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Send what nobody saw in the chat box, up to the answer that `entry` is about, by one mail.

    Without a mail address the answer waits there for whoever comes back, and the ticket says so. Two reads, and one for
    each answer that is mailed. Raises as `deliver_message` does.
    """
    waiting = chat.answers_on_their_way(ticket, entry.about)
    read = desk.chats.seen(ticket.ref) if waiting else 0
    seen = [message_id for place, message_id in waiting if place <= read]
    unseen = [message_id for place, message_id in waiting if place > read]
    if unseen and ticket.requester.email:
        messages = [found for message_id in unseen if (found := desk.tickets.message(ticket.ref, message_id))]
        if messages:
            _send(desk, ticket, chat.together(messages))

    def remember(current: Ticket) -> Ticket:
        now = desk.clock.now()
        for message_id in seen:
            current = with_delivery(current, message_id, now, via=chat.CHANNEL)
        for message_id in unseen:
            current = (
                with_delivery(current, message_id, now) if ticket.requester.email else _waits(current, message_id, now)
            )
        done = {(Task.DELIVER, message_id) for message_id in (*seen, *unseen)}
        return replace(current, agenda=tuple(one for one in current.agenda if one.key not in done))

    return remember


def _waits(ticket: Ticket, message_id: str, now: datetime) -> Ticket:
    told = {"task": Task.DELIVER.value, "about": message_id, "reason": "no_address"}
    if ticket.said(Happening.DELIVERY_FAILED, **told):
        return ticket
    return ticket.with_fact(now, Happening.DELIVERY_FAILED, lifecycle.DESK, **told)


def with_delivery(ticket: Ticket, message_id: str, now: datetime, *, via: str = "") -> Ticket:
    """Give the ticket on which an answer reached its customer; told twice it is told once. `via` says `chat` of what
    was seen there."""
    if ticket.said(Happening.DELIVERED, message=message_id):
        return ticket
    return ticket.with_fact(now, Happening.DELIVERED, lifecycle.DESK, message=message_id, via=via)


def _send(desk: Desk, ticket: Ticket, message: Message) -> None:
    refuse_unreachable(desk, ticket.requester.email)
    try:
        mail = compose_answer(desk, ticket, message)
    except NotFound as gone:
        raise MailRefused(gone.message) from gone
    desk.mailer.send(mail)


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
