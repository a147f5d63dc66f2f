"""The tables of a month's costs, with the chart of its days."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.spending import SERVICE_OF, Line, by_service, spent_by_day
from chalicelib.usecases.report_spending import SpendingReport
from chalicelib.web.console.charts import Bar, Chart, Series, bars, columns, count_step
from chalicelib.web.console.reader import Reader
from chalicelib.web.console.report_table import Table, columns_of

MICRO = 10**6
"""Picodollars of a millionth of a dollar, in which charts and tables count."""


@dataclass(frozen=True, slots=True)
class SpendingView:
    """A month's costs for one reader; `say` gives a sentence in their language, `days` is how long the month is."""

    report: SpendingReport
    reader: Reader
    say: Callable[[str], str]
    days: int


def days_table(view: SpendingView) -> Table:
    """What each day has cost."""
    _, reader = view.say, view.reader
    spent = spent_by_day(view.report.account, view.report.as_of)
    rows = tuple((f"{day}", picodollars / 10**12) for day, picodollars in spent)
    values: list[float | None] = [picodollars / MICRO for _day, picodollars in spent]
    # the days to come keep their room, so that a column stands where its day does
    values += [None] * (view.days - len(values))
    places = [reader.brief_day(spent[0][0].replace(day=number + 1)) for number in range(view.days)] if spent else []
    most = max((value or 0 for value in values), default=0)
    decimals = 2 if most >= MICRO / 10 else 4

    def write(value: float) -> str:
        return reader.dollars(round(value * MICRO), decimals)

    series = [Series(_("Cost"), "one", values)]
    chart = columns(places, series, write, count_step(most)) if any(values) else None
    about = _("At list prices, days of UTC. Each holds what idling costs, so an empty day isn't free.")
    return Table("days", _("Day by day"), about, columns_of((_("Day"), "text"), (_("USD"), "number")), rows, chart)


def services_table(view: SpendingView) -> Table:
    """What each of AWS's services has cost."""
    _, reader, report = view.say, view.reader, view.report
    costs = by_service((*report.metered, *report.fixed))
    rows = tuple((service, picodollars / 10**12) for service, picodollars in costs.items())
    drawn: Chart | None = None
    if any(costs.values()):
        shown = [Bar(name, (("one", cost / MICRO),), reader.dollars(cost, 4)) for name, cost in costs.items() if cost]
        drawn = bars(shown)
    about = _("What mail, storage and computing have cost, dearest first.")
    return Table(
        "services", _("By service"), about, columns_of((_("Service"), "text"), (_("USD"), "number")), rows, drawn
    )


def uses_table(view: SpendingView) -> Table:
    """What was used, line by line: how much of it, and what that costs."""
    _, report = view.say, view.report
    metered = [_row(view, line, _("by work")) for line in report.metered]
    idle = [_row(view, line, _("by idling")) for line in report.fixed]
    heads = ((_("What"), "text"), (_("Service"), "text"), (_("Used"), "text"), (_("Quantity"), "number"))
    about = _("Everything that is counted. The desk keeps this account itself; AWS's bill is what counts in the end.")
    return Table("uses", _("Line by line"), about, columns_of(*heads, (_("USD"), "number")), (*metered, *idle))


def _row(view: SpendingView, line: Line, how: str) -> tuple[str | float, ...]:
    names = _names(view.say)
    return (names[line.what], SERVICE_OF[line.what], how, line.quantity, line.picodollars / 10**12)


def _names(say: Callable[[str], str]) -> dict[str, str]:
    """What a line is called: the names of what is metered, and those of what idling uses."""
    _ = say
    plural = {
        "table_calls": _("Calls to the table"),
        "read_half_units": _("Half read units"),
        "write_units": _("Write units"),
        "lambda_requests": _("Invocations"),
        "lambda_ms": _("Milliseconds of computing"),
        "lambda_mb_ms": _("Megabytes times milliseconds"),
        "sqs_requests": _("Requests to queues"),
        "mails_out": _("Mails sent, for each recipient"),
        "api_requests": _("Requests to pages and the API"),
        "mails_in": _("Mails received"),
        "mail_in_chunks": _("Full 256 kB of received mail"),
        "s3_gets": _("Files read"),
        "s3_puts": _("Files written"),
        "stored_bytes": _("Bytes stored for a month"),
        "key_reads": _("Readings of the signing key"),
        "log_bytes": _("Bytes of log"),
    }
    single = {"sqs_request": "sqs_requests", "lambda_request": "lambda_requests", "read_half_unit": "read_half_units"}
    return {**plural, **{name: plural[own] for name, own in single.items()}, "log_byte": plural["log_bytes"]}
