"""The public form: what is sent becomes one ticket, what is wrong is said beside its field, nothing typed is lost."""

import re
from html import unescape

import pytest

from chalicelib.usecases.change_ticket import load_ticket
from infra.local.cloud import LocalCloud
from tests.web.client import Client, Reply

TYPED = {"name": "Jo", "email": "jo@customer.org", "subject": "A lamp", "text": "It is dark.", "website": ""}


def filled(visitor: Client, **typed: str) -> dict[str, str]:
    """What a browser would send of a form that was just opened."""
    form_id = re.search(r'name="form" value="([0-9a-f]+)"', visitor.get("/help").body)
    assert form_id
    return {**TYPED, "form": form_id[1], **typed}


def sent(visitor: Client, **typed: str) -> Reply:
    return visitor.form("/help", filled(visitor, **typed))


def ref_in(reply: Reply) -> str:
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", re.sub(r"<style>.*?</style>", "", reply.body, flags=re.DOTALL))
    assert found, reply.body
    return found[0]


def tickets_of(api: Client, email: str) -> list[str]:
    found = api.get("/v1/customers", email=email).json["items"]
    shown = api.get("/v1/tickets", customer=found[0]["id"], limit=100).json["items"] if found else []
    return [one["ref"] for one in shown]


def test_what_is_sent_becomes_a_ticket(stranger: Client, api: Client) -> None:
    reply = sent(stranger, email="Form@Customer.org", text="It is dark.\r\n\r\n灯坏了 🦉")
    assert reply.status == 201
    ticket = api.get(f"/v1/tickets/{ref_in(reply)}").json
    told = (ticket["subject"], ticket["channel"], ticket["requester"])
    assert told == ("A lamp", "form", {"name": "Jo", "email": "form@customer.org"})
    [message] = api.get(f"/v1/tickets/{ticket['ref']}/messages").json["items"]
    assert message["text"] == "It is dark.\n\n灯坏了 🦉"


def test_sent_twice_by_the_same_page_it_is_one_ticket(stranger: Client, api: Client) -> None:
    typed = filled(stranger, email="double@customer.org")
    first, second = (ref_in(stranger.form("/help", typed)) for _ in range(2))
    assert first == second
    assert tickets_of(api, "double@customer.org") == [first]


@pytest.mark.parametrize("change", [{"text": "Another thing."}, {"subject": "Another"}, {"name": "Joanna"}])
def test_going_back_to_write_something_else_makes_another(
    stranger: Client, api: Client, change: dict[str, str]
) -> None:
    typed = filled(stranger, email="back@customer.org")
    assert ref_in(stranger.form("/help", typed)) != ref_in(stranger.form("/help", {**typed, **change}))


def test_a_form_without_its_hidden_field_works_each_time(stranger: Client, api: Client) -> None:
    for _ in range(2):
        assert stranger.form("/help", {**TYPED, "email": "bare@customer.org"}).status == 201
    assert len(tickets_of(api, "bare@customer.org")) == 2


def test_a_hidden_field_of_any_length_does_no_harm(stranger: Client) -> None:
    assert sent(stranger, form="x" * 500_000).status == 201


def test_a_program_that_fills_every_field_is_thanked_and_makes_no_ticket(stranger: Client, api: Client) -> None:
    reply = sent(stranger, email="program@customer.org", website="https://spam.example")
    assert reply.status in (200, 201)
    assert "Thank you" in reply.body
    assert tickets_of(api, "program@customer.org") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", ""),
        ("email", "jo at customer"),
        ("email", "x" * 250 + "@customer.org"),
        ("subject", ""),
        ("subject", " \t "),
        ("subject", "x" * 251),
        ("text", ""),
        ("text", "\r\n"),
        ("text", "x" * 100_001),
        ("name", "x" * 101),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(
    stranger: Client, name: str, value: str
) -> None:
    typed = {"name": "<i>Jo</i>", "subject": 'A "lamp"', "text": "</textarea>It & she", name: value}
    reply = sent(stranger, **typed)
    assert reply.status == 422
    assert f'<p class="wrong" id="{name}-wrong">' in reply.body
    assert f'aria-describedby="{name}-wrong"' in reply.body
    assert reply.body.count('class="wrong"') == 1
    shown = unescape(reply.body)
    for kept in typed.values():
        assert kept.strip() in shown
    assert "<i>Jo" not in reply.body
    assert 'name="form" value="' in reply.body


def test_every_wrong_field_is_named_at_once(stranger: Client) -> None:
    reply = sent(stranger, email="", subject="", text="")
    assert re.findall(r'id="(\w+)-wrong"', reply.body) == ["email", "subject", "text"]


def test_lines_end_as_a_browser_counts_them(stranger: Client) -> None:
    assert sent(stranger, text="x\r\n" * 50_000).status == 201


def test_what_nobody_types_is_left_out(stranger: Client, api: Client) -> None:
    reply = sent(stranger, subject="A\r\nBcc: all@x.org\0 lamp", name="Jo\x1b\n", text="dark\0\x07 here")
    ticket = api.get(f"/v1/tickets/{ref_in(reply)}").json
    assert (ticket["subject"], ticket["requester"]["name"]) == ("A Bcc: all@x.org lamp", "Jo")
    assert api.get(f"/v1/tickets/{ticket['ref']}/messages").json["items"][0]["text"] == "dark here"


def test_the_form_speaks_chinese(stranger: Client) -> None:
    for page in (stranger.get("/help?lang=zh"), stranger.get("/help", {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})):
        assert 'lang="zh-CN"' in page.body
        assert 'action="?lang=zh"' in page.body
    wrong = stranger.form("/help?lang=zh", {**TYPED, "email": ""})
    assert (wrong.status, 'lang="zh-CN"' in wrong.body) == (422, True)
    thanks = stranger.form("/help?lang=zh", {**TYPED, "subject": "灯坏了", "text": "很暗", "name": "王小明"})
    assert (thanks.status, 'lang="zh-CN"' in thanks.body) == (201, True)


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("", "en"),
        ("fr", "en"),
        ("zh", "zh-CN"),
        ("zh;q=0", "en"),
        ("zh;q=0.5, en;q=0.4", "zh-CN"),
        ("en;q=0.4, zh;q=0.5", "zh-CN"),
        ("fr, zh;q=0.1", "zh-CN"),
        ("*", "en"),
        (";;;,,,q=", "en"),
        ("zh;q=high", "zh-CN"),
        ("en;q=٠.٥,zh;q=.", "zh-CN"),
        ("x" * 9000, "en"),
    ],
)
def test_the_browsers_wish_is_heard(stranger: Client, wanted: str, language: str) -> None:
    assert f'<html lang="{language}">' in stranger.get("/help", {"Accept-Language": wanted}).body


@pytest.mark.parametrize("lang", ["fr", "", "../zh", "zh%00", "<script>"])
def test_a_language_that_nobody_speaks_here_is_passed_over(stranger: Client, lang: str) -> None:
    page = stranger.get(f"/help?lang={lang}")
    assert (page.status, '<html lang="en">' in page.body) == (200, True)
    assert "<script>" not in page.body


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("", b"name=Jo", 415),
        ("application/x-www-form-urlencoded", b"\xff\xfe", 400),
        ("application/x-www-form-urlencoded", b"a=1&" * 200, 400),
        ("application/x-www-form-urlencoded", b"text=" + b"x" * 1_000_001, 413),
        ("application/x-www-form-urlencoded", b"", 422),
        ("application/x-www-form-urlencoded", b"email=%FF&text=%ED%A0%80&subject&&&=;", 422),
    ],
)
def test_what_is_no_form_is_refused_by_a_page(stranger: Client, kind: str, body: bytes, status: int) -> None:
    reply = stranger.send("POST", "/help", body, {"Content-Type": kind})
    assert reply.status == status
    assert "<h1>" in reply.body
    assert "on our side" not in reply.body


def test_a_failure_is_a_page_that_tells_nothing_of_itself(
    stranger: Client, desk: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret innards")

    monkeypatch.setattr(desk.desk.customers, "meet", fail)
    reply = stranger.form("/help", TYPED)
    assert (reply.status, "<h1>" in reply.body, "innards" in reply.body) == (500, True, False)
    monkeypatch.setattr(desk.desk.settings, "load", fail)
    reply = stranger.get("/help")
    assert (reply.status, "innards" in reply.body) == (500, False)


def test_a_tickets_message_is_kept_once_however_often_it_is_sent(stranger: Client, desk: LocalCloud) -> None:
    typed = filled(stranger)
    ref = {ref_in(stranger.form("/help", typed)) for _ in range(3)}.pop()
    assert len(load_ticket(desk.desk, ref).timeline) == 1
