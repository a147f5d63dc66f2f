"""A customer's message becomes a ticket of its own; merged into the old one again, it is undone."""

from collections.abc import Callable
from contextlib import suppress

from chalicelib.domain import splitting
from chalicelib.domain.agenda import Entry
from chalicelib.domain.errors import AlreadyExists, InvalidInput, NotFound
from chalicelib.domain.message import SUBJECT_LIMIT
from chalicelib.domain.reference import reference_for
from chalicelib.domain.search import indexing
from chalicelib.domain.ticket import Fact, Requester, Ticket
from chalicelib.usecases.change_ticket import change_ticket, keep_ticket, load_ticket
from chalicelib.usecases.merge_tickets import separate_ticket
from chalicelib.usecases.open_ticket import MOST_COLLISIONS
from chalicelib.usecases.ports import Desk


def split_ticket(
    desk: Desk, ref: str, message_id: str, by: str, *, following: bool = False, subject: str = ""
) -> Ticket:
    """Give the ticket that a message of another becomes, with `following` all of customers' from it on.

    One read, a write for each message and one for the ticket, which is whole from then on; the old one learns of it by
    the agenda. Split again, it is the same ticket; where that was undone, it is separated. Without a subject it has the
    old one's. Raises NotFound, Conflict or InvalidInput.
    """
    if len(subject) > SUBJECT_LIMIT:
        raise InvalidInput(f"must have at most {SUBJECT_LIMIT} characters", "subject")
    found = desk.tickets.conversation(ref)
    if found is None:
        raise NotFound(f"there is no ticket {ref}", "ref")
    old, messages = found
    if known := splitting.moved_from(old).get(message_id):
        return _apart(desk, load_ticket(desk, known), ref, by)
    lying = {one.id: one for one in messages}
    facts = splitting.moving(old, message_id, following=following)
    moved = [(fact, lying[fact.detail["message"]]) for fact in facts if fact.detail["message"] in lying]
    if not moved:
        raise NotFound("there is no such message", "message_id")
    requester = _requester(desk, old, facts[0], moved[0][1].author_name)
    for attempt in range(MOST_COLLISIONS):
        new_ref = reference_for(desk.signer.secret(), splitting.origin_of(ref, message_id), attempt)
        desk.tickets.write_messages(new_ref, [message for _, message in moved])
        settings, now = desk.settings.load(), desk.clock.now()
        ticket = splitting.begun(old, new_ref, moved, requester, subject or old.subject, settings, now, by)
        try:
            return keep_ticket(desk, indexing.scheduled(None, ticket, now))
        except AlreadyExists:
            there = desk.tickets.get(new_ref)
            if there is not None and there.origin == ticket.origin:
                return _apart(desk, there, ref, by)
    raise AlreadyExists("no free reference was found", "ref")


def _apart(desk: Desk, part: Ticket, ref: str, by: str) -> Ticket:
    """Give a ticket that was split off before, separated again where it was merged back."""
    return separate_ticket(desk, part.ref, by) if part.merged_into == ref else part


def _requester(desk: Desk, old: Ticket, fact: Fact, name: str) -> Requester:
    """Whose the new ticket is: that of whoever wrote its first message. One read where it isn't the old one's."""
    customer_id = fact.by.removeprefix("customer:")
    if customer_id == old.requester.customer_id:
        return old.requester
    customer = desk.customers.get(customer_id)
    if customer is None:
        return old.requester
    return Requester(customer.id, name or customer.name, customer.email, customer.tier)


def tell_split(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Let the ticket named by `entry.about` know what became this one, and have answers to that find this one.

    Told twice, it knows.
    """
    for email_id in ticket.thread.chain:
        desk.tickets.file_email(email_id, ticket.ref)
    with suppress(NotFound):
        change_ticket(desk, entry.about, lambda old: splitting.parted(old, ticket, desk.clock.now()))
    return lambda current: current
