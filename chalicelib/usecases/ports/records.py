"""What the desk keeps in its table: tickets and the people around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain import inbox_view
    from chalicelib.domain.card import Card, Page, Standing
    from chalicelib.domain.customer import Customer, CustomerNote
    from chalicelib.domain.desk import DeskSettings
    from chalicelib.domain.draft import Draft
    from chalicelib.domain.message import Message
    from chalicelib.domain.people import Agent, Roster, Team
    from chalicelib.domain.presence import Presence
    from chalicelib.domain.ticket import Ticket


class Tickets(Protocol):
    """Where tickets and their messages are kept."""

    def get(self, ref: str) -> Ticket | None:
        """Give the ticket as it stands now, or None."""

    def conversation(self, ref: str) -> tuple[Ticket, tuple[Message, ...]] | None:
        """Give the ticket with its messages in the order of its timeline, or None."""

    def opened(self, ref: str) -> tuple[Ticket, tuple[Message, ...], tuple[Draft, ...]] | None:
        """Give the same, and what agents are writing on it, by one read."""

    def message(self, ref: str, message_id: str) -> Message | None:
        """Give one message, or None."""

    def write_messages(self, ref: str, messages: Iterable[Message]) -> None:
        """Keep messages before the ticket mentions them. Written twice, they are one."""

    def add(self, ticket: Ticket, card: Card) -> Ticket:
        """Keep a new ticket as version 1. Raises AlreadyExists when its reference is taken."""

    def save(self, ticket: Ticket, card: Card) -> Ticket:
        """Keep a changed ticket as its next version. Raises StaleVersion when it isn't the latest any more."""

    def get_many(self, refs: Sequence[str]) -> Mapping[str, Ticket]:
        """Give those of many tickets that are there, as they stood a moment ago, in as few calls as can be."""

    def queue(
        self, names: Sequence[str], limit: int, after: str = "", *, newest_first: bool = False, until: str = ""
    ) -> Page:
        """Give a page of the tickets that stand in these queues (see domain.card.queue_of), merged in their order.

        With `until`, only those whose place there (domain.card.urgency) is not behind it.
        """

    def standing(self, most: int) -> Standing:
        """Give everything that isn't done, list by list, in one call; some `most` tickets of it."""

    def of_customer(self, customer_id: str, limit: int, after: str = "", also: Sequence[str] = ()) -> Page:
        """Give a page of a customer's tickets, newest first; `also` are ids of records that are parts of them."""

    def due(self, until: datetime) -> Iterable[tuple[str, datetime]]:
        """Give the references of tickets with something due until then, and when, earliest first."""

    def ticket_of_email(self, email_id: str) -> str | None:
        """Give the reference under which a received Message-ID was filed, or None."""

    def file_email(self, email_id: str, ref: str) -> None:
        """Remember under which ticket a received Message-ID was filed."""


class Customers(Protocol):
    """Where customers are kept."""

    def meet(self, email: str, name: str, now: datetime) -> Customer:
        """Give the customer of this address, made on the first contact; notes the contact's time.

        Where the address's record became a part of another customer, that is who wrote.
        """

    def meet_visitor(self, visitor: str, name: str, now: datetime) -> Customer:
        """Give the customer who is known by nothing but their chat box, made on the first contact."""

    def get(self, customer_id: str) -> Customer | None:
        """Give a customer, or None; by the id of a record that became a part, the customer it is a part of."""

    def record(self, customer_id: str) -> Customer | None:
        """Give the record of just this id, or None, whether or not it became a part of another."""

    def id_of(self, email: str) -> str:
        """Give the id that the customer of this address has, known or not."""

    def save(self, customer: Customer) -> Customer:
        """Keep a changed customer. Raises StaleVersion."""

    def save_both(self, one: Customer, other: Customer) -> None:
        """Keep two changed records, of which one of version 0 is new, or neither. Raises StaleVersion."""

    def notes(self, customer_ids: Iterable[str]) -> tuple[CustomerNote, ...]:
        """Give what was written down about the customer whose records these are, newest first."""

    def add_note(self, customer_id: str, note: CustomerNote) -> None:
        """Keep a note. Written twice, it is one."""

    def remove_note(self, customer_id: str, note_id: str) -> None:
        """Forget a note, if there is one."""


class People(Protocol):
    """Where agents and teams are kept."""

    def roster(self) -> Roster:
        """Give everybody, as they stand now."""

    def hold(self, agent_id: str, ref: str, *, force: bool = False, room: int | None = None) -> bool:
        """Take a place in an agent's hands for a ticket; False when they are full (never with `force`).

        They are full at their capacity, or at `room` tickets, if that is given.
        """

    def release(self, agent_id: str, ref: str) -> None:
        """Give the place back, if there is one."""

    def mention(self, agent_id: str, ref: str) -> None:
        """Note that somebody called upon an agent on a ticket. Noted twice it is noted once; the list has an end."""

    def forget_mention(self, agent_id: str, ref: str) -> None:
        """Forget that again, if it is noted."""

    def save_agent(self, agent: Agent) -> Agent:
        """Keep an agent (version 0: a new one). Raises AlreadyExists or StaleVersion."""

    def save_team(self, team: Team) -> Team:
        """Keep a team (version 0: a new one). Raises AlreadyExists or StaleVersion."""


class Settings(Protocol):
    """Where the desk's settings are kept."""

    def load(self) -> DeskSettings:
        """Give the settings, at most 60 seconds old."""

    def latest(self) -> DeskSettings:
        """Give the settings as they stand now; this process knows them from then on."""

    def save(self, settings: DeskSettings) -> DeskSettings:
        """Keep changed settings as their next version. Raises StaleVersion."""


class Drafts(Protocol):
    """Where agents' unsent texts are kept: one that each is writing on each ticket, and those they sent just now."""

    def get(self, ref: str, key: str) -> Draft | None:
        """Give what an agent is writing on a ticket, by their id, or what they sent, by its `sent_key`; or None."""

    def every(self, ref: str) -> tuple[Draft, ...]:
        """Give every agent's drafts on a ticket, sent ones too."""

    def around(self, ref: str) -> tuple[tuple[Draft, ...], tuple[Presence, ...]]:
        """Give every agent's draft on a ticket, and who said lately that they look at it, in one call."""

    def look(self, ref: str, presence: Presence) -> None:
        """Remember for a moment that somebody looks at a ticket."""

    def leave(self, ref: str, agent_id: str) -> None:
        """Forget that they do."""

    def save(self, ref: str, draft: Draft, *, sent: bool = False) -> None:
        """Keep a draft in place of what its agent was writing on this ticket; one that is `sent`, beside that."""

    def discard(self, ref: str, key: str) -> None:
        """Forget the draft that `get` would give, if there is one."""


class SavedViews(Protocol):
    """Where views of the inbox are kept: those of one agent, and with an empty owner those for everybody."""

    def of(self, owners: Iterable[str]) -> tuple[inbox_view.SavedViews, ...]:
        """Give the views of these owners, in this order; none where nothing was kept."""

    def save(self, views: inbox_view.SavedViews) -> inbox_view.SavedViews:
        """Keep an owner's views as their next version. Raises StaleVersion."""


class Chats(Protocol):
    """What the chat box asks for again and again, as cheaply as can be, and how far its visitors have read."""

    def glance(self, ref: str) -> Ticket | None:
        """Give a ticket as it stood a moment ago, without what of its history lies elsewhere, or None: it may be too
        new to be seen yet."""

    def seen(self, ref: str) -> int:
        """Give up to which place in the ticket's timeline its visitor has read; 0 for nothing."""

    def mark_seen(self, ref: str, place: int, now: datetime) -> None:
        """Note that the visitor has read so far. Further is never taken back."""
