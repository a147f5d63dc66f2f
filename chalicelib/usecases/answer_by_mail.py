"""An agent writes from their own mail program: the answer goes to the customer, if it is proven to be theirs."""

from dataclasses import replace

from chalicelib.domain import lifecycle
from chalicelib.domain.email import InboundEmail
from chalicelib.domain.forwarded import says_forwarded
from chalicelib.domain.message import MessageKind
from chalicelib.domain.people import Agent
from chalicelib.domain.ticket import Status, Ticket
from chalicelib.domain.trust import proven
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.join_mail import keep_message, message_of
from chalicelib.usecases.match_mail import Arrival, agent_at, signed_refs
from chalicelib.usecases.ports import Desk

NOT_SENT = "kept as a note: "
UNPROVEN = NOT_SENT + "the sender is not proven by DMARC"
UNSIGNED = NOT_SENT + "it answers none of the desk's mails"
PASSED_ON = NOT_SENT + "it passes a mail on"
TOO_LATE = NOT_SENT + "the ticket is closed"


def agent_who_wrote(desk: Desk, mail: InboundEmail, ticket: Ticket) -> Agent | None:
    """Give the agent whose mail this is. The requester, and a program, writes as nobody of the desk.

    One read of the roster, where somebody else than the requester wrote.
    """
    writer = mail.sender.email if mail.sender else ""
    if mail.automatic is not None or writer == ticket.requester.email:
        return None
    return agent_at(desk, writer)


def answer_by_mail(desk: Desk, came: Arrival, ticket: Ticket, agent: Agent) -> str:
    """Take in an agent's mail: the answer to a customer, or a note where it can't be one; gives the reference.

    It is an answer when it carries our signature for this very ticket and DMARC proves the sender. One that the
    customer got straight from the agent counts as an answer, and isn't sent once more. A note that was meant as an
    answer becomes a follow-up, so that nobody believes that it went out.
    """
    seen_by_customer = ticket.requester.email in {one.email for one in (*came.mail.to, *came.mail.cc)}
    obstacle = _obstacle(desk, came.mail, ticket, seen_by_customer=seen_by_customer)
    by = f"agent:{agent.id}"
    message = message_of(desk, came, ticket.ref, MessageKind.NOTE if obstacle else MessageKind.REPLY, by)
    said = came.mail.newly_said.strip() or came.mail.text
    problems = (*message.problems, obstacle) if obstacle else message.problems
    message = replace(message, author_name=agent.name, text=said, html="", newly_said=said, problems=problems)
    keep_message(desk, message, ticket)

    def decide(current: Ticket) -> Ticket:
        now = desk.clock.now()
        if current.has_message(message.id):
            return current
        if obstacle or current.status is Status.CLOSED:
            noted = lifecycle.noted(current, message.id, now, by)
            passed_on = obstacle == PASSED_ON
            return noted if passed_on else lifecycle.followed_up(noted, f"undelivered_{message.id}", "undelivered", now)
        return lifecycle.answered(current, message.id, now, by, deliver=not seen_by_customer)

    return change_ticket(desk, ticket.ref, decide).ref


def _obstacle(desk: Desk, mail: InboundEmail, ticket: Ticket, *, seen_by_customer: bool) -> str:
    """Give why a mail is no answer to the customer, or an empty string where it is one."""
    if says_forwarded(mail.subject):
        return PASSED_ON
    if not proven(mail):
        return UNPROVEN
    if ticket.status is Status.CLOSED:
        return TOO_LATE
    signed = ticket.ref in signed_refs(desk, mail) or any(
        part in signed_refs(desk, mail) for part in ticket.merged_from
    )
    return "" if signed or seen_by_customer else UNSIGNED
