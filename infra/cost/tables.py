"""A bill for people and for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal

from chalicelib.domain.prices import GIB, USD, Price, in_usd
from infra.cost.bill import Bill, Item
from infra.cost.counted import counted_on
from infra.cost.demand import Demand
from infra.cost.price_file import PriceList
from infra.cost.workload import Section

SHOWN: Mapping[str, tuple[str, int]] = {"read_half_unit": ("units", 2), "lambda_mb_ms": ("GB-s", 1_024_000)}
MILLION = 1_000_000


def as_text(bill: Bill, demand: Demand, prices: PriceList, warnings: Sequence[str] = ()) -> str:
    """Give the bill as a table."""
    tickets = f"{demand.tickets:,} tickets with {demand.messages} messages each"
    rows = [f"A month of {tickets}: USD at list prices, {prices.region}", *warnings]
    for section in Section:
        items = [item for item in bill.items if item.line.section is section and item.line.quantity]
        rows += ["", f"{section.value:<68}{in_usd(bill.of(section)):>14}", *map(_row, items)]
    mails = sum(item.line.quantity for item in bill.items if item.line.price == "mail_out")
    rows += ["", f"{'all of it, without any free tier':<68}{in_usd(bill.total):>14}"]
    rows += [f"{'  of that AWS gives every account each month, for ever':<68}{'-' + in_usd(bill.free):>14}"]
    rows += [f"{'to pay':<68}{in_usd(bill.total - bill.free):>14}"]
    if demand.tickets:
        each = in_usd((bill.total - bill.of(Section.IDLE)) // demand.tickets, 5)
        rows += ["", f"A further ticket: {each} USD, {mails / demand.tickets:.1f} mails sent."]
    weak = [item.price.name for item in bill.items if item.price.weak and item.line.quantity]
    return "\n".join([*rows, *_notes(weak)])


def _row(item: Item) -> str:
    quantity, price = shown(item.line.quantity, item.price)
    return f"  {item.line.what:<38}{quantity:>18}{price:>24}{in_usd(item.amount, 4):>13}"


def shown(quantity: int, price: Price, scales: Mapping[str, tuple[str, int]] = SHOWN) -> tuple[str, str]:
    """Give how much, and the price, in units that people know: gigabytes, GB-seconds, else pieces or millions."""
    name, pieces = scales.get(price.name, ("GB", GIB) if "byte" in price.name else ("", 1))
    amount = Decimal(quantity) / pieces
    told = f"{amount:,.2f} {name}" if name in ("GB", "GB-s") else f"{amount:,.0f}"
    usd = Decimal(price.picodollars) * pieces / price.per / USD
    if name in ("GB", "GB-s"):
        return told, f"{usd.normalize():f} a {name}"
    return told, f"{usd.normalize():f}" if usd == 0 or usd * 1000 >= 1 else f"{(usd * MILLION).normalize():f} a million"


def _notes(weak: Sequence[str]) -> list[str]:
    notes = [f"Calls as counted on {counted_on()}; how it is reckoned, and every price's source: docs/costs.md."]
    if weak:
        notes.append(f"Known from other people's pages only: {', '.join(dict.fromkeys(weak))}.")
    return ["", *notes]


def as_json(bill: Bill, demand: Demand, prices: PriceList, warnings: Sequence[str] = ()) -> str:
    """Give the bill as one JSON object, amounts in dollars as text and in picodollars."""
    items = [
        {**asdict(item.line), "price_of": item.price.unit, "source": item.price.source, "as_of": item.price.as_of,
         "weak": item.price.weak, "picodollars": item.amount, "usd": in_usd(item.amount, 6)}
        for item in bill.items
    ]  # fmt: skip
    sums = {section.name.lower(): in_usd(bill.of(section), 6) for section in Section}
    whole = {"total": in_usd(bill.total, 6), "always_free": in_usd(bill.free, 6)}
    asked = {name: str(value) for name, value in asdict(demand).items()}
    told = {"region": prices.region, "counted_on": counted_on(), "demand": asked, "warnings": list(warnings)}
    return json.dumps({**told, "usd": {**sums, **whole}, "lines": items}, indent=2)
