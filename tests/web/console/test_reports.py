"""The report's page and its tables, as a lead reads them."""

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest

from chalicelib.domain import survey
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.send_survey import survey_link
from chalicelib.web.console.report_tables import TABLES
from infra.local.cloud import LocalCloud
from tests.conftest import MONDAY
from tests.web.client import Client, new_ref
from tests.web.conftest import SECRET
from tests.web.console.browser import Browser

As = Callable[..., Browser]
DAYS = f"from={MONDAY:%Y-%m-%d}&to={MONDAY + timedelta(days=6):%Y-%m-%d}"
HOSTILE = '=HYPERLINK("https://evil.example","<script>alert(1)</script>")'


@pytest.fixture(scope="module", autouse=True)
def history(desk: LocalCloud) -> dict[str, str]:
    """Two tickets: one answered after ten minutes, solved and rated; one of the same topic that waits."""
    api = Client(SECRET)
    solved, waiting = new_ref(api, subject="Refund, please"), new_ref(api, subject=HOSTILE, text="A refund!")
    desk.settle()
    desk.clock.move_by(timedelta(minutes=10))
    reply = {"kind": "reply", "text": "Of course.", "status": "solved"}
    assert api.post(f"/v1/tickets/{solved}/messages", reply).status == 201
    now, settings = desk.clock.now(), desk.desk.settings.load()
    change_ticket(desk.desk, solved, lambda ticket: survey.sent(ticket, 1, now, settings))
    rating = Client().form(survey_link(desk.desk, solved, 1), {"rating": "5", "comment": HOSTILE})
    assert rating.status == 200
    change_ticket(desk.desk, solved, scored)
    desk.settle()
    return {"solved": solved, "waiting": waiting}


def scored(ticket: Ticket) -> Ticket:
    """Give a ticket whose customer would surely recommend, and found it easy."""
    return replace(ticket, surveys=(replace(ticket.surveys[0], nps=10, ces=6),))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def drawings(page: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring("<svg" + part.partition("</svg>")[0] + "</svg>") for part in page.split("<svg")[1:]]  # noqa: S314


def test_reports_are_for_leads(signed_in: As, browser: Browser) -> None:
    assert signed_in("sam").open("/console/reports").status == 403
    assert signed_in("lin").open("/console/reports").status == 200
    assert signed_in("lin").open("/console/reports/volume.csv").status == 200
    browser.open("/console/reports/volume.csv")
    assert "text/csv" not in browser.page.headers["Content-Type"]


def test_the_page_tells_the_figures_and_from_what_they_are_reckoned(signed_in: As) -> None:
    page = signed_in("lin").open(f"/console/reports?{DAYS}").body
    assert "10 min" in page
    assert "from 2 tickets" in page
    assert "5 of 5" in page


def test_recommendation_and_ease_stand_beside_satisfaction(signed_in: As) -> None:
    page = signed_in("lin").open(f"/console/reports?{DAYS}").body
    assert '<p class="quiet">Recommendation (NPS)</p><p class="amount">+100</p>' in page
    assert '<p class="quiet">Ease (CES, 1 to 7)</p><p class="amount">6</p>' in page
    assert {"nps-title", "ces-title"} <= set(re.findall(r'<title id="([^"]+)"', page))
    assert "In all: promoters 1, passives 0, detractors 0; in the days before: no answers." in page
    assert "1 of 1 agreed (5 to 7)" in page
    assert "5 of 5</b> · NPS 10 of 10 · CES 6 of 7" in page


def test_scores_come_as_files_day_by_day_with_comments_and_by_agent(signed_in: As) -> None:
    browser = signed_in("lin")

    def first(name: str) -> dict[str, str]:
        return rows(browser.open(f"/console/reports/{name}.csv?{DAYS}").body)[0]

    told = {"Promoters": "1", "Passives": "0", "Detractors": "0", "Answers": "1", "NPS": "100"}
    assert first("nps") == {"Day": f"{MONDAY:%Y-%m-%d}", **told}
    eased = {"Answers": "1", "5 to 7": "1", "Found it easy": "1", "CES": "6"}
    assert first("ces") == {"Day": f"{MONDAY:%Y-%m-%d}", **eased}
    for name in ("comments", "agents", "teams"):
        assert {"NPS", "CES"} <= first(name).keys()
    assert (first("comments")["NPS"], first("agents")["NPS"], first("agents")["CES"]) == ("10", "100", "6")


def test_what_is_neither_asked_nor_answered_is_not_told(signed_in: As, desk: LocalCloud) -> None:
    empty = "/console/reports?from=2026-01-01&to=2026-01-02"
    page = signed_in("lin").open(empty).body
    assert "Recommendation (NPS)" not in page
    assert "nps.csv" not in page
    assert "Surveys ask for satisfaction only." in page
    settings, before = desk.desk.settings, desk.desk.settings.load()
    settings.save(replace(before, survey=replace(before.survey, ask_nps=True)))
    page = signed_in("lin").open(empty).body
    settings.save(replace(settings.latest(), survey=before.survey))
    assert "Recommendation (NPS)" in page
    assert "Surveys don’t ask for ease (CES)" in page


def test_every_chart_is_a_named_drawing_without_styles_or_scripts_in_it(signed_in: As) -> None:
    page = signed_in("lin").open(f"/console/reports?{DAYS}").body
    charts = [drawing for drawing in drawings(page) if drawing.get("role") == "img"]
    assert len(charts) >= 11
    for chart in charts:
        title, desc = chart.find("title"), chart.find("desc")
        assert title is not None
        assert desc is not None
        assert chart.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert title.text
        assert desc.text
        assert not any(child.get("style") or child.tag in ("style", "script") for child in chart.iter())


def test_no_two_parts_of_the_page_have_the_same_name(signed_in: As) -> None:
    names = re.findall(r'\bid="([^"]+)"', signed_in("lin").open(f"/console/reports?{DAYS}").body)
    assert len(names) == len(set(names))
    links = re.findall(r'href="#([^"]+)"', signed_in("lin").open(f"/console/reports?{DAYS}").body)
    assert set(links) <= set(names)


def test_what_customers_write_is_neither_markup_nor_a_formula(signed_in: As, history: dict[str, str]) -> None:
    browser = signed_in("lin")
    assert "<script>alert" not in browser.open(f"/console/reports?{DAYS}").body
    comment = rows(browser.open(f"/console/reports/comments.csv?{DAYS}").body)[0]
    assert (comment["Ticket"], comment["Rating"], comment["Comment"]) == (history["solved"], "5", f"'{HOSTILE}")
    assert rows(browser.open(f"/console/reports/waiting.csv?{DAYS}").body)[0]["Subject"] == f"'{HOSTILE}"


def test_comments_lead_to_their_tickets(signed_in: As, history: dict[str, str]) -> None:
    browser = signed_in("lin", stage="/api")
    page = browser.open(f"/console/reports?{DAYS}").body
    assert f'href="/api/console/tickets/{history["solved"]}"' in page
    assert 'href="/api/console/reports/volume.csv?from=' in page


@pytest.mark.parametrize("name", TABLES)
def test_every_table_comes_as_a_file_that_spreadsheets_open(signed_in: As, name: str) -> None:
    reply = signed_in("lin").open(f"/console/reports/{name}.csv?{DAYS}")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="{name}-{MONDAY:%Y-%m-%d}-' in reply.headers["Content-Disposition"]
    assert reply.body.startswith("\ufeff")
    lengths = {len(line) for line in csv.reader(StringIO(reply.body))}
    assert len(lengths) == 1


def test_numbers_in_files_are_plain(signed_in: As) -> None:
    browser = signed_in("lin")
    first = rows(browser.open(f"/console/reports/first_response.csv?{DAYS}").body)[0]
    assert (first["Tickets"], first["Median (seconds)"]) == ("1", "600")
    assert rows(browser.open(f"/console/reports/sla.csv?{DAYS}").body)[0]["Kept share"] == "1"
    assert rows(browser.open(f"/console/reports/channels.csv?{DAYS}").body)[0]["Tickets"] == "2"


@pytest.mark.parametrize("name", ["volume", "volume.xls", "nothing.csv", "..%2fvolume.csv"])
def test_a_table_that_is_none_is_not_found(signed_in: As, name: str) -> None:
    assert signed_in("lin").open(f"/console/reports/{name}").status == 404


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-11-25",
        "from=2026-11-25&to=2026-11-24",
        "from=2024-01-01&to=2026-11-24",
        "from=0001-01-01&to=0001-01-02",
        "from=9999-12-30&to=9999-12-31",
        "from=20261101&to=20261102",
        "from=2026-02-30&to=2026-03-01",
        "from=１９９９-01-01&to=2026-11-24",
        "days=12",
    ],
)
def test_a_range_that_cannot_be_is_said_beside_its_fields(signed_in: As, query: str) -> None:
    reply = signed_in("lin").open(f"/console/reports?{query}")
    assert reply.status == 422
    assert 'role="alert"' in reply.body
    assert 'name="from"' in reply.body


@pytest.mark.parametrize("days", ["7", "30", "90", "month", ""])
def test_presets_end_today(signed_in: As, days: str) -> None:
    page = signed_in("lin").open(f"/console/reports?days={days}" if days else "/console/reports").body
    assert f'name="to" required value="{MONDAY:%Y-%m-%d}"' in page
    assert page.count('aria-current="true"') == 1


def test_days_without_tickets_say_so_and_have_no_shares(signed_in: As) -> None:
    page = signed_in("lin").open("/console/reports?from=2026-01-01&to=2026-01-02").body
    assert "Nothing in these days." in page
    assert "None" not in page


def test_a_year_is_told_by_the_month(signed_in: As) -> None:
    found = rows(signed_in("lin").open("/console/reports/volume.csv?from=2025-12-01&to=2026-11-30").body)
    assert len(found) == 12
    assert found[-1] == {"Month": "2026-11-01/2026-11-30", "Opened": "2", "Solved": "1"}


def test_in_chinese_everything_is_chinese(signed_in: As) -> None:
    page = signed_in("lin", language="zh-CN").open(f"/console/reports?{DAYS}").body
    assert "一周各时段" in page
    assert "净推荐值（NPS）" in page
    assert "客户费力度（CES" in page
    assert "10分钟" in page
    lines = signed_in("lin", language="zh-CN").open(f"/console/reports/volume.csv?{DAYS}").body.splitlines()
    assert lines[:2] == ["\ufeff日期,新建,已解决", f"{MONDAY:%Y-%m-%d},2,1"]
