"""Macros and sorting rules by their forms; and that no setting is left without a form."""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import pytest

from chalicelib.domain.desk import DeskSettings, TriageRule
from chalicelib.domain.help_form import Topic
from chalicelib.domain.macro import Macro
from chalicelib.domain.sla_policy import SlaPolicy
from chalicelib.domain.ticket_field import TicketField
from chalicelib.web.console.setting_fields import SECTIONS
from tests.web.client import Client
from tests.web.console.browser import Browser

As = Callable[..., Browser]
MACROS, RULES = "/console/settings/macros", "/console/settings/sorting"
OWN_PAGES = {
    "calendar": "/console/settings/calendars/default",
    "calendars": "/console/settings/calendars/~new",
    "macros": f"{MACROS}/done",
    "triage": f"{RULES}/1",
    "sla_policies": "/console/settings/policies/standard",
    "ticket_fields": "/console/settings/fields/~new",
    "help_form.topics": "/console/settings/topics/~new",
}
ELSEWHERE = {"version"}
"""The desk counts it itself."""


@pytest.fixture(autouse=True)
def as_before(api: Client) -> Iterator[None]:
    """What tests set is taken back."""
    before = api.get("/v1/settings").json
    yield
    api.patch("/v1/settings", {name: before[name] for name in ("macros", "triage", "calendar", "calendars")})


def entries(api: Client, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get("/v1/settings").json[name]
    return found


def test_every_setting_can_be_set_in_a_form(signed_in: As) -> None:
    in_sections = {one.path for _label, section in SECTIONS.values() for one in section}
    settings = {one.name for one in fields(DeskSettings)} - ELSEWHERE - set(OWN_PAGES)
    assert {name for name in settings if not any(_covers(path, name) for path in in_sections)} <= MOVED
    parts = {f"{name}.{part.name}" for name in GROUPS for part in fields(getattr(DeskSettings(), name))}
    assert {part for part in parts if part not in in_sections} == {"help_form.topics"}
    browser = signed_in("ada")
    kinds: dict[str, Any] = {
        "macros": Macro,
        "triage": TriageRule,
        "sla_policies": SlaPolicy,
        "ticket_fields": TicketField,
        "help_form.topics": Topic,
    }
    for name, kind in kinds.items():
        body = browser.open(OWN_PAGES[name]).body
        assert {one.name for one in fields(kind) if one.name != "id" and not _asked(body, one.name)} == set()
    body = browser.open(OWN_PAGES["calendar"]).body
    assert {name for name in ("timezone", "always_open", "hours", "holidays") if not _asked(body, name)} == set()


GROUPS = ("brand", "quiet_hours", "survey", "spending", "uploads", "help_form")
MOVED = {"addresses", "automations", "scenarios"}
"""Settings whose pages are tested elsewhere."""


def _covers(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}.")


def _asked(body: str, name: str) -> bool:
    return re.search(rf'name="{name}["-]', body) is not None


def test_no_setting_is_asked_for_as_json() -> None:
    kinds = {one.kind for _label, section in SECTIONS.values() for one in section}
    assert kinds == {"text", "number", "switch", "choice", "team", "calendar", "lines"}


@pytest.mark.parametrize(("name", "page"), [("macros", f"{MACROS}/done"), ("triage", f"{RULES}/2")])
def test_saving_an_entry_unchanged_changes_nothing(signed_in: As, api: Client, name: str, page: str) -> None:
    before, browser = entries(api, name), signed_in("ada")
    assert browser.open(page).status == 200
    assert browser.press(page, "save").status == 200
    assert entries(api, name) == before


def test_a_macro_is_written_previewed_used_and_removed(signed_in: As, api: Client) -> None:
    browser, page = signed_in("ada"), f"{MACROS}/~new"
    browser.open(page)
    given: dict[str, str | list[str]] = {
        "id": "late",
        "name": "It is late",
        "texts-en": "Dear {customer},\r\n\r\n{ref} is late. <b>Sorry</b>",
        "texts-zh": "{customer}，您好！",
        "status": "pending",
        "tags": "late\r\nsorry",
    }
    reply = browser.press(page, "preview", **given)
    assert "Dear Jo Miller" in reply.body
    assert "&lt;b&gt;Sorry" in reply.body
    assert "late" not in [one["id"] for one in entries(api, "macros")]
    assert browser.press(page, "save", **given).status == 200
    made = entries(api, "macros")[-1]
    assert made == {
        "id": "late",
        "name": "It is late",
        "texts": {"en": "Dear {customer},\n\n{ref} is late. <b>Sorry</b>\n", "zh": "{customer}，您好！\n"},
        "status": "pending",
        "priority": "",
        "tags": ["late", "sorry"],
    }
    browser.open(f"{MACROS}/late")
    assert browser.press(f"{MACROS}/late", "remove").status == 200
    assert browser.open(f"{MACROS}/late").status == 404


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "n" * 101),
        ("texts-en", "Dear {costumer}"),
        ("texts-en", "x" * 100_001),
        ("status", "closed"),
        ("priority", "<panic>"),
    ],
)
def test_a_macro_that_can_t_be_is_refused_and_kept(signed_in: As, api: Client, field: str, typed: str) -> None:
    browser, page, before = signed_in("ada"), f"{MACROS}/done", entries(api, "macros")
    browser.open(page)
    for button in ("save", "preview"):
        reply = browser.press(page, button, **{field: typed})
        assert reply.status == 422
        assert f'id="{field}-wrong"' in reply.body
        assert typed[:200].replace("<", "&lt;").replace(">", "&gt;") in reply.body
    assert entries(api, "macros") == before


def test_a_rule_is_tried_made_moved_and_changed_only_where_it_still_stands(signed_in: As, api: Client) -> None:
    browser, other = signed_in("ada"), signed_in("ada")
    browser.open(f"{RULES}/~new")
    given: dict[str, str | list[str]] = {
        "words": "Lamp\r\n灯",
        "category": "lamps",
        "skills": "repair",
        "team_id": "support",
    }
    reply = browser.press(f"{RULES}/~new", "preview", **given, **{"try": "我要一盏灯"})
    assert "Topic: lamps" in reply.body
    assert browser.press(f"{RULES}/~new", "save", **given).status == 200
    rules = entries(api, "triage")
    last = len(rules)
    assert (rules[-1]["words"], rules[-1]["category"]) == (["Lamp", "灯"], "lamps")
    other.open(f"{RULES}/{last}")
    browser.open(RULES)
    assert browser.press(RULES, f"up-{last - 1}").status == 200
    assert entries(api, "triage")[-2]["category"] == "lamps"
    assert other.press(f"{RULES}/{last}", "save", category="wrong one").status == 409
    assert "wrong one" not in [rule["category"] for rule in entries(api, "triage")]


def test_rules_are_tried_on_a_text_from_their_list(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(RULES)
    reply = browser.press(RULES, "try", **{"try": "I want a REFUND <now>"})
    assert "Topic: refund" in reply.body
    assert "<now>" not in reply.body
    assert "No rule knows" in browser.press(RULES, "try", **{"try": "\x00" + "x" * 30_000}).body


def test_a_rule_without_words_is_refused(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(f"{RULES}/1")
    reply = browser.press(f"{RULES}/1", "save", words=" \r\n ")
    assert reply.status == 422
    assert 'id="words-wrong"' in reply.body


def test_only_admins_see_these_pages(signed_in: As, api: Client) -> None:
    for path in (*OWN_PAGES.values(), "/console/settings/templates/answer/en", "/console/settings/webhooks"):
        assert signed_in("lin").open(path).status == 403


def test_every_page_speaks_chinese(signed_in: As, api: Client) -> None:
    browser = signed_in("ada", language="zh")
    pages = (*OWN_PAGES.values(), MACROS, RULES, "/console/settings/calendars", "/console/settings/policies")
    for path in (*pages, "/console/settings/templates", "/console/settings/templates/answer/zh"):
        assert 'lang="zh-Hans"' in browser.open(path).body


def test_webhooks_are_listed_with_their_secrets(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    assert "No policy names one" in browser.open("/console/settings/webhooks").body
    policies = api.get("/v1/sla/policies").json["items"]
    told = {"after": 0, "webhook": "https://hooks.example.com/a"}
    named = [{**policies[0], "escalations": {"resolution": [told]}}, *policies[1:]]
    assert api.put("/v1/sla/policies", {"items": named}).status == 200
    body = browser.open("/console/settings/webhooks").body
    assert "https://hooks.example.com/a" in body
    assert "whsec_" in body
    api.put("/v1/sla/policies", {"items": policies})


def test_a_topic_of_the_help_form_is_made_changed_and_moved(signed_in: As, api: Client) -> None:
    browser, page = signed_in("ada"), "/console/settings/topics/~new"
    for topic in ("refund", "delivery"):
        browser.open(page)
        given = {"id": topic, "names-en": topic.title(), "names-zh": "退款", "category": topic, "priority": "high"}
        assert browser.press(page, "save", **given).status == 200
    browser.open(page)
    assert browser.press(page, "save", id="Not An Id", **{"names-en": "x"}).status == 422
    assert 'id="id-wrong"' in browser.page.body
    assert browser.press(page, "save", id="empty", **{"names-en": ""}).status == 422
    browser.open("/console/settings/topics")
    assert browser.press("/console/settings/topics", "up-1").status == 200
    one = "/console/settings/topics/refund"
    browser.open(one)
    assert browser.press(one, "save", **{"names-zh": ""}).status == 200
    topics = api.get("/v1/settings").json["help_form"]["topics"]
    assert [topic["id"] for topic in topics] == ["delivery", "refund"]
    assert topics[1] == {
        "id": "refund",
        "names": {"en": "Refund"},
        "category": "refund",
        "team_id": "",
        "priority": "high",
    }
    api.patch("/v1/settings", {"help_form": {"topics": []}})


def test_what_the_pages_link_to_in_the_documentation_is_there(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    lists = (MACROS, RULES, "/console/settings/calendars", "/console/settings/policies", "/console/settings/webhooks")
    links: set[str] = set()
    for path in (*OWN_PAGES.values(), *lists, "/console/settings/fields", "/console/settings/topics"):
        links |= set(re.findall(r'href="(/console/docs/[^"]+)"', browser.open(path).body))
    assert len(links) >= 7
    for link in links:
        page, _sep, place = link.partition("#")
        body = browser.open(page).body
        assert not place or f'id="{place}"' in body, link
