"""Two records become one customer, and two again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.customer import (
    MOST_IDS,
    SEPARABLE,
    Customer,
    Identity,
    IdentityKind,
    Money,
    joined,
    separated,
)
from chalicelib.domain.errors import Conflict, NotFound
from tests.domain.samples import MONDAY

JO = Customer("cjo", "Jo", "jo@x.org", MONDAY, MONDAY, version=1)
WORK = Customer("cwork", "Joanna", "jo@work.org", MONDAY - timedelta(days=9), MONDAY - timedelta(days=2), version=1)
SEPARATED_AT = MONDAY + timedelta(days=3)

TAGS = st.lists(st.sampled_from(["vip", "late", "b2b"]), unique=True).map(tuple)
FIELDS = st.dictionaries(st.sampled_from(["order", "plan"]), st.sampled_from(["17", "free"]))
WORTH = st.none() | st.builds(Money, st.integers(1, 10**6), st.sampled_from(["EUR", "CNY"]))
WHEN = st.none() | st.just(MONDAY - timedelta(days=1))
WORDS = {"tier": st.sampled_from(["", "gold", "free"]), "language": st.sampled_from(["", "de", "zh"])}
CHANGES = st.fixed_dictionaries(
    {"name": st.sampled_from(["", "Jo"]), "tags": TAGS, "fields": FIELDS, "value": WORTH, **WORDS}
)


def merged(one: Customer, *others: Customer) -> Customer:
    for other in others:
        one, _ = joined(one, other, MONDAY, "agent:sam")
    return one


def test_they_are_known_by_all_that_either_was_known_by() -> None:
    phone = Identity(IdentityKind.PHONE, "+49 30 1234")
    both = merged(JO, replace(WORK, identities=(phone,)))
    assert both.known_by == (
        Identity(IdentityKind.EMAIL, "jo@x.org"),
        Identity(IdentityKind.EMAIL, "jo@work.org"),
        phone,
    )
    assert (both.known_since, both.last_seen) == (WORK.first_contact, JO.last_contact)
    assert both.ids == ("cjo", "cwork")


def test_words_that_both_have_stay_the_first_ones_and_what_was_lacking_is_taken_over() -> None:
    both = merged(
        replace(JO, tier="gold", tags=("vip",), fields={"plan": "free"}),
        replace(WORK, tier="free", language="de", tags=("b2b", "vip"), fields={"plan": "pro", "order": "17"}),
    )
    assert (both.name, both.tier, both.language, both.tags) == ("Jo", "gold", "de", ("vip", "b2b"))
    assert both.fields == {"plan": "free", "order": "17"}


@pytest.mark.parametrize(
    ("own", "other", "together"),
    [
        (None, None, None),
        (Money(5, "EUR"), Money(7, "EUR"), Money(12, "EUR")),
        (Money(5, "EUR"), Money(7, "CNY"), Money(5, "EUR")),
        (None, Money(7, "CNY"), Money(7, "CNY")),
        (Money(5, "EUR"), None, Money(5, "EUR")),
    ],
)
def test_what_they_are_worth_adds_up_in_one_currency(own: Money, other: Money, together: Money) -> None:
    assert merged(replace(JO, value=own), replace(WORK, value=other)).value == together


def test_whoever_refused_surveys_by_either_record_has_refused_them() -> None:
    assert merged(JO, replace(WORK, surveys_refused_at=MONDAY)).surveys_refused_at == MONDAY


@given(CHANGES, WHEN, st.lists(st.tuples(CHANGES, WHEN), min_size=1, max_size=3))
def test_what_is_undone_was_never_done(own: dict[str, Any], own_refused: Any, others: list[Any]) -> None:
    before = replace(JO, **own, surveys_refused_at=own_refused)
    parts = [
        replace(WORK, id=f"cwork{number}", email=f"{number}@work.org", **said, surveys_refused_at=refused)
        for number, (said, refused) in enumerate(others)
    ]
    after, pointing = before, []
    for part in parts:
        after, pointer = joined(after, part, MONDAY, "agent:sam")
        pointing.append(pointer)
    for pointer, part in reversed(list(zip(pointing, parts, strict=True))):
        refused = after.surveys_refused_at
        after, back = separated(after, pointer, SEPARATED_AT)
        assert back == replace(part, surveys_refused_at=part.surveys_refused_at or refused)
    assert after == before


def test_what_was_said_since_stays_with_the_first() -> None:
    both, pointer = joined(JO, replace(WORK, tier="gold", tags=("b2b",)), MONDAY, "agent:sam")
    changed = replace(both, tier="platinum", tags=("b2b", "loud"))
    after, _ = separated(changed, pointer, SEPARATED_AT)
    assert (after.tier, after.tags) == ("platinum", ("loud",))


def test_whoever_refuses_surveys_meanwhile_has_refused_them_for_both() -> None:
    both, pointer = joined(JO, WORK, MONDAY, "agent:sam")
    one, other = separated(replace(both, surveys_refused_at=SEPARATED_AT), pointer, SEPARATED_AT)
    assert (one.surveys_refused_at, other.surveys_refused_at) == (SEPARATED_AT, SEPARATED_AT)


def test_a_part_brings_its_own_parts_and_takes_them_along_when_it_goes() -> None:
    work, _ = joined(WORK, replace(WORK, id="cold", email="jo@old.org"), MONDAY, "agent:sam")
    both, pointer = joined(JO, work, MONDAY, "agent:sam")
    assert both.ids == ("cjo", "cwork", "cold")
    assert [identity.value for identity in both.known_by] == ["jo@x.org", "jo@work.org", "jo@old.org"]
    assert separated(both, pointer, SEPARATED_AT) == (JO, work)


def test_after_thirty_days_it_is_too_late() -> None:
    both, pointer = joined(JO, WORK, MONDAY, "agent:sam")
    assert separated(both, pointer, MONDAY + SEPARABLE)[0] == JO
    with pytest.raises(Conflict, match="30 days"):
        separated(both, pointer, MONDAY + SEPARABLE + timedelta(seconds=1))


def test_nobody_is_separated_who_is_no_part() -> None:
    with pytest.raises(NotFound):
        separated(JO, WORK, MONDAY)


def test_a_customer_does_not_grow_without_end() -> None:
    whole = merged(JO, *(replace(WORK, id=f"c{number}") for number in range(MOST_IDS - 1)))
    with pytest.raises(Conflict, match="20 records"):
        joined(whole, WORK, MONDAY, "agent:sam")
