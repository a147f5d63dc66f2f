"""A new ticket is understood by what its first message says."""

from chalicelib.domain import lifecycle
from chalicelib.usecases.change_ticket import change_ticket
from tests.usecases.fakes import FakeDesk


def test_its_words_set_priority_and_category(desk: FakeDesk) -> None:
    ticket = desk.settled(subject="Refund", text="I was charged twice for this parcel.")
    assert (ticket.priority, ticket.category, ticket.language) == ("high", "refund", "en")


def test_what_it_merely_quotes_does_not_count(desk: FakeDesk) -> None:
    ticket = desk.settled(subject="Hello", text="Thanks!\n> this is urgent, I want a refund", newly_said="Thanks!")
    assert (ticket.priority, ticket.category) == ("normal", "")


def test_a_message_that_says_nothing_new_is_read_whole(desk: FakeDesk) -> None:
    assert desk.settled(subject="Fwd:", text="> this is urgent", newly_said="").priority == "urgent"


def test_its_promises_are_those_of_the_priority_it_turned_out_to_have(desk: FakeDesk) -> None:
    ticket = desk.settled(text="This is urgent!")
    breaches = {entry.about: entry.at for entry in ticket.agenda if entry.task == "sla_breach"}
    assert (breaches["first_response:1"] - ticket.created_at).total_seconds() == 15 * 60


def test_a_later_message_does_not_change_what_the_first_one_said(desk: FakeDesk) -> None:
    ticket = desk.open(subject="Hello", text="A question.")
    change_ticket(
        desk,
        ticket.ref,
        lambda known: lifecycle.customer_wrote(known, "m2", desk.clock.now(), desk.settings.load()),
    )
    assert desk.run(ticket.ref).priority == "normal"


def test_a_ticket_whose_message_is_lost_is_understood_by_its_subject(desk: FakeDesk) -> None:
    ticket = desk.open(subject="This is urgent", text="")
    desk.tickets.messages.clear()
    after = desk.run(ticket.ref)
    assert (after.priority, after.assignee_id) == ("urgent", "ada")
