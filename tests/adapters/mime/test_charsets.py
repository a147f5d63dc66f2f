import base64

import pytest

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
