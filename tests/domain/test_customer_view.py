"""What a customer may read of a ticket, and how it stands in their terms."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.customer_view import Next, Standing, next_step, open_survey, seen_by, standing
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.sla import Clock
from chalicelib.domain.ticket import Requester, Status, Survey, Ticket
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


def clock(metric: str, minutes: int, *, broken: bool = False, ended: bool = False) -> Clock:
    due = MONDAY + timedelta(minutes=minutes)
    return Clock(
        metric=metric, number=1, policy_id="p", business_time=False, target=60, used=0.0, state="running",
        started_at=MONDAY, due_at=due, warn_at=None, fulfilled_at=None, breached_at=due if broken else None,
        segments=(), ended_at=due if ended else None,
    )  # fmt: skip


def test_what_is_promised_is_told_by_the_earliest_clock_that_counts_to_a_word_from_us() -> None:
    clocks = [
        clock("resolution", 5),
        clock("next_response", 30),
        clock("progress_update", 20),
        clock("first_response", 1, ended=True),
    ]
    assert next_step(ticket_of("jo"), Standing.IN_WORK, clocks) == (Next.ANSWER, MONDAY + timedelta(minutes=20))
    assert next_step(ticket_of("jo"), Standing.IN_WORK, clocks[:1]) == (Next.SOON, None)


def test_a_broken_promise_is_owned_up_to_and_no_other_is_named() -> None:
    clocks = [clock("first_response", -5, broken=True), clock("progress_update", 20)]
    assert next_step(ticket_of("jo"), Standing.RECEIVED, clocks) == (Next.LATE, None)


def test_whose_turn_it_is_is_told_where_nothing_is_promised() -> None:
    told = {how: next_step(ticket_of("jo"), how, [clock("next_response", 5)])[0] for how in Standing}
    assert (told[Standing.ASKED], told[Standing.ELSEWHERE], told[Standing.CLOSED]) == (
        Next.YOUR_TURN,
        Next.NEWS,
        Next.NOTHING,
    )


def test_a_solved_ticket_says_until_when_it_opens_again() -> None:
    closing = replace(ticket_of("jo"), agenda=(Entry(MONDAY, Task.CLOSE),))
    assert next_step(closing, Standing.SOLVED, []) == (Next.CLOSES, MONDAY)
    assert next_step(ticket_of("jo"), Standing.SOLVED, []) == (Next.NOTHING, None)


def test_a_survey_is_offered_until_it_is_answered_or_over() -> None:
    asked = Survey(2, MONDAY, MONDAY + timedelta(days=1))
    ticket = replace(ticket_of("jo"), surveys=(Survey(1, MONDAY, asked.expires_at, rating=3), asked))
    assert open_survey(ticket, MONDAY) == asked
    assert open_survey(ticket, asked.expires_at) is None
    assert open_survey(replace(ticket, surveys=ticket.surveys[:1]), MONDAY) is None
