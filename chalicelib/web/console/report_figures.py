"""The figures at the head of the report, each beside the one before."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.report import Summary
from chalicelib.web.console.report_table import change, shown
from chalicelib.web.console.report_view import ReportView


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in words. `tone` is good or bad where a change is one, else empty; `change` is empty without one."""

    label: str
    value: str
    before: str
    change: str
    arrow: str
    tone: str


@dataclass(frozen=True, slots=True)
class Measure:
    """How a figure is taken from a summary. `better` is 1 where more is better, -1 where less is, 0 where neither."""

    label: str
    kind: str
    better: int
    of: Callable[[Summary], float | None]


def figures(view: ReportView) -> tuple[Figure, ...]:
    """Give the figures of a report."""
    _ = view.say
    measures = (
        Measure(_("Opened"), "number", 0, lambda one: one.opened),
        Measure(_("Solved"), "number", 1, lambda one: one.solved),
        Measure(_("Open at the end"), "number", -1, lambda one: one.backlog),
        Measure(_("First response, median"), "seconds", -1, lambda one: one.first_response.median),
        Measure(_("Resolution, median"), "seconds", -1, lambda one: one.resolution.median),
        Measure(_("Promises kept"), "share", 1, lambda one: one.sla_overall.share),
        Measure(_("Satisfied"), "share", 1, lambda one: one.satisfaction.csat),
        Measure(_("Surveys answered"), "share", 1, lambda one: one.satisfaction.response_rate),
    )
    scores = (
        (view.tells_nps, Measure(_("Recommendation (NPS)"), "points", 1, lambda one: one.recommendation.nps)),
        (view.tells_ces, Measure(_("Ease (CES, 1 to 7)"), "mean", 1, lambda one: one.ease.ces)),
        (view.tells_ces, Measure(_("Found it easy"), "share", 1, lambda one: one.ease.easy_share)),
    )
    return tuple(_figure(view, one) for one in (*measures, *(measure for told, measure in scores if told)))


def _figure(view: ReportView, measure: Measure) -> Figure:
    now, before = measure.of(view.report.summary), measure.of(view.report.summary_before)
    said, difference = _difference(view, measure.kind, now, before)
    better = difference * measure.better
    return Figure(
        label=measure.label,
        value=shown(now, measure.kind, view.reader),
        before=shown(before, measure.kind, view.reader),
        change=said,
        arrow="▲" if difference > 0 else "▼" if difference < 0 else "",
        tone="good" if better > 0 else "bad" if better < 0 else "",
    )


def _difference(view: ReportView, kind: str, now: float | None, before: float | None) -> tuple[str, float]:
    """Say by how much a figure changed: shares and NPS by points, means by what they differ, since percentages mislead
    there."""
    _ = view.say
    if now is None or before is None:
        return "", 0
    if kind == "mean":
        return view.reader.signed(round(now - before, 1)), round(now - before, 1)
    if kind in ("share", "points"):
        points = round((now - before) * (100 if kind == "share" else 1), 1)
        return _("%(points)s points") % {"points": view.reader.signed(points)}, points
    part = change(now, before)
    return ("", 0) if part is None else (view.reader.change(part), round(part, 3))
