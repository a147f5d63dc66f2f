"""What a customer's tickets say of them: how many, how they ended, how they were rated, what they had to do for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chalicelib.domain.card import Card
from chalicelib.domain.ticket import DONE, Happening, Ticket


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """Counts over some of a customer's tickets, spam apart.

    `rating` is the average of the answered surveys, None without any. Effort is what the customer had to do: `messages`
    they wrote in all, `reopened` times that something wasn't solved after all, `handovers` from one person of the desk
    to another, `broken` promises that they waited through.
    """

    tickets: int = 0
    open: int = 0
    solved: int = 0
    ratings: int = 0
    rating: float | None = None
    messages: int = 0
    reopened: int = 0
    handovers: int = 0
    broken: int = 0


def figures_of(cards: Sequence[Card], tickets: Iterable[Ticket]) -> CustomerFigures:
    """Give the figures of tickets by their cards, and by their timelines as far as they are given."""
    counted = [card for card in cards if not card.shelf]
    refs = {card.ref for card in counted}
    timelines = [ticket for ticket in tickets if ticket.ref in refs]
    rated = [rating for card in counted for rating in card.ratings]
    solved = sum(1 for card in counted if card.status in DONE)
    return CustomerFigures(
        tickets=len(counted),
        open=len(counted) - solved,
        solved=solved,
        ratings=len(rated),
        rating=sum(rated) / len(rated) if rated else None,
        messages=sum(_messages(ticket) for ticket in timelines),
        reopened=sum(_count(ticket, Happening.REOPENED) for ticket in timelines),
        handovers=sum(_handovers(ticket) for ticket in timelines),
        broken=sum(breached for card in counted for _, breached in card.verdicts.values()),
    )


def _messages(ticket: Ticket) -> int:
    return sum(1 for fact in ticket.timeline if fact.what in (Happening.OPENED, Happening.CUSTOMER_WROTE))


def _count(ticket: Ticket, what: Happening) -> int:
    return sum(1 for fact in ticket.timeline if fact.what is what)


def _handovers(ticket: Ticket) -> int:
    """Count changes from one agent to another; the first one, and back to the same, are none."""
    agents = [fact.detail.get("agent", "") for fact in ticket.timeline if fact.what is Happening.ASSIGNED]
    return sum(1 for before, after in pairwise(agents) if before != after)
