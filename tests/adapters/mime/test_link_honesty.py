import pytest

from chalicelib.adapters.mime.link_honesty import misleading
from chalicelib.adapters.mime.safe_html import safe_html
from tests.adapters.mime.received import read


@pytest.mark.parametrize(
    ("text", "target", "leads_to"),
    [
        ("https://bank.example/login", "https://thief.example/", "thief.example"),
        ("bank.example", "https://bank.example.thief.ru/", "bank.example.thief.ru"),
        ("Log in at www.bank.co.uk", "https://www.thief.co.uk/", "www.thief.co.uk"),
        ("help@bank.example", "mailto:help@thief.example?subject=x", "thief.example"),
        ("here", "https://bank.example@thief.example/", "thief.example"),
        ("here", "https://аррӏе.com/", "xn--80ak6aa92e.com"),
        ("here", "https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"),
    ],
)
def test_a_link_that_leads_elsewhere_than_it_says_is_found(text: str, target: str, leads_to: str) -> None:
    assert misleading(text, target) == leads_to


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("www.shop.example", "https://shop.example/a?b=c"),
        ("https://shop.example/", "http://mail.shop.example/click"),
        ("amazon.co.uk", "https://www.amazon.co.uk/x"),
        ("click here", "https://anywhere.example/"),
        ("invoice.pdf, version 1.2.3, e.g. this", "https://files.example/1"),
        ("ann@shop.example", "mailto:ann@shop.example"),
        ("bücher.example", "https://bücher.example/"),
        ("пример.рф", "https://пример.рф/"),
        ("例え.jp", "https://例え.jp/"),
    ],
)
def test_an_honest_link_is_left_alone(text: str, target: str) -> None:
    assert misleading(text, target) == ""


def test_the_mark_is_seen_beside_the_link_and_only_once() -> None:
    html = safe_html("<a href='https://thief.example/x'>https://<b>bank</b>.example</a> now")
    assert html.endswith("https://<b>bank</b>.example</a> <b>[⚠ thief.example]</b> now")
    assert safe_html(html) == html


def test_the_text_of_the_mail_names_the_target_as_it_always_does() -> None:
    got = read(b"Content-Type: text/html\r\n", b"<a href='https://thief.example/'>bank.example</a>")
    assert got.text == "bank.example (https://thief.example/)"
