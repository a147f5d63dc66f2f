"""Every table of the report, by the name that its CSV has in its address."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.domain import report_backlog, report_people, report_topics, report_volume
from chalicelib.domain.report_people import Record
from chalicelib.domain.report_volume import HOURS, WEEKDAYS
from chalicelib.web.console.charts import Bar, Series, bars, columns, count_step, heat
from chalicelib.web.console.report_quality_tables import (
    attainment,
    first_response,
    promises_by,
    ratings,
    resolution,
    satisfaction,
    sla,
)
from chalicelib.web.console.report_score_tables import ces, nps
from chalicelib.web.console.report_table import Table, columns_of, most_of
from chalicelib.web.console.report_view import ReportView

MOST_WAITING = 10


def volume(view: ReportView) -> Table:
    """How many came and went."""
    _ = view.say
    found = report_volume.by_period(view.report.now)
    opened, solved = [opened for _period, opened, _solved in found], [solved for _period, _opened, solved in found]
    series = (Series(_("Opened"), "one", opened), Series(_("Solved"), "two", solved))
    step = count_step(most_of([*opened, *solved]))
    return Table(
        "volume",
        _("Opened and solved"),
        _("Tickets that came in, and tickets that were solved, whenever those had come."),
        columns_of((view.unit, "days"), (_("Opened"), "number"), (_("Solved"), "number")),
        tuple((period, opened, solved) for period, opened, solved in found),
        columns([view.brief(period) for period, _opened, _solved in found], series, view.reader.number, step),
    )


def channels(view: ReportView) -> Table:
    """By which channel."""
    _ = view.say
    found = report_volume.by_channel(view.report.now, view.report.before)
    about = _("By what way tickets came in.")
    named = ((view.channel(one.name), one) for one in found)
    return view.compared("channels", _("Channels"), about, _("Channel"), named)


def hours(view: ReportView) -> Table:
    """At which hours of the week."""
    _ = view.say
    counts = report_volume.by_hour(view.report.now)
    days, places = [view.reader.weekday(day) for day in range(WEEKDAYS)], [f"{hour:02d}" for hour in range(HOURS)]
    total = _("All days")
    across = list(zip(*counts, strict=True))
    return Table(
        "hours",
        _("Hours of the week"),
        _("When tickets came in, by the clock of %(zone)s.") % {"zone": view.range.zone},
        columns_of((_("Hour"), "text"), *((day, "number") for day in (*days, total))),
        tuple((f"{hour}:00", *across[index], sum(across[index])) for index, hour in enumerate(places)),
        heat(days, places, counts, view.reader.number) if view.report.now.opened else None,
    )


def topics(view: ReportView) -> Table:
    """About what."""
    _ = view.say
    found = report_topics.by_topic(view.report.now, view.report.before)
    about = _("What tickets were about. A topic comes from the sorting rules, or from an agent.")
    named = ((one.name or _("No topic"), one) for one in found)
    return view.compared("topics", _("Topics"), about, _("Topic"), named)


def rising(view: ReportView) -> Table:
    """About what more than before."""
    _ = view.say
    found = report_topics.rising(report_topics.by_topic(view.report.now, view.report.before))
    about = _("Topics that rose by more than chance would have it, the surest first.")
    told = view.compared("rising", _("Rising topics"), about, _("Topic"), ((one.name, one) for one in found))
    return replace(told, chart=None)  # the bars stand beside it, under all topics


def agents(view: ReportView) -> Table:
    """Who did what."""
    _ = view.say
    found = report_people.by_agent(view.report.now)
    about = _("A ticket counts for whoever has it now.")
    return _people(view, "agents", _("Agents"), about, _("Agent"), view.agent, found)


def teams(view: ReportView) -> Table:
    """The same for teams."""
    _ = view.say
    found = report_people.by_team(view.report.now)
    about = _("A ticket counts for the team that has it now.")
    return _people(view, "teams", _("Teams"), about, _("Team"), view.team, found)


def _people(
    view: ReportView,
    name: str,
    title: str,
    about: str,
    kind: str,
    named: Callable[[str], str],
    records: tuple[Record, ...],
) -> Table:
    _ = view.say
    heads = columns_of(
        (kind, "text"),
        (_("Opened"), "number"),
        (_("Answered"), "number"),
        (_("Solved"), "number"),
        (_("Left open"), "number"),
        (_("First response, median"), "seconds"),
        (_("Resolution, median"), "seconds"),
        (_("Ratings"), "number"),
        (_("Satisfied"), "share"),
        *(((_("NPS"), "points"),) if view.tells_nps else ()),
        *(((_("CES"), "mean"),) if view.tells_ces else ()),
    )
    rows = tuple(
        (
            named(one.id),
            one.opened,
            one.answered,
            one.solved,
            one.left,
            one.first_response.median,
            one.resolution.median,
            one.satisfaction.answered,
            one.satisfaction.csat,
            *((one.recommendation.nps,) if view.tells_nps else ()),
            *((one.ease.ces,) if view.tells_ces else ()),
        )
        for one in records
    )
    shown = [
        Bar(named(one.id), (("two", one.solved),), view.reader.number(one.solved)) for one in records if one.solved
    ]
    return Table(name, title, about, heads, rows, bars(shown, (("two", _("Solved")),)) if shown else None)


def backlog(view: ReportView) -> Table:
    """How old what is open is."""
    _ = view.say
    found = report_backlog.ages(view.report.now.left, view.report.as_of)
    earlier = report_backlog.ages(view.report.before.left, view.range.start)
    written = view.reader.length
    labels = [
        _("%(length)s and longer") % {"length": written(group.least)}
        if group.less_than is None
        else _("less than %(length)s") % {"length": written(group.less_than)}
        if not group.least
        else _("%(from)s to %(to)s") % {"from": written(group.least), "to": written(group.less_than)}
        for group in found
    ]
    shown = [
        Bar(label, (("one", now.count),), view.reader.number(now.count), before.count)
        for label, now, before in zip(labels, found, earlier, strict=True)
    ]
    return Table(
        "backlog",
        _("Age of what is open"),
        _("How long the tickets had been open that were left at the end; beside it, the same at the beginning."),
        columns_of((_("Open for"), "text"), (_("Tickets"), "number"), (_("At the beginning"), "number")),
        tuple((label, now.count, before.count) for label, now, before in zip(labels, found, earlier, strict=True)),
        bars(shown, (("one", _("at the end")), ("before", _("at the beginning")))),
    )


def waiting(view: ReportView) -> Table:
    """Which have waited longest."""
    _ = view.say
    found, at = report_backlog.longest_waiting(view.report.now.left, MOST_WAITING), view.report.as_of
    heads = ((_("Ticket"), "ref"), (_("Subject"), "text"), (_("Has it"), "text"), (_("Open for"), "seconds"))
    return Table(
        "waiting",
        _("Waiting longest"),
        _("The oldest tickets that are open still."),
        columns_of(*heads),
        tuple(
            (card.ref, card.subject, view.agent(card.assignee_id), (at - card.created_at).total_seconds())
            for card in found
        ),
    )


def comments(view: ReportView) -> Table:
    """What customers wrote beside their ratings."""
    _ = view.say
    heads = (
        (_("Ticket"), "ref"),
        (_("Rating"), "number"),
        (_("NPS"), "number"),
        (_("CES"), "number"),
        (_("Comment"), "text"),
        (_("Customer"), "text"),
        (_("Agent"), "text"),
        (_("Rated"), "moment"),
    )
    return Table(
        "comments",
        _("Comments"),
        _("What customers wrote beside their ratings, the newest first."),
        columns_of(*heads),
        tuple(
            (one.ref, one.rating, one.nps, one.ces, one.text, one.customer_name, view.agent(one.agent_id), one.at)
            for one in view.comments
        ),
    )


TABLES: Mapping[str, Callable[[ReportView], Table]] = {
    one.__name__: one
    for one in (
        volume, channels, hours, first_response, resolution, sla, attainment, promises_by, ratings, satisfaction,
        nps, ces, comments, topics, rising, agents, teams, backlog, waiting,
    )
}  # fmt: skip
