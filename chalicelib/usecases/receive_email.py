"""A mail arrives: it joins the ticket it belongs to, or becomes a new one. Nothing is dropped silently."""

from chalicelib.domain.reference import reference_for
from chalicelib.domain.ticket import Ticket
from chalicelib.domain.trust import suspicion
from chalicelib.usecases.answer_by_mail import agent_who_wrote, answer_by_mail
from chalicelib.usecases.continue_ticket import closed_for_good, continuation
from chalicelib.usecases.join_mail import join_mail
from chalicelib.usecases.match_mail import Arrival, arrival, takes_part, ticket_of_mail
from chalicelib.usecases.merge_tickets import where_it_went
from chalicelib.usecases.open_from_mail import open_from_mail
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.record_bounces import record_bounces


def receive_email(desk: Desk, key: str) -> str:
    """Take in the raw mail under `key` of the mail bucket, and give the reference of the ticket it belongs to.

    Safe to repeat: the same mail, delivered again, stored twice or written to several of our addresses, is the same
    message of the same ticket, also when that was closed or merged since.
    Raises TryAgain when the cloud is briefly unable; the queue then delivers again.
    """
    came = arrival(desk, key)
    if suspicion(came.mail, desk.settings.load()):
        return _open(desk, came)
    belongs = ticket_of_mail(desk, came.mail)
    if belongs is None:
        return _open(desk, came)
    ref = _into(desk, came, belongs)
    if came.mail.bounces:
        record_bounces(desk, came.mail.bounces, came.message_id, told_by=belongs)
    return ref


def _open(desk: Desk, came: Arrival, follows: str = "") -> str:
    """Begin a ticket; where another mail did that under the same Message-ID, this one is still one of its own.

    From the same people it joins that ticket, from others it begins another: some programs know one Message-ID only.
    """
    ticket = open_from_mail(desk, came, follows)
    if ticket.has_message(came.message_id):
        return ticket.ref
    another = came.under_a_used_id()
    if takes_part(ticket, came.writer) and not suspicion(came.mail, desk.settings.load()):
        return _into(desk, another, ticket)
    return open_from_mail(desk, another, follows).ref


def _into(desk: Desk, came: Arrival, belongs: Ticket) -> str:
    while True:
        if belongs.has_message(came.message_id):
            return belongs.ref
        if belongs.merged_into and (further := where_it_went(desk, belongs)).ref != belongs.ref:
            belongs = further
            continue
        agent = agent_who_wrote(desk, came.mail, belongs)
        if agent is not None:
            return answer_by_mail(desk, came, belongs, agent)
        if came.mail.automatic is not None or not closed_for_good(desk, belongs):
            break
        following = continuation(desk, belongs)
        if following is None:
            return _open(desk, came, follows=belongs.ref)
        belongs = following
    own = desk.tickets.get(reference_for(desk.signer.secret(), came.origin))
    if own is not None and own.has_message(came.message_id):
        return own.ref  # it overtook the mail that it answers
    return join_mail(desk, came, belongs)
