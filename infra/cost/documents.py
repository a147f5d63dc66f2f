"""The tables of costs that documents show: written here, never by hand."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from chalicelib.domain.prices import LIST, in_usd
from infra.cost.bill import reckon
from infra.cost.counted import ROOT
from infra.cost.demand import Demand, Unclear
from infra.cost.tables import SHOWN, shown
from infra.cost.workload import Section

README, COSTS = ROOT / "README.md", ROOT / "docs" / "costs.md"
BEGIN, END = "<!-- {}: written by python -m infra.cost --documents -->", "<!-- /{} -->"
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


def goals_table() -> str:
    """Give what was aimed at, and what is reached."""
    idle, essential = (reckon(Demand(tickets=0, alarms=alarms)) for alarms in ("full", "essential"))
    first, later = (reckon(Demand(tickets=1_000, months=months)) for months in (1, 12))
    alarms = sum(item.amount for item in idle.items if item.line.price == "alarm_month")
    sent = sum(item.line.quantity for item in later.items if item.line.price == "mail_out")
    tickets = (
        f"{in_usd(first.of(Section.TICKETS))}; {in_usd(later.of(Section.TICKETS))} after a year, as tickets are kept"
    )
    rows = [
        ("an idle desk without alarms, list price", "0.65", in_usd(idle.total - alarms)),
        ("with the two alarms on dead letters (`AlarmSet=essential`)", "0.65", in_usd(essential.total)),
        ("with all nine, as deployed unless told otherwise", "", in_usd(idle.total)),
        ("… and what is left to pay in an account with nothing else", "", in_usd(idle.total - idle.free)),
        ("1,000 tickets of 6 messages, beside their mail, in the first month", "0.25", tickets),
        ("mails sent for a ticket of 6 messages: one a reply, and two", "5", f"{sent / 1_000:.1f}"),
    ]
    return _table(("", "aimed at", "reached"), rows)


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
    return "\n".join(lines)


def _columns(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


TABLES: Mapping[str, tuple[Path, Callable[[], str]]] = {
    "months": (README, months_table),
    "goals": (COSTS, goals_table),
    "prices": (COSTS, prices_table),
}
"""Which table stands in which document, by the name in its marks."""


def with_table(text: str, name: str, table: str) -> str:
    """Give a document with what is between a table's marks replaced. Raises Unclear where it has none."""
    begin, end = BEGIN.format(name), END.format(name)
    before, begins, rest = text.partition(begin)
    _, ends, after = rest.partition(end)
    if not (begins and ends):
        raise Unclear(f"--documents: a document has no lines {begin} and {end}")
    return f"{before}{begin}\n{table}\n{end}{after}"


def write_documents() -> None:
    """Write every table anew."""
    for name, (path, table) in TABLES.items():
        path.write_text(with_table(path.read_text(encoding="utf-8"), name, table()), encoding="utf-8")
