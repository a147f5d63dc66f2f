"""Other policies or calendars are tried on the open tickets before they are saved, and applied to them afterwards.

Page by page: one Query for each queue finds the tickets, one BatchGetItem for each hundred reads them. A preview
writes nothing; applying writes the tickets whose policy or alarms are not what the settings say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.lifecycle import repoliced
from chalicelib.domain.sla_alarms import scheduled
from chalicelib.domain.sla_difference import Difference, difference
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.list_tickets import Filter, list_tickets
from chalicelib.usecases.ports import Desk


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change on a page of open tickets: how many were looked at, and where the next page begins."""

    looked_at: int
    differences: tuple[Difference, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """Which of a page of open tickets now follow the settings and didn't before."""

    looked_at: int
    refs: tuple[str, ...]
    after: str = ""


def preview_sla(desk: Desk, proposed: DeskSettings, limit: int, after: str = "") -> Preview:
    """Give what would change on a page of at most `limit` open tickets, the most urgent of each queue first.

    Raises InvalidInput for a place that no page gave.
    """
    present, now = desk.settings.load(), desk.clock.now()
    tickets, place = _open_tickets(desk, limit, after)
    found = (difference(ticket, present, proposed, now) for ticket in tickets)
    return Preview(len(tickets), tuple(one for one in found if one), place)


def apply_sla(desk: Desk, limit: int, after: str = "") -> Applied:
    """Let a page of at most `limit` open tickets follow the settings as they are saved, at once.

    Without it, each follows them from its next event on, or when a deadline comes that it still had. Done twice it
    changes nothing more. Raises InvalidInput for a place that no page gave.
    """
    settings, now = desk.settings.load(), desk.clock.now()

    def follows(ticket: Ticket) -> bool:
        return scheduled(repoliced(ticket, settings, now), settings, now) == ticket

    def decide(ticket: Ticket) -> Ticket:
        return ticket if follows(ticket) else replace(repoliced(ticket, settings, now))

    tickets, place = _open_tickets(desk, limit, after)
    return Applied(len(tickets), _changed(desk, tickets, follows, decide), place)


def _changed(
    desk: Desk, tickets: Sequence[Ticket], follows: Callable[[Ticket], bool], decide: Callable[[Ticket], Ticket]
) -> tuple[str, ...]:
    late = [ticket for ticket in tickets if not follows(ticket)]
    after = {ticket.ref: change_ticket(desk, ticket.ref, decide) for ticket in late}
    return tuple(ticket.ref for ticket in late if after[ticket.ref].version != ticket.version)


def _open_tickets(desk: Desk, limit: int, after: str) -> tuple[Sequence[Ticket], str]:
    page = list_tickets(desk, Filter(), limit, after)
    known = desk.tickets.get_many([card.ref for card in page.cards])
    return [known[card.ref] for card in page.cards if card.ref in known], page.after
