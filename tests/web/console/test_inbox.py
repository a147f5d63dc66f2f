"""The inbox and a ticket's page, as somebody of the desk uses them by plain forms."""

from collections.abc import Callable
from html import unescape

import pytest

from chalicelib.domain.draft import UNDO_SECONDS
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]


def test_a_list_says_who_wrote_what_and_which_promise_presses(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api, subject="The blue lamp flickers")
    desk.settle()
    page = signed_in("sam").open("/console?view=all").body
    assert ref in page
    assert "The blue lamp flickers" in page
    assert "First response" in page


@pytest.mark.parametrize(
    "view",
    ["mine", "unassigned", "all", "due-soon", "breached", "follow-ups", "done", "spam", "unparsed", "team:support"],
)
def test_every_view_opens(signed_in: As, view: str) -> None:
    assert signed_in("sam").open(f"/console?view={view}").status == 200


@pytest.mark.parametrize("view", ["nothing", "team:nobody", "<script>"])
def test_a_view_that_is_none_is_refused(signed_in: As, view: str) -> None:
    assert signed_in("sam").open(f"/console?view={view}").status == 422


def test_what_is_overdue_stands_under_overdue_and_what_is_nearly_due_under_soon(
    signed_in: As, api: Client, desk: LocalCloud
) -> None:
    ref = new_ref(api, subject="Urgent, please")
    desk.settle()
    browser = signed_in("sam")
    assert ref in browser.open("/console?view=due-soon").body
    assert ref not in browser.open("/console?view=breached").body
    desk.advance(3600)
    assert ref in browser.open("/console?view=breached").body


def test_rows_come_again_only_when_they_changed(signed_in: As, api: Client, desk: LocalCloud) -> None:
    browser = signed_in("sam")
    address = _refreshing(browser.open("/console?view=all").body)
    assert browser.open(address).status == 204
    new_ref(api, subject="Something new")
    assert browser.open(address).status == 200
    assert "Something new" in browser.page.body


def test_several_tickets_are_solved_at_once(signed_in: As, api: Client, desk: LocalCloud) -> None:
    refs = [new_ref(api), new_ref(api)]
    desk.settle()
    browser = signed_in("sam")
    browser.open("/console?view=all")
    assert browser.send("/console/bulk", ref=[*refs, "0000-0000"], do="status:solved").status == 200
    assert [api.get(f"/v1/tickets/{ref}").json["status"] for ref in refs] == ["solved", "solved"]
    assert "2 tickets changed" in browser.page.body
    assert "0000-0000</a>: there is no such ticket" in browser.page.body


def said(api: Client, ref: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["text"]) for one in api.get(f"/v1/tickets/{ref}/messages").json["items"]][1:]


def test_a_reply_goes_out_and_a_note_stays_inside(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    desk.settle()
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    browser.send(f"{ref}/messages", text="Call the courier.", kind="note", status="")
    assert browser.send(f"{ref}/messages", text="It is on its way.", status="pending").status == 200
    desk.advance(UNDO_SECONDS)
    assert said(api, ref) == [("note", "Call the courier."), ("reply", "It is on its way.")]
    assert api.get(f"/v1/tickets/{ref}").json["status"] == "pending"


def test_an_answer_can_be_taken_back_until_it_leaves(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    desk.settle()
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    assert "Take it back" in browser.send(f"{ref}/messages", text="Too hasty.").body
    assert "Too hasty." in browser.send(f"{ref}/undo").body
    assert "Take it back" not in browser.page.body
    desk.advance(UNDO_SECONDS)
    assert said(api, ref) == []
    browser.send(f"{ref}/messages", text="Better.")
    desk.advance(UNDO_SECONDS)
    assert said(api, ref) == [("reply", "Better.")]
    assert "It was too late" in browser.send(f"{ref}/undo").body


def test_what_was_being_written_is_there_again_and_nobody_else_sees_it(
    signed_in: As, api: Client, desk: LocalCloud
) -> None:
    ref = new_ref(api)
    sam, ada = signed_in("sam"), signed_in("ada")
    sam.open(f"/console/tickets/{ref}")
    form = sam.form(f"{ref}/messages")
    assert sam.post(f"/console/tickets/{ref}/draft", {**form.fields, "text": "Half a thou"}).status == 204
    assert "Half a thou" in sam.open(f"/console/tickets/{ref}").body
    assert "Half a thou" not in ada.open(f"/console/tickets/{ref}").body
    sam.post(f"/console/tickets/{ref}/draft", {**form.fields, "text": ""})
    assert "Half a thou" not in sam.open(f"/console/tickets/{ref}").body


def test_copies_go_to_whom_was_named(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    desk.settle()
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    assert browser.send(f"{ref}/messages", text="Hello.", cc="nonsense").status == 422
    browser.send(f"{ref}/messages", text="Hello, both.", cc="boss@customer.org")
    desk.advance(UNDO_SECONDS)
    assert "boss@customer.org" in desk.sent_mail()[-1].recipients


def test_the_same_form_sent_twice_is_one_reply(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    form = browser.form(f"{ref}/messages")
    for _ in range(2):
        browser.post(f"/console/tickets/{ref}/messages", {**form.fields, "text": "Once.", "anyway": "1"})
        desk.advance(UNDO_SECONDS)
    assert said(api, ref) == [("reply", "Once.")]


def test_what_happened_meanwhile_is_shown_before_a_reply_goes_out(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    sam, ada = signed_in("sam"), signed_in("ada")
    for browser in (sam, ada):
        browser.open(f"/console/tickets/{ref}")
    ada.send(f"{ref}/messages", text="I was quicker.")
    desk.advance(UNDO_SECONDS)
    reply = sam.send(f"{ref}/messages", text="Me too.")
    assert reply.status == 409
    assert "Something happened since you opened this ticket" in reply.body
    assert "Me too." in reply.body
    assert sam.send(f"{ref}/messages", text="Me too, still.").status == 200
    desk.advance(UNDO_SECONDS)
    assert said(api, ref) == [("reply", "I was quicker."), ("reply", "Me too, still.")]


def test_an_empty_reply_is_refused_where_it_was_typed(signed_in: As, api: Client) -> None:
    ref = new_ref(api)
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    assert browser.send(f"{ref}/messages", text="   ").status == 422


def test_a_ticket_s_properties_are_changed_by_its_form(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    desk.settle()
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    browser.send(f"/tickets/{ref}", priority="urgent", assignee_id="ada", category="lamps", tags="vip， lamp ,vip")
    ticket = api.get(f"/v1/tickets/{ref}").json
    assert (ticket["priority"], ticket["assignee_id"], ticket["category"]) == ("urgent", "ada", "lamps")
    assert ticket["tags"] == ["vip", "lamp"]


def test_what_customers_write_is_never_taken_for_markup(signed_in: As, api: Client) -> None:
    ref = new_ref(api, subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    page = signed_in("sam").open(f"/console/tickets/{ref}").body
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.parametrize("ref", ["0000-0000", "nonsense", "..%2f"])
def test_a_ticket_that_is_none_is_not_found(signed_in: As, ref: str) -> None:
    assert signed_in("sam").open(f"/console/tickets/{ref}").status == 404


def test_in_chinese_the_console_speaks_chinese(signed_in: As, api: Client) -> None:
    ref = new_ref(api)
    page = signed_in("sam", language="zh-CN,zh;q=0.9").open(f"/console/tickets/{ref}").body
    assert 'lang="zh-Hans"' in page
    assert "发送并解决" in page


def test_what_a_reader_chose_is_remembered(signed_in: As) -> None:
    browser = signed_in("sam")
    browser.post("/console/preferences", {"language": "zh", "theme": "dark", "zone": "Asia/Shanghai"})
    assert 'data-theme="dark"' in browser.page.body
    assert 'data-zone="Asia/Shanghai"' in browser.page.body
    browser.post("/console/preferences", {"language": "xx", "theme": "pink", "zone": "Mars/Olympus", "back": "//evil"})
    assert 'data-zone="Asia/Shanghai"' in browser.page.body
    assert browser.address == "/console"


def _refreshing(page: str) -> str:
    return unescape(page.partition('hx-get="')[2].partition('"')[0])


def test_a_macro_writes_the_answer_and_sets_what_it_sets(signed_in: As, api: Client, desk: LocalCloud) -> None:
    macro = {"id": "vip", "name": "VIP", "texts": {"en": "Dear {customer}: {ref}."}, "status": "solved"}
    api.patch("/v1/settings", {"macros": [{**macro, "priority": "high", "tags": ["vip"]}]})
    ref = new_ref(api, customer={"email": "eve@customer.org", "name": "Eve {agent}"})
    desk.settle()
    browser = signed_in("sam")
    page = browser.open(f"/console/tickets/{ref}?macro=vip").body
    assert f"Dear Eve {{agent}}: {ref}." in page
    browser.send(f"{ref}/messages", text=f"Dear Eve: {ref}.", status="")
    desk.advance(UNDO_SECONDS)
    ticket = api.get(f"/v1/tickets/{ref}").json
    assert (ticket["status"], ticket["priority"], ticket["tags"]) == ("solved", "high", ["vip"])


def test_a_macro_comes_after_what_was_written_already(signed_in: As, api: Client) -> None:
    ref = new_ref(api)
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    form = browser.form(f"{ref}/messages")
    browser.post(f"/console/tickets/{ref}/draft", {**form.fields, "text": "Before."})
    macro = api.get("/v1/settings").json["macros"][0]
    page = browser.open(f"/console/tickets/{ref}?macro={macro['id']}").body
    assert "Before.\n\n" in page


def test_a_draft_remembers_the_macro_that_began_it(signed_in: As, api: Client) -> None:
    ref = new_ref(api)
    macro = api.get("/v1/settings").json["macros"][0]["id"]
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}?macro={macro}")
    browser.post(f"/console/tickets/{ref}/draft", {**browser.form(f"{ref}/messages").fields, "text": "It is done."})
    browser.open(f"/console/tickets/{ref}")
    assert browser.form(f"{ref}/messages").fields["macro"] == macro


def test_who_else_is_writing_is_told_and_what_is_new_comes_by_itself(
    signed_in: As, api: Client, desk: LocalCloud
) -> None:
    ref = new_ref(api)
    desk.settle()
    sam, ada = signed_in("sam"), signed_in("ada")
    address = unescape(sam.open(f"/console/tickets/{ref}").body.partition('id="news"')[2].split('"')[3])
    assert sam.open(address).status == 204
    ada.open(f"/console/tickets/{ref}")
    ada.post(f"/console/tickets/{ref}/draft", {**ada.form(f"{ref}/messages").fields, "text": "Let me"})
    assert "Ada is writing here, too." in sam.open(address).body
    assert "is writing here" not in ada.open(f"/console/tickets/{ref}").body
    desk.advance(600)
    assert sam.open(address).status == 204
    api.post(f"/v1/tickets/{ref}/messages", {"kind": "note", "text": "Psst.", "author_id": "ada"})
    assert "1 new thing happened" in sam.open(address).body


def _news_address(browser: Browser, ref: str) -> str:
    page = browser.open(f"/console/tickets/{ref}").body
    return unescape(page.partition('id="news"')[2].split('"')[3])


def test_who_else_looks_is_told_until_they_leave(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    desk.settle()
    sam, ada = signed_in("sam"), signed_in("ada")
    address = _news_address(sam, ref)
    theirs = _news_address(ada, ref)
    token = ada.form(f"{ref}/messages").fields["form_token"]
    assert ada.post(theirs, {"form_token": token}).status == 204
    assert "Ada is looking at this, too" in sam.open(address).body
    assert ada.open(theirs).status == 204
    assert ada.post(f"{theirs}&gone=1", {"form_token": token}).status == 204
    assert sam.open(address).status == 204
    ada.post(theirs, {"form_token": token})
    desk.advance(90)
    assert sam.open(address).status == 204


def test_nobody_is_present_by_a_form_from_elsewhere(signed_in: As, api: Client) -> None:
    ref = new_ref(api)
    sam = signed_in("sam")
    address = _news_address(sam, ref)
    assert sam.post(address, {}).status == 403


def test_single_letter_keys_can_be_switched_off(signed_in: As) -> None:
    browser = signed_in("sam")
    assert 'data-keys="on"' in browser.open("/console").body
    browser.post("/console/preferences", {"keys": "off"})
    assert 'data-keys="off"' in browser.page.body
    browser.post("/console/preferences", {"theme": "dark", "keys": "nonsense"})
    assert 'data-keys="off"' in browser.page.body


def test_each_promise_is_drawn_and_told_in_words(signed_in: As, api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api)
    desk.settle()
    browser = signed_in("sam")
    browser.open(f"/console/tickets/{ref}")
    browser.send(f"/tickets/{ref}", status="pending")
    desk.advance(600)
    page = browser.open(f"/console/tickets/{ref}").body.partition('id="promises"')[2].partition("</section>")[0]
    assert 'role="img"' in page
    assert "<desc" in page
    assert "paused because it waits for the customer" in page
