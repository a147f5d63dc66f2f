"""Customers in the table: met by address, found again under the same id, whoever was quicker."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.customers import DynamoCustomers
from chalicelib.domain.errors import StaleVersion
from tests.adapters.sample_tickets import NOON
from tests.adapters.watched_table import Watch, watched

LATER = NOON + timedelta(days=1)


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[DynamoCustomers, Watch]]:
    with watched(*any_cloud_table) as (table, watch):
        yield DynamoCustomers(table, lambda: b"secret"), watch


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
        one, other = DynamoCustomers(table, lambda: b"a"), DynamoCustomers(table, lambda: b"b")
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
