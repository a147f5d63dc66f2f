"""Satisfaction surveys: the page behind the signed link, and what the API shows of the answers."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain import survey
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.send_survey import survey_link
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def asked(desk: LocalCloud, api: Client) -> tuple[str, str]:
    """A solved ticket whose survey was sent just now: its reference, and the path of the survey's page."""
    ref = new_ref(api)
    api.patch(f"/v1/tickets/{ref}", {"status": "solved"})
    now, settings = desk.clock.now(), desk.desk.settings.load()
    change_ticket(desk.desk, ref, lambda ticket: survey.sent(ticket, 1, now, settings))
    return ref, survey_link(desk.desk, ref, 1)


def test_a_low_rating_becomes_a_follow_up_that_is_ticked_off(api: Client, asked: tuple[str, str]) -> None:
    ref, path = asked
    assert Client().form(path, {"rating": "1", "comment": "Slow"}).status == 200
    [answer] = api.get(f"/v1/tickets/{ref}/surveys").json["items"]
    assert (answer["rating"], answer["comment"], answer["ticket_ref"]) == (1, "Slow", ref)
    assert answer in api.get("/v1/surveys", limit=100).json["items"]
    ticket = api.get(f"/v1/tickets/{ref}").json
    [follow_up] = ticket["follow_ups"]
    assert (follow_up["reason"], follow_up["done_at"], ticket["open_follow_ups"]) == ("low_rating", None, 1)
    assert [item["ref"] for item in api.get("/v1/tickets", queue="follow-ups").json["items"]] == [ref]
    for _ in range(2):
        done = api.post(f"/v1/tickets/{ref}/follow-ups/{follow_up['id']}/done")
        assert done.status == 200
        assert done.json["open_follow_ups"] == 0
    happened = [event["what"] for event in api.get(f"/v1/tickets/{ref}/events").json["items"]]
    assert happened.count("follow_up_done") == 1
    assert api.get("/v1/tickets", queue="follow-ups").json["items"] == []


def test_looking_at_a_survey_records_nothing(api: Client, asked: tuple[str, str]) -> None:
    ref, path = asked
    before = api.get(f"/v1/tickets/{ref}").json
    for method in ("GET", "HEAD", "GET"):
        reply = Client().send(method, path)
        assert reply.status == 200
        assert (reply.body == "") == (method == "HEAD")
    assert api.get(f"/v1/tickets/{ref}").json == before


def test_a_rating_may_be_changed_and_is_shown_as_it_was_left(api: Client, asked: tuple[str, str]) -> None:
    ref, path = asked
    assert not re.search(r"<input[^>]*checked", Client().get(path).body)
    for rating, comment in (("2", ""), ("5", "A <b>lamp</b>\r\n灯")):
        assert Client().form(path, {"rating": rating, "comment": comment}).status == 200
    page = Client().get(path).body
    assert re.search(r'value="5"[^>]*checked', page)
    assert "A &lt;b&gt;lamp&lt;/b&gt;\n灯" in page
    [answer] = api.get(f"/v1/tickets/{ref}/surveys").json["items"]
    assert (answer["rating"], answer["comment"]) == (5, "A <b>lamp</b>\n灯")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"comment": "kept <i>"}, "rating"),
        ({"rating": "6", "comment": "kept <i>"}, "rating"),
        ({"rating": "٣", "comment": "kept <i>"}, "rating"),
        ({"rating": "4", "comment": "kept <i>" + "x" * 2000}, "comment"),
    ],
)
def test_a_wrong_answer_is_explained_beside_its_field_and_kept(
    api: Client, asked: tuple[str, str], fields: dict[str, str], wrong: str
) -> None:
    ref, path = asked
    reply = Client().form(path, fields)
    assert reply.status == 422
    assert f'id="{wrong}-wrong"' in reply.body
    assert "kept &lt;i&gt;" in reply.body
    assert api.get(f"/v1/tickets/{ref}/surveys").json["items"][0]["rating"] is None


@pytest.fixture
def asking_more(desk: LocalCloud, api: Client) -> None:
    """The desk asks for all three: satisfaction, recommendation and effort."""
    survey_settings = {"survey": {"ask_nps": True, "ask_ces": True}}
    assert api.patch("/v1/settings", survey_settings).status == 200


def test_only_what_the_desk_wants_to_know_is_asked(asked: tuple[str, str]) -> None:
    body = Client().get(asked[1]).body
    assert 'name="rating"' in body
    assert 'name="nps"' not in body
    assert 'name="ces"' not in body


@pytest.mark.usefixtures("asking_more")
def test_recommendation_and_effort_are_asked_on_the_same_page_and_kept(api: Client, asked: tuple[str, str]) -> None:
    ref, path = asked
    body = Client().get(path).body
    numbers = {name: re.findall(rf'name="{name}" value="(\d+)"', body) for name in ("rating", "nps", "ces")}
    assert [len(found) for found in numbers.values()] == [5, 11, 7]
    assert body.count("<legend>") == 3
    assert Client().form(path, {"rating": "4", "nps": "0", "ces": "7"}).status == 200
    [answer] = api.get(f"/v1/tickets/{ref}/surveys").json["items"]
    assert (answer["rating"], answer["nps"], answer["ces"]) == (4, 0, 7)
    assert re.findall(r'name="(\w+)" value="(\d+)"[^>]*checked', Client().get(path).body) == [
        ("rating", "4"),
        ("nps", "0"),
        ("ces", "7"),
    ]
    rated = api.get(f"/v1/tickets/{ref}/events").json["items"][-1]
    assert rated["detail"] == {"survey": "1", "rating": "4", "nps": "0", "ces": "7"}
    assert api.get(f"/v1/tickets/{ref}").json["follow_ups"] == []


@pytest.mark.usefixtures("asking_more")
def test_recommendation_and_effort_may_be_left_out_or_taken_back(api: Client, asked: tuple[str, str]) -> None:
    ref, path = asked
    for fields, kept in (
        ({"rating": "5"}, (5, None, None)),
        ({"rating": "5", "nps": "9", "ces": "3"}, (5, 9, 3)),
        ({"rating": "5", "nps": "", "ces": "3"}, (5, None, 3)),
    ):
        assert Client().form(path, fields).status == 200
        [answer] = api.get(f"/v1/tickets/{ref}/surveys").json["items"]
        assert (answer["rating"], answer["nps"], answer["ces"]) == kept


@pytest.mark.usefixtures("asking_more")
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"rating": "4", "nps": "11", "ces": "7"}, "nps"),
        ({"rating": "4", "nps": "٣", "ces": "7"}, "nps"),
        ({"rating": "4", "nps": "8", "ces": "0"}, "ces"),
        ({"rating": "", "nps": "8", "ces": "7"}, "rating"),
        ({"rating": "4", "nps": "9" * 5000, "ces": "\x00"}, "nps"),
    ],
)
def test_a_number_off_the_scale_is_explained_beside_its_question_and_the_others_stay_chosen(
    api: Client, asked: tuple[str, str], fields: dict[str, str], wrong: str
) -> None:
    ref, path = asked
    reply = Client().form(path, fields)
    assert reply.status == 422
    assert f'id="{wrong}-wrong"' in reply.body
    checked = dict(re.findall(r'name="(\w+)" value="(\d+)"[^>]*checked', reply.body))
    assert checked == {name: said for name, said in fields.items() if name != wrong and said.isprintable()}
    assert api.get(f"/v1/tickets/{ref}/surveys").json["items"][0]["rating"] is None


def test_a_comment_of_what_no_store_can_keep_is_kept_without_it(api: Client, asked: tuple[str, str]) -> None:
    ref, path = asked
    body = b"rating=4&comment=fine%00%ED%A0%80%FF"
    assert Client().send("POST", path, body, FORM).status == 200
    assert api.get(f"/v1/tickets/{ref}/surveys").json["items"][0]["comment"] == "fine\ufffd\ufffd\ufffd\ufffd"


def test_a_link_that_was_cut_is_not_found(asked: tuple[str, str]) -> None:
    _, path = asked
    for method, body in (("GET", None), ("POST", b"rating=5")):
        for cut in (path[:-1], path[:-10], "/s/x", "/s/%00", "/s/" + "x" * 5000, "/s/%FF.a.b", f"{path}x"):
            assert Client().send(method, cut, body, FORM).status == 404


def test_a_link_works_until_the_survey_ends(desk: LocalCloud, asked: tuple[str, str]) -> None:
    _, path = asked
    desk.clock.move_by(timedelta(days=14, seconds=-1))
    assert Client().get(path).status == 200
    desk.clock.move_by(timedelta(seconds=1))
    for method, body in (("GET", None), ("POST", b"rating=5")):
        ended = Client().send(method, path, body, FORM)
        assert (ended.status, "<h1>" in ended.body) == (410, True)


def test_a_survey_speaks_the_tickets_language_unless_asked(api: Client, asked: tuple[str, str]) -> None:
    _, path = asked
    assert 'lang="en"' in Client().get(path, {"Accept-Language": "zh"}).body
    assert 'lang="zh-CN"' in Client().get(f"{path}?lang=zh").body
    assert 'lang="zh-CN"' in Client().form(f"{path}?lang=zh", {"rating": "5"}).body


def test_a_survey_speaks_english_to_whom_the_desk_has_no_texts_for(api: Client, asked: tuple[str, str]) -> None:
    ref, path = asked
    assert api.patch(f"/v1/tickets/{ref}", {"language": "de"}).json["language"] == "de"
    assert 'lang="en"' in Client().get(path).body
