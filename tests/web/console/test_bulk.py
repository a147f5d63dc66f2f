"""Many tickets are changed at once by a plain form; the page says what became of it, and takes it back."""

import re
from collections.abc import Callable

import pytest

from chalicelib.domain.many import UNDO_SECONDS
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]


@pytest.fixture
def refs(api: Client, desk: LocalCloud) -> list[str]:
    """Three tickets, given to whoever had room."""
    found = [new_ref(api) for _ in range(3)]
    desk.settle()
    return found


def value(api: Client, refs: list[str], name: str) -> list[object]:
    return [api.get(f"/v1/tickets/{ref}").json[name] for ref in refs]


def chosen(browser: Browser, **fields: str | list[str]) -> str:
    browser.open("/console?view=all")
    return browser.send("/console/bulk", **fields).body


def test_a_change_is_told_and_taken_back(signed_in: As, api: Client, refs: list[str]) -> None:
    sam = signed_in("sam")
    page = chosen(sam, ref=refs, do="priority:urgent")
    assert 'role="status"' in page
    assert "3 tickets changed: priority: Urgent." in re.sub(r"\s+", " ", page).replace(" .", ".")
    assert value(api, refs, "priority") == ["urgent"] * 3
    assert "3 tickets are as they were before." in sam.send("/console/bulk/undo").body
    assert "/console/bulk/undo" not in sam.page.body
    assert value(api, refs, "priority") == ["normal"] * 3


def test_the_undo_says_what_somebody_changed_meanwhile(signed_in: As, api: Client, refs: list[str]) -> None:
    sam = signed_in("sam")
    chosen(sam, ref=refs, do="tag:", tag="vip")
    api.patch(f"/v1/tickets/{refs[1]}", {"tags": ["other"]})
    page = sam.send("/console/bulk/undo").body
    assert f"{refs[1]}</a>: somebody changed it since" in page
    assert value(api, refs, "tags") == [[], ["other"], []]


def test_a_double_click_is_one_change_and_its_undo_stays(signed_in: As, api: Client, refs: list[str]) -> None:
    sam = signed_in("sam")
    sam.open("/console?view=all")
    form: dict[str, str | list[str]] = {**sam.form("/console/bulk").fields, "ref": refs, "do": "status:pending"}
    first = sam.post("/console/bulk", form).body
    assert "3 tickets changed" in sam.post("/console/bulk", form).body
    undo = sam.form("/console/bulk/undo").fields
    for _ in range(2):
        assert "3 tickets are as they were before." in sam.post("/console/bulk/undo", undo).body
    assert "3 tickets changed" in first
    assert value(api, refs, "status") == ["new"] * 3


def test_all_on_the_page_are_meant_by_one_box(signed_in: As, api: Client, refs: list[str]) -> None:
    chosen(signed_in("sam"), all="1", page_ref=refs, ref=refs[:1], do="untag:", tag="none")
    page = chosen(signed_in("sam"), all="1", page_ref=refs, do="tag:", tag="lamp")
    assert "3 tickets changed" in page
    assert value(api, refs, "tags") == [["lamp"]] * 3


def test_spam_is_marked_and_unmarked(signed_in: As, api: Client, refs: list[str], desk: LocalCloud) -> None:
    sam = signed_in("sam")
    chosen(sam, ref=refs, do="shelf:spam")
    sam.open("/console?view=spam")
    assert refs[0] in sam.page.body
    sam.send("/console/bulk", ref=refs, do="shelf:")
    desk.settle()
    assert refs[0] not in sam.page.body


def test_tickets_are_made_one_and_separate_again(signed_in: As, api: Client, refs: list[str], desk: LocalCloud) -> None:
    sam = signed_in("sam")
    assert "2 tickets changed" in chosen(sam, ref=refs, do="merge:")
    desk.settle()
    assert sorted(map(bool, value(api, refs, "merged_into"))) == [False, True, True]
    assert "2 tickets are as they were before." in sam.send("/console/bulk/undo").body
    assert value(api, refs, "status") == ["new"] * 3


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"do": ""}, "Choose what is to be done."),
        ({"do": "explode:now"}, "Choose what is to be done."),
        ({"do": "status:closed"}, "Choose what is to be done."),
        ({"do": "assign:ada", "ref": []}, "Choose some tickets first"),
        ({"do": "merge:"}, "Choose some tickets first"),
        ({"do": "tag:", "tag": " "}, "Name a tag"),
        ({"do": "assign:gone"}, "at work any more"),
        ({"do": "team:gone"}, "There is no such team"),
    ],
)
def test_a_form_that_can_not_be_done_is_shown_again_with_the_reason(
    signed_in: As, refs: list[str], fields: dict[str, str | list[str]], told: str
) -> None:
    browser = signed_in("sam")
    browser.open("/console?view=all")
    given: dict[str, str | list[str]] = {"ref": refs[:1], **fields}
    reply = browser.send("/console/bulk", None, **given)
    assert (reply.status, told in reply.body) == (422, True)


def test_an_undo_ends_after_a_while_and_is_nobody_else_s(
    signed_in: As, api: Client, refs: list[str], desk: LocalCloud
) -> None:
    sam, ada = signed_in("sam"), signed_in("ada")
    chosen(sam, ref=refs, do="priority:high")
    token = sam.form("/console/bulk/undo").fields["token"]
    ada.open("/console")
    assert "tickets changed" not in ada.open(f"/console?told={token}").body
    own = ada.form("/console/bulk").fields
    assert ada.post("/console/bulk/undo", {**own, "token": token}).status == 422
    desk.advance(UNDO_SECONDS + 1)
    assert "3 tickets changed" in sam.open(f"/console?told={token}").body
    assert "/console/bulk/undo" not in sam.page.body
    assert sam.post("/console/bulk/undo", {**sam.form("/console/bulk").fields, "token": token}).status == 422
    assert value(api, refs, "priority") == ["high"] * 3


@pytest.mark.parametrize(
    "back", ["//evil.example", "?view=mine\r\nX: y", "?view=" + "x" * 3000, "javascript:alert(1)", "?view=é"]
)
def test_the_way_back_never_leads_elsewhere(signed_in: As, refs: list[str], back: str) -> None:
    browser = signed_in("sam")
    browser.open("/console?view=all")
    assert browser.send("/console/bulk", ref=refs[:1], do="tag:", tag="x", back=back).status == 200
    assert browser.address.startswith("/console?view=mine&told=")


@pytest.mark.parametrize("nasty", ["\x00", "x" * 9000, "<script>evil", "é", "0000-0000,1111-1111"])
def test_hostile_fields_never_break_it(signed_in: As, refs: list[str], nasty: str) -> None:
    browser = signed_in("sam")
    browser.open("/console?view=all")
    fields = browser.form("/console/bulk").fields
    for name in ("ref", "do", "tag", "form", "all", "page_ref"):
        reply = browser.post("/console/bulk", {**fields, "ref": refs[:1], "do": "tag:", "tag": "x", name: nasty})
        assert reply.status < 500
        assert "<script>evil" not in reply.body
