"""What a customer may read of a ticket, and how it stands in their terms."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.customer_view import Standing, seen_by, standing
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.ticket import Requester, Status, Ticket
from tests.conftest import MONDAY

JO, KIM = "customer:jo", "customer:kim"


def ticket_of(customer_id: str, ref: str = "7K3F-92QX") -> Ticket:
    requester = Requester(customer_id, customer_id.title(), f"{customer_id}@customer.example")
    return Ticket(ref, "form:1", "A lamp", requester, "form", MONDAY, MONDAY)


def message(name: str, kind: MessageKind, author: str, minutes: int = 0) -> Message:
    return Message(name, kind, author, author, name, MONDAY + timedelta(minutes=minutes))


def names(seen: tuple[tuple[Ticket, Message], ...]) -> list[str]:
    return [one.id for _, one in seen]


@pytest.mark.parametrize("status", Status)
def test_each_status_has_its_words(status: Status) -> None:
    ticket = replace(ticket_of("jo"), status=status)
    told = {standing(ticket, for_good=False), standing(ticket, for_good=True)}
    assert Standing.CLOSED in told
    assert len(told) == (1 if status is Status.CLOSED else 2)


def test_notes_and_automatic_mail_are_nobodys_to_read() -> None:
    said = [message(kind.value, kind, JO) for kind in MessageKind]
    assert names(seen_by("jo", [(ticket_of("jo"), said)])) == ["customer", "reply"]


def test_what_came_by_several_tickets_is_read_in_the_order_of_time() -> None:
    first = (ticket_of("jo"), [message("a", MessageKind.CUSTOMER, JO), message("c", MessageKind.REPLY, "agent:ada", 9)])
    second = (ticket_of("jo", "ABCD-1234"), [message("b", MessageKind.CUSTOMER, JO, 5)])
    assert names(seen_by("jo", [first, second])) == ["a", "b", "c"]


def test_of_anothers_ticket_they_see_only_what_they_wrote() -> None:
    kims = [
        message("kim asks", MessageKind.CUSTOMER, KIM),
        message("answer", MessageKind.REPLY, "agent:ada", 1),
        message("jo adds", MessageKind.CUSTOMER, JO, 2),
    ]
    jos = [message("jo asks", MessageKind.CUSTOMER, JO, 3), message("to jo", MessageKind.REPLY, "agent:ada", 4)]
    parts = [(ticket_of("kim"), kims), (ticket_of("jo", "ABCD-1234"), jos)]
    assert names(seen_by("jo", parts)) == ["jo adds", "jo asks", "to jo"]
    assert names(seen_by("kim", parts)) == ["kim asks", "answer", "jo adds"]
