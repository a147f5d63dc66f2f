"""Search by the API: what was said is found, newest first, page by page, with why."""

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref


def said(api: Client, text: str) -> list[str]:
    return [hit["ref"] for hit in api.get("/v1/search", q=text).json["items"]]


def test_words_of_messages_are_found_in_both_languages(api: Client, desk: LocalCloud) -> None:
    lamp = new_ref(api, subject="A lamp", text="It arrived broken.")
    refund = new_ref(api, subject="退款申请", text="订单号 A-17，我要退款。")
    desk.settle()
    assert said(api, "arriv broken") == [lamp]
    assert said(api, "退款") == [refund]
    assert said(api, '"a-17" subject:申请 from:jo status:unsolved') == [refund]
    api.post(f"/v1/tickets/{lamp}/messages", {"kind": "note", "text": "Xylophone?"})
    desk.advance(60)
    assert said(api, "xylophone") == [lamp]
    desk.advance(7200)
    assert said(api, "xylophone") == [lamp]


def test_a_hit_tells_the_ticket_and_where_the_words_stand(api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api, subject="A kettle", text="The kettle is cold.", tags=["vip"])
    desk.settle()
    (hit,) = api.get("/v1/search", q="kettle").json["items"]
    assert (hit["ref"], hit["customer_name"], hit["tags"], hit["shelf"]) == (ref, "Jo", ["vip"], "")
    assert [hit["subject"][start:end] for start, end in hit["subject_marks"]] == ["kettle"]
    assert [hit["excerpt"][start:end] for start, end in hit["excerpt_marks"]] == ["kettle"]


def test_a_reference_and_an_address_are_found_at_once(api: Client) -> None:
    ref = new_ref(api, customer={"email": "kim@customer.org", "name": "Kim"})
    assert said(api, ref) == [ref]
    assert said(api, "Kim@customer.org") == [ref]


def test_what_was_found_comes_page_by_page(api: Client, desk: LocalCloud) -> None:
    refs = []
    for _ in range(3):
        refs.append(new_ref(api, text="A zeppelin"))
        desk.advance(1)
    first = api.get("/v1/search", q="zeppelin", limit=2).json
    rest = api.get("/v1/search", q="zeppelin", limit=2, cursor=first["next_cursor"]).json
    assert [hit["ref"] for hit in (*first["items"], *rest["items"])] == refs[::-1]
    assert (rest["next_cursor"], rest["back_to"]) == (None, None)


def test_spam_is_found_only_where_it_is_asked_for(api: Client, desk: LocalCloud) -> None:
    ref = new_ref(api, text="Cheap pills")
    api.patch(f"/v1/tickets/{ref}", {"shelf": "spam"})
    desk.advance(60)
    assert (said(api, "pills"), said(api, "pills in:spam")) == ([], [ref])


@pytest.mark.parametrize(
    ("query", "field"), [({}, "q"), ({"q": ""}, "q"), ({"q": "x" * 401}, "q"), ({"q": "a", "cursor": "eA"}, "cursor")]
)
def test_what_is_no_question_is_refused(api: Client, query: dict[str, str], field: str) -> None:
    reply = api.get("/v1/search", **query)
    assert (reply.status, reply.field) == (422, field)
