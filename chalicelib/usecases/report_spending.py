"""The owner asks what a month costs: line by line, to its end, and what is off because of the cap."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.card import Card
from chalicelib.domain.report import CostSpread, cost_spread
from chalicelib.domain.spending import (
    Account,
    Line,
    Saving,
    SpendingSettings,
    economy,
    end_of,
    fixed_lines,
    forecast,
    log_line,
    metered_lines,
    month_from,
    month_of,
    spent_in,
)
from chalicelib.domain.usage import cost_of
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.report_summary import cards_between

MOST_DEAREST = 10


@dataclass(frozen=True, slots=True)
class SpendingReport:
    """A month's account, as it stands at `as_of`; money in picodollars. What is `off` is so in the present month."""

    account: Account
    as_of: datetime
    metered: tuple[Line, ...]
    fixed: tuple[Line, ...]
    spent: int
    forecast: int
    settings: SpendingSettings
    off: tuple[Saving, ...]


@dataclass(frozen=True, slots=True)
class TicketCosts:
    """What the tickets that were opened in a month have cost by now, and the dearest of them."""

    spread: CostSpread
    dearest: tuple[Card, ...]


def report_ticket_costs(desk: Desk, month: str) -> TicketCosts:
    """Give what a month's tickets have cost; takes a month like `2026-11` (UTC). Reads their cards.

    Raises InvalidInput where that is not a month, or more than can be read at once.
    """
    begin = month_from(month)
    end = end_of(begin)
    cards = cards_between(desk, begin, end)
    opened = [card for card in cards if not card.shelf and begin <= card.created_at < end and card.cost]
    dearest = sorted(opened, key=lambda card: (-cost_of(card.cost), card.ref))
    return TicketCosts(cost_spread(opened), tuple(dearest[:MOST_DEAREST]))


def report_spending(desk: Desk, month: str) -> SpendingReport:
    """Give the account of a month like `2026-11` (UTC), of the present one where it is empty. Raises InvalidInput."""
    now = desk.clock.now()
    chosen = month_of(month_from(month or month_of(now)))
    account, settings = desk.spending.account(chosen), desk.settings.load().spending
    spent = spent_in(account, now)
    logs = log_line(account.usage)
    return SpendingReport(
        account=account,
        as_of=min(now, end_of(month_from(chosen))),
        metered=(*metered_lines(account.usage), *((logs,) if logs.quantity else ())),
        fixed=fixed_lines(account, now),
        spent=spent,
        forecast=forecast(account, now),
        settings=settings,
        off=economy(spent, settings.monthly_cap_cents) if chosen == month_of(now) else (),
    )
