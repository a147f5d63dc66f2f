"""A customer opens their ticket's page by its signed link. Showing it records nothing: mail scanners follow links.

The link names the ticket and whose it is, and holds no time: it ends `ticket_link_seconds` after the ticket last
changed, so that it works as long as there is something to talk about, and any word by mail makes it work again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import sla
from chalicelib.domain.customer_view import Next, Standing, next_step, open_survey, seen_by, standing
from chalicelib.domain.errors import LinkExpired, NotFound
from chalicelib.domain.message import Attachment, Message
from chalicelib.domain.ticket import DONE, Survey, Ticket
from chalicelib.usecases.continue_ticket import closed_for_good
from chalicelib.usecases.fetch_file import file_token
from chalicelib.usecases.merge_tickets import where_it_went
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.read_conversation import Found, with_parts

PURPOSE = "ticket"
FILE_SECONDS = 3600
"""How long the links to files work that stand on a page."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as its customer sees it; `mine` where they wrote it. Files come with the tokens of their links."""

    message: Message
    mine: bool
    files: tuple[tuple[Attachment, str], ...]

    @property
    def new(self) -> str:
        """What the message says beyond what it quotes."""
        return self.message.newly_said.strip() or self.message.text.strip()

    @property
    def quotes(self) -> bool:
        """Whether there is more to it than what is new."""
        return self.new != self.message.text.strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose link it is, and what it leads to: `ticket` is the one that theirs is part of, or theirs itself."""

    own: Ticket
    ticket: Ticket

    @property
    def customer_id(self) -> str:
        """Who reads."""
        return self.own.requester.customer_id

    @property
    def is_requester(self) -> bool:
        """Whether the ticket as a whole is theirs, so that it is theirs to say that it is solved."""
        return self.ticket.requester.customer_id == self.customer_id


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A ticket as its customer sees it."""

    reading: Reading
    standing: Standing
    said: tuple[Said, ...]
    next: Next = Next.NOTHING
    by: datetime | None = None
    survey: Survey | None = None

    @property
    def may_reopen(self) -> bool:
        """Whether they can say that it isn't solved after all."""
        return self.standing is Standing.SOLVED

    @property
    def may_solve(self) -> bool:
        """Whether they can say that it is solved."""
        return self.reading.is_requester and self.reading.ticket.status not in DONE


def ticket_link(desk: Desk, ticket: Ticket) -> str:
    """Give the signed link to a ticket's page, for its requester alone; "" where the desk has no such pages."""
    settings = desk.settings.load()
    if not settings.ticket_link_seconds or not settings.public_url:
        return ""
    return f"{settings.public_url}/t/{ticket_token(desk, ticket)}"


def ticket_token(desk: Desk, ticket: Ticket) -> str:
    """Give what names a ticket and its requester in that link."""
    return desk.signer.seal(PURPOSE, {"ref": ticket.ref, "customer": ticket.requester.customer_id})


def show_ticket(desk: Desk, token: str) -> TicketPage:
    """Give the ticket behind a signed link: one query, and one for each ticket that was merged with it.

    Raises NotFound for a link that isn't genuine, or of mail on a shelf; LinkExpired after its end.
    """
    ref, customer_id = named(desk, token)
    found = desk.tickets.conversation(ref)
    reading = admitted(desk, found[0] if found else None, customer_id)
    whole = found if reading.ticket is reading.own else desk.tickets.conversation(reading.ticket.ref)
    return _page(desk, reading, whole or (reading.ticket, ()))


def named(desk: Desk, token: str) -> tuple[str, str]:
    """Give the reference and the customer that a link names. Raises NotFound."""
    content = desk.signer.unseal(PURPOSE, token)
    if content is None or not desk.settings.load().ticket_link_seconds:
        raise NotFound("this link is not one of ours, or was cut short; open it from the mail again", "token")
    return content["ref"], content["customer"]


def admitted(desk: Desk, own: Ticket | None, customer_id: str) -> Reading:
    """Give what the ticket of a link leads to. Raises NotFound and LinkExpired as `show_ticket` does."""
    ticket = where_it_went(desk, own) if own else None
    if own is None or ticket is None or own.shelf or ticket.shelf:
        raise NotFound("there is nothing to be seen here", "token")
    end = ticket.updated_at + timedelta(seconds=desk.settings.load().ticket_link_seconds)
    if desk.clock.now() >= end or own.requester.customer_id != customer_id:
        raise LinkExpired("this link is no longer valid; write by mail and it works again", "ticket")
    return Reading(own, ticket)


def _page(desk: Desk, reading: Reading, whole: Found) -> TicketPage:
    said = tuple(
        Said(message, message.author == f"customer:{reading.customer_id}", _files(desk, message))
        for _, message in seen_by(reading.customer_id, with_parts(desk, whole))
        if message.text.strip() or message.attachments
    )
    how = standing(reading.ticket, for_good=closed_for_good(desk, reading.ticket))
    ticket, now = reading.ticket, desk.clock.now()
    step, by = next_step(ticket, how, sla.of_ticket(ticket, desk.settings.load(), now))
    return TicketPage(reading, how, said, step, by, open_survey(ticket, now) if reading.is_requester else None)


def holder_of(desk: Desk, token: str) -> str:
    """Give who holds the files that are sent from a ticket's page: this customer on this ticket. Raises NotFound."""
    return "page:{}:{}".format(*named(desk, token))


def _files(desk: Desk, message: Message) -> tuple[tuple[Attachment, str], ...]:
    until = desk.clock.now() + timedelta(seconds=FILE_SECONDS)
    return tuple((file, file_token(desk, file, until)) for file in message.attachments)
