"""Views of the inbox: filters in the address, views that are kept, and what all of it costs in calls."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]


@pytest.fixture
def calls(desk: LocalCloud) -> Iterator[list[str]]:
    """The calls that DynamoDB gets."""
    made: list[str] = []

    def note(model: Any, **_: Any) -> None:
        made.append(model.name)

    events = desk.desk.table.client.meta.events
    events.register("before-call.dynamodb", note)
    yield made
    events.unregister("before-call.dynamodb", note)


def refs(page: str) -> list[str]:
    return re.findall(r'data-ref="([^"]+)"', page)


@pytest.fixture(scope="module")
def lamps(desk: LocalCloud) -> list[str]:
    """30 tickets about lamps, every third of them urgent."""
    api = Client("pd_test_all_scopes")
    found = [
        new_ref(api, subject=f"Lamp {n}", tags=["lamp"], priority="urgent" if n % 3 == 0 else "low") for n in range(30)
    ]
    desk.settle()
    return found


@pytest.mark.parametrize("view", ["mine", "all", "unassigned", "due-soon", "breached", "spam", "team:support"])
def test_an_inbox_of_25_takes_three_calls_with_every_count(
    signed_in: As, lamps: list[str], calls: list[str], view: str
) -> None:
    browser = signed_in("sam")
    browser.open("/console")
    calls.clear()
    assert browser.open(f"/console?view={view}&limit=25").status == 200
    assert calls == ["Query", "BatchGetItem", "Query"]


def test_a_filter_is_an_address_with_chips_to_take_off(signed_in: As, lamps: list[str]) -> None:
    browser = signed_in("sam")
    browser.open("/console?view=all")
    filters = browser.form("/console").fields
    page = browser.open("/console?view=all&tag=LAMP&priority=urgent&status=").body
    assert "priority" in filters or "tag" in filters
    assert set(refs(page)) == {ref for n, ref in enumerate(lamps) if n % 3 == 0}
    without = unescape(re.findall(r'href="([^"]+)" aria-label="Take off: Priority"', page)[0])
    assert len(refs(browser.open(without).body)) == 30


def test_pages_of_a_filter_say_where_they_stand_and_hold_each_ticket_once(signed_in: As, lamps: list[str]) -> None:
    browser = signed_in("sam")
    first = browser.open("/console?view=all&tag=lamp&limit=25").body
    assert "1–25 of 30" in first
    rest = browser.open(unescape(re.findall(r'href="([^"]+)" rel="next"', first)[0])).body
    assert "26–30 of 30" in rest
    assert sorted(refs(first) + refs(rest)) == sorted(lamps)


@pytest.mark.parametrize("query", ["status=asleep", "due=x", "tag=" + "x" * 101, "view=saved:gone", "cursor=%00"])
def test_an_address_that_can_not_be_is_refused(signed_in: As, query: str) -> None:
    assert signed_in("sam").open(f"/console?{query}").status == 422


def test_a_filter_that_fits_nothing_teaches_what_to_do(signed_in: As, lamps: list[str]) -> None:
    page = signed_in("sam").open("/console?view=all&tag=sofa").body
    assert "Nothing fits." in page
    assert "Without any filter" in page


@pytest.mark.parametrize("view", ["breached", "follow-ups", "spam", "unparsed"])
def test_an_empty_view_says_what_would_be_here(signed_in: As, view: str) -> None:
    assert 'class="empty"' in signed_in("lin").open(f"/console?view={view}").body


def test_an_agent_keeps_a_view_with_its_count_and_takes_it_away(signed_in: As, lamps: list[str]) -> None:
    sam = signed_in("sam")
    sam.open("/console?view=all&tag=lamp&priority=urgent")
    assert "For everybody" not in sam.page.body
    page = sam.send("/console/views", name="  Urgent   lamps ", do="keep").body
    assert "<h1>Urgent lamps</h1>" in page
    assert set(refs(page)) == {ref for n, ref in enumerate(lamps) if n % 3 == 0}
    assert re.search(r'Urgent lamps</span> <span class="count">10<', page)
    assert "Urgent lamps" not in signed_in("ada").open("/console").body
    view_id = re.findall(r'value="forget:([^"]+)"', page)[0]
    sam.send("/console/views", do=f"forget:{view_id}")
    assert "Urgent lamps" not in sam.page.body


def test_a_lead_keeps_a_view_for_everybody_that_an_agent_can_not_change(signed_in: As) -> None:
    lin, sam = signed_in("lin"), signed_in("sam")
    lin.open("/console?view=all&due=overdue")
    page = lin.send("/console/views", name="On fire", everybody="1", do="keep").body
    view_id = re.findall(r'value="forget:([^"]+)"', page)[0]
    shown = sam.open(f"/console?view=saved:{view_id}").body
    assert "<h1>On fire</h1>" in shown
    assert "forget:" not in shown
    token = sam.form("/console/views").fields
    assert sam.post("/console/views", {**token, "do": f"forget:{view_id}", "everybody": "1"}).status == 403
    lin.open(f"/console?view=saved:{view_id}")
    lin.send("/console/views", do=f"up:{view_id}")
    lin.send("/console/views", do=f"forget:{view_id}")
    assert sam.open(f"/console?view=saved:{view_id}").status == 422


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_view_that_can_not_be_kept_is_said_beside_its_field(signed_in: As, name: str) -> None:
    browser = signed_in("sam")
    browser.open("/console?view=all&tag=lamp")
    reply = browser.send("/console/views", name=name, do="keep")
    assert reply.status == 422
    assert 'aria-describedby="wrong-name"' in reply.body
    assert name in reply.body


def test_hostile_fields_never_break_the_inbox(signed_in: As) -> None:
    browser = signed_in("sam")
    for nasty in ("\x00\x1b", "<script>alert(1)</script>", "é" * 5000, "?view=\r\nSet-Cookie: a=b", "//evil.example"):
        browser.open("/console?view=all")
        fields = browser.form("/console/views").fields
        for name in ("name", "base", "back", "form", "do", "tag", "everybody"):
            assert browser.post("/console/views", {**fields, "name": "ok", name: nasty}).status < 500
            assert "<script>alert" not in browser.page.body
