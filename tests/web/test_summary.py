"""The summary of a stretch of time, against figures reckoned by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from chalicelib.domain import survey
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.send_survey import survey_link
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.conftest import SECRET

START = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday; the desk is open from 9 to 18 o'clock, UTC."""
SCORES = {5: (9, 6), 2: (3, None)}
"""The NPS and CES that go with a rating; who was dissatisfied said nothing of effort."""


@pytest.fixture(scope="module")
def api_with_history(desk: LocalCloud) -> Client:
    """Four tickets opened on Monday and one on Tuesday.

    | ticket | opened | answered | solved     | rated | promises (normal: 4 h, 24 h; urgent: 30 min, 4 h)  |
    |--------|--------|----------|------------|-------|-----------------------------------------------------|
    | a      | 10:00  | 10:10    | 10:30      | 5     | both kept                                           |
    | b      | 10:00  | 11:00    | 12:00      | 2     | urgent: first response broken, resolution kept      |
    | c      | 10:00  | 12:00    | Tue 09:00  | none  | both kept; survey sent, not answered                |
    | d      | 10:00  | never    | never      |       | first response broken at 14:00                      |
    | e      | Tue 09 | never    | never      |       |                                                     |
    """
    api = Client(SECRET)
    hours = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    api.patch("/v1/settings", {"calendar": {"timezone": "UTC", "hours": hours}})
    path = {name: f"/v1/tickets/{new_ref(api)}" for name in "acd"}
    path["b"] = f"/v1/tickets/{new_ref(api, priority='urgent')}"

    def at(hours: float) -> None:
        desk.clock.move_to(START + timedelta(hours=hours))

    def answer(name: str, **more: str) -> None:
        assert api.post(f"{path[name]}/messages", {"kind": "reply", "text": "Hm", **more}).status == 201

    at(1 / 6)
    answer("a")
    at(0.5)
    api.patch(path["a"], {"status": "solved"})
    at(1)
    answer("b")
    at(2)
    answer("c")
    api.patch(path["b"], {"status": "solved"})
    at(23)
    answer("c", status="solved")
    path["e"] = f"/v1/tickets/{new_ref(api)}"
    rate(desk, path, {"a": 5, "b": 2, "c": None})
    desk.tick()
    desk.settle()
    return api


def rate(desk: LocalCloud, path: dict[str, str], ratings: dict[str, int | None]) -> None:
    """Send each ticket's survey, and answer it where there is an answer."""
    now, settings = desk.clock.now(), desk.desk.settings.load()
    for name, rating in ratings.items():
        ref = path[name].rpartition("/")[2]
        change_ticket(desk.desk, ref, lambda ticket: survey.sent(ticket, 1, now, settings))
        if rating:
            assert Client().form(survey_link(desk.desk, ref, 1), {"rating": str(rating)}).status == 200
            nps, ces = SCORES[rating]
            change_ticket(desk.desk, ref, partial(scored, nps=nps, ces=ces))


def scored(ticket: Ticket, nps: int, ces: int | None) -> Ticket:
    """Give a ticket whose only survey has these scores beside its rating."""
    return replace(ticket, surveys=(replace(ticket.surveys[0], nps=nps, ces=ces),))


def test_the_figures_of_two_days_are_those_reckoned_by_hand(api_with_history: Client) -> None:
    summary = api_with_history.get("/v1/reports/summary", **{"from": "2026-11-23", "to": "2026-11-25"}).json
    assert summary.pop("cost")["count"] == 5
    assert summary == {
        "from": "2026-11-23T00:00:00.000Z",
        "to": "2026-11-25T00:00:00.000Z",
        "opened": 5,
        "solved": 3,
        "backlog": 2,
        "first_response": {"count": 3, "median_seconds": 3600, "p90_seconds": 7200},
        "resolution": {"count": 3, "median_seconds": 7200, "p90_seconds": 82800},
        "sla": {"met": 5, "breached": 2, "attainment": pytest.approx(5 / 7)},
        "sla_by_metric": {
            "first_response": {"met": 2, "breached": 2, "attainment": 0.5},
            "next_response": {"met": 0, "breached": 0, "attainment": None},
            "resolution": {"met": 3, "breached": 0, "attainment": 1},
            "progress_update": {"met": 0, "breached": 0, "attainment": None},
            "recovery": {"met": 0, "breached": 0, "attainment": None},
        },
        "satisfaction": {
            "sent": 3,
            "answered": 2,
            "response_rate": pytest.approx(2 / 3),
            "csat": 0.5,
            "average": 3.5,
            "ratings": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 1},
        },
        "csat": 0.5,
        "response_rate": pytest.approx(2 / 3),
        "nps": {"answered": 2, "promoters": 1, "passives": 0, "detractors": 1, "nps": 0},
        "ces": {"answered": 1, "easy": 1, "easy_share": 1, "ces": 6},
    }


@pytest.mark.parametrize(
    ("start", "end", "figures"),
    [
        ("2026-11-23", "2026-11-24", (4, 2, 2)),
        ("2026-11-24", "2026-11-25", (1, 1, 2)),
        ("2026-11-23T10:00:00Z", "2026-11-23T10:30:00Z", (4, 0, 4)),
        ("2026-11-23T10:00:00Z", "2026-11-23T10:30:00.001Z", (4, 1, 3)),
        ("2026-11-23T11:00:00+01:00", "2026-11-23T11:00:00.001+01:00", (4, 0, 4)),
        ("2026-11-22", "2026-11-23", (0, 0, 0)),
        ("2030-01-01", "2030-12-31", (0, 0, 2)),
    ],
)
def test_a_stretch_has_its_start_and_not_its_end(
    api_with_history: Client, start: str, end: str, figures: tuple[int, int, int]
) -> None:
    summary = api_with_history.get("/v1/reports/summary", **{"from": start, "to": end}).json
    assert (summary["opened"], summary["solved"], summary["backlog"]) == figures


def test_an_empty_stretch_has_no_shares(api_with_history: Client) -> None:
    summary = api_with_history.get("/v1/reports/summary", **{"from": "2026-11-01", "to": "2026-11-02"}).json
    assert summary["csat"] is summary["response_rate"] is summary["sla"]["attainment"] is None
    assert summary["nps"]["nps"] is summary["ces"]["ces"] is summary["ces"]["easy_share"] is None
    assert summary["first_response"] == {"count": 0, "median_seconds": None, "p90_seconds": None}
    assert summary["cost"] == {
        "count": 0,
        "total_micro_usd": 0,
        "median_micro_usd": None,
        "p90_micro_usd": None,
        "mean_micro_usd": None,
    }


def test_a_plus_that_arrives_as_a_space_is_an_offset_all_the_same(api_with_history: Client) -> None:
    reply = api_with_history.get("/v1/reports/summary?from=2026-11-23T11:00:00+01:00&to=2026-11-24")
    assert reply.json["from"] == "2026-11-23T10:00:00.000Z"


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("", "2026-11-25", "from"),
        ("2026-11-23", "", "to"),
        ("yesterday", "2026-11-25", "from"),
        ("2026-02-30", "2026-11-25", "from"),
        ("2026-11-25", "2026-11-25", "from"),
        ("2026-11-26", "2026-11-25", "from"),
        ("2024-01-01", "2026-11-25", "from"),
        ("0001-01-01", "0001-12-31", "from"),
        ("0001-01-01T00:00:00+14:00", "0001-12-31", "from"),
        ("9999-12-31", "9999-12-31T23:59:59-14:00", "to"),
        ("2026-11-23\0", "2026-11-25", "from"),
    ],
)
def test_a_stretch_that_cannot_be_is_refused(api_with_history: Client, start: str, end: str, field: str) -> None:
    reply = api_with_history.get("/v1/reports/summary", **{"from": start, "to": end})
    assert (reply.status, reply.field) == (422, field)


def test_a_stretch_has_both_its_ends(api_with_history: Client) -> None:
    assert api_with_history.get("/v1/reports/summary", **{"from": "2026-11-23"}).field == "to"
