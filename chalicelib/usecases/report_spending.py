"""The owner asks what a month costs: line by line, to its end, and what is off because of the cap."""

from dataclasses import dataclass
from datetime import datetime

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
from chalicelib.usecases.ports import Desk


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
