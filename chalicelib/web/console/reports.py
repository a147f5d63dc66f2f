"""Reports: how the desk does, in any days beside as many before."""

import re
from datetime import date, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.report_range import ReportRange, last_days, this_month
from chalicelib.usecases.report_desk import RATED_READ, read_comments, report_desk
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.page import HEADERS, page
from chalicelib.web.console.reader import reader_of
from chalicelib.web.console.report_figures import figures
from chalicelib.web.console.report_table import as_csv, shown
from chalicelib.web.console.report_tables import TABLES
from chalicelib.web.console.report_view import ReportView
from chalicelib.web.console.translations import translations

USUAL_DAYS = 30
PRESETS = (7, 30, 90)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def show(call: Call) -> Answer:
    """Show the report; a range that can't be is said beside its fields."""
    zone, today = _zone_and_today(call)
    try:
        within = _asked(call, zone, today)
        view = _view(call, within, comments=True)
    except InvalidInput as error:
        usual = last_days(USUAL_DAYS, today, zone)
        return page(call, "reports.html", 422, wrong=error, range=usual, **_always(call))
    untold = view.untold
    return page(
        call,
        "reports.html",
        wrong=None,
        range=within,
        view=view,
        figures=figures(view),
        tables={name: make(view) for name, make in TABLES.items() if name not in untold},
        untold=untold,
        shown=shown,
        rated_read=RATED_READ,
        **_always(call),
    )


def table(call: Call) -> Answer:
    """Give one of the report's tables as CSV. Raises NotFound for one that there isn't."""
    name, _, suffix = call.path["name"].partition(".")
    if name not in TABLES or suffix != "csv":
        raise NotFound("there is no such table", "name")
    within = _asked(call, *_zone_and_today(call))
    view = _view(call, within, comments=name == "comments")
    _ = view.say
    file = f"{name}-{within.first}-{within.last}.csv"
    headers = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{file}"'}
    return Answer(as_csv(TABLES[name](view), _("seconds")), 200, {**HEADERS, **headers}, html=True)


def _view(call: Call, within: ReportRange, *, comments: bool) -> ReportView:
    reader, report = reader_of(call), report_desk(call.desk, within)
    said = read_comments(call.desk, report.now) if comments else ()
    asks, say = call.desk.settings.load().survey, translations(reader.language).gettext
    return ReportView(report, said, signed_in(call).roster, reader, asks, say)


def _always(call: Call) -> dict[str, Any]:
    usual = "" if call.query.get("from") or call.query.get("to") else str(USUAL_DAYS)
    return {"presets": PRESETS, "chosen": call.query.get("days", usual)}


def _zone_and_today(call: Call) -> tuple[tzinfo, date]:
    # the desk's zone, not the reader's: everybody sees the same figures
    zone = ZoneInfo(call.desk.settings.load().business_calendar.timezone)
    return zone, call.desk.clock.now().astimezone(zone).date()


def _asked(call: Call, zone: tzinfo, today: date) -> ReportRange:
    """Give the range that the address names: `days` of these, `month`, or days `from` and `to`."""
    first, last, days = (call.query.get(name, "") for name in ("from", "to", "days"))
    if first or last:
        return ReportRange(_day(first, "from"), _day(last, "to"), zone)
    if days == "month":
        return this_month(today, zone)
    if days and days not in map(str, PRESETS):
        raise InvalidInput(f"must be month, or one of {', '.join(map(str, PRESETS))}", "days")
    return last_days(int(days or USUAL_DAYS), today, zone)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text if DAY.fullmatch(text) else "")
    except ValueError:
        raise InvalidInput("must be a day such as 2026-11-30", name) from None
