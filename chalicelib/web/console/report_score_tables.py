"""The report's tables of what customers said of recommending the company, and of their effort."""

from collections.abc import Sequence

from chalicelib.domain import report_quality
from chalicelib.domain.report_range import Period
from chalicelib.web.console.charts import Chart, Series, Write, columns
from chalicelib.web.console.report_table import Table, columns_of
from chalicelib.web.console.report_view import ReportView

NPS_SCALE = (-100.0, 100.0, 50.0)
CES_SCALE = (1.0, 7.0, 2.0)
"""The least value, the most, and how far apart gridlines are."""


def nps(view: ReportView) -> Table:
    """Whether they would recommend, as time went by."""
    _ = view.say
    found, scores = report_quality.recommendations(view.report.now), (view.report.summary, view.report.summary_before)
    about = _("Promoters (9 and 10) less detractors (0 to 6) of what was solved then, in points from −100 to 100.")
    counts = [
        _("promoters %(promoters)s, passives %(passives)s, detractors %(detractors)s")
        % {"promoters": one.promoters, "passives": one.passives, "detractors": one.detractors}
        if one.answered
        else ""
        for one in (score.recommendation for score in scores)
    ]
    heads = (
        (view.unit, "days"),
        (_("Promoters"), "number"),
        (_("Passives"), "number"),
        (_("Detractors"), "number"),
        (_("Answers"), "number"),
        (_("NPS"), "points"),
    )
    return Table(
        "nps",
        _("Recommendation (NPS)"),
        _told(view, about, counts),
        columns_of(*heads),
        tuple((period, one.promoters, one.passives, one.detractors, one.answered, one.nps) for period, one in found),
        _chart(view, _("NPS"), [(period, one.nps) for period, one in found], NPS_SCALE, view.reader.signed),
    )


def ces(view: ReportView) -> Table:
    """How easy it was for them, as time went by."""
    _ = view.say
    found, scores = report_quality.eases(view.report.now), (view.report.summary, view.report.summary_before)
    about = _("How far they agreed that it was made easy, from 1 to 7, on average: the higher, the less effort.")
    counts = [
        _("%(easy)s of %(answered)s agreed (5 to 7)") % {"easy": one.easy, "answered": one.answered}
        if one.answered
        else ""
        for one in (score.ease for score in scores)
    ]
    heads = (
        (view.unit, "days"),
        (_("Answers"), "number"),
        (_("5 to 7"), "number"),
        (_("Found it easy"), "share"),
        (_("CES"), "mean"),
    )
    return Table(
        "ces",
        _("Ease (CES)"),
        _told(view, about, counts),
        columns_of(*heads),
        tuple((period, one.answered, one.easy, one.easy_share, one.ces) for period, one in found),
        _chart(view, _("CES"), [(period, one.ces) for period, one in found], CES_SCALE, _tenths(view)),
    )


def _told(view: ReportView, about: str, counts: Sequence[str]) -> str:
    _ = view.say
    now, before = (count or _("no answers") for count in counts)
    told = _("%(about)s In all: %(now)s; in the days before: %(before)s.")
    return told % {"about": about, "now": now, "before": before}


def _tenths(view: ReportView) -> Write:
    return lambda value: view.reader.number(round(value, 1))


def _chart(
    view: ReportView,
    label: str,
    found: Sequence[tuple[Period, float | None]],
    scale: tuple[float, float, float],
    write: Write,
) -> Chart | None:
    values, (least, most, step) = [value for _period, value in found], scale
    if all(value is None for value in values):
        return None
    places = [view.brief(period) for period, _value in found]
    return columns(places, (Series(label, "two", values),), write, step, most, least)
