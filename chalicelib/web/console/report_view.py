"""What the tables of a report are made from: the report, and for whom it is put in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.desk import SurveySettings
from chalicelib.domain.people import Roster
from chalicelib.domain.report_range import MOST_DAILY, MOST_WEEKLY, Period, ReportRange
from chalicelib.domain.report_stretch import Tally
from chalicelib.usecases.report_desk import Comment, DeskReport
from chalicelib.web.console.charts import Bar, Chart, bars
from chalicelib.web.console.reader import Reader
from chalicelib.web.console.report_table import Table, change, columns_of

MOST_BARS = 10


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report for one reader; `say` gives a sentence in their language, `asks` says what surveys ask by now."""

    report: DeskReport
    comments: tuple[Comment, ...]
    roster: Roster
    reader: Reader
    asks: SurveySettings
    say: Callable[[str], str]

    @property
    def range(self) -> ReportRange:
        """The days that it is about."""
        return self.report.now.range

    @property
    def tells_nps(self) -> bool:
        """Whether there is something to say of NPS: surveys ask for it, or somebody answered before they ceased to."""
        answers = (one.recommendation.answered for one in (self.report.summary, self.report.summary_before))
        return self.asks.ask_nps or any(answers)

    @property
    def tells_ces(self) -> bool:
        """The same for CES."""
        answers = (one.ease.answered for one in (self.report.summary, self.report.summary_before))
        return self.asks.ask_ces or any(answers)

    @property
    def untold(self) -> tuple[str, ...]:
        """The names of the tables that the page leaves out."""
        told = {"nps": self.tells_nps, "ces": self.tells_ces}
        return tuple(name for name, tells in told.items() if not tells)

    def brief(self, period: Period) -> str:
        """Give what stands under a period's column."""
        if self.range.days > MOST_WEEKLY:
            return self.reader.month(period.first)
        return self.reader.brief_day(period.first)

    @property
    def unit(self) -> str:
        """What one period is called, at the head of a column."""
        _ = self.say
        if self.range.days <= MOST_DAILY:
            return _("Day")
        return _("Week") if self.range.days <= MOST_WEEKLY else _("Month")

    def agent(self, agent_id: str) -> str:
        """Give an agent's name."""
        _ = self.say
        found = self.roster.agent(agent_id)
        return found.name if found else agent_id or _("Nobody")

    def team(self, team_id: str) -> str:
        """Give a team's name."""
        _ = self.say
        found = self.roster.team(team_id)
        return found.name if found else team_id or _("No team")

    def channel(self, name: str) -> str:
        """Give a channel's name."""
        _ = self.say
        names = {
            "email": _("Mail"),
            "form": _("Form"),
            "api": _("API"),
            "chat": _("Chat"),
            "phone": _("Phone"),
            "social": _("Social media"),
            "in_person": _("In person"),
        }
        return names.get(name, name or _("Unknown"))

    def priority(self, name: str) -> str:
        """Give a priority's name."""
        _ = self.say
        names = {"low": _("Low"), "normal": _("Normal"), "high": _("High"), "urgent": _("Urgent")}
        return names.get(name, name)

    def compared(self, name: str, title: str, about: str, kind: str, tallies: Iterable[tuple[str, Tally]]) -> Table:
        """Give the table of some counts beside those before, with bars for the most frequent; `kind` heads names."""
        _ = self.say
        rows = list(tallies)
        columns = columns_of((kind, "text"), (_("Tickets"), "number"), (_("Before"), "number"), (_("Change"), "change"))
        cells = tuple((label, one.now, one.before, change(one.now, one.before)) for label, one in rows)
        return Table(name, title, about, columns, cells, self._beside(rows[:MOST_BARS]))

    def _beside(self, rows: Sequence[tuple[str, Tally]]) -> Chart | None:
        _ = self.say
        write = self.reader.number
        shown = [Bar(label, (("one", one.now),), write(one.now), one.before) for label, one in rows]
        return bars(shown, (("one", _("now")), ("before", _("the days before")))) if shown else None
