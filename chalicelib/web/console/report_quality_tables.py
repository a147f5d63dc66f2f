"""The report's tables of how well customers were served: how soon, as promised, and what they said."""

from collections.abc import Sequence

from chalicelib.domain import report_quality
from chalicelib.domain.report import Spread
from chalicelib.domain.report_range import Period
from chalicelib.domain.sla_report import report_promises
from chalicelib.web.console.charts import Bar, Chart, Series, bars, columns, length_step
from chalicelib.web.console.report_table import Table, columns_of, most_of
from chalicelib.web.console.report_view import ReportView

QUARTER = 0.25


def first_response(view: ReportView) -> Table:
    """How soon somebody answered."""
    _ = view.say
    about = _("From opening to the first answer by a person, in passing time, of the tickets opened then.")
    return _lengths(view, "first_response", _("First response"), about, report_quality.first_responses(view.report.now))


def resolution(view: ReportView) -> Table:
    """How soon it was solved."""
    _ = view.say
    about = _("From opening to the last solving, in passing time, of the tickets solved then.")
    return _lengths(view, "resolution", _("Resolution"), about, report_quality.resolutions(view.report.now))


def _lengths(view: ReportView, name: str, title: str, about: str, found: Sequence[tuple[Period, Spread]]) -> Table:
    _ = view.say
    medians, slow = [spread.median for _period, spread in found], [spread.p90 for _period, spread in found]
    series = (Series(_("Median"), "one", medians), Series(_("Nine in ten within"), "before", slow, marker=True))
    places = [view.brief(period) for period, _spread in found]
    heads = (
        (view.unit, "days"),
        (_("Tickets"), "number"),
        (_("Median"), "seconds"),
        (_("Nine in ten within"), "seconds"),
    )
    return Table(
        name,
        title,
        about,
        columns_of(*heads),
        tuple((period, spread.count, spread.median, spread.p90) for period, spread in found),
        columns(places, series, view.reader.length, length_step(most_of([*medians, *slow])))
        if any(spread.count for _period, spread in found)
        else None,
    )


def sla(view: ReportView) -> Table:
    """Which promises were kept."""
    _ = view.say
    names = {
        "first_response": _("First response"),
        "next_response": _("Next response"),
        "resolution": _("Resolution"),
        "progress_update": _("Progress update"),
    }
    found = {name: one for name, one in view.report.summary.sla.items() if one.share is not None}
    earlier = view.report.summary_before.sla
    number, percent = view.reader.number, view.reader.percent
    shown = [
        Bar(
            names.get(name, name),
            (("good", one.share or 0), ("bad", 1 - (one.share or 0))),
            f"{percent(one.share or 0)} · {number(one.met)} / {number(one.met + one.breached)}",
        )
        for name, one in found.items()
    ]
    heads = ((_("Kept"), "number"), (_("Broken"), "number"), (_("Kept share"), "share"), (_("Before"), "share"))
    return Table(
        "sla",
        _("Promises"),
        _("Promises of the SLA to tickets opened in these days, kept or broken. What still runs isn't counted."),
        columns_of((_("Promise"), "text"), *heads),
        tuple(
            (names.get(name, name), one.met, one.breached, one.share, earlier[name].share)
            for name, one in found.items()
        ),
        bars(shown, (("good", _("kept")), ("bad", _("broken")))) if shown else None,
    )


def promises_by(view: ReportView) -> Table:
    """To whom and by what way they were kept."""
    _ = view.say
    within = view.range
    found = report_promises(view.report.now.opened, within.start, within.end, within.zone).by
    kinds = (
        (_("Policy"), "policy", lambda value: value),
        (_("Team"), "team", view.team),
        (_("Channel"), "channel", view.channel),
        (_("Priority"), "priority", view.priority),
    )
    heads = (
        (_("By"), "text"),
        (_("Which"), "text"),
        (_("Tickets"), "number"),
        (_("Kept"), "number"),
        (_("Broken"), "number"),
        (_("Kept share"), "share"),
    )
    rows = tuple(
        (label, named(one.value), one.tickets, one.overall.met, one.overall.breached, one.overall.share)
        for label, kind, named in kinds
        for one in found[kind]
        if one.overall.share is not None
    )
    return Table(
        "promises_by",
        _("Promises by policy, team, channel and priority"),
        _("The same promises, by what the tickets are now."),
        columns_of(*heads),
        rows,
    )


def attainment(view: ReportView) -> Table:
    """How many of them, as time went by."""
    _ = view.say
    found = report_quality.attainments(view.report.now)
    shares = [one.share for _period, one in found]
    heads = ((view.unit, "days"), (_("Kept"), "number"), (_("Broken"), "number"), (_("Kept share"), "share"))
    return Table(
        "attainment",
        _("Promises kept"),
        _("The kept share of all promises to tickets opened then."),
        columns_of(*heads),
        tuple((period, one.met, one.breached, one.share) for period, one in found),
        _share_chart(view, _("Promises kept"), [period for period, _one in found], shares),
    )


def ratings(view: ReportView) -> Table:
    """Who gave how many stars."""
    _ = view.say
    now, before = (one.satisfaction for one in (view.report.summary, view.report.summary_before))
    labels = {
        5: _("5, very satisfied"),
        4: _("4, satisfied"),
        3: _("3, neither"),
        2: _("2, dissatisfied"),
        1: _("1, very dissatisfied"),
    }
    shown = [
        Bar(label, (("one", now.ratings[one]),), view.reader.number(now.ratings[one]), before.ratings[one])
        for one, label in labels.items()
    ]
    rows = tuple(
        (label, now.ratings[one], now.ratings[one] / now.answered if now.answered else None, before.ratings[one])
        for one, label in labels.items()
    )
    return Table(
        "ratings",
        _("Ratings"),
        _("How customers rated what was solved in these days."),
        columns_of((_("Rating"), "text"), (_("Answers"), "number"), (_("Share"), "share"), (_("Before"), "number")),
        rows,
        bars(shown, (("one", _("now")), ("before", _("the days before")))) if now.answered else None,
    )


def satisfaction(view: ReportView) -> Table:
    """Whether they were satisfied, as time went by."""
    _ = view.say
    found = report_quality.satisfactions(view.report.now)
    heads = (
        (view.unit, "days"),
        (_("Asked"), "number"),
        (_("Answers"), "number"),
        (_("Satisfied"), "share"),
        (_("Average"), "mean"),
    )
    return Table(
        "satisfaction",
        _("Satisfaction (CSAT)"),
        _("The share of 4 and 5 among the ratings of what was solved then."),
        columns_of(*heads),
        tuple((period, one.sent, one.answered, one.csat, one.average) for period, one in found),
        _share_chart(view, _("Satisfied"), [period for period, _one in found], [one.csat for _period, one in found]),
    )


def _share_chart(
    view: ReportView, label: str, periods: Sequence[Period], shares: Sequence[float | None]
) -> Chart | None:
    if all(share is None for share in shares):
        return None
    places = [view.brief(period) for period in periods]
    return columns(places, (Series(label, "two", shares),), view.reader.percent, QUARTER, top=1.0)
