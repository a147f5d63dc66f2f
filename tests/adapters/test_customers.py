"""Customers in the table: met by address, found again under the same id, whoever was quicker."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.customers import DynamoCustomers
from chalicelib.domain.customer import Customer, CustomerNote, Identity, IdentityKind, Money, joined, separated
from chalicelib.domain.errors import StaleVersion
from tests.adapters.noted import noting
from tests.adapters.sample_tickets import NOON
from tests.adapters.watched_table import Watch, watched

LATER = NOON + timedelta(days=1)


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[DynamoCustomers, Watch]]:
    with watched(*any_cloud_table) as (table, watch):
        yield DynamoCustomers(table, lambda: b"secret", noting(table)), watch


@pytest.fixture
def customers(desk: tuple[DynamoCustomers, Watch]) -> DynamoCustomers:
    return desk[0]


def test_a_customer_is_made_at_the_first_contact_by_one_write(desk: tuple[DynamoCustomers, Watch]) -> None:
    customers, watch = desk
    jo = customers.meet("jo@x.org", "Jo", NOON)
    assert watch.operations() == ["UpdateItem"]
    assert (jo.name, jo.email, jo.first_contact, jo.last_contact, jo.version) == ("Jo", "jo@x.org", NOON, NOON, 1)
    assert customers.get(jo.id) == jo


def test_meeting_again_notes_the_time_and_nothing_else(customers: DynamoCustomers) -> None:
    jo = customers.meet("jo@x.org", "Jo", NOON)
    again = customers.meet("jo@x.org", "Joanna", LATER)
    assert again == replace(jo, last_contact=LATER)
    assert customers.meet("jo@x.org", "Joanna", LATER) == again


def test_an_address_is_the_same_in_capitals(customers: DynamoCustomers) -> None:
    assert customers.meet("jo@x.org", "Jo", NOON).id == customers.meet(" Jo@X.org ", "Jo", NOON).id
    assert customers.id_of("JO@x.org") == customers.id_of("jo@x.org") != customers.id_of("ann@x.org")


def test_an_id_can_not_be_guessed_from_the_address(any_cloud_table: tuple[Any, str]) -> None:
    with watched(*any_cloud_table) as (table, _):
        one, other = (
            DynamoCustomers(table, lambda: b"a", noting(table)),
            DynamoCustomers(table, lambda: b"b", noting(table)),
        )
    assert one.id_of("jo@x.org") != other.id_of("jo@x.org")


def test_a_name_that_was_not_told_at_first_is_learnt_later(customers: DynamoCustomers) -> None:
    assert customers.meet("jo@x.org", "", NOON).name == ""
    assert customers.meet("jo@x.org", "Jo", NOON).name == "Jo"
    assert customers.meet("jo@x.org", "", NOON).name == "Jo"


def test_what_the_desk_wrote_down_stays_when_the_customer_writes_again(customers: DynamoCustomers) -> None:
    jo = customers.meet("jo@x.org", "Jo", NOON)
    saved = customers.save(replace(jo, name="Joanna", tier="gold", language="zh", tags=("vip", "物流")))
    assert saved == replace(jo, name="Joanna", tier="gold", language="zh", tags=("vip", "物流"), version=2)
    assert customers.meet("jo@x.org", "Jo", LATER) == replace(saved, last_contact=LATER)


def test_a_contact_is_no_reason_to_refuse_a_change(customers: DynamoCustomers) -> None:
    jo = customers.meet("jo@x.org", "Jo", NOON)
    customers.meet("jo@x.org", "Jo", LATER)
    assert customers.save(replace(jo, tier="gold")).last_contact == LATER


def test_a_change_made_on_an_old_version_is_refused(customers: DynamoCustomers) -> None:
    jo = customers.meet("jo@x.org", "Jo", NOON)
    customers.save(replace(jo, tier="gold"))
    with pytest.raises(StaleVersion):
        customers.save(replace(jo, tier="silver"))
    found = customers.get(jo.id)
    assert found is not None
    assert found.tier == "gold"


def test_nobody_is_found_who_never_wrote(customers: DynamoCustomers) -> None:
    assert customers.get("cnobody") is None
    with pytest.raises(StaleVersion):
        customers.save(replace(customers.meet("jo@x.org", "Jo", NOON), id="cnobody"))
    assert customers.get("cnobody") is None


def test_a_customer_whose_name_was_taken_away_learns_a_new_one(customers: DynamoCustomers) -> None:
    customers.save(replace(customers.meet("jo@x.org", "Jo", NOON), name=""))
    assert customers.meet("jo@x.org", "Joanna", LATER).name == "Joanna"


def test_everything_that_is_said_of_a_customer_is_kept_and_can_be_taken_away(customers: DynamoCustomers) -> None:
    jo = customers.meet("jo@x.org", "Jo", NOON)
    phone = (Identity(IdentityKind.PHONE, "+49 30 1234"),)
    said = replace(jo, identities=phone, fields={"plan": "free"}, value=Money(12_345, "EUR"), tags=("vip",))
    saved = customers.save(said)
    assert saved == customers.get(jo.id) == replace(said, version=2)
    assert customers.save(replace(jo, version=2)) == replace(jo, version=3)


def test_mail_from_a_merged_address_meets_the_other_by_one_write_more(
    desk: tuple[DynamoCustomers, Watch],
) -> None:
    customers, watch = desk
    jo, work = customers.meet("jo@x.org", "Jo", NOON), customers.meet("jo@work.org", "Joanna", NOON)
    customers.save_both(*joined(jo, work, NOON, "agent:sam"))
    watch.calls.clear()
    met = customers.meet("jo@work.org", "Joanna", LATER)
    assert watch.operations() == ["UpdateItem", "UpdateItem"]
    assert (met.id, met.name, met.last_contact) == (jo.id, "Jo", LATER)
    assert customers.get(work.id) == customers.get(jo.id) == met
    assert met.part(work.id) is not None
    watch.calls.clear()
    customers.meet("jo@x.org", "Jo", LATER)
    assert watch.operations() == ["UpdateItem"]


def test_merging_and_separating_are_kept_as_they_were_decided(customers: DynamoCustomers) -> None:
    jo = customers.save(replace(customers.meet("jo@x.org", "", NOON), value=Money(5, "EUR")))
    work = customers.meet("jo@work.org", "Joanna", NOON)
    work = customers.save(
        replace(
            work, tier="gold", tags=("b2b",), fields={"plan": "pro"}, value=Money(7, "EUR"), surveys_refused_at=NOON
        )
    )
    both, pointer = joined(jo, work, LATER, "agent:sam")
    customers.save_both(both, pointer)
    assert customers.get(jo.id) == replace(both, version=both.version + 1)
    kept = customers.record(work.id)
    assert kept == replace(pointer, version=pointer.version + 1)
    found = customers.get(jo.id)
    assert found is not None
    assert kept is not None
    customers.save_both(*separated(found, kept, LATER))
    assert customers.get(jo.id) == replace(jo, version=jo.version + 2)
    assert customers.get(work.id) == replace(work, version=work.version + 2)


def test_both_are_kept_or_neither(customers: DynamoCustomers) -> None:
    jo, work = customers.meet("jo@x.org", "Jo", NOON), customers.meet("jo@work.org", "Joanna", NOON)
    customers.save(replace(work, tier="gold"))
    with pytest.raises(StaleVersion):
        customers.save_both(*joined(jo, work, NOON, "agent:sam"))
    assert customers.get(jo.id) == jo


def test_a_record_that_nobody_met_yet_is_made_unless_somebody_is_quicker(customers: DynamoCustomers) -> None:
    jo = customers.meet("jo@x.org", "Jo", NOON)
    new = Customer(customers.id_of("jo@work.org"), "", "jo@work.org", NOON, NOON)
    customers.save_both(*joined(jo, new, NOON, "agent:sam"))
    assert customers.meet("jo@work.org", "Jo", LATER).id == jo.id
    both = customers.get(jo.id)
    assert both is not None
    customers.meet("jo@old.org", "Jo", NOON)
    known = Customer(customers.id_of("jo@old.org"), "", "jo@old.org", NOON, NOON)
    with pytest.raises(StaleVersion):
        customers.save_both(*joined(both, known, NOON, "agent:sam"))


def test_notes_lie_beside_their_customer_newest_first_and_each_once(customers: DynamoCustomers) -> None:
    jo, work = customers.meet("jo@x.org", "Jo", NOON), customers.meet("jo@work.org", "Jo", NOON)
    early = CustomerNote("n1", "Calls at noon.", "agent:sam", NOON)
    late = CustomerNote("n2", "发票", "agent:lin", LATER)
    for note in (early, early, replace(early, text="Something else")):
        customers.add_note(jo.id, note)
    customers.add_note(work.id, late)
    assert customers.notes([jo.id, work.id]) == (late, early)
    customers.remove_note(jo.id, "n1")
    assert customers.notes([jo.id, work.id]) == (late,)
    assert customers.get(jo.id) == jo
