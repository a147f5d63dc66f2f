"""Lists of tickets: what each filter finds, and cursors that show every ticket exactly once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.web.call import cursor_for
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref

STEP = timedelta(minutes=1)


def walked(api: Client, /, limit: int = 3, path: str = "/v1/tickets", **query: str) -> list[str]:
    """Give the references of a whole list, page by page."""
    return [item["ref"] for item in items(api, limit, path, **query)]


def items(api: Client, limit: int, path: str, **query: str) -> Iterator[dict[str, str]]:
    cursor = ""
    for _ in range(100):
        page = api.get(path, limit=limit, **query, **({"cursor": cursor} if cursor else {})).json
        assert len(page["items"]) <= limit
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return
    raise AssertionError("the list never ends")


@pytest.fixture(scope="module")
def refs(desk: LocalCloud) -> dict[str, str]:
    """Eleven tickets of all kinds, by what they are; the clock moves on between them."""
    api = Client("pd_test_all_scopes")
    jo, an = {"email": "jo@customer.org"}, {"email": "an@customer.org"}
    opened: dict[str, str] = {}
    for number in range(5):
        opened[f"sams {number}"] = new_ref(api, customer=jo, assignee_id="sam", team_id="support")
        desk.clock.move_by(STEP)
    opened["adas urgent"] = new_ref(api, customer=an, assignee_id="ada", priority="urgent", tags=["vip"])
    opened["waiting in support"] = new_ref(api, customer=an, team_id="support", tags=["vip", "灯"])
    opened["nobodys"] = new_ref(api, customer=an)
    for status in ("pending", "on_hold", "solved", "closed"):
        desk.clock.move_by(STEP)
        opened[status] = new_ref(api, customer=an, assignee_id="ada", tags=["old"])
        assert api.patch(f"/v1/tickets/{opened[status]}", {"status": status}).status == 200
    return opened


def kinds(refs: dict[str, str], *chosen: str) -> set[str]:
    return {ref for kind, ref in refs.items() if kind.startswith(chosen)}


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ({"queue": "agent:sam"}, ("sams",)),
        ({"queue": "team:support"}, ("waiting",)),
        ({"queue": "team:"}, ("nobodys",)),
        ({"queue": "done:2026-11"}, ("solved", "closed")),
        ({"queue": "follow-ups"}, ("none",)),
        ({"queue": "spam"}, ("none",)),
        ({"status": "solved"}, ("solved",)),
        ({"status": "closed"}, ("closed",)),
        ({"status": "pending"}, ("pending",)),
        ({"status": "on_hold"}, ("on_hold",)),
        ({"status": "new"}, ("sams", "adas", "waiting", "nobodys")),
        ({"assignee": "sam"}, ("sams",)),
        ({"assignee_id": "ada"}, ("adas", "pending", "on_hold")),
        ({"assignee": "ada", "status": "closed"}, ("closed",)),
        ({"team": "support"}, ("sams", "waiting")),
        ({"tag": "vip"}, ("adas", "waiting")),
        ({"tag": "灯"}, ("waiting",)),
        ({"tag": "old", "status": "solved"}, ("solved",)),
        ({"priority": "urgent"}, ("adas",)),
        ({"priority": "urgent", "assignee": "sam"}, ("none",)),
        ({}, ("sams", "adas", "waiting", "nobodys", "pending", "on_hold")),
    ],
    ids=str,
)
@pytest.mark.parametrize("limit", [2, 100])
def test_a_list_shows_what_was_asked_for_each_ticket_once(
    api: Client, refs: dict[str, str], query: dict[str, str], chosen: tuple[str, ...], limit: int
) -> None:
    shown = walked(api, limit, **query)
    assert len(shown) == len(set(shown))
    assert set(shown) == kinds(refs, *chosen)


def test_a_customers_list_has_all_their_tickets_newest_first(api: Client, refs: dict[str, str]) -> None:
    [jo] = api.get("/v1/customers", email="jo@customer.org").json["items"]
    shown = walked(api, 2, customer=jo["id"])
    assert shown == [refs[f"sams {number}"] for number in reversed(range(5))]
    assert walked(api, 2, customer_id=jo["id"], status="solved") == []


def test_what_presses_most_comes_first(api: Client, refs: dict[str, str]) -> None:
    shown = list(items(api, 100, "/v1/tickets"))
    assert shown[0]["ref"] == refs["adas urgent"]
    assert [one["due_at"] for one in shown] == sorted(one["due_at"] for one in shown)


def test_a_ticket_that_comes_while_pages_are_read_disturbs_none(api: Client, refs: dict[str, str]) -> None:
    first = api.get("/v1/tickets", limit=4, queue="agent:sam").json
    late = new_ref(api, assignee_id="sam")
    rest = api.get("/v1/tickets", limit=100, queue="agent:sam", cursor=first["next_cursor"]).json
    shown = [one["ref"] for one in first["items"] + rest["items"]]
    api.patch(f"/v1/tickets/{late}", {"status": "closed"})
    assert set(shown) == kinds(refs, "sams") | {late}
    assert len(shown) == 6


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "", "ten", "٣", "1" * 5000, "1e2", " 5"])
@pytest.mark.parametrize("path", ["/v1/tickets", "/v1/surveys"])
def test_a_page_has_1_to_100_entries(api: Client, path: str, limit: str) -> None:
    reply = api.get(path, limit=limit)
    assert (reply.status, reply.field) == (422, "limit")


GARBAGE = ["!!!!", "abc", "=", "%", "Zm9v", "é", cursor_for("nowhere|x") or "", "A" * 5000, "gICA", "bm8gY3Vyc29y\n"]


@pytest.mark.parametrize("cursor", GARBAGE)
def test_a_cursor_that_no_page_gave_is_refused(api: Client, cursor: str) -> None:
    ref = new_ref(api)
    for path in ("/v1/tickets", "/v1/surveys", f"/v1/tickets/{ref}/messages", f"/v1/tickets/{ref}/events"):
        reply = api.get(path, cursor=cursor)
        assert (reply.status, reply.field) == (422, "cursor"), path


def test_a_cursor_of_one_list_is_none_of_another(api: Client, refs: dict[str, str]) -> None:
    cursor = api.get("/v1/tickets", limit=1, queue="agent:sam").json["next_cursor"]
    assert api.get("/v1/tickets", queue="agent:ada", cursor=cursor).field == "cursor"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "done"),
        ("status", ""),
        ("priority", "asap"),
        ("queue", "support"),
        ("queue", "agent:"),
        ("queue", "nonsense:x"),
        ("queue", ""),
        ("customer", ""),
        ("assignee", "x" * 101),
        ("tag", "x" * 3000),
        ("team", ""),
    ],
)
def test_a_filter_that_can_find_nothing_is_refused(api: Client, name: str, value: str) -> None:
    reply = api.get("/v1/tickets", **{name: value})
    assert (reply.status, reply.field) == (422, name)


@pytest.mark.parametrize("query", [{"customer": "nobody"}, {"assignee": "nobody"}, {"team": "none"}, {"tag": "none"}])
def test_a_filter_that_finds_nothing_gives_an_empty_list(api: Client, query: dict[str, str]) -> None:
    reply = api.get("/v1/tickets", **query)
    assert (reply.status, reply.json) == (200, {"items": [], "next_cursor": None})


def test_history_and_messages_are_walked_page_by_page(api: Client) -> None:
    ref = new_ref(api)
    for number in range(4):
        assert api.post(f"/v1/tickets/{ref}/messages", {"kind": "note", "text": f"note {number}"}).status == 201
    said = [one["text"] for one in items(api, 2, f"/v1/tickets/{ref}/messages")]
    assert said == ["It is dark.", "note 0", "note 1", "note 2", "note 3"]
    happened = [one["what"] for one in items(api, 2, f"/v1/tickets/{ref}/events")]
    assert happened == ["opened", *["note_added"] * 4]
