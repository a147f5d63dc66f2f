"""A ticket's page behind its signed link: looking records nothing, what is sent is said once."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

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


def uploaded(visitor: Client, desk: LocalCloud, path: str) -> str:
    """Do what the page's script does, and give the id of the upload."""
    place = visitor.post(f"{path}/uploads", {"name": "lamp.jpg", "type": "image/jpeg", "size": 3})
    assert place.status == 201, place.body
    key = urlsplit(place.json["url"]).path.lstrip("/")
    desk.desk.aws.client("s3").put_object(Bucket=desk.environment["FILES_BUCKET"], Key=key, Body=b"\xff\xd8\xff")
    return str(place.json["id"])


def test_files_go_along_and_alone_and_belong_to_their_page(
    stranger: Client, api: Client, desk: LocalCloud, ref: str, path: str
) -> None:
    upload = uploaded(stranger, desk, path)
    assert stranger.form(path, {**form_in(stranger.get(path)), "text": "", "upload": upload}).status == 303
    page = stranger.get(path).body
    file = re.search(r'href="(/files/[^"]+)" dir="auto">lamp.jpg', page)
    assert file
    assert "response-content-disposition=attachment" in stranger.get(file[1]).headers["Location"]
    other = path_of(desk, new_ref(api, customer={"email": "kim@customer.org"}))
    assert stranger.form(other, {**form_in(stranger.get(other)), "text": "Mine?", "upload": upload}).status == 303
    assert "lamp.jpg" not in stranger.get(other).body


def test_a_page_that_is_none_gives_no_places(stranger: Client, path: str) -> None:
    told = {"name": "lamp.jpg", "type": "image/jpeg", "size": 3}
    assert stranger.post(f"{path}x/uploads", told).status == 404
    assert stranger.post(f"{path}/uploads", {**told, "name": "lamp.exe"}).status == 422


def test_what_came_in_is_told_by_when_it_is_answered(
    stranger: Client, api: Client, desk: LocalCloud, path: str
) -> None:
    assert re.search(
        r"You hear from us by <b><time datetime=[^>]+>today at \d\d:\d\d \(UTC\)</time></b>", stranger.get(path).body
    )
    assert "之前答复您" in stranger.get(f"{path}?lang=zh").body
    desk.clock.move_by(timedelta(days=3))
    assert "We are later than we promised" in stranger.get(path).body


def test_it_can_be_opened_again_with_a_click_and_rated_while_the_survey_is_open(
    stranger: Client, api: Client, desk: LocalCloud, ref: str, path: str
) -> None:
    api.patch(f"/v1/tickets/{ref}", {"status": "solved"})
    desk.advance(26 * 3600)
    page = stranger.get(path)
    assert "Until <b><time" in page.body
    survey = re.search(r'href="(/s/[^"]+)"', page.body)
    assert survey
    assert stranger.get(survey[1]).status == 200
    stranger.form(survey[1], {"rating": "4"})
    assert "/s/" not in stranger.get(path).body
    again = stranger.form(f"{path}?lang=zh", {**form_in(page), "act": "reopen", "text": ""})
    assert again.headers["Location"] == f"{path}?done=reopened&lang=zh"
    assert api.get(f"/v1/tickets/{ref}").json["status"] == "open"
    assert api.get(f"/v1/tickets/{ref}/messages").json["items"][-1]["text"] == "问题还没有解决。"
