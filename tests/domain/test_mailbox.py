"""What an address must look like that somebody types into a form."""

import pytest

from chalicelib.domain.mailbox import LONGEST, is_mailbox


@pytest.mark.parametrize(
    "text",
    [
        "jo@customer.example",
        "jo.doe+desk@mail.customer.example",
        "o'neil_99%x@customer.co.uk",
        "a@b.cd",
        "liming@公司.中国",
        "x" * 64 + "@customer.example",
    ],
)
def test_what_people_have_is_a_mailbox(text: str) -> None:
    assert is_mailbox(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jo",
        "jo@",
        "@customer.example",
        "jo@customer",
        "jo@customer.e",
        "jo@.example",
        "jo@customer..example",
        "jo@@customer.example",
        "李明@example.com",  # SES reaches no letters beyond ASCII before the @
        "jo@customer.example.",
        "jo doe@customer.example",
        " jo@customer.example",
        "jo@customer.example\n",
        "jo@customer.example\r\nBcc: all@customer.example",
        "jo@customer.example, al@customer.example",
        "Jo <jo@customer.example>",
        "jo\x00@customer.example",
        "x" * 65 + "@customer.example",
        "jo@" + "x" * 64 + ".example",
    ],
)
def test_what_is_mistyped_or_meant_to_do_harm_is_none(text: str) -> None:
    assert not is_mailbox(text)


def test_an_address_has_an_end() -> None:
    domain = ".".join(["x" * 60] * 4)
    local = "j" * (LONGEST - len(domain) - 1)
    assert len(f"{local}@{domain}") == LONGEST
    assert is_mailbox(f"{local}@{domain}")
    assert not is_mailbox(f"{local}j@{domain}")
