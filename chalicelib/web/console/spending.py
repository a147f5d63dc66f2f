"""What the desk costs: this month so far, by day, by service and by ticket, where it is going, and the cap."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.spending import CENT, ORDER, Saving, end_of, month_from, month_of
from chalicelib.domain.usage import cost_of
from chalicelib.usecases.report_spending import SpendingReport, TicketCosts, report_spending, report_ticket_costs
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import HEADERS, page
from chalicelib.web.console.reader import Reader, reader_of
from chalicelib.web.console.report_table import Table, as_csv
from chalicelib.web.console.spending_tables import SpendingView, days_table, services_table, uses_table
from chalicelib.web.console.translations import translations

TABLES = {"days": days_table, "services": services_table, "uses": uses_table}


def _(text: str) -> str:
    """Mark a sentence for the catalogue; the page translates it."""
    return text


SAVINGS = {
    Saving.BOT: _("The bot answers nothing."),
    Saving.SURVEYS: _("No surveys leave."),
    Saving.ACKNOWLEDGEMENTS: _("Nobody is told that their request arrived."),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step towards the cap: from which percentage, what happens then, and whether it has."""

    percent: int
    says: str
    reached: bool


def show(call: Call) -> Answer:
    """Show a month; one that can't be is said, and the present one shown."""
    reader, wrong = reader_of(call), None
    try:
        report = report_spending(call.desk, call.query.get("month", ""))
    except InvalidInput as error:
        report, wrong = report_spending(call.desk, ""), error
    view = _view(report, reader)
    begin = month_from(report.account.month)
    return page(
        call,
        "spending.html",
        422 if wrong else 200,
        wrong=wrong,
        report=report,
        month=begin.date(),
        earlier=month_of(begin - timedelta(days=1)),
        later=month_of(end_of(begin)) if end_of(begin) <= call.desk.clock.now() else "",
        cost_of=cost_of,
        cap=report.settings.monthly_cap_cents * CENT,
        stages=_stages(report),
        tables={name: make(view) for name, make in TABLES.items()},
        **_tickets(call, report.account.month),
    )


def table(call: Call) -> Answer:
    """Give one of its tables as CSV. Raises NotFound for one that there isn't, InvalidInput for such a month."""
    name, _dot, suffix = call.path["name"].partition(".")
    if name not in TABLES or suffix != "csv":
        raise NotFound("there is no such table", "name")
    report = report_spending(call.desk, call.query.get("month", ""))
    found: Table = TABLES[name](_view(report, reader_of(call)))
    file = f"{name}-{report.account.month}.csv"
    headers = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{file}"'}
    return Answer(as_csv(found, ""), 200, {**HEADERS, **headers}, html=True)


def _view(report: SpendingReport, reader: Reader) -> SpendingView:
    begin = month_from(report.account.month)
    return SpendingView(report, reader, translations(reader.language).gettext, monthrange(begin.year, begin.month)[1])


def _stages(report: SpendingReport) -> tuple[Stage, ...]:
    """What happens as the cap nears, in order; nothing without a cap."""
    cap = report.settings.monthly_cap_cents * CENT
    warned = (report.settings.warn_at_percent, _("Admins get a mail."))
    steps = sorted([warned, *((percent, SAVINGS[saving]) for saving, percent in ORDER)])
    return tuple(Stage(at, says, 100 * report.spent >= at * cap) for at, says in steps) if cap else ()


def _tickets(call: Call, month: str) -> dict[str, TicketCosts | str | None]:
    try:
        return {"costs": report_ticket_costs(call.desk, month), "unread": ""}
    except InvalidInput as error:
        return {"costs": None, "unread": error.message}
