"""A request becomes a ticket: its customer is met, its first message kept, and one conditional write begins it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.domain import lifecycle
from chalicelib.domain.customer import Customer
from chalicelib.domain.errors import AlreadyExists
from chalicelib.domain.message import Attachment, Message, MessageKind
from chalicelib.domain.people import Agent
from chalicelib.domain.reference import derived_code, reference_for
from chalicelib.domain.search import indexing
from chalicelib.domain.ticket import EmailThread, Happening, Priority, Requester, Shelf, Ticket
from chalicelib.usecases.change_ticket import keep_ticket
from chalicelib.usecases.ports import Desk

MOST_COLLISIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A request as it came in by any channel.

    `origin` names where it came from, the same each time it is delivered; reference and message id follow from it.
    `message_id` follows from it too, unless it is given. `acknowledge` says whether the customer is told that it
    arrived. Mail that goes to a shelf says why: `shelved_for`, and what words told so. What an agent passed on names
    `forwarder`, and comes with what they wrote on top as a note. `visitor` is what somebody in the chat box is known by
    who gave no address.
    """

    origin: str
    channel: str
    subject: str
    text: str
    email: str
    name: str
    html: str = ""
    newly_said: str = ""
    attachments: tuple[Attachment, ...] = ()
    priority: Priority = Priority.NORMAL
    category: str = ""
    language: str = ""
    team_id: str = ""
    assignee_id: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    shelf: Shelf = Shelf.NONE
    shelved_for: str = ""
    shelved_by_words: tuple[str, ...] = ()
    forwarder: Agent | None = None
    note: str = ""
    message_id: str = ""
    follows: str = ""
    email_id: str = ""
    source: str = ""
    problems: tuple[str, ...] = ()
    thread: EmailThread | None = None
    acknowledge: bool = True
    visitor: str = ""


def message_id_for(secret: bytes, origin: str) -> str:
    """Give the id of the message that came from `origin`."""
    return derived_code(secret, "message", origin, 10).lower()


def open_ticket(desk: Desk, new: NewTicket) -> tuple[Ticket, bool]:
    """Give the ticket that a request became, and whether it is new: delivered again, it is the one it already was."""
    secret = desk.signer.secret()
    customer = _met(desk, new)
    message = _first_message(new, new.message_id or message_id_for(secret, new.origin), customer, desk)
    note = _note(new, message_id_for(secret, f"{new.origin}:note"), message)
    for attempt in range(MOST_COLLISIONS):
        ref = reference_for(secret, new.origin, attempt)
        desk.tickets.write_messages(ref, [message, *note])
        try:
            begun = _begun(new, ref, [message, *note], customer, desk)
            return keep_ticket(desk, indexing.scheduled(None, begun, desk.clock.now())), True
        except AlreadyExists:
            known = desk.tickets.get(ref)
            if known is not None and known.origin == new.origin:
                return known, False
    raise AlreadyExists("no free reference was found", "ref")


def _met(desk: Desk, new: NewTicket) -> Customer:
    if new.visitor and not new.email:
        return desk.customers.meet_visitor(new.visitor, new.name, desk.clock.now())
    return desk.customers.meet(new.email, new.name, desk.clock.now())


def _first_message(new: NewTicket, message_id: str, customer: Customer, desk: Desk) -> Message:
    return Message(
        id=message_id,
        kind=MessageKind.CUSTOMER,
        author=f"customer:{customer.id}",
        author_name=new.name or customer.name or customer.email,
        text=new.text,
        html=new.html,
        newly_said=new.newly_said,
        attachments=new.attachments,
        created_at=desk.clock.now(),
        email_id=new.email_id,
        source=new.source,
        problems=new.problems,
    )


def _note(new: NewTicket, note_id: str, message: Message) -> tuple[Message, ...]:
    if new.forwarder is None or not new.note:
        return ()
    author = f"agent:{new.forwarder.id}"
    at = message.created_at
    return (Message(note_id, MessageKind.NOTE, author, new.forwarder.name, new.note, at, source=new.source),)


def _begun(new: NewTicket, ref: str, messages: Sequence[Message], customer: Customer, desk: Desk) -> Ticket:
    settings = desk.settings.load()
    message, *notes = messages
    writers = (new.email,) if new.email else ()
    ticket = Ticket(
        ref=ref,
        origin=new.origin,
        subject=new.subject,
        requester=Requester(customer.id, new.name or customer.name, new.email, customer.tier),
        channel=new.channel,
        created_at=message.created_at,
        updated_at=message.created_at,
        priority=new.priority,
        category=new.category,
        language=new.language,
        team_id=new.team_id,
        tags=new.tags,
        fields=new.fields,
        shelf=new.shelf,
        follows=new.follows,
        thread=new.thread or EmailThread(address=settings.support_address, participants=writers),
    )
    acknowledge = new.acknowledge and settings.acknowledge and bool(new.email)
    begun = lifecycle.opened(ticket, message.id, settings, acknowledge=acknowledge)
    if new.shelved_for:
        why = {"shelf": new.shelf.value, "reason": new.shelved_for, "words": ", ".join(new.shelved_by_words)}
        begun = begun.with_fact(message.created_at, Happening.SHELVED, lifecycle.DESK, **why)
    if new.forwarder is not None:
        begun = begun.with_fact(message.created_at, Happening.FORWARDED, f"agent:{new.forwarder.id}")
    for note in notes:
        begun = lifecycle.noted(begun, note.id, message.created_at, note.author)
    if new.assignee_id:
        begun = lifecycle.assigned(begun, new.assignee_id, message.created_at, lifecycle.DESK)
    return replace(begun, updated_at=message.created_at)
