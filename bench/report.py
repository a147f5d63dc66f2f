"""What was measured, as tables for people and as JSON for machines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.clocks import Reckoned
from bench.goals import Goal
from bench.imports import FLOOR, ColdStart
from bench.meter import Tally
from bench.package_size import PackageSize
from bench.pages import PageCost
from bench.processor import Spent
from bench.promises import Deadline
from bench.story import Measured


@dataclass
class Report:
    """Everything that was measured in one run; what wasn't asked for is absent."""

    counts: Sequence[Measured] = ()
    pages: Sequence[PageCost] = ()
    cold: Sequence[ColdStart] = ()
    spent: Spent | None = None
    anchor_ms: float | None = None
    reckoned: Reckoned | None = None
    package: PackageSize | None = None
    deadline: Deadline | None = None
    goals: list[Goal] = field(default_factory=list)


def as_text(report: Report) -> str:
    """Give the report as tables."""
    spent, package = _spent(report), _package(report.package)
    parts = [
        _counts(report.counts),
        _pages(report.pages),
        _cold(report.cold),
        spent,
        _reckoned(report.reckoned),
        _deadline(report.deadline),
        package,
        _goals(report.goals),
    ]
    return "\n\n".join(part for part in parts if part)


def as_json(report: Report) -> dict[str, Any]:
    """Give the report as plain JSON values."""
    return {
        "use_cases": [{"name": measured.name, **_tally_json(measured.tally)} for measured in report.counts],
        "pages": [vars(page) for page in report.pages],
        "cold_starts": [vars(cold) for cold in report.cold],
        "processor": vars(report.spent) if report.spent else None,
        "anchor_ms": report.anchor_ms,
        "clocks_us": vars(report.reckoned) if report.reckoned else None,
        "package": vars(report.package) if report.package else None,
        "deadline": vars(report.deadline) if report.deadline else None,
        "goals": [{**vars(goal), "met": goal.met} for goal in report.goals],
    }


def _tally_json(tally: Tally) -> dict[str, Any]:
    return {
        "invocations": dict(Counter(tally.invocations)),
        "calls": tally.operations,
        "read_units": tally.read_units,
        "write_units": tally.write_units,
    }


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Give rows under their heads; the first `left` columns, and the last, are flush left, the others flush right."""
    lines = [list(heads), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]

    def cell(text: str, column: int) -> str:
        if column == len(heads) - 1:
            return text
        return text.ljust(widths[column]) if column < left else text.rjust(widths[column])

    return "\n".join([title, *("  ".join(cell(text, number) for number, text in enumerate(line)) for line in lines)])


def _counts(found: Sequence[Measured]) -> str:
    rows = [
        (m.name, f"{m.tally.read_units:g}", f"{m.tally.write_units}", str(len(m.tally.invocations)), _calls(m.tally))
        for m in found
    ]
    heads = ("use case", "read units", "write units", "functions", "calls")
    return table("AWS calls, and what they consume in DynamoDB", heads, rows) if found else ""


def _calls(tally: Tally) -> str:
    services: dict[str, list[str]] = {}
    for name, times in tally.operations.items():
        service, _, operation = name.partition(":")
        services.setdefault(service, []).append(f"{times} {operation}")
    return "; ".join(f"{service} {', '.join(calls)}" for service, calls in services.items())


def _pages(found: Sequence[PageCost]) -> str:
    rows = [
        (
            page.name,
            str(page.calls),
            f"{page.read_units:g}",
            f"{page.bytes_alone / 1000:.1f}",
            f"{page.bytes_at_first / 1000:.1f}",
            f"{page.milliseconds:.1f}",
            "",
        )
        for page in found
    ]
    heads = ("page of the console", "calls", "read units", "kB", "kB at first", "CPU ms", "")
    return table("Pages: table calls, compressed size, processor time", heads, rows) if found else ""


def _cold(found: Sequence[ColdStart]) -> str:
    floor = next((cold.milliseconds for cold in found if cold.name == FLOOR), 1.0)
    rows = [(cold.name, f"{cold.milliseconds:.0f}", f"{cold.milliseconds / floor:.2f}", "") for cold in found]
    heads = ("imported by a fresh process", "CPU ms", "floors", "")
    return table("Cold starts", heads, rows) if found else ""


def _spent(report: Report) -> str:
    if report.spent is None:
        return ""
    rows = [
        ("POST /help: the request", f"{report.spent.request_ms:.2f}", ""),
        ("its worker: triage, assignment, acknowledgement, notice", f"{report.spent.worker_ms:.2f}", ""),
    ]
    if report.anchor_ms is not None:
        rows.append(("django-helpdesk: its public form", f"{report.anchor_ms:.2f}", ""))
    return table(f"Processor time of a ticket, over {report.spent.tickets}", ("", "CPU ms", ""), rows)


def _reckoned(found: Reckoned | None) -> str:
    if found is None:
        return ""
    rows = [
        ("add four business hours", f"{found.add_usual:.2f}", f"{1e6 / found.add_usual:,.0f} a second"),
        ("add ten years of them", f"{found.add_ten_years:.2f}", ""),
        ("business time between two instants a week apart", f"{found.between_a_week:.2f}", ""),
        ("the first question to a new calendar", f"{found.first_year:.0f}", ""),
        ("all clocks of a ticket with 500 facts", f"{found.clocks_of_long_ticket:.0f}", ""),
    ]
    return table("Business time", ("", "CPU µs", ""), rows)


def _deadline(found: Deadline | None) -> str:
    if found is None:
        return ""
    row = (f"a deadline of {found.target_seconds} seconds", f"{found.late_seconds:.1f}")
    return table("Deadlines, in real time", ("", "noticed late by, s"), [row])


def _package(size: PackageSize | None) -> str:
    if size is None:
        return ""
    whole = [("zip", f"{size.packed / 1e6:.2f}", ""), ("unpacked", f"{size.unpacked / 1e6:.2f}", "")]
    folders = [(f"  {name}", f"{count / 1e6:.2f}", "") for name, count in size.folders.items()]
    return table("Package", ("", "MB", ""), whole + folders)


def _goals(goals: Sequence[Goal]) -> str:
    rows = [(goal.name, f"{goal.reached:.3g}", f"{goal.most:g}", "" if goal.met else "missed") for goal in goals]
    return table("Goals", ("", "reached", "at most", ""), rows) if goals else ""
