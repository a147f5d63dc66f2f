"""What a ticket's write consumes is reckoned before it is made: by the rules that the bench holds against DynamoDB."""

from dataclasses import replace

import yaml
from hypothesis import given
from hypothesis import strategies as st

from bench import units
from chalicelib.adapters.capacity import INDEXES, item_size, refused_units, write_units
from chalicelib.adapters.table import Item, Table, packed, unpacked
from chalicelib.adapters.tickets import DynamoTickets
from chalicelib.domain.ticket import Ticket
from tests.adapters.conftest import TEMPLATE
from tests.adapters.sample_tickets import TICKETS, a_ticket, card_for, facts

DEFINED = units.indexes_of(yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["Resources"]["Desk"]["Properties"])
ADAPTER = DynamoTickets(Table(None, "desk"))


def as_written(ticket: Ticket) -> Item:
    return ADAPTER._item(ticket, card_for(ticket))


def as_read(item: Item) -> Item:
    return unpacked(packed(item))


def by_the_bench(before: Item | None, after: Item) -> int:
    return sum(units.write_units(packed(before) if before else None, packed(after), DEFINED).values())


def test_the_indexes_are_those_of_the_template() -> None:
    assert sorted(names[:2] for names in INDEXES) == sorted(index.keys for index in DEFINED)
    copied = {index.keys: {*index.keys, *index.table_keys, *(index.others or ())} for index in DEFINED}
    assert {names[:2]: set(names) for names in INDEXES} == copied


@given(TICKETS)
def test_any_item_has_the_size_that_dynamodb_counts(ticket: Ticket) -> None:
    item = as_written(ticket)
    assert item_size(item) == item_size(as_read(item)) == units.item_size(packed(item))


@given(TICKETS, st.none() | TICKETS)
def test_any_write_costs_what_the_rules_say(after: Ticket, before: Ticket | None) -> None:
    written = as_written(after)
    read = as_read(as_written(before)) if before else None
    assert write_units(read, written) == by_the_bench(read, written)


def test_a_long_ticket_costs_more_and_one_that_moves_to_another_queue_as_well() -> None:
    short = a_ticket()
    long = replace(short, timeline=facts(60), version=2)
    assert write_units(as_written(short), as_written(long)) == by_the_bench(as_written(short), as_written(long)) > 5
    moved = replace(short, team_id="another", version=2)
    same = replace(short, version=2)
    assert write_units(as_written(short), as_written(moved)) == write_units(as_written(short), as_written(same)) + 1


def test_a_refused_write_costs_what_lies_there_at_least_one() -> None:
    assert refused_units(None) == 1
    item = as_written(replace(a_ticket(), timeline=facts(60)))
    assert refused_units(item) == sum(units.refused_write_units(packed(item)).values()) > 1
