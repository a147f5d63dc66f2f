"""A customer's page: everything about them, changed by forms, and two who turn out to be one."""

from collections.abc import Callable
from html import unescape

import pytest

from chalicelib.domain import survey
from chalicelib.usecases.change_ticket import change_ticket
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref, new_ticket
from tests.web.console.browser import Browser

As = Callable[..., Browser]


def customer_of(api: Client, email: str, **more: object) -> str:
    found: str = new_ticket(api, customer={"email": email, "name": "Eve"}, **more).json["customer_id"]
    return found


def page_of(browser: Browser, customer: str, query: str = "") -> str:
    reply = browser.open(f"/console/customers/{customer}{query}")
    assert reply.status == 200, reply.body
    return unescape(reply.body)


def test_everything_about_a_customer_stands_on_one_page(signed_in: As, api: Client, desk: LocalCloud) -> None:
    customer = customer_of(api, "all@customer.org", subject="The red lamp")
    desk.advance(60)
    ref = new_ref(api, customer={"email": "all@customer.org"}, subject="The green lamp", priority="urgent")
    desk.settle()
    api.post(f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "A new one", "status": "solved"})
    desk.settle()
    page = page_of(signed_in("sam"), customer)
    for told in ("The red lamp", "The green lamp", "all@customer.org", "Urgent", "Solved", "First response"):
        assert told in page, told
    assert page.index("The green lamp") < page.index("The red lamp")


def test_what_a_customer_thinks_of_us_stands_on_their_page(signed_in: As, api: Client, desk: LocalCloud) -> None:
    customer = customer_of(api, "rated@customer.org")
    [item] = api.get("/v1/tickets", customer=customer).json["items"]
    api.patch(f"/v1/tickets/{item['ref']}", {"status": "solved"})
    now, settings = desk.clock.now(), desk.desk.settings.load()
    change_ticket(desk.desk, item["ref"], lambda ticket: survey.sent(ticket, 1, now, settings))
    change_ticket(desk.desk, item["ref"], lambda ticket: survey.rated(ticket, 1, 4, "", now, settings, nps=0, ces=7))
    page = page_of(signed_in("sam"), customer)
    for told in ("4 of 5", "NPS 0 of 10", "CES 7 of 7"):
        assert told in page, told


def test_a_ticket_leads_to_its_customer_and_an_address_too(signed_in: As, api: Client) -> None:
    customer = customer_of(api, "way@customer.org")
    browser = signed_in("sam")
    browser.open("/console/search?q=way@customer.org")
    assert browser.address == f"/console/customers/{customer}"


def test_what_is_typed_is_kept_and_shown_as_it_is_read(signed_in: As, api: Client) -> None:
    customer = customer_of(api, "kept@customer.org")
    browser = signed_in("sam")
    page_of(browser, customer)
    browser.send(
        f"/console/customers/{customer}",
        name="Eve <b>",
        tier="gold",
        language="de",
        tags="vip，B2B, vip",
        value="1234,50",
        currency="eur",
        phone="+49 30 1234",
        fields="Contract: 47:11\nFloor: 3",
    )
    kept = api.get(f"/v1/customers/{customer}").json
    assert (kept["name"], kept["tier"], kept["tags"], kept["language"]) == ("Eve <b>", "gold", ["vip", "B2B"], "de")
    assert (kept["value"], kept["surveys"]) == ({"minor": 123_450, "currency": "EUR"}, False)
    assert kept["fields"] == {"Contract": "47:11", "Floor": "3"}
    assert kept["identities"][1:] == [{"kind": "phone", "value": "+49 30 1234"}]
    assert "Eve <b>" not in browser.page.body
    page = page_of(browser, customer)
    assert "€1,234.50" in page
    assert "German" in page
    assert "wants no surveys" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [("language", "english"), ("value", "much"), ("value", "1.234"), ("name", "x" * 101), ("tags", "x" * 51)],
)
def test_what_can_t_be_is_said_beside_its_field(signed_in: As, api: Client, field: str, typed: str) -> None:
    customer = customer_of(api, "wrong@customer.org")
    before = api.get(f"/v1/customers/{customer}").json
    browser = signed_in("sam")
    page_of(browser, customer)
    reply = browser.send(f"/console/customers/{customer}", **{"currency": "EUR", field: typed})
    assert (reply.status, f'id="wrong-{field}"' in reply.body, typed in reply.body) == (422, True, True)
    assert api.get(f"/v1/customers/{customer}").json == before


def test_notes_are_kept_once_and_can_be_forgotten(signed_in: As, api: Client) -> None:
    customer = customer_of(api, "noted@customer.org")
    browser = signed_in("sam")
    page_of(browser, customer)
    fields = {**browser.form("/notes").fields, "text": "Calls <i>at noon</i>."}
    for _ in range(2):
        browser.post(f"/console/customers/{customer}/notes", fields)
    assert unescape(browser.page.body).count("Calls <i>at noon</i>.") == 1
    assert "<i>" not in browser.page.body
    [note] = api.get(f"/v1/customers/{customer}/notes").json["items"]
    assert note["by"] == "agent:sam"
    browser.post(f"/console/customers/{customer}/notes", {**fields, "forget": note["id"]})
    assert "at noon" not in browser.page.body


def test_an_empty_note_is_refused(signed_in: As, api: Client) -> None:
    customer = customer_of(api, "empty@customer.org")
    browser = signed_in("sam")
    page_of(browser, customer)
    reply = browser.send(f"{customer}/notes", text="  ")
    assert (reply.status, 'id="wrong-note"' in reply.body) == (422, True)


def test_whom_it_would_join_is_shown_before_two_become_one_and_it_can_be_undone(signed_in: As, api: Client) -> None:
    one, other = customer_of(api, "one@customer.org"), customer_of(api, "two@customer.org", subject="The other lamp")
    browser = signed_in("sam")
    asked = page_of(browser, one, "?join=two@customer.org")
    assert "Is this the same person?" in asked
    assert "The other lamp" in asked
    assert api.get(f"/v1/customers/{other}").json["id"] == other
    browser.send(f"{one}/merge")
    assert "These two are one customer now." in browser.page.body
    assert "The other lamp" in browser.page.body
    browser.open(f"/console/customers/{other}")
    assert browser.address == f"/console/customers/{one}"
    browser.send(f"{one}/separate")
    assert "They are two customers again." in browser.page.body
    assert "The other lamp" not in browser.page.body
    assert "The other lamp" in page_of(browser, other)


def test_an_address_from_which_nobody_wrote_can_be_theirs(signed_in: As, api: Client) -> None:
    one = customer_of(api, "first@customer.org")
    browser = signed_in("sam")
    assert "Nobody wrote from this address yet" in page_of(browser, one, "?join=later@customer.org")
    browser.send(f"{one}/merge")
    assert customer_of(api, "later@customer.org") == one


@pytest.mark.parametrize("join", ["nonsense", "self@customer.org", "c0000000000", "<script>"])
def test_who_can_t_be_joined_is_refused_on_the_page(signed_in: As, api: Client, join: str) -> None:
    customer = customer_of(api, "self@customer.org")
    browser = signed_in("sam")
    assert 'id="wrong-join"' in page_of(browser, customer, f"?join={join}")
    fields = {**browser.form("/notes").fields, "other": join}
    reply = browser.post(f"/console/customers/{customer}/merge", fields)
    assert (reply.status, 'id="wrong-join"' in reply.body, "<script>" in reply.body) == (422, True, False)


def test_who_does_not_exist_is_not_found_and_a_stranger_is_asked_to_sign_in(signed_in: As, browser: Browser) -> None:
    assert signed_in("sam").open("/console/customers/c0000000000").status == 404
    assert signed_in("sam").open("/console/customers/nobody").status == 404
    browser.open("/console/customers/c0000000000")
    assert browser.address.startswith("/console/sign-in")


def test_a_customer_is_shown_in_chinese(signed_in: As, api: Client) -> None:
    customer = customer_of(api, "zh@customer.org")
    api.patch(f"/v1/customers/{customer}", {"value": {"minor": 5000, "currency": "CNY"}, "language": "zh"})
    page = page_of(signed_in("sam", language="zh"), customer)
    assert "是同一个人吗？" in page
    assert "¥50.00" in page
    assert "中文" in page
