"""The chat box: a first word begins it, what is read needs no mail, and an address that was typed proves nothing."""

from dataclasses import replace

import pytest

from chalicelib.domain.chat_settings import ChatSettings
from chalicelib.domain.errors import Conflict, InvalidInput, LinkExpired, NotFound, TooManyRequests
from chalicelib.domain.message import MessageKind
from chalicelib.domain.ticket import Happening, Status
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.hear_customer import hear_customer
from chalicelib.usecases.merge_tickets import merge_tickets
from chalicelib.usecases.open_chat import MOST_AN_HOUR, FirstWords, open_chat
from chalicelib.usecases.read_chat import State, mark_seen, read_chat
from chalicelib.usecases.write_in_chat import MOST, FurtherWords, end_chat, tell_address, write_in_chat
from tests.usecases.fakes import FakeDesk, happened

FIRST = FirstWords(conversation="a" * 24, text="Does it come in red?", name="Vi", email="vi@customer.example")
NAMELESS = replace(FIRST, name="", email="")
HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def switched_on(desk: FakeDesk) -> None:
    desk.settings.change(chat=ChatSettings(enabled=True))


def opened(desk: FakeDesk, words: FirstWords = FIRST) -> tuple[str, str]:
    ticket, token = open_chat(desk, words, HERE)
    desk.run(ticket.ref)
    desk.mailer.sent.clear()
    return ticket.ref, token


def answered(desk: FakeDesk, ref: str, text: str) -> None:
    new = NewMessage(origin=f"test:{text}", kind=MessageKind.REPLY, text=text, author="agent:ada", author_name="Ada")
    answer_ticket(desk, ref, new)


def read(desk: FakeDesk, token: str, after: int = 0) -> list[str]:
    news = read_chat(desk, token, after)
    return [line.message.text for line in news.lines] if news else []


def seen_all(desk: FakeDesk, ref: str, token: str) -> None:
    mark_seen(desk, token, len(desk.ticket(ref).timeline))


class TestBeginning:
    def test_sent_twice_it_is_one_ticket_of_the_channel_chat(self, desk: FakeDesk) -> None:
        (one, token), (other, again) = opened(desk), opened(desk)
        assert (one, token) == (other, again)
        ticket = desk.ticket(one)
        assert (ticket.channel, ticket.subject, ticket.requester.email) == ("chat", FIRST.text, FIRST.email)

    def test_nobody_is_told_by_mail_what_they_see(self, desk: FakeDesk) -> None:
        ticket, _ = open_chat(desk, FIRST, HERE)
        desk.run(ticket.ref)
        assert desk.mailer.to(FIRST.email) == []

    def test_visitors_without_an_address_are_each_somebody(self, desk: FakeDesk) -> None:
        refs = [opened(desk, replace(NAMELESS, conversation=letter * 24))[0] for letter in "ab"]
        one, other = (desk.ticket(ref).requester for ref in refs)
        assert one.customer_id != other.customer_id
        assert one.email == other.email == ""

    def test_one_network_begins_so_many_an_hour(self, desk: FakeDesk) -> None:
        for number in range(MOST_AN_HOUR):
            open_chat(desk, replace(FIRST, conversation=f"{number:024}"), HERE)
        with pytest.raises(TooManyRequests):
            open_chat(desk, FIRST, HERE)
        open_chat(desk, FIRST, "198.51.100.1")

    def test_what_the_owner_set_is_kept_to(self, desk: FakeDesk) -> None:
        desk.settings.change(chat=ChatSettings(enabled=True, ask_email="required"))
        with pytest.raises(InvalidInput, match="email"):
            open_chat(desk, NAMELESS, HERE)
        desk.settings.change(chat=ChatSettings(enabled=True, ask_email="never"))
        assert desk.ticket(opened(desk)[0]).requester.email == ""
        desk.settings.change(chat=ChatSettings())
        with pytest.raises(Conflict):
            open_chat(desk, FIRST, HERE)


class TestGoingOn:
    def test_what_is_new_is_told_once(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        answered(desk, ref, "Yes.")
        news = read_chat(desk, token, 1)
        assert news is not None
        assert [(line.message.text, line.mine) for line in news.lines] == [("Yes.", False)]
        assert (news.place, news.state, news.reachable) == (len(desk.ticket(ref).timeline), State.OPEN, True)
        assert read_chat(desk, token, news.place) is None

    def test_a_ticket_too_new_to_be_glanced_at_is_read(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        desk.chats.unseen_yet.add(ref)
        assert read_chat(desk, token, len(desk.ticket(ref).timeline)) is None

    def test_notes_are_nobodys_to_read(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        new = NewMessage(origin="n", kind=MessageKind.NOTE, text="Odd.", author="agent:ada", author_name="Ada")
        answer_ticket(desk, ref, new)
        assert read(desk, token) == [FIRST.text]

    def test_a_word_sent_twice_is_said_once(self, desk: FakeDesk) -> None:
        _, token = opened(desk)
        for _ in range(2):
            write_in_chat(desk, token, FurtherWords("f", "In blue?"))
        assert read(desk, token) == [FIRST.text, "In blue?"]

    def test_more_than_fingers_type_is_too_much(self, desk: FakeDesk) -> None:
        _, token = opened(desk)
        for number in range(MOST):
            write_in_chat(desk, token, FurtherWords(str(number), "?"))
        with pytest.raises(TooManyRequests):
            write_in_chat(desk, token, FurtherWords("more", "?"))
        desk.clock.move(minutes=6)
        write_in_chat(desk, token, FurtherWords("more", "?"))

    def test_who_is_done_says_so_and_may_come_back(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        assert end_chat(desk, token).status is Status.SOLVED
        write_in_chat(desk, token, FurtherWords("f", "One more thing"))
        assert desk.ticket(ref).status is Status.OPEN

    def test_what_was_closed_is_over(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        edit_ticket(desk, ref, TicketEdit(status=Status.CLOSED), "agent:ada", None)
        news = read_chat(desk, token, 1)
        assert news is not None
        assert news.state is State.OVER
        with pytest.raises(LinkExpired):
            write_in_chat(desk, token, FurtherWords("f", "Hello?"))

    def test_a_forged_token_opens_nothing_and_a_genuine_one_ends(self, desk: FakeDesk) -> None:
        _, token = opened(desk)
        for forged in ("", "x", desk.signer.seal("ticket", {"ref": "x"})):
            with pytest.raises(NotFound):
                read_chat(desk, forged, 0)
        desk.clock.move(days=31)
        with pytest.raises(LinkExpired):
            read_chat(desk, token, 0)

    def test_the_agent_in_the_chat_gets_no_mail_about_each_word(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        assignee = desk.ticket(ref).assignee_id
        new = NewMessage(origin="a", kind=MessageKind.REPLY, text="Hi", author=f"agent:{assignee}", author_name="A")
        answer_ticket(desk, ref, new)
        write_in_chat(desk, token, FurtherWords("f", "And blue?"))
        desk.run(ref)
        assert desk.mailer.to(f"{assignee}@shop.example") == []


class TestGoingOnByMail:
    def test_what_was_read_in_the_box_is_not_mailed(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        answered(desk, ref, "Yes.")
        seen_all(desk, ref, token)
        desk.pass_time(minutes=5)
        assert desk.mailer.to(FIRST.email) == []
        [fact] = happened(desk.ticket(ref), Happening.DELIVERED)
        assert fact.detail["via"] == "chat"

    def test_what_nobody_read_leaves_by_one_mail_after_a_minute(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        answered(desk, ref, "Yes.")
        seen_all(desk, ref, token)
        desk.pass_time(seconds=10)
        answered(desk, ref, "And in blue.")
        answered(desk, ref, "Which one?")
        desk.pass_time(seconds=40)
        assert desk.mailer.to(FIRST.email) == []
        desk.pass_time(minutes=5)
        [mail] = desk.mailer.to(FIRST.email)
        assert "And in blue.\n\nWhich one?" in mail.text
        assert "Yes." not in mail.text.partition("wrote")[0]
        assert len(happened(desk.ticket(ref), Happening.DELIVERED)) == 3

    def test_without_an_address_it_waits_and_goes_when_one_is_given(self, desk: FakeDesk) -> None:
        ref, token = opened(desk, NAMELESS)
        answered(desk, ref, "Yes.")
        desk.pass_time(minutes=5)
        [fact] = happened(desk.ticket(ref), Happening.DELIVERY_FAILED)
        assert fact.detail["reason"] == "no_address"
        assert desk.ticket(ref).open_follow_ups == ()
        tell_address(desk, token, FIRST.email, "Vi")
        desk.pass_time(minutes=5)
        [mail] = desk.mailer.to(FIRST.email)
        assert "Yes." in mail.text

    def test_the_first_address_stays(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        tell_address(desk, token, "thief@elsewhere.example", "")
        assert desk.ticket(ref).requester.email == FIRST.email

    def test_what_is_said_by_mail_is_not_shown_to_who_typed_the_address(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        found = desk.tickets.conversation(ref)
        assert found
        owner = replace(found[1][0], id="mail", text="I never wrote this. My account is 7.")
        desk.tickets.write_messages(ref, [owner])
        hear_customer(desk, ref, owner)
        answered(desk, ref, "Dear owner of account 7")
        assert read(desk, token) == [FIRST.text]
        news = read_chat(desk, token, 1)
        assert news is not None
        assert news.state is State.BY_MAIL
        desk.run(ref)
        assert "account 7" in desk.mailer.to(FIRST.email)[-1].text

    def test_nothing_of_a_ticket_that_is_merged_with_it_is_shown(self, desk: FakeDesk) -> None:
        ref, token = opened(desk)
        other = desk.settled(email=FIRST.email, text="My secret order")
        merge_tickets(desk, other.ref, ref, "agent:ada")
        desk.run(other.ref)
        assert read(desk, token) == [FIRST.text]
