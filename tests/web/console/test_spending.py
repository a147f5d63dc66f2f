"""What the desk costs, as leads and admins see it, and the cap that an admin sets."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.domain.spending import SERVICE_OF
from chalicelib.web.console.spending_tables import _names
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]
HERE = "/console/spending"


@pytest.fixture
def worked(api: Client, desk: LocalCloud) -> str:
    """A ticket of this month, and an account with two days in it; gives the ticket's reference."""
    ref = new_ref(api, subject="What do I cost?")
    desk.settle()
    desk.advance(86400)
    new_ref(api)
    desk.settle()
    return ref


def test_an_agent_does_not_see_what_the_desk_costs(signed_in: As) -> None:
    browser = signed_in("sam")
    assert (browser.open(HERE).status, browser.open(f"{HERE}/days.csv").status) == (403, 403)


def test_a_lead_sees_the_month_by_day_by_service_and_by_ticket(signed_in: As, worked: str) -> None:
    page = signed_in("lin").open(HERE).body
    assert "Nov 2026" in page
    assert page.count('<svg class="chart chart-') == 2
    assert f"/console/tickets/{worked}" in page
    assert "What do I cost?" in page
    assert "Mails sent, for each recipient" in page
    assert "Set one" not in page


def test_days_come_as_a_table_for_spreadsheets_that_adds_up_to_the_month(
    signed_in: As, worked: str, api: Client
) -> None:
    text = signed_in("lin").open(f"{HERE}/days.csv?month=2026-11").body.removeprefix("\ufeff").splitlines()
    assert text[0] == "Day,USD"
    assert text[1].startswith("2026-11-01,")
    spent = api.get("/v1/spending").json["spent_micro_usd"] / 10**6
    # amounts in the table have four decimals
    assert sum(float(line.split(",")[1]) for line in text[1:]) == pytest.approx(spent, abs=0.002)


@pytest.mark.parametrize("name", ["services.csv", "uses.csv"])
def test_services_and_lines_come_as_tables_too(signed_in: As, worked: str, name: str) -> None:
    reply = signed_in("lin").open(f"{HERE}/{name}")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "DynamoDB" in reply.body


@pytest.mark.parametrize("name", ["secrets.csv", "days.txt", "..%2f"])
def test_a_table_that_there_is_not_is_not_found(signed_in: As, name: str) -> None:
    assert signed_in("lin").open(f"{HERE}/{name}").status == 404


def test_a_month_without_a_desk_cost_nothing_and_one_that_can_t_be_is_said(signed_in: As) -> None:
    browser = signed_in("lin")
    assert "Nothing in this month." in browser.open(f"{HERE}?month=2020-02").body
    assert browser.open(f"{HERE}?month=2020-02").status == 200
    reply = browser.open(f"{HERE}?month=never")
    assert (reply.status, 'role="alert"' in reply.body) == (422, True)
    assert browser.open(f"{HERE}?month=2999-12").status == 200


def test_an_admin_sets_a_cap_in_dollars_and_the_page_shows_its_steps(
    signed_in: As, api: Client, worked: str, desk: LocalCloud
) -> None:
    browser = signed_in("ada")
    assert "Set one" in browser.open(HERE).body
    browser.open("/console/settings/spending")
    fields = {"spending-monthly_cap_cents": "0.01", "spending-warn_at_percent": "70"}
    assert browser.send("/settings/spending", **fields).status == 200
    assert api.get("/v1/settings").json["spending"] == {"monthly_cap_cents": 1, "warn_at_percent": 70}
    page = browser.open(HERE).body
    assert [step in page for step in ("<b>70%</b>", "<b>90%</b>", "<b>95%</b>", "<b>100%</b>")] == [True] * 4
    assert 'class="reached"' in page
    api.patch("/v1/settings", {"spending": {"monthly_cap_cents": 0, "warn_at_percent": 80}})


def test_everything_that_is_counted_has_a_name(desk: LocalCloud) -> None:
    assert _names(str).keys() == SERVICE_OF.keys()


def test_a_month_of_long_ago_shows_the_way_forth(signed_in: As, desk: LocalCloud) -> None:
    desk.clock.move_by(timedelta(days=31))
    browser = signed_in("lin")
    assert "Month after" not in browser.open(HERE).body
    assert 'href="/console/spending?month=2026-11">Month before' in browser.page.body
    assert 'href="/console/spending?month=2026-12">Month after' in browser.open(f"{HERE}?month=2026-11").body
