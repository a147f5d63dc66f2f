"""A customer writes on their ticket's page: once, not too often, and where it belongs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from chalicelib.domain.message import Message
from chalicelib.domain.ticket import Happening, Status
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.merge_tickets import merge_tickets
from chalicelib.usecases.offer_upload import Enclosed, offer_upload
from chalicelib.usecases.show_ticket import ticket_token
from chalicelib.usecases.write_as_customer import MOST_AN_HOUR, Words, write_as_customer
from tests.usecases.fakes import FakeDesk, happened

WORDS = Words(form="f1", text="Still nothing.")
SOLVED = Words(form="f2", text="", solved=True)


@pytest.fixture
def ref(desk: FakeDesk) -> str:
    return desk.settled().ref


@pytest.fixture
def token(desk: FakeDesk, ref: str) -> str:
    return ticket_token(desk, desk.ticket(ref))


def set_status(desk: FakeDesk, ref: str, status: Status) -> None:
    edit_ticket(desk, ref, TicketEdit(status=status), "agent:ada", None)


def test_what_they_write_is_said_on_the_ticket_in_their_name(desk: FakeDesk, ref: str, token: str) -> None:
    ticket, elsewhere = write_as_customer(desk, token, WORDS)
    assert (ticket.ref, elsewhere) == (ref, False)
    [fact] = happened(desk.ticket(ref), Happening.CUSTOMER_WROTE)
    assert fact.by == f"customer:{ticket.requester.customer_id}"
    message = desk.tickets.message(ref, fact.detail["message"])
    assert message is not None
    assert (message.text, message.author_name, message.author) == ("Still nothing.", "Jo", fact.by)


def test_sent_twice_it_is_said_once_and_changed_it_is_said_again(desk: FakeDesk, ref: str, token: str) -> None:
    for words in (WORDS, WORDS, replace(WORDS, text="Or is it?")):
        write_as_customer(desk, token, words)
    assert len(happened(desk.ticket(ref), Happening.CUSTOMER_WROTE)) == 2


@pytest.mark.parametrize("status", [Status.PENDING, Status.ON_HOLD, Status.SOLVED])
def test_it_is_the_desks_turn_again(desk: FakeDesk, ref: str, token: str, status: Status) -> None:
    set_status(desk, ref, status)
    assert write_as_customer(desk, token, WORDS)[0].status is Status.OPEN


def test_they_say_that_it_is_solved(desk: FakeDesk, ref: str, token: str) -> None:
    for _ in range(2):
        assert write_as_customer(desk, token, SOLVED)[0].status is Status.SOLVED
    [fact] = happened(desk.ticket(ref), Happening.SOLVED)
    assert fact.by.startswith("customer:")


def test_thanks_that_come_with_it_are_kept_and_open_nothing(desk: FakeDesk, ref: str, token: str) -> None:
    for _ in range(2):
        after, _ = write_as_customer(desk, token, replace(SOLVED, text="Thank you!"))
    facts = [fact.what for fact in after.timeline[-2:]]
    assert (after.status, facts) == (Status.SOLVED, [Happening.CUSTOMER_WROTE, Happening.SOLVED])


def test_files_come_along(desk: FakeDesk, ref: str, token: str) -> None:
    upload = offer_upload(desk, "Photo.png", "image/png", 3)
    lost = replace(WORDS, attachments=(Enclosed(upload.id),))
    with pytest.raises(InvalidInput):
        write_as_customer(desk, token, lost)
    desk.files.kept[upload.url.removeprefix("https://files.example/").partition("?")[0]] = b"png"
    write_as_customer(desk, token, replace(lost, text=""))
    [fact] = happened(desk.ticket(ref), Happening.CUSTOMER_WROTE)
    message = desk.tickets.message(ref, fact.detail["message"])
    assert message is not None
    assert [file.filename for file in message.attachments] == ["Photo.png"]


class TestClosedForGood:
    @pytest.fixture(autouse=True)
    def closed(self, desk: FakeDesk, ref: str) -> None:
        set_status(desk, ref, Status.CLOSED)
        desk.clock.instant += timedelta(seconds=1)

    def test_it_goes_on_as_another_ticket_begun_once(self, desk: FakeDesk, ref: str, token: str) -> None:
        for _ in range(2):
            after, elsewhere = write_as_customer(desk, token, WORDS)
        assert (elsewhere, after.follows, after.subject, after.requester.name) == (True, ref, "My parcel", "Jo")
        assert len(happened(after, Happening.CUSTOMER_WROTE)) == 0
        assert desk.ticket(ref).said(Happening.CONTINUED_AS, ticket=after.ref)

    def test_more_words_join_that_one(self, desk: FakeDesk, ref: str, token: str) -> None:
        first, _ = write_as_customer(desk, token, WORDS)
        second, elsewhere = write_as_customer(desk, token, Words(form="f9", text="Hello?"))
        assert (second.ref, elsewhere) == (first.ref, True)
        assert len(happened(second, Happening.CUSTOMER_WROTE)) == 1

    def test_that_one_closed_too_yet_another_begins(self, desk: FakeDesk, ref: str, token: str) -> None:
        first, _ = write_as_customer(desk, token, WORDS)
        desk.run(first.ref)
        set_status(desk, first.ref, Status.CLOSED)
        second, _ = write_as_customer(desk, token, Words(form="f9", text="Hello?"))
        assert second.ref not in (ref, first.ref)

    def test_to_say_that_it_is_solved_changes_nothing(self, desk: FakeDesk, ref: str, token: str) -> None:
        before = desk.ticket(ref)
        assert write_as_customer(desk, token, SOLVED)[0] == before


def test_on_a_merged_ticket_it_is_said_where_that_went(desk: FakeDesk, ref: str, token: str) -> None:
    whole = desk.settled(email="kim@customer.example", name="Kim").ref
    merge_tickets(desk, ref, whole, "agent:ada")
    desk.run(ref)
    after, elsewhere = write_as_customer(desk, token, replace(WORDS, solved=True))
    assert (after.ref, elsewhere, after.status is Status.SOLVED) == (whole, False, False)
    assert happened(after, Happening.CUSTOMER_WROTE)[-1].by == f"customer:{desk.ticket(ref).requester.customer_id}"
    with pytest.raises(Conflict):
        write_as_customer(desk, token, SOLVED)


def test_one_who_writes_all_the_time_is_asked_to_wait(desk: FakeDesk, ref: str, token: str) -> None:
    for number in range(MOST_AN_HOUR):
        write_as_customer(desk, token, replace(WORDS, form=str(number)))
    before = desk.ticket(ref)
    with pytest.raises(TooManyRequests):
        write_as_customer(desk, token, replace(WORDS, form="more"))
    assert write_as_customer(desk, token, replace(WORDS, form="0"))[0] == before
    desk.clock.instant += timedelta(hours=1)
    assert write_as_customer(desk, token, replace(WORDS, form="more"))[0] != before


def test_a_forged_link_writes_nothing(desk: FakeDesk) -> None:
    with pytest.raises(NotFound):
        write_as_customer(desk, "made.up", WORDS)


def test_closed_in_this_very_moment_it_goes_on_as_another(
    desk: FakeDesk, ref: str, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = desk.tickets.write_messages

    def close_first(where: str, messages: Iterable[Message]) -> None:
        monkeypatch.undo()
        set_status(desk, ref, Status.CLOSED)
        keep(where, messages)

    monkeypatch.setattr(desk.tickets, "write_messages", close_first)
    after, elsewhere = write_as_customer(desk, token, WORDS)
    assert (after.follows, elsewhere) == (ref, True)
