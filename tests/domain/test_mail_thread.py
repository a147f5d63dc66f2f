"""Mail finds its ticket by what we signed, and by nothing that somebody else could write."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.mail_thread import (
    message_id,
    plain_address,
    reply_address,
    root_id,
    ticket_in_address,
    ticket_in_message_id,
)
from chalicelib.domain.reference import ALPHABET, reference_for
from tests.domain.samples import law

SECRET, FOREIGN = b"a desk's own secret", b"another desk's secret"
ADDRESS = "help@shop.example"
REFERENCES = st.integers(0, 10**6).map(lambda number: reference_for(SECRET, str(number)))
OCCASIONS = st.text(max_size=30)


@law
@given(REFERENCES)
def test_an_answer_to_our_reply_address_finds_its_ticket(ref: str) -> None:
    address = reply_address(SECRET, ref, ADDRESS)
    assert ticket_in_address(SECRET, address) == ref
    assert ticket_in_address(SECRET, address.upper()) == ref
    assert ticket_in_address(SECRET, f"Shop <{address}>") == ref


@law
@given(REFERENCES, OCCASIONS)
def test_a_quoted_message_id_of_ours_finds_its_ticket(ref: str, what: str) -> None:
    for email_id in (message_id(SECRET, ref, what, ADDRESS), root_id(SECRET, ref, ADDRESS)):
        assert ticket_in_message_id(SECRET, email_id) == ref
        assert ticket_in_message_id(SECRET, f" {email_id}\r\n") == ref


@law
@given(REFERENCES, REFERENCES, OCCASIONS)
def test_a_tag_for_one_ticket_never_opens_another(ref: str, other: str, what: str) -> None:
    for told in (
        reply_address(SECRET, ref, ADDRESS),
        message_id(SECRET, ref, what, ADDRESS),
        root_id(SECRET, ref, "a@b"),
    ):
        forged = told.replace(ref.lower(), other.lower())
        found = {ticket_in_address(SECRET, forged), ticket_in_message_id(SECRET, forged)} - {None}
        assert found == ({ref} if ref == other else set())


@law
@given(REFERENCES, st.text(alphabet=ALPHABET.lower(), min_size=8, max_size=8))
def test_a_guessed_tag_opens_nothing(ref: str, guess: str) -> None:
    genuine = reply_address(SECRET, ref, ADDRESS)
    forged = re.sub(r"\.\w{8}@", f".{guess}@", genuine)
    assert ticket_in_address(SECRET, forged) == (ref if forged == genuine else None)


@law
@given(REFERENCES)
def test_what_another_desk_signed_means_nothing_here(ref: str) -> None:
    assert ticket_in_address(SECRET, reply_address(FOREIGN, ref, ADDRESS)) is None
    assert ticket_in_message_id(SECRET, message_id(FOREIGN, ref, "m1", ADDRESS)) is None


@law
@given(st.text())
def test_any_text_at_all_can_be_asked(text: str) -> None:
    assert ticket_in_address(SECRET, text) is None
    assert ticket_in_message_id(SECRET, text) is None


@pytest.mark.parametrize(
    "address", [ADDRESS, "help+@shop.example", "help+7k3f-92qx@shop.example", "help+uuuu-uuuu.12345678@shop.example"]
)
def test_an_address_without_our_signature_names_no_ticket(address: str) -> None:
    assert ticket_in_address(SECRET, address) is None


@law
@given(REFERENCES, OCCASIONS)
def test_a_mail_keeps_its_message_id_and_is_told_from_the_thread_itself(ref: str, what: str) -> None:
    once = message_id(SECRET, ref, what, ADDRESS)
    assert once == message_id(SECRET, ref, what, ADDRESS)
    assert once != root_id(SECRET, ref, ADDRESS)
    assert re.fullmatch(r"<[a-z0-9._-]+@shop\.example>", once)


def test_different_mails_of_a_ticket_have_different_message_ids() -> None:
    occasions = [
        "m1",
        "m2",
        "survey-1",
        "survey-2",
        "survey_reminder-1",
        "acknowledgement",
        "notice-assigned:sam",
    ]
    assert len({message_id(SECRET, "7K3F-92QX", what, ADDRESS) for what in occasions}) == len(occasions)


def test_the_reply_address_is_where_the_desk_takes_mail() -> None:
    address = reply_address(SECRET, "7K3F-92QX", ADDRESS)
    assert re.fullmatch(r"help\+7k3f-92qx\.[0-9a-z]{8}@shop\.example", address)
    assert plain_address(address) == ADDRESS


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("help@shop.example", "help@shop.example"),
        ("help+anything@shop.example", "help@shop.example"),
        ("help+a+b@shop.example", "help@shop.example"),
        ("jo@plus+sign.example", "jo@plus+sign.example"),
    ],
)
def test_an_address_is_plain_without_its_plus_part(address: str, plain: str) -> None:
    assert plain_address(address) == plain
