"""Agents and leads are told by mail what needs them; nobody else is, and no machine answers."""

from dataclasses import replace

import pytest

from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.email import OutboundEmail
from chalicelib.domain.mail_thread import ticket_in_message_id
from chalicelib.usecases.notify_agents import notify_agents
from tests.domain.samples import MONDAY
from tests.usecases.fakes import FakeDesk


def told(desk: FakeDesk, about: str, **fields: object) -> list[OutboundEmail]:
    ticket = desk.settled(**fields)
    notify_agents(desk, desk.ticket(ticket.ref), Entry(MONDAY, Task.NOTIFY, about))
    return desk.mailer.sent


@pytest.mark.parametrize(
    ("about", "recipients"),
    [
        ("assigned:ada", {"ada"}),
        ("assigned:sam", {"sam"}),
        ("customer_wrote:m2", {"ada"}),
        ("sla_warned:first_response:1", {"ada", "lin"}),
        ("sla_breached:resolution:2", {"ada", "lin"}),
        ("follow_up:survey_1_low", {"ada", "lin"}),
    ],
)
def test_one_mail_goes_to_whom_it_concerns(desk: FakeDesk, about: str, recipients: set[str]) -> None:
    (mail,) = told(desk, about)
    assert {to.email for to in mail.to} == {f"{name}@shop.example" for name in recipients}


def test_an_agent_who_leads_is_told_once(desk: FakeDesk) -> None:
    desk.people.teams["support"] = replace(desk.people.teams["support"], lead_ids=("ada", "lin"))
    (mail,) = told(desk, "sla_breached:resolution:1")
    assert sorted(to.email for to in mail.to) == ["ada@shop.example", "lin@shop.example"]


def test_whoever_left_is_told_nothing(desk: FakeDesk) -> None:
    ticket = desk.settled()
    for name in ("ada", "lin"):
        desk.people.agents[name] = replace(desk.people.agents[name], active=False)
    notify_agents(desk, ticket, Entry(MONDAY, Task.NOTIFY, "sla_breached:resolution:1"))
    assert desk.mailer.sent == []


def test_whoever_has_no_address_is_told_nothing(desk: FakeDesk) -> None:
    desk.people.agents["ada"] = replace(desk.people.agents["ada"], email="")
    assert told(desk, "customer_wrote:m2") == []


def test_a_ticket_that_nobody_has_concerns_nobody_but_leads(desk: FakeDesk) -> None:
    for name in ("ada", "sam"):
        desk.people.agents[name] = replace(desk.people.agents[name], available=False)
    assert told(desk, "customer_wrote:m2") == []
    (mail,) = told(desk, "sla_warned:resolution:1")
    assert {to.email for to in mail.to} == {"lin@shop.example"}


def test_it_comes_from_the_desk_and_no_machine_should_answer(desk: FakeDesk) -> None:
    (mail,) = told(desk, "assigned:ada")
    assert mail.sender.email == "help@shop.example"
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert mail.reply_to is None


def test_it_says_which_ticket_whose_and_what(desk: FakeDesk) -> None:
    (mail,) = told(desk, "sla_breached:first_response:1")
    (ref,) = desk.tickets.kept
    for word in (ref, "subject=My parcel", "customer.name=Jo", "what=<en:metric.first_response"):
        assert word in mail.text
    assert mail.subject.startswith("<en:notice_sla_breached.subject")


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("survey_1_low", "follow_up.low"),
        ("survey_12_unanswered", "follow_up.unanswered"),
        ("undelivered_m7", "follow_up.undelivered"),
        ("unsent_m7", "follow_up.unsent"),
    ],
)
def test_a_follow_up_says_why(desk: FakeDesk, about: str, words: str) -> None:
    (mail,) = told(desk, f"follow_up:{about}")
    assert f"<en:{words} " in mail.text


def test_told_twice_it_is_the_same_mail_and_another_occasion_is_another(desk: FakeDesk) -> None:
    ticket = desk.settled()
    for about in ("assigned:ada", "assigned:ada", "customer_wrote:m2", "sla_warned:resolution:1"):
        notify_agents(desk, ticket, Entry(MONDAY, Task.NOTIFY, about))
    ids = [mail.message_id for mail in desk.mailer.sent]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert ticket_in_message_id(desk.signer.secret(), ids[0]) == ticket.ref


def test_an_assignment_is_told_when_the_ticket_is_routed(desk: FakeDesk) -> None:
    desk.run(desk.open().ref)
    assert len(desk.mailer.to("ada@shop.example")) == 1


def test_nothing_on_the_ticket_remembers_it(desk: FakeDesk) -> None:
    ticket = desk.settled()
    remember = notify_agents(desk, ticket, Entry(MONDAY, Task.NOTIFY, "assigned:ada"))
    assert remember(ticket) is ticket
