"""A customer's message becomes a ticket of its own, and is made a part of the old one again."""

from datetime import timedelta

import pytest

from chalicelib.domain import clock_history, lifecycle
from chalicelib.domain.email import Address, InboundEmail
from chalicelib.domain.errors import Conflict, InvalidInput, NotFound
from chalicelib.domain.mail_thread import reply_address
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.people import Agent
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.hear_customer import hear_customer
from chalicelib.usecases.join_mail import keep_message
from chalicelib.usecases.match_mail import ticket_of_mail
from chalicelib.usecases.merge_tickets import merge_tickets
from chalicelib.usecases.read_conversation import read_conversation
from chalicelib.usecases.split_ticket import split_ticket
from tests.usecases.fakes import FakeDesk, an_email

SAM = "agent:sam"


@pytest.fixture
def desk() -> FakeDesk:
    desk = FakeDesk()
    desk.people.save_agent(Agent("sam", "Sam", "sam@example.com"))
    return desk


def wrote(desk: FakeDesk, ref: str, name: str, text: str = "About the chair") -> str:
    """Let the customer write on, and move an hour."""
    ticket = desk.ticket(ref)
    author = f"customer:{ticket.requester.customer_id}"
    message = Message(
        name, MessageKind.CUSTOMER, author, "Jo", text, desk.clock.now(), email_id=f"<{name}@customer.example>"
    )
    keep_message(desk, message, ticket)
    hear_customer(desk, ref, message)
    desk.run(ref)
    desk.clock.move(hours=1)
    return name


@pytest.fixture
def old(desk: FakeDesk) -> str:
    """A ticket that was answered, on which the customer wrote twice more."""
    ref = desk.settled(assignee_id="sam").ref
    new = NewMessage(origin="a1", kind=MessageKind.REPLY, text="Send it back.", author=SAM, author_name="Sam")
    answer_ticket(desk, ref, new)
    desk.run(ref)
    desk.clock.move(hours=1)
    wrote(desk, ref, "m2")
    wrote(desk, ref, "m3")
    return ref


def texts(desk: FakeDesk, ref: str) -> list[str]:
    found = read_conversation(desk, ref)
    assert found
    return [message.id for message, _ in found[1]]


def split(desk: FakeDesk, ref: str, name: str = "m2", **more: bool) -> Ticket:
    made = split_ticket(desk, ref, name, SAM, subject="The chair", **more)
    desk.run(made.ref)
    desk.run(ref)
    return desk.ticket(made.ref)


def test_it_has_the_customer_the_hands_and_the_time_of_the_message(desk: FakeDesk, old: str) -> None:
    before = desk.ticket(old)
    made = split(desk, old)
    assert (made.requester, made.assignee_id, made.subject) == (before.requester, "sam", "The chair")
    assert made.created_at == next(fact.at for fact in before.timeline if fact.detail.get("message") == "m2")
    assert made.said(Happening.SPLIT_FROM, ticket=old)
    assert desk.ticket(old).said(Happening.SPLIT_OFF, ticket=made.ref, messages="m2")


def test_the_message_is_shown_there_and_no_more_on_the_old_one(desk: FakeDesk, old: str) -> None:
    made = split(desk, old)
    assert texts(desk, made.ref) == ["m2"]
    assert "m2" not in texts(desk, old)
    assert "m3" in texts(desk, old)


def test_what_came_after_it_comes_along_where_that_is_wanted(desk: FakeDesk, old: str) -> None:
    assert texts(desk, split(desk, old, following=True).ref) == ["m2", "m3"]


def test_split_and_told_twice_it_is_one_ticket_and_one_fact_on_each(desk: FakeDesk, old: str) -> None:
    first = split_ticket(desk, old, "m2", SAM)
    assert split_ticket(desk, old, "m2", SAM).ref == first.ref
    desk.run(first.ref)
    assert split(desk, old).ref == first.ref
    assert sum(1 for fact in desk.ticket(old).timeline if fact.what is Happening.SPLIT_OFF) == 1
    assert len(desk.tickets.kept) == 2


def test_merged_into_the_old_one_it_is_undone_and_split_again_it_is_apart(desk: FakeDesk, old: str) -> None:
    whole = texts(desk, old)
    made = split(desk, old)
    merge_tickets(desk, made.ref, old, SAM)
    desk.run(made.ref)
    assert texts(desk, old) == whole
    again = split(desk, old)
    assert (again.ref, again.merged_into) == (made.ref, "")
    assert "m2" not in texts(desk, old)


@pytest.mark.parametrize(("following", "waits"), [(False, "m3"), (True, "")])
def test_what_moved_is_owed_no_answer_on_the_old_ticket(desk: FakeDesk, old: str, following: bool, waits: str) -> None:
    made = split(desk, old, following=following)
    timeline = desk.ticket(old).timeline
    since = next((fact.at for fact in timeline if fact.detail.get("message") == waits), None)
    assert clock_history.read(timeline).waiting_since == since
    assert clock_history.read(made.timeline).waiting_since == made.created_at


def test_a_mail_that_answers_the_message_finds_the_new_ticket_whatever_address_it_went_to(
    desk: FakeDesk, old: str
) -> None:
    made = split(desk, old)
    tagged = reply_address(desk.signer.secret(), old, "help@shop.example")
    plain = an_email(in_reply_to=("<m2@customer.example>",), references=("<m2@customer.example>",))
    assert found(desk, plain) == made.ref
    assert found(desk, an_email(in_reply_to=("<m2@customer.example>",), to=(Address(tagged),))) == made.ref
    assert found(desk, an_email(in_reply_to=("<m3@customer.example>",), to=(Address(tagged),))) == old


def found(desk: FakeDesk, mail: InboundEmail) -> str:
    ticket = ticket_of_mail(desk, mail)
    return ticket.ref if ticket else ""


def test_a_message_of_somebody_else_makes_a_ticket_of_theirs(desk: FakeDesk, old: str) -> None:
    eve = desk.customers.meet("eve@customer.example", "Eve", desk.clock.now())
    message = Message("m4", MessageKind.CUSTOMER, f"customer:{eve.id}", "Eve", "Me too", desk.clock.now())
    keep_message(desk, message, desk.ticket(old))
    hear_customer(desk, old, message)
    assert split(desk, old, "m4").requester.email == "eve@customer.example"


def test_the_first_message_a_reply_and_what_moved_can_t_move(desk: FakeDesk, old: str) -> None:
    facts = {fact.what: fact.detail.get("message", "") for fact in desk.ticket(old).timeline}
    for name in (facts[Happening.OPENED], facts[Happening.AGENT_ANSWERED], "nothing", ""):
        with pytest.raises(InvalidInput):
            split_ticket(desk, old, name, SAM)
    with pytest.raises(NotFound):
        split_ticket(desk, "0000-0000", "m2", SAM)
    with pytest.raises(InvalidInput):
        split_ticket(desk, old, "m2", SAM, subject="x" * 251)


def test_a_part_of_another_ticket_is_not_split(desk: FakeDesk, old: str) -> None:
    merge_tickets(desk, old, desk.settled().ref, SAM)
    with pytest.raises(Conflict):
        split_ticket(desk, old, "m2", SAM)


def test_its_promises_count_from_when_the_customer_wrote(desk: FakeDesk, old: str) -> None:
    made = split(desk, old)
    opened = made.timeline[0]
    assert (opened.what, opened.at) == (Happening.OPENED, made.created_at)
    assert desk.clock.now() - opened.at >= timedelta(hours=2)
    assert lifecycle.DESK not in {fact.by for fact in made.timeline if fact.what is Happening.SPLIT_FROM}
