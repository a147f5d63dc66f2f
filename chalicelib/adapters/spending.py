"""The month's account in the table: one item a month, to which every process adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import error_code
from chalicelib.adapters.meter import Booking, Meter
from chalicelib.adapters.table import ConditionFailed, Item, Table
from chalicelib.adapters.ticket_items import to_ms
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.spending import Account, booked_cost, end_of, month_from, month_of
from chalicelib.domain.usage import NAMES, Usage

PARTITION, SORT, DAY = "spending#", "spending", "d"
MOST_AGE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class _Known:
    account: Account
    at: datetime


class DynamoSpending:
    """Keeps the months' accounts in the table `desk`."""

    def __init__(self, table: Table, meter: Meter) -> None:
        """`meter` knows what this process used."""
        self._table = table
        self._meter = meter
        self._known: _Known | None = None

    def book(self, now: datetime) -> Account | None:
        """See ports.Spending. One write adds everything, and tells what the month comes to."""
        booking = self._meter.booking(month_of(now))
        if booking is None:
            return None
        try:
            account = self._added(booking, now)
        except ConditionFailed:
            # the last attempt was heard, though its answer was not
            account = self.account(booking.month)
        except ClientError as error:
            raise TryAgain(f"the month's account can't be written now: {error_code(error)}") from error
        self._meter.booked(now)
        self._known = _Known(account, now)
        return account

    def _added(self, booking: Booking, now: datetime) -> Account:
        used = {name: number for name, number in zip(NAMES, booking.usage.numbers, strict=True) if number}
        # what is booked when its month is over was used on its last day, or nearly
        day = min(now, end_of(month_from(booking.month)) - timedelta(days=1)).day
        used[f"{DAY}{day}"] = booked_cost(booking.usage)
        names = {f"#{name}": name for name in (*used, "bookings", "last")}
        sums = ", ".join(f"#{name} :{name}" for name in (*used, "bookings"))
        values = {f":{name}": number for name, number in used.items()} | {":bookings": 1, ":last": booking.id}
        item = self._table.update(
            PARTITION + booking.month,
            SORT,
            f"SET #last = :last ADD {sums}",
            values,
            "attribute_not_exists(#last) OR #last <> :last",
            names,
        )
        return account_of(booking.month, item)

    def account(self, month: str) -> Account:
        """See ports.Spending."""
        return account_of(month, self._table.get(PARTITION + month, SORT) or {})

    def known(self, now: datetime) -> Account:
        """See ports.Spending."""
        known = self._known
        if known is None or known.account.month != month_of(now) or not timedelta() <= now - known.at < MOST_AGE:
            try:
                known = _Known(self.account(month_of(now)), now)
            except ClientError as error:
                raise TryAgain(f"the month's account can't be read now: {error_code(error)}") from error
            self._known = known
        return known.account

    def claim_telling(self, month: str, step: int, cap: int, now: datetime, until: datetime) -> bool:
        """See ports.Spending."""
        return self._noted(
            month,
            "SET claimed_until = :until",
            {":until": to_ms(until), ":now": to_ms(now), ":step": step, ":cap": cap},
            "(attribute_not_exists(told) OR told < :step OR told_cap <> :cap)"
            " AND (attribute_not_exists(claimed_until) OR claimed_until <= :now)",
        )

    def close_telling(self, month: str, step: int, cap: int) -> None:
        """See ports.Spending."""
        values = {":step": step, ":cap": cap}
        condition = "attribute_not_exists(told) OR told < :step OR told_cap <> :cap"
        self._noted(month, "SET told = :step, told_cap = :cap REMOVE claimed_until", values, condition)

    def release_telling(self, month: str) -> None:
        """See ports.Spending."""
        self._noted(month, "REMOVE claimed_until", {}, "attribute_exists(claimed_until)")

    def _noted(self, month: str, expression: str, values: Mapping[str, Any], condition: str) -> bool:
        try:
            item = self._table.update(PARTITION + month, SORT, expression, values, condition)
        except ConditionFailed:
            return False
        if self._known is not None and self._known.account.month == month:
            self._known = _Known(account_of(month, item), self._known.at)
        return True


def account_of(month: str, item: Item) -> Account:
    """Give the account that lies in an item."""
    usage = Usage(**{name: int(item.get(name, 0)) for name in NAMES})
    days = {day: int(item[f"{DAY}{day}"]) for day in range(1, 32) if f"{DAY}{day}" in item}
    numbers = {name: int(item.get(name, 0)) for name in ("bookings", "told", "told_cap")}
    return Account(month, usage, **numbers, days=days)
