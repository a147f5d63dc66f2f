"""What a month and a ticket cost, over the API; and the cap among the settings."""

from datetime import timedelta

import pytest

from chalicelib.domain.spending import Account
from chalicelib.domain.usage import cost_of
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref


def test_a_ticket_shows_what_it_cost_and_its_parts(api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    desk.settle()
    cost = api.get(f"/v1/tickets/{ref}").json["cost"]
    parts = {part["what"]: part for part in cost["parts"]}
    assert parts["mails_out"] == {
        "what": "mails_out",
        "unit": "mail sent, for each recipient",
        "quantity": 2,
        "micro_usd": 320,
    }
    assert parts["api_requests"]["quantity"] == 1
    assert parts["lambda_requests"]["quantity"] == 2
    assert parts["write_units"]["quantity"] > 10
    assert 330 < cost["micro_usd"] == pytest.approx(sum(part["micro_usd"] for part in cost["parts"]), abs=5)


def test_the_summary_shows_what_tickets_cost(api: Client, desk: LocalCloud) -> None:
    for _ in range(3):
        new_ref(api)
    desk.settle()
    cards = desk.desk.tickets.of_customer(desk.desk.customers.id_of("jo@customer.org"), 99).cards
    each = sorted(cost_of(card.cost) for card in cards)
    cost = api.get("/v1/reports/summary", **{"from": "2026-11-23", "to": "2026-11-24"}).json["cost"]
    assert cost == {
        "count": len(each),
        "total_micro_usd": pytest.approx(sum(each) / 10**6, abs=1),
        "median_micro_usd": pytest.approx(each[(len(each) - 1) // 2] / 10**6, abs=1),
        "p90_micro_usd": pytest.approx(each[-(-9 * len(each) // 10) - 1] / 10**6, abs=1),
        "mean_micro_usd": pytest.approx(sum(each) / len(each) / 10**6, abs=1),
    }


def test_a_month_is_told_line_by_line(api: Client, desk: LocalCloud) -> None:
    new_ref(api)
    desk.settle()
    desk.advance(3600)
    new_ref(api)
    desk.settle()
    told = api.get("/v1/spending").json
    assert (told["month"], told["currency"], told["as_of"][:10]) == ("2026-11", "USD", "2026-11-23")
    lines = [*told["metered"], *told["fixed"]]
    assert told["spent_micro_usd"] == pytest.approx(sum(line["micro_usd"] for line in lines), abs=len(lines))
    assert {line["what"] for line in told["metered"]} >= {"write_units", "lambda_mb_ms", "log_bytes"}
    assert 0 < told["spent_micro_usd"] < told["forecast_micro_usd"]
    assert (told["monthly_cap_cents"], told["warn_at_percent"], told["off"]) == (None, 80, [])
    assert api.get("/v1/spending", month="2026-11").json["metered"] != []
    assert api.get("/v1/spending", month="2020-01").json["spent_micro_usd"] == 0


def test_a_month_over_its_cap_says_what_is_off(api: Client, desk: LocalCloud) -> None:
    api.patch("/v1/settings", {"spending": {"monthly_cap_cents": 1}})
    told = api.get("/v1/spending").json
    assert (told["monthly_cap_cents"], told["off"]) == (1, ["bot", "surveys", "acknowledgements"])
    api.patch("/v1/settings", {"spending": {"monthly_cap_cents": 0}})
    assert api.get("/v1/spending").json["off"] == []


@pytest.mark.parametrize("month", ["2026", "2026-00", "november", "2026-11-01", "9" * 99, "0001-01", "9999-12"])
def test_what_is_no_month_is_refused(api: Client, month: str) -> None:
    reply = api.get("/v1/spending", month=month)
    assert (reply.status, reply.field) == (422, "month")


@pytest.mark.parametrize("month", ["2000-01", "2999-12"])
def test_months_without_a_desk_cost_nothing(api: Client, month: str) -> None:
    assert api.get("/v1/spending", month=month).json["spent_micro_usd"] == 0


def test_a_cap_is_set_in_part_and_refused_where_it_cannot_be(api: Client) -> None:
    set_cap = api.patch("/v1/settings", {"spending": {"monthly_cap_cents": 500}})
    assert set_cap.json["spending"] == {"monthly_cap_cents": 500, "warn_at_percent": 80}
    for wrong, field in (
        ({"warn_at_percent": 0}, "spending.warn_at_percent"),
        ({"monthly_cap_cents": -1}, "spending.monthly_cap_cents"),
        ({"monthly_cap_cents": "5"}, "spending.monthly_cap_cents"),
        ({"currency": "EUR"}, "spending.currency"),
    ):
        refused = api.patch("/v1/settings", {"spending": wrong})
        assert (refused.status, refused.field) == (422, field)


def test_the_api_adds_to_the_account_every_five_minutes_and_not_with_every_request(
    api: Client, desk: LocalCloud
) -> None:
    def look(minutes: int) -> Account:
        desk.clock.move_to(desk.clock.now() + timedelta(minutes=minutes))
        api.get("/v1/agents")
        return desk.desk.spending.account("2026-11")

    before = look(5)
    assert [look(minutes).bookings - before.bookings for minutes in (0, 2, 2)] == [0, 0, 0]
    booked = look(1)
    assert booked.bookings == before.bookings + 1
    assert booked.usage.api_requests == before.usage.api_requests + 4
