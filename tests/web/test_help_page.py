"""The public form: what is sent becomes one ticket, what is wrong is said beside its field, nothing typed is lost."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import count
from urllib.parse import urlsplit

import pytest

from chalicelib.usecases.change_ticket import load_ticket
from chalicelib.web.call import FIELDS_LIMIT
from infra.local.cloud import LocalCloud
from tests.web.client import Client, Reply

TYPED = {"name": "Jo", "email": "jo@customer.org", "subject": "A lamp", "text": "It is dark.", "website": ""}


@pytest.fixture(scope="module", autouse=True)
def _a_crowd_behind_one_address(desk: LocalCloud) -> None:
    """All of these come from one machine, and more of them than in an hour."""
    settings = desk.desk.settings.load()
    form = replace(settings.help_form, per_address_hourly=0, per_network_hourly=0)
    desk.desk.settings.save(replace(settings, help_form=form))


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
        ("multipart/form-data; boundary=x", b"--x--", 422),
        ("multipart/form-data", b"--x--", 400),
        ("multipart/mixed; boundary=x", b"--x--", 415),
        ("", b"name=Jo", 415),
        ("application/x-www-form-urlencoded", b"\xff\xfe", 400),
        ("application/x-www-form-urlencoded", b"a=1&" * (FIELDS_LIMIT + 1), 400),
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


# ---- what shows that somebody is behind it


def stamped(visitor: Client, **typed: str) -> dict[str, str]:
    """What a browser would send, with the stamp of the form."""
    page = visitor.get("/help").body
    found = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("form", "stamp")}
    return {**TYPED, **{name: match[1] for name, match in found.items() if match}, **typed}


def proven(fields: dict[str, str], bits: int) -> dict[str, str]:
    """The same with the numbers that the form's script finds."""
    found = []
    for puzzle in range(4):
        said = f"{fields['stamp']}:{puzzle}:"
        digests = ((number, hashlib.sha256(f"{said}{number}".encode()).digest()) for number in count())
        found.append(next(number for number, one in digests if int.from_bytes(one[:4]) >> (32 - bits) == 0))
    return {**fields, "proof": ",".join(map(str, found))}


@pytest.fixture
def easy(api: Client) -> Iterator[None]:
    """Puzzles that a test solves in no time."""
    api.patch("/v1/settings", {"help_form": {"proof_bits": 6}})
    yield
    api.patch("/v1/settings", {"help_form": {"proof_bits": 16}})


def test_who_is_too_quick_is_asked_once_more_and_then_taken(stranger: Client, desk: LocalCloud) -> None:
    fields = stamped(stranger, email="quick@customer.org")
    asked = stranger.form("/help", fields)
    assert (asked.status, "That was quick!" in asked.body, "It is dark." in asked.body) == (422, True, True)
    assert f'name="stamp" value="{fields["stamp"]}"' in asked.body
    desk.clock.move_by(timedelta(seconds=4))
    assert stranger.form("/help", fields).status == 201


def test_a_browser_that_did_its_work_may_be_quick(stranger: Client, easy: None) -> None:
    assert stranger.form("/help", proven(stamped(stranger), 6)).status == 201
    assert stranger.form("/help", {**stamped(stranger), "proof": "1,2,3,4"}).status == 422


def test_a_page_that_was_open_for_days_comes_back_with_everything_in_it(
    stranger: Client, desk: LocalCloud, easy: None
) -> None:
    fields = proven(stamped(stranger, text="Very long thoughts."), 6)
    desk.clock.move_by(timedelta(days=2))
    again = stranger.form("/help", fields)
    assert (again.status, "open for very long" in again.body, "Very long thoughts." in again.body) == (422, True, True)
    assert fields["stamp"] not in again.body


def test_the_form_names_its_puzzles_and_the_scripts_of_its_own_host(stranger: Client) -> None:
    page = stranger.get("/help").body
    assert 'data-bits="16"' in page
    scripts = re.findall(r'(?:src|data-worker)="(/static/[^"]+)"', page)
    assert [name.split(".")[0] for name in scripts] == ["/static/uploads", "/static/pages", "/static/proof"]
    for name in scripts:
        assert stranger.get(name).status == 200


def test_topics_stand_in_the_readers_language_and_a_link_chooses_one(stranger: Client, api: Client) -> None:
    topics = [{"id": "refund", "names": {"en": "My money back", "zh": "退款"}, "priority": "high"}]
    assert (
        api.patch("/v1/settings", {"help_form": {"topics": topics, "privacy_url": "https://shop.example/p"}}).status
        == 200
    )
    assert '<option value="refund" selected>My money back</option>' in stranger.get("/help?topic=refund").body
    page = stranger.get("/help?topic=nonsense&lang=zh").body
    assert '<option value="refund">退款</option>' in page
    assert 'href="https://shop.example/p"' in page
    ticket = api.get(f"/v1/tickets/{ref_in(sent(stranger, topic='refund'))}").json
    assert (ticket["category"], ticket["priority"]) == ("refund", "high")
    assert sent(stranger, topic="<script>").status == 201
    api.patch("/v1/settings", {"help_form": {"topics": []}})


def test_the_desks_own_fields_are_asked_for_where_it_wants(stranger: Client, api: Client) -> None:
    fields = [
        {"id": "order", "name": "Order number", "kind": "number", "help": "It is on the <i>bill</i>."},
        {"id": "size", "name": "Size", "kind": "choice", "choices": ["S", "M"]},
        {"id": "inside", "name": "Ours alone"},
    ]
    asked = {"ticket_fields": fields, "help_form": {"fields": ["order", "size", "gone"]}}
    assert api.patch("/v1/settings", asked).status == 200
    page = stranger.get("/help").body
    assert 'aria-describedby="field-order-help"' in page
    assert "the &lt;i&gt;bill" in page
    assert "Ours alone" not in page
    wrong = sent(stranger, **{"field-order": "twelve", "field-size": "XL"})
    assert re.findall(r'id="(field-\w+)-wrong"', wrong.body) == ["field-order", "field-size"]
    assert 'value="twelve"' in wrong.body
    taken = sent(stranger, **{"field-order": "12", "field-size": "", "field-inside": "mine"})
    assert api.get(f"/v1/tickets/{ref_in(taken)}").json["fields"] == {"order": "12"}
    api.patch("/v1/settings", {"help_form": {"fields": []}, "ticket_fields": []})


def test_more_than_a_share_of_an_hour_is_asked_to_come_later_and_loses_nothing(stranger: Client, api: Client) -> None:
    api.patch("/v1/settings", {"help_form": {"per_address_hourly": 1}})
    for _ in range(2):
        reply = sent(stranger, text="Much to say.")
    assert (reply.status, "Much to say." in reply.body, "in an hour" in reply.body) == (429, True, True)
    api.patch("/v1/settings", {"help_form": {"per_address_hourly": 0, "per_network_hourly": 0}})


# ---- files


def multipart(fields: dict[str, str], *files: tuple[str, bytes]) -> bytes:
    """A form as a browser sends it without a script (RFC 7578)."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts += [
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'.encode()
        + content
        for name, content in files
    ]
    return b"".join(b"--cut\r\n" + part + b"\r\n" for part in parts) + b"--cut--\r\n"


def sent_whole(visitor: Client, body: bytes) -> Reply:
    return visitor.send("POST", "/help", body, {"Content-Type": "multipart/form-data; boundary=cut"})


def files_of(api: Client, reply: Reply) -> list[tuple[str, str, int]]:
    [message] = api.get(f"/v1/tickets/{ref_in(reply)}/messages").json["items"]
    return [(file["filename"], file["content_type"], file["size"]) for file in message["attachments"]]


PNG = b"\x89PNG\r\n\x1a\n\xff\xfe\0"


def test_files_come_with_the_form_where_no_script_runs(stranger: Client, api: Client) -> None:
    body = multipart(filled(stranger), ("灯.png", PNG), ("", b""), ("..\\evil.png", b"<svg/onload=alert(1)>"))
    replies = [sent_whole(stranger, body) for _ in range(2)]
    assert [reply.status for reply in replies] == [201, 201]
    assert len({ref_in(reply) for reply in replies}) == 1
    assert files_of(api, replies[0]) == [("灯.png", "image/png", 11), ("evil.png", "application/octet-stream", 21)]


def test_a_form_that_comes_back_still_has_its_files(stranger: Client, api: Client) -> None:
    first = sent_whole(stranger, multipart(filled(stranger, email="jo"), ("lamp.png", PNG)))
    assert (first.status, "lamp.png (1 kB)" in first.body) == (422, True)
    upload = re.search(r'name="upload" value="([^"]+)" checked', first.body)
    form_id = re.search(r'name="form" value="([^"]+)"', first.body)
    assert upload
    assert form_id
    second = stranger.form("/help", {**TYPED, "form": form_id[1], "upload": upload[1]})
    assert files_of(api, second) == [("lamp.png", "image/png", 11)]
    foreign = stranger.form("/help", {**TYPED, "form": "another", "upload": upload[1]})
    assert files_of(api, foreign) == []


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([("a.exe", b"MZ")], "of its kind"),
        ([(f"{number}.txt", b"x") for number in range(11)], "at most 10 files"),
    ],
)
def test_what_the_desk_does_not_take_is_told_beside_the_files(
    stranger: Client, files: list[tuple[str, bytes]], told: str
) -> None:
    reply = sent_whole(stranger, multipart(filled(stranger), *files))
    assert (reply.status, told in reply.body, 'id="file-wrong"' in reply.body) == (422, True, True)
    assert "It is dark." in reply.body


def test_a_scripts_files_have_places_that_only_their_form_can_name(
    stranger: Client, api: Client, desk: LocalCloud
) -> None:
    fields = stamped(stranger, email="script@customer.org")
    asked = {
        "name": "a\u202egnp.lamp",
        "type": "image/png",
        "size": 11,
        "form": fields["form"],
        "stamp": fields["stamp"],
    }
    place = stranger.post("/help/uploads", asked)
    assert (place.status, place.json["type"]) == (201, "image/png")
    key = urlsplit(place.json["url"]).path.lstrip("/")
    desk.desk.aws.client("s3").put_object(Bucket=desk.environment["FILES_BUCKET"], Key=key, Body=PNG)
    desk.clock.move_by(timedelta(seconds=5))
    assert files_of(api, stranger.form("/help", {**fields, "upload": place.json["id"]})) == [
        ("agnp.lamp", "image/png", 11)
    ]


def test_a_file_that_never_arrived_is_asked_for_again(stranger: Client, desk: LocalCloud) -> None:
    fields = stamped(stranger)
    asked = {"name": "a.png", "type": "image/png", "size": 11, "form": fields["form"], "stamp": fields["stamp"]}
    lost = stranger.post("/help/uploads", asked).json["id"]
    desk.clock.move_by(timedelta(seconds=5))
    reply = stranger.form("/help", {**fields, "upload": lost})
    assert (reply.status, "choose them once more" in reply.body) == (422, True)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"size": 20_000_001}, 413),
        ({"size": 0}, 422),
        ({"size": "many"}, 422),
        ({"size": 1e3}, 422),
        ({"name": "a.EXE"}, 422),
        ({"name": None}, 422),
        ({"type": 7}, 422),
        ({"form": "another"}, 410),
        ({"stamp": "made.up"}, 410),
        ({"stamp": {"a": 1}}, 410),
    ],
)
def test_a_place_that_can_not_be_had_is_refused(stranger: Client, change: dict[str, object], status: int) -> None:
    fields = stamped(stranger)
    asked = {"name": "a.png", "type": "image/png", "size": 11, "form": fields["form"], "stamp": fields["stamp"]}
    assert stranger.post("/help/uploads", {**asked, **change}).status == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"--cut", 400),
        (b"--cut\r\n", 400),
        (b"--cut\r\n\r\nno name\r\n--cut--\r\n", 400),
        (b"--cut\r\nContent-Disposition: attachment\r\n\r\nx\r\n--cut--\r\n", 400),
        (multipart({"text": "x"}).replace(b"x\r", b"\xff\xfe\r"), 400),
        (multipart({f"field{number}": "x" for number in range(300)}), 413),
        (multipart({"text": "x" * 1_000_001}), 413),
        (multipart({"text": "x"}, ("a.png", b"x" * 4_500_001)), 413),
        (multipart({"x" * 5000: "y"}), 413),
        (b"--cut\r\n" * 5000, 400),
        (b"\r\n".join(b"--cut" for _ in range(9)) + b"x" * 100_000, 400),
    ],
)
def test_hostile_forms_with_files_are_refused_by_a_page(stranger: Client, body: bytes, status: int) -> None:
    reply = sent_whole(stranger, body)
    assert reply.status == status
    assert "on our side" not in reply.body
