"""A table of a report, as a page shows it under its chart and as a spreadsheet opens it."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from chalicelib.domain.report_range import Period
from chalicelib.web.console.charts import Chart
from chalicelib.web.console.reader import Reader

Value = str | int | float | datetime | Period | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width letters too."""


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` says what its values are: text, ref, number, share (of 1), change (of 1), points (signed), seconds,
    mean, days, moment."""

    label: str
    kind: str = "number"


@dataclass(frozen=True, slots=True)
class Table:
    """One question of a report and its answer; `about` says in a sentence what the figures mean."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    chart: Chart | None = None


def shown(value: Value, kind: str, reader: Reader) -> str:
    """Give a value as a reader wants it; a dash where there is none."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return reader.moment(value)
    if isinstance(value, Period):
        return reader.days(value.first, value.last)
    if isinstance(value, str):
        return value
    writers = {"share": reader.percent, "change": reader.change, "seconds": reader.length, "points": reader.signed}
    return writers.get(kind, reader.number)(round(value, 1) if kind == "mean" else value)


def as_csv(table: Table, seconds: str) -> str:
    """Give a table as CSV (RFC 4180) that spreadsheets read as UTF-8: plain numbers, ISO 8601 dates and intervals,
    shares of 1.

    `seconds` is the word for the unit of lengths of time. No text of a customer's becomes a formula.
    """
    into = StringIO()
    writer = csv.writer(into)
    units = {"seconds": f" ({seconds})"}
    writer.writerow([_harmless(column.label + units.get(column.kind, "")) for column in table.columns])
    for row in table.rows:
        writer.writerow([_plain(value) for value in row])
    return "\ufeff" + into.getvalue()


def _plain(value: Value) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Period):
        return f"{value.first}" if value.first == value.last else f"{value.first}/{value.last}"
    if isinstance(value, str):
        return _harmless(value)
    return "" if value is None else f"{round(value, 4):.15g}"


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text


def change(now: float, before: float) -> float | None:
    """Give by which part of itself something grew (0.5: half as many again); None where there was nothing before."""
    return (now - before) / before if before else None


def columns_of(*columns: tuple[str, str]) -> tuple[Column, ...]:
    """Give columns by their labels and kinds."""
    return tuple(Column(label, kind) for label, kind in columns)


def most_of(values: Sequence[float | None]) -> float:
    """Give the largest of some values, 0 where there is none."""
    return max((value for value in values if value is not None), default=0.0)
