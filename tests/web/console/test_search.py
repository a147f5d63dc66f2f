"""The console's search page, as somebody of the desk uses it."""

from collections.abc import Callable
from urllib.parse import quote

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]


def test_what_was_said_is_found_and_shown_with_its_words_marked(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api, subject="My lamp", text="The <b>blue</b> lamp flickers.")
    desk.settle()
    page = signed_in("sam").open("/console/search?q=lamp+flick").body
    assert f"/console/tickets/{ref}" in page
    assert "My <mark>lamp</mark>" in page
    assert "The &lt;b&gt;blue&lt;/b&gt; <mark>lamp</mark> <mark>flickers</mark>." in page
    assert "Jo" in page


def test_a_chinese_reader_finds_chinese_words(signed_in: As, api: Client, desk: LocalCloud) -> None:
    new_ref(api, subject="退款申请", text="我要退款。")
    desk.settle()
    page = signed_in("sam", language="zh-CN").open(f"/console/search?q={quote('退款 状态：未解决')}").body
    assert "<mark>退款</mark>申请" in page
    assert "如何搜索" in page


def test_an_address_leads_to_its_customer_and_their_tickets_at_once(signed_in: As, api: Client) -> None:
    ref = new_ref(api)
    assert ref in signed_in("sam").open("/console/search?q=jo%40customer.org").body


def test_what_is_in_one_s_own_hands_is_asked_for_by_me(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api, assignee_id="sam")
    desk.advance(60)
    assert ref in signed_in("sam").open("/console/search?q=agent:me").body
    assert ref not in signed_in("ada").open("/console/search?q=agent:me").body


def test_there_are_further_ones(signed_in: As, api: Client, desk: LocalCloud) -> None:
    refs = [new_ref(api) for _ in range(27)]
    desk.settle()
    browser = signed_in("sam")
    first = browser.open("/console/search?q=lamp").body
    link = first.partition('class="more"><a href="')[2].partition('"')[0].replace("&amp;", "&")
    second = browser.open(link).body
    assert [sum(f'data-ref="{ref}"' in page for ref in refs) for page in (first, second)] == [25, 2]


def test_one_who_asks_nothing_is_told_how_to_ask(signed_in: As) -> None:
    reply = signed_in("sam").open("/console/search")
    assert (reply.status, "has:attachment" in reply.body) == (200, True)


def test_a_page_that_this_list_never_gave_is_refused(signed_in: As) -> None:
    assert signed_in("sam").open("/console/search?q=lamp&cursor=eA").status == 422
