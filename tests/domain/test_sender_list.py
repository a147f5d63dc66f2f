"""Senders as an owner lists them: an address, a domain, or everything below one."""

import pytest

from chalicelib.domain.sender_list import is_pattern, listed


@pytest.mark.parametrize(
    ("email", "pattern"),
    [
        ("Jo@Customer.example", "jo@customer.example"),
        ("jo@customer.example", "Customer.example"),
        ("jo@customer.example", "@customer.example"),
        ("jo@mail.customer.example", "*.customer.example"),
        ("jo@a.b.customer.example", "*.customer.example"),
        ("jo@customer.example", "*.customer.example"),
    ],
)
def test_is_on_the_list(email: str, pattern: str) -> None:
    assert is_pattern(pattern)
    assert listed(email, ["nobody@elsewhere.example", pattern])


@pytest.mark.parametrize(
    ("email", "pattern"),
    [
        ("jo@mail.customer.example", "customer.example"),
        ("jo@notcustomer.example", "*.customer.example"),
        ("jo@customer.example.evil.example", "customer.example"),
        ("al@customer.example", "jo@customer.example"),
        ("", "customer.example"),
    ],
)
def test_is_not_on_the_list(email: str, pattern: str) -> None:
    assert not listed(email, [pattern])


@pytest.mark.parametrize("text", ["", "*", "*.", "example", "jo@", "@", "a b.example", "*.*.example", "*.@b.example"])
def test_can_not_be_one(text: str) -> None:
    assert not is_pattern(text)
