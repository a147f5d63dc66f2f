"""Two tickets become one, and two again; mail follows, and no order of events makes a circle of them."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, InvalidInput, NotFound
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.ticket import Happening, Shelf, Status, Ticket
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.merge_tickets import merge_tickets, separate_ticket, where_it_went
from chalicelib.usecases.read_conversation import read_conversation
from chalicelib.usecases.receive_email import receive_email
from tests.usecases.fakes import FakeDesk, happened

ADA = "agent:ada"


@pytest.fixture
def pair(desk: FakeDesk) -> tuple[str, str]:
    """Two tickets of Jo's, the first one older."""
    first = desk.run(receive_email(desk, desk.receive("first"))).ref
    desk.clock.move(minutes=1)
    second = desk.run(receive_email(desk, desk.receive("second", text="It's me again."))).ref
    desk.mailer.sent.clear()
    return first, second


def status(desk: FakeDesk, ref: str, wanted: Status) -> None:
    edit_ticket(desk, ref, TicketEdit(status=wanted), ADA, None)
    desk.run(ref)


def merged(desk: FakeDesk, ref: str, into: str) -> Ticket:
    merge_tickets(desk, ref, into, ADA)
    return desk.run(ref)


class TestMerging:
    def test_the_one_is_closed_and_points_to_the_other(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        after = merged(desk, second, first)
        assert (after.status, after.merged_into) == (Status.CLOSED, first)
        assert desk.ticket(first).merged_from == (second,)
        assert happened(desk.ticket(first), Happening.MERGED_FROM)[0].by == ADA

    def test_done_twice_it_is_done_once(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        merged(desk, second, first)
        version = desk.ticket(second).version
        merged(desk, second, first)
        assert desk.ticket(second).version == version
        assert len(happened(desk.ticket(first), Happening.MERGED_FROM)) == 1

    def test_it_frees_the_agents_hands_and_asks_nobody_how_it_went(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        holder = desk.ticket(second).assignee_id
        merged(desk, second, first)
        assert second not in desk.people.holding(holder)
        desk.pass_time(days=20)
        assert desk.ticket(second).surveys == ()
        assert [mail for mail in desk.mailer.to("jo@customer.example") if second in mail.subject] == []

    def test_an_answer_that_is_still_here_leaves(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        answer = NewMessage(origin="a", kind=MessageKind.REPLY, text="On its way.", author=ADA, author_name="Ada")
        answer_ticket(desk, second, answer)
        merged(desk, second, first)
        assert len(desk.mailer.to("jo@customer.example")) == 1

    def test_whoever_wrote_on_it_takes_part_in_the_other(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        other = desk.settled(email="al@customer.example", name="Al")
        merged(desk, other.ref, pair[0])
        assert "al@customer.example" in desk.ticket(pair[0]).thread.participants

    @pytest.mark.parametrize("before", [Status.PENDING, Status.SOLVED])
    def test_what_waits_there_is_opened_where_somebody_waits_here(
        self, desk: FakeDesk, pair: tuple[str, str], before: Status
    ) -> None:
        first, second = pair
        status(desk, first, before)
        merged(desk, second, first)
        assert desk.ticket(first).status is Status.OPEN

    def test_what_waits_itself_opens_nothing(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        status(desk, first, Status.PENDING)
        status(desk, second, Status.PENDING)
        merged(desk, second, first)
        assert desk.ticket(first).status is Status.PENDING


class TestRefusals:
    def test_into_itself(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        with pytest.raises(InvalidInput):
            merge_tickets(desk, pair[0], pair[0], ADA)

    def test_into_nothing(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        with pytest.raises(NotFound):
            merge_tickets(desk, pair[0], "0000-0000", ADA)

    def test_into_what_is_closed(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        status(desk, pair[0], Status.CLOSED)
        with pytest.raises(Conflict, match="closed"):
            merge_tickets(desk, pair[1], pair[0], ADA)

    def test_what_is_closed(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        status(desk, pair[1], Status.CLOSED)
        with pytest.raises(Conflict, match="closed"):
            merge_tickets(desk, pair[1], pair[0], ADA)

    def test_into_a_part_of_another_and_from_one(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        third = desk.settled().ref
        merged(desk, pair[1], pair[0])
        with pytest.raises(Conflict, match=pair[0]):
            merge_tickets(desk, third, pair[1], ADA)
        with pytest.raises(Conflict, match="separate"):
            merge_tickets(desk, pair[1], third, ADA)

    def test_mail_on_a_shelf(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        edit_ticket(desk, pair[1], TicketEdit(shelf=Shelf.SPAM), ADA, None)
        with pytest.raises(Conflict, match="shelf"):
            merge_tickets(desk, pair[1], pair[0], ADA)


class TestMail:
    def test_it_lands_in_the_other(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        merged(desk, second, first)
        desk.clock.move(minutes=1)
        third = desk.receive("third", text="And now?", references=("<second@customer.example>",))
        assert receive_email(desk, third) == first
        assert receive_email(desk, third) == first
        assert texts(desk, first) == ["It did not arrive.", "It's me again.", "And now?"]

    def test_what_came_before_is_known_where_it_is(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        merged(desk, second, first)
        assert receive_email(desk, "second") == second
        assert len(texts(desk, first)) == 2

    def test_it_follows_several_merges(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        third = desk.run(receive_email(desk, desk.receive("third"))).ref
        merged(desk, third, pair[1])
        merged(desk, pair[1], pair[0])
        assert receive_email(desk, desk.receive("fourth", references=("<third@customer.example>",))) == pair[0]
        assert len(texts(desk, pair[0])) == 4

    def test_an_automatic_one_too(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        merged(desk, pair[1], pair[0])
        away = desk.receive("away", references=("<second@customer.example>",), automatic="out_of_office")
        assert receive_email(desk, away) == pair[0]


def texts(desk: FakeDesk, ref: str) -> list[str]:
    return [message.text for message, _ in conversation(desk, ref)]


def conversation(desk: FakeDesk, ref: str) -> tuple[tuple[Message, str], ...]:
    found = read_conversation(desk, ref)
    assert found is not None
    return found[1]


class TestSeparating:
    def test_each_is_itself_again(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        merged(desk, second, first)
        separate_ticket(desk, second, ADA)
        after = desk.run(second)
        assert (after.merged_into, after.status, after.solved_at) == ("", Status.NEW, None)
        assert after.assignee_id
        assert desk.ticket(first).merged_from == ()
        assert receive_email(desk, desk.receive("third", references=("<second@customer.example>",))) == second

    def test_a_solved_one_is_solved_again_and_will_close(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        status(desk, second, Status.SOLVED)
        solved_at = desk.ticket(second).solved_at
        desk.clock.move(hours=1)
        merged(desk, second, first)
        separate_ticket(desk, second, ADA)
        after = desk.run(second)
        assert (after.status, after.solved_at) == (Status.SOLVED, solved_at)
        desk.pass_time(days=8)
        assert desk.ticket(second).status is Status.CLOSED

    def test_one_that_was_never_understood_is_triaged(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        third = desk.open()
        merge_tickets(desk, third.ref, pair[0], ADA)
        separate_ticket(desk, third.ref, ADA)
        assert desk.run(third.ref).team_id == "support"

    def test_only_for_so_long(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        merged(desk, pair[1], pair[0])
        desk.clock.move(days=7, seconds=1)
        with pytest.raises(Conflict, match="too long"):
            separate_ticket(desk, pair[1], ADA)

    def test_only_what_is_merged(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        with pytest.raises(Conflict):
            separate_ticket(desk, pair[1], ADA)

    def test_merged_and_separated_before_anybody_looked_it_comes_to_the_same(
        self, desk: FakeDesk, pair: tuple[str, str]
    ) -> None:
        first, second = pair
        merge_tickets(desk, second, first, ADA)
        separate_ticket(desk, second, ADA)
        desk.run(second)
        assert desk.ticket(first).merged_from == ()
        merged(desk, second, first)
        assert desk.ticket(first).merged_from == (second,)


class TestAtTheSameMoment:
    def test_two_merged_into_one_another_leave_the_older_one_open(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        desk.tickets.before_save.append(lambda: _merge(desk, first, second))
        merge_tickets(desk, second, first, ADA)
        assert desk.ticket(first).merged_into == second
        assert where_it_went(desk, desk.ticket(second)).ref == first
        for ref in (second, first, second):
            desk.run(ref)
        assert (desk.ticket(first).merged_into, desk.ticket(second).merged_into) == ("", first)
        assert desk.ticket(first).status is not Status.CLOSED
        assert (desk.ticket(first).merged_from, desk.ticket(second).merged_from) == ((second,), ())

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_whichever_is_told_first(self, desk: FakeDesk, pair: tuple[str, str], order: tuple[int, int]) -> None:
        first, second = pair
        desk.tickets.before_save.append(lambda: _merge(desk, first, second))
        merge_tickets(desk, second, first, ADA)
        for place in (*order, *order):
            desk.run(pair[place])
        assert (desk.ticket(first).merged_into, desk.ticket(second).merged_into) == ("", first)

    def test_a_pointer_to_a_ticket_that_is_gone_leads_nowhere(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair
        merge_tickets(desk, second, first, ADA)
        del desk.tickets.kept[first]
        desk.run(second)
        assert where_it_went(desk, desk.ticket(second)).ref == second

    def test_an_edit_that_comes_between_is_kept(self, desk: FakeDesk, pair: tuple[str, str]) -> None:
        first, second = pair

        def edited() -> None:
            desk.put(replace(desk.ticket(second), tags=("vip",)))

        desk.tickets.before_save.append(edited)
        assert merge_tickets(desk, second, first, ADA).tags == ("vip",)


def _merge(desk: FakeDesk, ref: str, into: str) -> None:
    merge_tickets(desk, ref, into, ADA)
