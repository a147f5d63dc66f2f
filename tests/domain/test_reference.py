"""References: derived, parsed back as people type them, and found in subjects."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.reference import (
    ALPHABET,
    base32,
    derived_code,
    parse_reference,
    reference_for,
    references_in,
)
from tests.domain.samples import law

SECRET = b"a desk's own secret"
ORIGINS = st.text(max_size=60)
REFERENCES = ORIGINS.map(lambda origin: reference_for(SECRET, origin))


@law
@given(ORIGINS)
def test_a_reference_looks_like_one(origin: str) -> None:
    ref = reference_for(SECRET, origin)
    assert len(ref) == 9
    assert ref[4] == "-"
    assert set(ref.replace("-", "")) <= set(ALPHABET)


@law
@given(ORIGINS)
def test_the_same_origin_has_the_same_reference(origin: str) -> None:
    assert reference_for(SECRET, origin) == reference_for(SECRET, origin)


def test_origins_desks_purposes_and_attempts_are_told_apart() -> None:
    codes = [
        reference_for(SECRET, "email:<a@x>"),
        reference_for(SECRET, "email:<b@x>"),
        reference_for(b"another desk", "email:<a@x>"),
        reference_for(SECRET, "email:<a@x>", 1),
        reference_for(SECRET, "email:<a@x>", 2),
        derived_code(SECRET, "message", "email:<a@x>", 8),
        derived_code(SECRET, "reply", "email:<a@x>", 8),
    ]
    assert len(set(codes)) == len(codes)


def test_two_thousand_origins_have_two_thousand_references_and_use_every_symbol_about_alike() -> None:
    references = {reference_for(SECRET, f"email:<{number}@x>") for number in range(2000)}
    assert len(references) == 2000
    counts = Counter("".join(references).replace("-", ""))
    assert set(counts) == set(ALPHABET)
    assert max(counts.values()) < 1.5 * min(counts.values())


def test_an_origin_of_any_bytes_has_a_reference() -> None:
    assert reference_for(SECRET, "email:<\udcff\x00@x>")


@law
@given(st.integers(0, 2**40 - 1))
def test_base32_counts_in_crockfords_alphabet(number: int) -> None:
    code = base32(number, 8)
    assert sum(ALPHABET.index(symbol) * 32**place for place, symbol in enumerate(reversed(code))) == number


def test_crockfords_alphabet_leaves_out_what_is_misread() -> None:
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


@law
@given(REFERENCES)
def test_a_reference_is_read_however_it_is_typed(ref: str) -> None:
    mumbled = ref.replace("0", "o").replace("1", "l")
    for typed in (ref, ref.lower(), ref.replace("-", ""), f"  {ref}\n", mumbled, mumbled.replace("l", "I")):
        assert parse_reference(typed) == ref


@pytest.mark.parametrize(
    "text", ["", "7K3F", "7K3F-92QXX", "7K3F-92Q", "7K3F-92QU", "7K3F 92QX", "7K3F_92QX", "ticket", "７Ｋ３Ｆ９２ＱＸ"]
)
def test_what_is_no_reference_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_reference(text)
    assert refusal.value.field == "ref"


@law
@given(st.text(max_size=12))
def test_whatever_is_read_reads_as_itself(text: str) -> None:
    try:
        ref = parse_reference(text)
    except InvalidInput:
        return
    assert parse_reference(ref) == ref


@law
@given(REFERENCES, st.sampled_from(["", "Re: ", "AW: [EXT] ", "回复："]), st.text(alphabet="abc #[]-", max_size=10))
def test_a_subject_quotes_a_reference_in_brackets(ref: str, before: str, subject: str) -> None:
    assert ref in references_in(f"{before}{subject} [#{ref}]")


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Re: My parcel [#7K3F-92QX]", ("7K3F-92QX",)),
        ("re: my parcel [#7k3f-92qx]", ("7K3F-92QX",)),
        ("[#7K3F-92QX] and [#AAAA-BBBB]", ("7K3F-92QX", "AAAA-BBBB")),
        ("7K3F-92QX", ()),
        ("[7K3F-92QX]", ()),
        ("[#7K3F92QX]", ()),
        ("[#7K3U-92QX]", ()),
        ("", ()),
    ],
)
def test_only_our_own_form_counts_in_a_subject(subject: str, found: tuple[str, ...]) -> None:
    assert references_in(subject) == found
