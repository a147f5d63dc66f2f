"""What a desk costs a month: `python -m infra.cost --tickets 1000 --messages 6 --attachments 1`. See docs/costs.md."""

import argparse
import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from chalicelib.domain.prices import LIST, REGION
from infra.cost.bill import reckon
from infra.cost.demand import ALARM_SETS, SWITCHES, Demand, Unclear, flags
from infra.cost.documents import write_documents
from infra.cost.price_file import PriceList, default_prices, read_prices
from infra.cost.tables import as_json, as_text

REGIONS = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


def main(arguments: Sequence[str] | None = None) -> int:
    """Reckon and print; gives the exit code: 0, or 2 after one line on a flag that can't be."""
    given = _parser().parse_args(arguments)
    try:
        if given.documents:
            write_documents()
            return 0
        demand = Demand(tickets=given.tickets, **{name: getattr(given, name) for name in flags()})
        prices, warnings = _prices(given.region, given.prices)
    except Unclear as unclear:
        print(unclear, file=sys.stderr)
        return 2
    tell = as_json if given.json else as_text
    print(tell(reckon(demand, prices.prices), demand, prices, warnings))
    return 0


def _prices(region: str, path: Path | None) -> tuple[PriceList, list[str]]:
    """Give the prices that hold, and what is to be told about them."""
    prices = read_prices(path) if path else default_prices()
    if region and not REGIONS.fullmatch(region):
        raise Unclear(f"--region {region!r} is no region of AWS's, such as {REGION}")
    if region and path and region != prices.region:
        raise Unclear(f"--region {region}, but --prices {path} is for {prices.region}")
    wanted = region or prices.region
    if wanted == REGION:
        return prices, []
    foreign = [name for name in LIST if name not in prices.own]
    told = "all" if len(foreign) == len(LIST) else ", ".join(foreign)
    more = f"Prices differ by region; these are of {REGION}: {told}. Tell {wanted}'s by --prices FILE (docs/costs.md)."
    return prices, [more] if foreign else []


def _whole(text: str) -> int:
    try:
        return int(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None


def _share(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.cost", description="Estimate what a desk costs a month.")
    parser.add_argument("--tickets", type=_whole, default=1_000, help="tickets a month (1,000)")
    parser.add_argument("--messages", type=_whole, default=6, help="messages a ticket, customer and agent in turn (6)")
    parser.add_argument("--attachments", type=_share, default=Fraction(0), help="attachments a ticket, 0.2 say (0)")
    parser.add_argument("--attachment-kb", type=_whole, default=300, help="size of one (300)")
    parser.add_argument("--surveys", type=_share, default=Fraction(1), help="share of customers who are asked (1)")
    parser.add_argument("--answered", type=_share, default=Fraction(1, 5), help="share of those who answer (0.2)")
    parser.add_argument("--agents", type=_whole, default=3, help="agents who sign in (3)")
    parser.add_argument("--alarms", choices=ALARM_SETS, default="full", help="the stack's AlarmSet (full)")
    parser.add_argument("--metrics", choices=SWITCHES, default="off", help="the stack's Metrics (off)")
    parser.add_argument("--months", type=_whole, default=12, help="how long it has run so; what is kept adds up (12)")
    parser.add_argument("--region", default="", help=f"where the desk is ({REGION})")
    parser.add_argument("--prices", type=Path, metavar="FILE", help="another region's prices, or newer ones")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--documents", action="store_true", help="write the documents' tables anew, and nothing else")
    return parser


if __name__ == "__main__":
    sys.exit(main())
