"""What an agent is writing on a ticket: kept while they write, and for a moment after they sent it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.message import MessageKind
from chalicelib.domain.ticket import Status, Ticket

UNDO_SECONDS = 10
"""How long an answer can be taken back after it was sent: it leaves only then."""

KEPT_SECONDS = 30 * 86400
"""A draft that nobody went on with is forgotten after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One agent's unsent text on one ticket; each writes at most one. `id` is one composition's: the message's id
    follows from it, so that a draft that was sent is known to have been. `status` is what the ticket is to be after
    it, `macro` the id of the macro that began it, whose priority and tags the ticket gets with it."""

    id: str
    agent_id: str
    kind: MessageKind
    text: str
    saved_at: datetime
    status: Status | None = None
    cc: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    macro: str = ""

    @property
    def origin(self) -> str:
        """What the message that it becomes comes from."""
        return f"console:{self.agent_id}:{self.id}"

    @property
    def sent_key(self) -> str:
        """What it is kept by once it was sent: apart from what its agent writes next, which must not leave with it."""
        return f"{self.agent_id}/{self.id}"


def sent_soon(ticket: Ticket, draft: Draft, now: datetime) -> Ticket:
    """Give the ticket on which a draft is sent when the time for taking it back is over."""
    return lifecycle.with_tasks(ticket, Entry(now + timedelta(seconds=UNDO_SECONDS), Task.SEND_DRAFT, draft.sent_key))


def taken_back(ticket: Ticket, agent_id: str) -> Ticket:
    """Give the ticket without that; the very ticket where nothing of this agent's was about to be sent."""
    for entry in leaving(ticket, agent_id):
        ticket = lifecycle.without_tasks(ticket, Task.SEND_DRAFT, about=entry.about)
    return ticket


def is_leaving(ticket: Ticket, agent_id: str) -> datetime | None:
    """Give when an agent's draft leaves, or None while it isn't sent."""
    return next((entry.at for entry in leaving(ticket, agent_id)), None)


def leaving(ticket: Ticket, agent_id: str) -> tuple[Entry, ...]:
    """Give the entries by which drafts of an agent are about to be sent; each is about a `sent_key`."""
    return tuple(
        entry for entry in ticket.agenda if entry.task is Task.SEND_DRAFT and entry.about.partition("/")[0] == agent_id
    )
