"""What of a ticket is found, and what a result shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.card import Card
from chalicelib.domain.message import Message
from chalicelib.domain.splitting import moved_from
from chalicelib.domain.ticket import Priority, Shelf, Status, Ticket

TEXT_LIMIT = 200_000
"""Most characters of a ticket in which words are found: the first message whole, and what fits of the rest."""


@dataclass(frozen=True, slots=True)
class Document:
    """A ticket as search knows it. `text` is all that was said on it, without what mails quote of one another.

    `people` are its customer's name and addresses and who else writes on it; `version` is the ticket's.
    """

    ref: str
    version: int
    created_at: datetime
    updated_at: datetime
    subject: str
    customer_id: str
    customer_name: str
    status: Status
    priority: Priority
    channel: str
    shelf: Shelf = Shelf.NONE
    assignee_id: str = ""
    team_id: str = ""
    merged_into: str = ""
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    with_files: bool = False
    text: str = ""


def document_of(ticket: Ticket, messages: Sequence[Message]) -> Document:
    """Give what is found of a ticket with these messages."""
    requester = ticket.requester
    people = (requester.name, requester.email, *ticket.thread.participants)
    return Document(
        ref=ticket.ref,
        version=ticket.version,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        subject=ticket.subject,
        customer_id=requester.customer_id,
        customer_name=requester.name or requester.email,
        status=ticket.status,
        priority=ticket.priority,
        channel=ticket.channel,
        shelf=ticket.shelf,
        assignee_id=ticket.assignee_id,
        team_id=ticket.team_id,
        merged_into=ticket.merged_into,
        tags=ticket.tags,
        people=tuple(dict.fromkeys(person for person in people if person)),
        with_files=any(message.attachments for message in messages),
        text=_text(ticket, messages),
    )


def document_of_card(card: Card) -> Document:
    """Give what a list knows of a ticket; what was said on it is left out."""
    return Document(
        ref=card.ref,
        version=card.version,
        created_at=card.created_at,
        updated_at=card.updated_at,
        subject=card.subject,
        customer_id=card.customer_id,
        customer_name=card.customer_name,
        status=card.status,
        priority=card.priority,
        channel=card.channel,
        shelf=card.shelf,
        assignee_id=card.assignee_id,
        team_id=card.team_id,
        tags=card.tags,
    )


def _text(ticket: Ticket, messages: Sequence[Message]) -> str:
    moved = moved_from(ticket)
    here = [message for message in messages if message.id not in moved]
    said = [message.newly_said or message.text for message in here]
    files = [file.filename for message in here for file in message.attachments]
    told = [f"{name}: {value}" for name, value in ticket.fields.items()]
    return "\n".join(part for part in (*said, *told, *files, *ticket.tags) if part)[:TEXT_LIMIT]


def known_of(ticket: Ticket) -> tuple[object, ...]:
    """Give what search knows of a ticket without reading its messages: while this stays, its document stays."""
    said = {fact.detail["message"] for fact in ticket.timeline if "message" in fact.detail}
    return (
        (ticket.subject, ticket.requester, ticket.thread.participants, ticket.fields, ticket.tags),
        (ticket.status, ticket.priority, ticket.channel, ticket.shelf, ticket.merged_into),
        (ticket.assignee_id, ticket.team_id),
        frozenset(said - moved_from(ticket).keys()),
    )
