"""A request becomes a ticket, once however often it is delivered."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.agenda import Task
from chalicelib.domain.errors import AlreadyExists
from chalicelib.domain.message import MessageKind
from chalicelib.domain.reference import reference_for
from chalicelib.domain.ticket import Priority, Shelf, Status
from chalicelib.usecases.open_ticket import MOST_COLLISIONS, NewTicket, message_id_for, open_ticket
from tests.domain.samples import MONDAY
from tests.usecases.fakes import FakeDesk, Nudge

NEW = NewTicket(
    origin="form:1", channel="form", subject="My parcel", text="Where?", email="jo@customer.example", name="Jo"
)


def occupied(desk: FakeDesk, attempts: int) -> None:
    """Let other requests already have the references that the first attempts give."""
    for attempt in range(attempts):
        ref = reference_for(desk.signer.secret(), NEW.origin, attempt)
        desk.put(replace(desk.open(origin=f"other:{attempt}"), ref=ref, version=0))


def test_a_request_becomes_a_ticket_with_its_first_message(desk: FakeDesk) -> None:
    ticket, is_new = open_ticket(desk, NEW)
    assert is_new
    assert ticket == desk.ticket(ticket.ref)
    assert (ticket.status, ticket.channel, ticket.subject, ticket.created_at) == (
        Status.NEW,
        "form",
        "My parcel",
        MONDAY,
    )
    found = desk.tickets.conversation(ticket.ref)
    assert found is not None
    (message,) = found[1]
    assert (message.kind, message.text, message.author_name) == (MessageKind.CUSTOMER, "Where?", "Jo")
    assert message.author == f"customer:{ticket.requester.customer_id}"


def test_its_reference_follows_from_where_it_came_from(desk: FakeDesk) -> None:
    ticket, _ = open_ticket(desk, NEW)
    assert ticket.ref == reference_for(desk.signer.secret(), "form:1")
    assert ticket.has_message(message_id_for(desk.signer.secret(), "form:1"))


def test_delivered_again_it_is_the_ticket_that_it_already_was(desk: FakeDesk) -> None:
    first, _ = open_ticket(desk, NEW)
    desk.run(first.ref)
    desk.clock.move(minutes=5)
    known = desk.ticket(first.ref)
    again, is_new = open_ticket(desk, NEW)
    assert (again, is_new) == (known, False)
    assert len(desk.tickets.kept) == 1
    assert len(desk.tickets.messages) == 1


def test_a_reference_that_another_ticket_has_is_passed_over(desk: FakeDesk) -> None:
    occupied(desk, 2)
    others = dict(desk.tickets.kept)
    ticket, is_new = open_ticket(desk, NEW)
    assert is_new
    assert ticket.ref == reference_for(desk.signer.secret(), NEW.origin, 2)
    assert {ref: desk.ticket(ref) for ref in others} == others
    assert open_ticket(desk, NEW) == (ticket, False)


def test_after_some_collisions_it_is_given_up(desk: FakeDesk) -> None:
    occupied(desk, MOST_COLLISIONS)
    with pytest.raises(AlreadyExists):
        open_ticket(desk, NEW)


def test_the_customer_is_met_and_known_the_next_time(desk: FakeDesk) -> None:
    one, _ = open_ticket(desk, NEW)
    desk.clock.move(days=1)
    two, _ = open_ticket(desk, replace(NEW, origin="form:2", email="JO@customer.example", name=""))
    assert one.requester.customer_id == two.requester.customer_id
    assert two.requester.name == "Jo"
    customer = desk.customers.get(one.requester.customer_id)
    assert customer is not None
    assert (customer.first_contact, customer.last_contact) == (MONDAY, desk.clock.now())


def test_a_customers_tier_counts_from_the_start(desk: FakeDesk) -> None:
    one, _ = open_ticket(desk, NEW)
    desk.customers.kept[one.requester.customer_id] = replace(
        desk.customers.kept[one.requester.customer_id], tier="gold"
    )
    two, _ = open_ticket(desk, replace(NEW, origin="form:2"))
    assert (one.requester.tier, two.requester.tier) == ("", "gold")


def test_what_was_said_of_it_is_taken_over(desk: FakeDesk) -> None:
    told = replace(
        NEW, priority=Priority.HIGH, category="refund", language="zh", tags=("vip",), fields={"order": "1"}, follows="X"
    )
    ticket, _ = open_ticket(desk, told)
    assert (ticket.priority, ticket.category, ticket.language) == ("high", "refund", "zh")
    assert (ticket.tags, ticket.fields, ticket.follows) == (("vip",), {"order": "1"}, "X")


def test_a_worker_is_asked_at_once_and_its_clocks_run(desk: FakeDesk) -> None:
    ticket, _ = open_ticket(desk, NEW)
    assert desk.work.asked == [Nudge(ticket.ref)]
    assert {entry.about for entry in ticket.agenda if entry.task is Task.SLA_BREACH} == {
        "first_response:1",
        "resolution:1",
    }


@pytest.mark.parametrize(
    ("changes", "desk_does", "acknowledged"),
    [
        ({}, True, True),
        ({"acknowledge": False}, True, False),
        ({}, False, False),
        ({"email": ""}, True, False),
        ({"shelf": Shelf.SPAM}, True, False),
    ],
)
def test_the_customer_is_told_that_it_arrived_where_that_is_wanted(
    desk: FakeDesk, changes: dict[str, Any], desk_does: bool, acknowledged: bool
) -> None:
    desk.settings.change(acknowledge=desk_does)
    ticket, _ = open_ticket(desk, replace(NEW, **changes))
    assert any(entry.task is Task.ACKNOWLEDGE for entry in ticket.agenda) is acknowledged


def test_it_can_be_opened_for_an_agent(desk: FakeDesk) -> None:
    ticket = desk.open(assignee_id="sam", team_id="support")
    after = desk.run(ticket.ref)
    assert after.assignee_id == "sam"
    assert desk.people.holding("sam") == {ticket.ref}
    assert desk.people.holding("ada") == set()
