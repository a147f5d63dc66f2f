"""The tables of costs that documents show: written here, never by hand."""

from collections.abc import Sequence
from pathlib import Path

from chalicelib.domain.prices import LIST, in_usd
from infra.cost.bill import reckon
from infra.cost.counted import ROOT
from infra.cost.demand import Demand, Unclear
from infra.cost.tables import SHOWN, shown
from infra.cost.workload import Section

README, COSTS = ROOT / "README.md", ROOT / "docs" / "costs.md"
BEGIN, END = "<!-- written by python -m infra.cost --documents -->", "<!-- /written -->"
SCALES = {name: scale for name, scale in SHOWN.items() if name != "read_half_unit"}
SIZES = (0, 100, 1_000, 10_000, 1_000_000)


def months_table() -> str:
    """Give the README's table: months with more and more tickets."""
    heads = ("tickets a month", "idle desk", "tickets", "mail", "list price", "less what is always free")
    return _table(heads, [_month(size) for size in SIZES])


def _month(size: int) -> tuple[str, ...]:
    bill = reckon(Demand(tickets=size))
    parts = [in_usd(bill.of(section)) for section in Section]
    return (f"{size:,}", *parts, in_usd(bill.total), in_usd(bill.total - bill.free))


def prices_table() -> str:
    """Give every price with its source."""
    rows = [
        (
            f"`{price.name}`",
            price.unit,
            shown(0, price, SCALES)[1],
            price.source + (" *" if price.weak else ""),
            price.as_of,
        )
        for price in LIST.values()
    ]
    return _table(("name", "one piece", "USD", "source", "of"), rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [_columns(heads), _columns(["---"] * len(heads)), *map(_columns, rows)]
    return "\n".join([BEGIN, *lines, END])


def _columns(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def with_table(text: str, table: str) -> str:
    """Give a document with the table between its marks replaced. Raises Unclear where it has none."""
    before, begins, rest = text.partition(BEGIN)
    _, ends, after = rest.partition(END)
    if not (begins and ends):
        raise Unclear(f"--documents: a document has no lines {BEGIN} and {END}")
    return before + table + after


def write_documents(readme: Path = README, costs: Path = COSTS) -> None:
    """Write both tables anew."""
    for path, table in ((readme, months_table()), (costs, prices_table())):
        path.write_text(with_table(path.read_text(encoding="utf-8"), table), encoding="utf-8")
