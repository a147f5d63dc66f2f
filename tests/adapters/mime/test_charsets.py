import base64

import pytest

from chalicelib.adapters.mime.reading import read_email
from tests.adapters.mime.received import read


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gb2312", "您好，我的订单在哪里？"),
        ("big5", "您好，我的訂單在哪裡？"),
        ("shift_jis", "注文はどこですか"),
        ("iso-2022-jp", "注文はどこですか"),
        ("koi8-r", "Где мой заказ?"),
        ("windows-1251", "Где мой заказ?"),
        ("windows-1252", "Où est ma commande – s’il vous plaît"),
        ("euc-kr", "주문은 어디에 있나요"),
        ("utf-7", "Where is my café order"),
        ("utf-16", "Where is it?"),
    ],
)
def test_declared_charsets_are_read(charset: str, text: str) -> None:
    body = base64.b64encode(text.encode(charset))
    got = read(
        b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n", body
    )
    assert (got.text, got.problems) == (text, ())


def test_utf8_is_read_as_such_whatever_the_mail_claims() -> None:
    assert read(b"Content-Type: text/plain; charset=iso-8859-1\r\n", "Größe: 你好".encode()).text == "Größe: 你好"


def test_an_undeclared_charset_is_guessed_and_said_so() -> None:
    text = "您好，我上周下的订单到现在还没有发货，请帮我查一下是什么原因，谢谢。" * 3
    got = read(b"", text.encode("gb18030"))
    assert got.text == text
    assert any("not declared" in problem for problem in got.problems)


@pytest.mark.parametrize(
    "charset", ["punycode", "PUNYCODE-", "unicode escape", "raw_unicode_escape", "idna", "hex", "rot13"]
)
def test_a_codec_that_is_no_charset_is_not_used_however_it_is_spelled(charset: str) -> None:
    got = read(b'Content-Type: text/plain; charset="' + charset.encode() + b'"\r\n', b"\\u0041-\xff\xfe" * 3)
    assert got.text.startswith("\\u0041-")


def test_a_problem_repeats_nothing_unprintable_of_a_charset() -> None:
    got = read(b"Content-Type: text/plain; charset*=utf-8''%0D%0A%E2%80%AE<x>\r\n", "é".encode("latin-1") * 9)
    assert all(problem.isascii() and problem.isprintable() and "<" not in problem for problem in got.problems)


@pytest.mark.parametrize(
    ("country", "charset", "text"),
    [
        ("ru", "koi8-r", "Здравствуйте, где мой заказ?"),
        ("gr", "cp1253", "Πού είναι η παραγγελία μου;"),
        ("tr", "cp1254", "Siparişim nerede? Şimdi değiştirmek istiyorum"),
        ("pl", "iso8859-2", "Gdzie jest moje zamówienie? Proszę o pomoc"),
        ("kr", "euc-kr", "주문은 어디에 있나요? 도와주세요"),
        ("tw", "big5", "您好，我的訂單在哪裡？請幫我查一下"),
    ],
)
def test_short_texts_of_many_scripts_are_guessed(country: str, charset: str, text: str) -> None:
    assert read_email(f"From: a@b.{country}\n\n".encode() + text.encode(charset)).text == text


def test_what_another_part_is_written_in_is_tried_first() -> None:
    raw = b"Subject: =?iso-8859-9?q?=DDyi?=\nFrom: a@b.example\n\n" + "Ağ".encode("cp1254")
    assert read_email(raw).text == "Ağ"


def test_headers_without_charset_are_read_as_the_parts_are() -> None:
    name = "王小明".encode("gb2312")
    raw = b"From: " + name + b' <a@b.cn>\nContent-Type: text/plain; charset="gb2312"\n\n' + "你好".encode("gb2312")
    assert (sender := read_email(raw).sender) is not None
    assert sender.name == "王小明"


def test_another_script_than_the_declared_western_one_is_seen() -> None:
    text = "您好，我上周下的订单到现在还没有发货，请帮我查一下是什么原因。"
    got = read(b"Content-Type: text/plain; charset=iso-8859-1\r\n", text.encode("gb18030"))
    assert (got.text, got.problems) == (text, ("declared as iso-8859-1, read as gb18030",))
    honest = "Où est ma commande ? J'ai déjà payé, ça dure."
    assert read(b"Content-Type: text/plain; charset=iso-8859-1\r\n", honest.encode("cp1252")).text == honest


@pytest.mark.parametrize("charset", ["utf8mb4", "UTF8", "x-utf-8", "utf-8;", "'utf-8'"])
def test_odd_names_of_utf8_are_known(charset: str) -> None:
    got = read(f'Content-Type: text/plain; charset="{charset}"\r\n'.encode(), "Größe".encode())
    assert (got.text, got.problems) == ("Größe", ())


@pytest.mark.parametrize("charset", ["win-1251", "windows1251", "x-cp1251", "1251", "CP-1251"])
def test_odd_names_of_others_are_known(charset: str) -> None:
    assert read(f"Content-Type: text/plain; charset={charset}\r\n".encode(), "Где".encode("cp1251")).text == "Где"


def test_what_is_plainly_utf8_is_that_under_an_asian_name_too() -> None:
    assert read(b"Content-Type: text/plain; charset=gb2312\r\n", "订单在哪里".encode()).text == "订单在哪里"
    assert read(b"Content-Type: text/plain; charset=gb2312\r\n", "模板".encode("gb2312")).text == "模板"
