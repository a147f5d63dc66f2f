"""Automations and scenario plans as an admin writes them by forms, tries them, and puts them into order."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client
from tests.web.console.browser import Browser

As = Callable[..., Browser]
RULES, PLANS = "/console/settings/automations", "/console/settings/scenarios"
VIP = {"name": "Lamps first", "enabled": "1", "event": "opened", "what-0": "words", "values-0": "lamp, 灯",
       "do-0": "priority", "value-0": "high", "do-1": "add_tags", "value-1": "lamp"}  # fmt: skip


@pytest.fixture
def browser(signed_in: As, api: Client, desk: LocalCloud) -> Iterator[Browser]:
    """Ada's browser, at a desk without rules and plans."""
    yield signed_in("ada")
    assert api.patch("/v1/settings", {"automations": [], "scenarios": []}).status == 200
    desk.settle()


def rules(api: Client) -> list[Any]:
    return list(api.get("/v1/settings").json["automations"])


def write(browser: Browser, name: str = "~new", /, **fields: str) -> int:
    """Write a rule by its form, or press another button of it."""
    browser.open(f"{RULES}/{name}")
    return browser.send(f"/automations/{name}", **fields).status


@pytest.mark.parametrize("path", [RULES, f"{RULES}/~new", PLANS, f"{PLANS}/~new"])
@pytest.mark.parametrize("name", ["sam", "lin"])
def test_only_admins_write_rules_and_plans(signed_in: As, path: str, name: str) -> None:
    assert signed_in(name).open(path).status == 403


def test_a_rule_is_written_as_a_form_and_read_as_a_sentence(browser: Browser, api: Client) -> None:
    assert write(browser, **VIP) == 200
    (rule,) = rules(api)
    assert rule["id"] == "lamps-first"
    assert rule["conditions"] == [{"what": "words", "values": ["lamp", "灯"], "negated": False}]
    assert [(one["do"], one["value"]) for one in rule["actions"]] == [("priority", "high"), ("add_tags", "lamp")]
    assert "a ticket was opened" in browser.page.body
    browser.open(f"{RULES}/lamps-first")
    assert browser.form("/automations/lamps-first").fields["values-0"] == "lamp, 灯"


def test_a_rule_saved_as_it_is_stays_as_it_is(browser: Browser, api: Client) -> None:
    silent = {**VIP, "event": "silent", "status": "pending", "length": "1,5", "unit": "hours", "is-0": "not"}
    assert write(browser, **silent) == 200
    before = rules(api)
    assert before[0]["when"] == {"event": "silent", "status": "pending", "rating": 0, "seconds": 5400}
    browser.open(f"{RULES}/lamps-first")
    shown = browser.form("/automations/lamps-first").fields
    assert (shown["length"], shown["unit"], shown["is-0"]) == ("90", "minutes", "not")
    assert write(browser, "lamps-first", enabled="1", **{"value-0": "high", "value-1": "lamp"}) == 200
    assert rules(api) == before


def test_teams_agents_and_macros_may_be_named(browser: Browser, api: Client) -> None:
    named = {"what-0": "team", "values-0": "Support, none", "do-0": "assign", "value-0": "SAM",
             "do-1": "answer", "value-1": "Say sorry / 致歉"}  # fmt: skip
    assert write(browser, **{**VIP, **named}) == 200
    (rule,) = rules(api)
    assert rule["conditions"][0]["values"] == ["support", "none"]
    assert [one["value"] for one in rule["actions"]] == ["sam", "sorry"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"event": "silent", "status": "pending", "length": "soon"}, "length"),
        ({"event": "silent", "status": "", "length": "1"}, "status"),
        ({"event": "rated", "rating": "9"}, "rating"),
        ({"event": "born"}, "event"),
        ({"what-1": "colour", "values-1": "red"}, "what-1"),
        ({"what-1": "", "values-1": "red"}, "what-1"),
        ({"what-3": "priority", "values-3": "hot"}, "values-3"),
        ({"what-3": "hours", "values-3": "moon"}, "values-3"),
        ({"what-3": "tag", "values-3": ""}, "values-3"),
        ({"do-1": "priority", "value-1": "hot"}, "value-1"),
        ({"do-4": "answer", "value-4": "gone"}, "value-4"),
        ({"do-4": "webhook", "value-4": "http://169.254.169.254/"}, "value-4"),
        ({"do-0": "", "value-0": "", "do-1": "", "value-1": ""}, "do-0"),
    ],
)
@pytest.mark.parametrize("button", ["save", "try"])
def test_what_cannot_be_is_said_beside_its_field_and_kept(
    browser: Browser, api: Client, fields: dict[str, str], field: str, button: str
) -> None:
    assert write(browser, **{**VIP, **fields, "do": button}) == 422
    assert f'id="{field}-wrong"' in browser.page.body
    kept = browser.form("/automations/~new").fields
    assert {name: kept.get(name) for name in ("do-1", "values-0")} == {
        "do-1": fields.get("do-1", VIP["do-1"]),
        "values-0": VIP["values-0"],
    }
    assert rules(api) == []


def test_a_rule_is_tried_on_the_open_tickets_before_it_is_saved(
    browser: Browser, api: Client, desk: LocalCloud
) -> None:
    body = {"subject": "A lamp <b>broke</b>", "text": "Dark.", "customer": {"email": "jo@customer.org"}}
    ref = api.post("/v1/tickets", body).json["ref"]
    desk.settle()
    assert write(browser, **VIP, do="try") == 200
    assert f"/console/tickets/{ref}" in browser.page.body
    assert "A lamp &lt;b&gt;broke&lt;/b&gt;" in browser.page.body
    assert browser.form("/automations/~new").fields["name"] == "Lamps first"
    assert rules(api) == []
    assert api.get(f"/v1/tickets/{ref}").json["priority"] == "normal"
    write(browser, **VIP)
    assert f"/console/tickets/{ref}" in browser.open(f"{RULES}?try=1").body


def test_more_rows_lose_nothing(browser: Browser) -> None:
    assert write(browser, **VIP, do="rows") == 200
    fields = browser.form("/automations/~new").fields
    assert "value-5" in fields
    assert fields["values-0"] == VIP["values-0"]


def test_rules_are_moved_switched_off_and_removed(browser: Browser, api: Client) -> None:
    for name in ("One", "Two", "One"):
        write(browser, **{**VIP, "name": name})
    assert [rule["id"] for rule in rules(api)] == ["one", "two", "one-2"]

    def press(rule: str, do: str) -> None:
        browser.open(RULES)
        version = browser.form("/settings/automations").fields["version"]
        token = browser.form("/settings/automations").fields
        assert browser.post(RULES, {**token, "version": version, "rule": rule, "do": do}).status == 200

    press("one-2", "up")
    press("one", "down")
    press("one-2", "up")
    press("two", "off")
    press("gone", "up")
    assert [(rule["id"], rule["enabled"]) for rule in rules(api)] == [("one-2", True), ("one", True), ("two", False)]
    press("two", "on")
    write(browser, "one", do="delete")
    assert [(rule["id"], rule["enabled"]) for rule in rules(api)] == [("one-2", True), ("two", True)]


def test_nobody_overwrites_what_somebody_else_saved(browser: Browser, api: Client) -> None:
    browser.open(f"{RULES}/~new")
    assert api.patch("/v1/settings", {"macros": api.get("/v1/settings").json["macros"], "name": "Shop"}).status == 200
    assert browser.send("/automations/~new", **VIP).status == 409
    assert browser.form("/automations/~new").fields["name"] == "Lamps first"
    assert rules(api) == []
    assert browser.send("/automations/~new", **VIP).status == 200
    assert len(rules(api)) == 1


def test_open_tickets_are_told_of_rules_about_silence(browser: Browser, api: Client, desk: LocalCloud) -> None:
    body = {"subject": "Lamp", "text": "Dark.", "customer": {"email": "jo@customer.org"}}
    ref = api.post("/v1/tickets", body).json["ref"]
    desk.settle()
    api.patch(f"/v1/tickets/{ref}", {"status": "on_hold"})
    desk.settle()
    write(browser, **{**VIP, "event": "silent", "status": "on_hold", "length": "3", "unit": "days", "values-0": "lamp"})
    fields = browser.form("/settings/automations").fields
    assert "1 open ticket waits" in browser.post(RULES, {**fields, "do": "tell"}).body
    assert "0 open tickets wait" in browser.post(RULES, {**fields, "do": "tell"}).body
    assert browser.post(f"{RULES}?cursor=x", {**fields, "do": "tell"}).status == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"version": "x" * 9000},
        {"do": "\x00"},
        {"name": "\ud7ff\x00\u202e" * 50, "do": "save"},
        {"what-99999": "tag", "values-0": "\x00,,，"},
        {"length": "1e999", "event": "silent"},
        {"rating": "٣", "event": "rated"},
        {"unit": "eons", "length": "999999", "event": "silent", "status": "open"},
    ],
)
def test_hostile_fields_are_no_fault_of_ours(browser: Browser, fields: dict[str, str]) -> None:
    browser.open(f"{RULES}/~new")
    assert browser.send("/automations/~new", **{**VIP, "value-0": "hot", **fields}).status in (409, 422)
    assert browser.open(f"{RULES}/%00").status == 404
    assert browser.open(f"{PLANS}/gone").status == 404


def test_every_fact_of_a_rule_names_it_on_the_tickets_page(browser: Browser, api: Client, desk: LocalCloud) -> None:
    write(browser, **VIP)
    ref = api.post("/v1/tickets", {"subject": "Lamp", "text": "Dark.", "customer": {"email": "jo@customer.org"}})
    desk.settle()
    body = browser.open(f"/console/tickets/{ref.json['ref']}").body
    assert "The rule “Lamps first” was followed" in body
    assert "The rule “Lamps first” set the priority: High" in body


SALE = {"name": "Black Friday", "starts": "2026-11-20T00:00", "ends": "2026-12-01T00:00", "notice-en": "Slow & <late>.",
        "capacity": "150", "tags": "sale, hot"}  # fmt: skip


def plan(browser: Browser, name: str = "~new", /, **fields: Any) -> int:
    browser.open(f"{PLANS}/{name}")
    return browser.send(f"/scenarios/{name}", **fields).status


def test_a_plan_is_written_shown_where_it_stands_and_removed(browser: Browser, api: Client) -> None:
    assert plan(browser, **SALE, macros=["sorry", "done"]) == 200
    assert ">under way<" in browser.page.body
    (kept,) = api.get("/v1/settings").json["scenarios"]
    assert kept == {
        "id": "black-friday",
        "name": "Black Friday",
        "starts": "2026-11-20T00:00",
        "ends": "2026-12-01T00:00",
        "calendar": "",
        "notice": {"en": "Slow & <late>."},
        "macros": ["sorry", "done"],
        "capacity": 150,
        "tags": ["sale", "hot"],
    }
    assert plan(browser, "black-friday", **{"notice-en": SALE["notice-en"]}, macros=["sorry", "done"]) == 200
    assert api.get("/v1/settings").json["scenarios"] == [kept]
    assert plan(browser, "black-friday", do="delete") == 200
    assert api.get("/v1/settings").json["scenarios"] == []


def test_pinned_macros_come_first_on_the_tickets_page(browser: Browser, api: Client, desk: LocalCloud) -> None:
    plan(browser, **SALE, macros=["done"])
    ref = api.post("/v1/tickets", {"subject": "Lamp", "text": "Dark.", "customer": {"email": "jo@customer.org"}})
    desk.settle()
    body = browser.open(f"/console/tickets/{ref.json['ref']}").body
    assert "★ It is done" in body
    assert body.index("It is done") < body.index("Say sorry")


def test_customers_notice_is_shown_before_it_is_saved(browser: Browser, api: Client) -> None:
    assert plan(browser, **SALE, do="preview") == 200
    assert browser.page.body.count("Slow &amp; &lt;late&gt;.") == 3
    assert api.get("/v1/settings").json["scenarios"] == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"starts": ""}, "starts"),
        ({"ends": "2026-11-19T00:00"}, "ends"),
        ({"capacity": "lots"}, "capacity"),
        ({"capacity": "999999"}, "capacity"),
        ({"notice-zh": "慢" * 501}, "notice-zh"),
        ({"calendar": "moon"}, "calendar"),
        ({"macros": ["gone"]}, "macros"),
        ({"tags": "x" * 51}, "tags"),
    ],
)
def test_what_cannot_be_planned_is_said_beside_its_field(
    browser: Browser, api: Client, fields: dict[str, Any], field: str
) -> None:
    assert plan(browser, **{**SALE, **fields}) == 422
    assert f'id="{field}-wrong"' in browser.page.body
    assert ">Slow &amp; &lt;late&gt;.</textarea>" in browser.page.body
    assert api.get("/v1/settings").json["scenarios"] == []


def test_both_speak_chinese(signed_in: As, browser: Browser, api: Client) -> None:
    write(browser, **VIP)
    plan(browser, **SALE)
    chinese = signed_in("ada", language="zh")
    assert "新建了工单" in chinese.open(RULES).body
    assert "条件 1 的值" in chinese.open(f"{RULES}/lamps-first").body
    assert "进行中" in chinese.open(PLANS).body
    assert "英文公告" in chinese.open(f"{PLANS}/black-friday").body


def test_a_policy_can_ask_for_a_plan_and_keeps_asking(browser: Browser, api: Client) -> None:
    plan(browser, **SALE)
    before = api.get("/v1/sla/policies").json["items"]
    sale = {**before[-1], "id": "sale", "name": "Sale", "match": {"scenario": ["black-friday"]}}
    assert api.put("/v1/sla/policies", {"items": [sale, *before]}).status == 200
    try:
        body = browser.open("/console/settings/policies/sale").body
        assert re.search(r'name="match-scenario"[^>]*value="black-friday"[^>]*checked', body)
    finally:
        assert api.put("/v1/sla/policies", {"items": before}).status == 200


def test_the_address_that_a_rule_tells_is_listed_with_its_secret(browser: Browser, api: Client) -> None:
    write(browser, **{**VIP, "do-0": "webhook", "value-0": "https://hooks.example.com/lamps"})
    body = browser.open("/console/settings/webhooks").body
    assert "https://hooks.example.com/lamps" in body
    assert ">Lamps first</a>" in body
    assert "whsec_" in body
