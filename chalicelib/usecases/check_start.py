"""How far a new desk is on its way to the first answered ticket, told from what is there anyway."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.card import Card
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.people import Roster
from chalicelib.usecases.list_tickets import months_back, open_queues
from chalicelib.usecases.ports import Desk

MOST_CARDS = 25
"""How many tickets of a list are looked at: the first of a new desk are enough."""

BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Progress:
    """What of the way is behind the desk. `mailed` are requests that came by mail, `asked` by any way of customers."""

    named: bool
    opened: bool
    staffed: bool
    asked: bool
    mailed: bool
    answered: bool

    @property
    def done(self) -> int:
        """How many steps of how many are done."""
        return sum(getattr(self, name) for name in self.__slots__)

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.__slots__)


def check_start(desk: Desk, roster: Roster) -> Progress:
    """Give how far the desk is; takes the roster that was read already.

    Reads lists of tickets one after the other until nothing more can be learnt from them: none where the first says
    all, a dozen calls on an empty desk.
    """
    settings = desk.settings.load()
    usual, now = DeskSettings(), desk.clock.now()
    asked = mailed = answered = False
    for name in (*open_queues(roster, settings), *months_back(now, now - BACK)):
        cards = desk.tickets.queue([name], MOST_CARDS).cards
        asked = asked or any(_by_customer(card) for card in cards)
        mailed = mailed or any(card.channel == "email" for card in cards)
        answered = answered or any(card.first_response_seconds is not None for card in cards)
        if asked and mailed and answered:
            break
    return Progress(
        named=settings.name != usual.name,
        opened=dict(settings.calendar) != dict(usual.calendar),
        staffed=sum(agent.active for agent in roster.agents) > 1,
        asked=asked,
        mailed=mailed,
        answered=answered,
    )


def _by_customer(card: Card) -> bool:
    return card.channel in ("email", "form", "chat", "api")
