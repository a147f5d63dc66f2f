"""What the public form asks, and what shows that somebody is behind it."""

import hashlib
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.help_form import PUZZLES, HelpForm, Proof, Topic, judged, links_in, solves
from tests.domain.samples import MONDAY

FORM = HelpForm(proof_bits=4)
STAMP = "a stamp"


def numbers(stamp: str = STAMP, bits: int = 4) -> str:
    """Find what a browser finds."""
    found = []
    for puzzle in range(PUZZLES):
        for number in count():
            digest = hashlib.sha256(f"{stamp}:{puzzle}:{number}".encode()).hexdigest()
            if int(digest[:8], 16) >> (32 - bits) == 0:
                found.append(str(number))
                break
    return ",".join(found)


def told(age: float | None, proof: str = "", form: HelpForm = FORM) -> Proof:
    shown_at = None if age is None else MONDAY - timedelta(seconds=age)
    return judged(form, STAMP, shown_at, proof, MONDAY)


def test_numbers_that_were_found_prove_it_however_quick_somebody_was() -> None:
    assert [told(age, numbers()) for age in (0, 10, 80_000)] == [Proof.PROVEN] * 3


def test_without_numbers_somebody_may_not_be_quick() -> None:
    assert [told(age) for age in (0, 2.9, 3, 80_000)] == [Proof.TOO_FAST] * 2 + [Proof.UNPROVEN] * 2


def test_a_page_that_was_open_too_long_is_sent_anew_whatever_it_found() -> None:
    assert [told(86_401, proof) for proof in ("", numbers())] == [Proof.TOO_OLD] * 2
    assert told(-120, numbers()) is Proof.TOO_OLD


def test_a_form_without_a_stamp_proves_nothing() -> None:
    assert told(None, numbers()) is Proof.UNPROVEN


def test_where_no_work_is_asked_for_time_is_enough() -> None:
    easy = HelpForm(proof_bits=0)
    assert [told(age, form=easy) for age in (1, 5)] == [Proof.TOO_FAST, Proof.PROVEN]


@pytest.mark.parametrize("proof", ["", "0,0,0,0", "1,2,3", ",,,", "x,y,z,w", "1" * 200, "-1,1e9,0x1,٣"])
def test_what_was_not_found_proves_nothing(proof: str) -> None:
    assert not solves(STAMP, proof.split(","), 16)


def test_numbers_for_another_stamp_or_another_puzzle_prove_nothing() -> None:
    right = numbers(bits=12)
    assert solves(STAMP, right.split(","), 12)
    assert not solves("another stamp", right.split(","), 12)
    assert not solves(STAMP, reversed(right.split(",")), 12)


@pytest.mark.parametrize(
    ("text", "links"),
    [("none", 0), ("https://a.example and http://b.example", 2), ("[url=x]WWW.c.example[/url] <a href=y>", 3)],
)
def test_links_are_counted_however_they_are_written(text: str, links: int) -> None:
    assert links_in(text) == links


def test_a_topic_has_a_name_in_each_language_or_the_one_it_has() -> None:
    assert [Topic("refund", {"en": "Refund", "zh": "退款"}).name(language) for language in ("en", "zh")] == [
        "Refund",
        "退款",
    ]
    assert Topic("refund", {"zh": "退款"}).name("en") == "退款"


def test_topics_that_were_saved_are_read_back_and_a_later_versions_names_passed_over() -> None:
    saved = {"topics": [{"id": "refund", "names": {"en": "Refund"}, "unheard_of": 1}], "unheard_of": 2}
    assert DeskSettings.from_dict({"help_form": saved}).help_form.topic("refund") == Topic("refund", {"en": "Refund"})


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"topics": ({"id": "a", "names": {"en": "A"}},) * 2}, "help_form.topics"),
        ({"topics": ({"id": "A b", "names": {"en": "A"}},)}, "help_form.topics[].id"),
        ({"topics": ({"id": "a", "names": {"fr": "A"}},)}, "help_form.topics[].names"),
        ({"topics": ({"id": "a", "names": {"en": " "}},)}, "help_form.topics[].names"),
        ({"topics": ({"id": "a", "names": {"en": "A"}, "priority": "high!"},)}, "help_form.topics[].priority"),
        ({"privacy_url": "javascript:alert(1)"}, "help_form.privacy_url"),
        ({"proof_bits": 23}, "help_form.proof_bits"),
        ({"most_seconds": 1}, "help_form.most_seconds"),
        ({"per_network_hourly": -1}, "help_form.per_network_hourly"),
    ],
)
def test_what_can_not_be_set_names_what_is_wrong(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        HelpForm(**settings)
    assert refusal.value.field == field
