"""Who is called upon in a note is told once, and finds the ticket on a list of their own."""

import pytest

from chalicelib.domain.message import MessageKind
from chalicelib.domain.people import Agent, Team
from chalicelib.domain.ticket import Happening
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.list_mentions import list_mentions, see_mention
from chalicelib.usecases.run_agenda import run_agenda
from tests.usecases.fakes import FakeDesk


@pytest.fixture
def desk() -> FakeDesk:
    desk = FakeDesk()
    desk.people.save_team(Team("support", "Support"))
    for name in ("ada", "lin", "sam"):
        desk.people.save_agent(Agent(name, name.title(), f"{name}@example.com", team_ids=("support",)))
    return desk


def noted(desk: FakeDesk, text: str, kind: MessageKind = MessageKind.NOTE, times: int = 1) -> str:
    ref = desk.settled(team_id="support").ref
    new = NewMessage(origin="n1", kind=kind, text=text, author="agent:sam", author_name="Sam")
    for _ in range(times):
        answer_ticket(desk, ref, new)
        desk.run(ref)
    return ref


def told(desk: FakeDesk) -> list[str]:
    notices = [mail for mail in desk.mailer.sent if "notice_mentioned" in mail.subject]
    return [address.email for mail in notices for address in mail.to]


def agent(desk: FakeDesk, name: str) -> Agent:
    found = desk.people.roster().agent(name)
    assert found
    return found


def test_they_are_told_by_one_mail_each_however_often_they_are_called(desk: FakeDesk) -> None:
    ref = noted(desk, "@ada @team @Ada, look at this: <b>", times=2)
    assert sorted(told(desk)) == ["ada@example.com", "lin@example.com"]
    assert "what=Sam: @ada @team" in desk.mailer.sent[-1].text
    run_agenda(desk, ref)
    assert len(told(desk)) == 2
    assert desk.ticket(ref).said(Happening.MENTIONED, agents="ada,lin")


def test_the_ticket_stands_on_their_list_until_they_have_seen_it(desk: FakeDesk) -> None:
    ref = noted(desk, "@ada")
    assert [ticket.ref for ticket in list_mentions(desk, agent(desk, "ada"))] == [ref]
    assert list_mentions(desk, agent(desk, "lin")) == ()
    see_mention(desk, agent(desk, "ada"), ref)
    see_mention(desk, agent(desk, "ada"), ref)
    assert list_mentions(desk, agent(desk, "ada")) == ()


def test_a_reply_calls_upon_nobody_and_neither_does_one_s_own_name(desk: FakeDesk) -> None:
    noted(desk, "Thanks, @ada", MessageKind.REPLY)
    noted(desk, "note to self, @sam")
    assert told(desk) == []


def test_who_has_left_meanwhile_is_told_nothing(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    new = NewMessage(origin="n1", kind=MessageKind.NOTE, text="@ada", author="agent:sam", author_name="Sam")
    answer_ticket(desk, ref, new)
    desk.people.agents["ada"] = Agent("ada", "Ada", "ada@example.com", active=False)
    desk.run(ref)
    assert told(desk) == []
