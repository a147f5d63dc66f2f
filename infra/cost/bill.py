"""A month's quantities as money: line by line, what AWS gives every month, and what is left to pay."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.prices import FREE_EACH_MONTH, LIST, Price, priced
from infra.cost.demand import Demand
from infra.cost.workload import Line, Section, lines


@dataclass(frozen=True)
class Item:
    """A line of the bill and its amount in picodollars."""

    line: Line
    price: Price
    amount: int


@dataclass(frozen=True)
class Bill:
    """A month at list prices."""

    items: Sequence[Item]

    def of(self, section: Section) -> int:
        """Give what a section comes to, in picodollars."""
        return sum(item.amount for item in self.items if item.line.section is section)

    @property
    def total(self) -> int:
        """What all comes to, in picodollars, without any free tier."""
        return sum(item.amount for item in self.items)

    @property
    def free(self) -> int:
        """What of it AWS gives an account that has nothing else every month for ever, in picodollars."""
        used: Counter[str] = Counter()
        for item in self.items:
            used[item.line.price] += item.line.quantity
        prices = {item.line.price: item.price for item in self.items}
        return sum(priced(prices[name], min(used[name], most)) for name, most in FREE_EACH_MONTH.items() if used[name])


def reckon(demand: Demand, prices: Mapping[str, Price] = LIST) -> Bill:
    """Give the bill of a month."""
    return Bill(
        [Item(line, prices[line.price], priced(prices[line.price], line.quantity)) for line in lines(demand)],
    )
