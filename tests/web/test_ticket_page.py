"""A ticket's page behind its signed link: looking records nothing, what is sent is said once."""

import re

import pytest

from chalicelib.usecases.change_ticket import load_ticket
from chalicelib.usecases.show_ticket import ticket_token
from infra.local.cloud import LocalCloud
from tests.web.client import Client, Reply, new_ref


@pytest.fixture
def ref(api: Client) -> str:
    return new_ref(api, subject="A <b>lamp</b>", text="It is dark & cold.\nSee https://shop.example/lamp.")


@pytest.fixture
def path(desk: LocalCloud, ref: str) -> str:
    return path_of(desk, ref)


def path_of(desk: LocalCloud, ref: str) -> str:
    return f"/t/{ticket_token(desk.desk, load_ticket(desk.desk, ref))}"


def form_in(page: Reply) -> dict[str, str]:
    found = re.search(r'name="form" value="([0-9a-f]+)"', page.body)
    assert found
    return {"form": found[1], "act": "reply"}


def test_looking_at_it_records_nothing(stranger: Client, api: Client, ref: str, path: str) -> None:
    before = api.get(f"/v1/tickets/{ref}").json
    for method in ("GET", "HEAD", "GET"):
        reply = stranger.send(method, path)
        assert (reply.status, reply.body == "") == (200, method == "HEAD")
    assert api.get(f"/v1/tickets/{ref}").json == before


def test_it_shows_what_was_said_and_nothing_that_agents_keep_to_themselves(
    stranger: Client, api: Client, ref: str, path: str
) -> None:
    api.post(f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "<i>On</i> its way.", "cc": ["kim@x.org"]})
    api.post(f"/v1/tickets/{ref}/messages", {"kind": "note", "text": "A difficult one."})
    page = stranger.get(path).body
    assert '<h1 dir="auto">A &lt;b&gt;lamp&lt;/b&gt;</h1>' in page
    assert '<a href="https://shop.example/lamp">https://shop.example/lamp</a>.' in page
    assert "&lt;i&gt;On&lt;/i&gt; its way." in page
    for hidden in ("difficult", "kim@x.org", "jo@customer.org"):
        assert hidden not in page


def test_it_is_kept_out_of_search_engines_and_names_no_referrer(stranger: Client, path: str) -> None:
    reply = stranger.get(path)
    assert '<meta name="robots" content="noindex">' in reply.body
    assert (reply.headers["Referrer-Policy"], reply.headers["Cache-Control"]) == ("no-referrer", "no-store")


def test_what_is_sent_leads_back_to_the_page_and_is_said_once(
    stranger: Client, api: Client, ref: str, path: str
) -> None:
    typed = {**form_in(stranger.get(path)), "text": "Still <b>dark</b>\r\n灯坏了"}
    for _ in range(2):
        sent = stranger.form(path, typed)
        assert (sent.status, sent.headers["Location"]) == (303, f"{path}?done=sent")
    page = stranger.get(sent.headers["Location"]).body
    assert "Thank you, we have it." in page
    assert page.count("Still &lt;b&gt;dark&lt;/b&gt;<br>\n灯坏了") == 1
    assert len(api.get(f"/v1/tickets/{ref}/messages").json["items"]) == 2


def test_solved_by_its_customer_it_opens_again_when_they_write(
    stranger: Client, api: Client, ref: str, path: str
) -> None:
    solved = stranger.form(path, {**form_in(stranger.get(path)), "act": "solve", "text": ""})
    page = stranger.get(solved.headers["Location"]).body
    assert "Thank you for telling us!" in page
    assert 'value="solve"' not in page
    assert api.get(f"/v1/tickets/{ref}").json["status"] == "solved"
    stranger.form(path, {**form_in(stranger.get(path)), "text": "It is dark again."})
    assert api.get(f"/v1/tickets/{ref}").json["status"] == "open"
    assert "We are working on it." in stranger.get(path).body


def test_once_closed_what_is_sent_leads_to_the_new_tickets_page(
    stranger: Client, api: Client, desk: LocalCloud, ref: str, path: str
) -> None:
    api.patch(f"/v1/tickets/{ref}", {"status": "closed"})
    assert "a new request begins" in stranger.get(path).body
    sent = stranger.form(f"{path}?lang=zh", {**form_in(stranger.get(path)), "text": "Dark again."})
    leads_to = sent.headers["Location"]
    assert not leads_to.startswith(path)
    assert leads_to.endswith("?done=begun&lang=zh")
    page = stranger.get(leads_to).body
    assert "这是一个与之前相关的新请求" in page
    assert "Dark again." in page


@pytest.mark.parametrize("fields", [{}, {"text": " \r\n"}, {"text": "x" * 100_001}])
def test_nothing_and_too_much_are_asked_for_again(stranger: Client, path: str, fields: dict[str, str]) -> None:
    reply = stranger.form(path, fields)
    assert (reply.status, 'id="text-wrong"' in reply.body) == (422, True)
    assert fields.get("text", "").strip() in reply.body


def test_writing_without_end_is_answered_by_a_page(stranger: Client, path: str) -> None:
    for number in range(21):
        reply = stranger.form(path, {"form": str(number), "text": "Hello?"})
    assert (reply.status, "Nothing was sent" in reply.body) == (429, True)


def test_a_link_that_was_cut_is_not_found(stranger: Client, path: str) -> None:
    for cut in (path[:-1], path[:-10], "/t/x", "/t/%00", "/t/" + "x" * 5000, f"{path}x"):
        assert stranger.get(cut).status == 404
        assert stranger.form(cut, {"text": "Hello"}).status == 404


def test_an_ended_link_says_how_to_get_another(stranger: Client, desk: LocalCloud, ref: str) -> None:
    token = desk.desk.signer.seal("ticket", {"ref": ref, "customer": "somebody else"})
    reply = stranger.get(f"/t/{token}")
    assert (reply.status, "support@example.com" in reply.body) == (410, True)


def test_it_speaks_the_tickets_language_unless_asked(
    stranger: Client, api: Client, desk: LocalCloud, ref: str, path: str
) -> None:
    assert "我们已收到您的请求" in stranger.get(f"{path}?lang=zh").body
    api.patch(f"/v1/tickets/{ref}", {"language": "zh"})
    page = stranger.get(path, {"Accept-Language": "en"})
    assert 'lang="zh-CN"' in page.body


def test_links_stay_where_the_desk_is_mounted(desk: LocalCloud, path: str) -> None:
    visitor = Client(stage="/api")
    sent = visitor.form(path, {"text": "Hello"})
    assert sent.headers["Location"].startswith(f"/api{path}?")


def test_the_token_is_in_no_log(stranger: Client, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    stranger.get(path)
    stranger.form(path, {"text": "Hello"})
    stranger.get(f"{path}x")
    assert path.rpartition(".")[2] not in "".join(capsys.readouterr())
