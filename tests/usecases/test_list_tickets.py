"""Tickets are listed page by page: each once, in order, and none forgotten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.card import Card, Page
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ticket import Priority, Shelf, Status
from chalicelib.usecases import list_tickets as module
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.list_tickets import MOST_READS, READ_AT_ONCE, Filter, list_tickets, months_back
from tests.domain.samples import law
from tests.usecases.fakes import FakeDesk, staffed


def walk(desk: FakeDesk, wanted: Filter, limit: int = 50) -> list[str]:
    """Turn pages until the end, as a reader does; gives the references in order."""
    found: list[Card] = []
    after = ""
    for _ in range(200):
        page = list_tickets(desk, wanted, limit, after)
        assert len(page.cards) <= limit
        found += page.cards
        after = page.after
        if not after:
            return [card.ref for card in found]
    raise AssertionError("the list has no end")


def opened(desk: FakeDesk, count: int, **fields: Any) -> list[str]:
    """Open so many tickets, a minute apart."""
    refs = []
    for _ in range(count):
        refs.append(desk.settled(**fields).ref)
        desk.clock.move(minutes=1)
    return refs


def solve(desk: FakeDesk, *refs: str) -> None:
    for ref in refs:
        edit_ticket(desk, ref, TicketEdit(status=Status.SOLVED), "agent:lin", None)
        desk.run(ref)


def test_open_tickets_come_in_the_order_of_urgency(desk: FakeDesk) -> None:
    early, late = opened(desk, 2)
    (urgent,) = opened(desk, 1, priority=Priority.URGENT)
    (waiting,) = opened(desk, 1)
    edit_ticket(desk, waiting, TicketEdit(status=Status.SOLVED), "agent:lin", None)
    assert walk(desk, Filter()) == [urgent, early, late]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_every_page_size_gives_every_ticket_once(desk: FakeDesk, limit: int) -> None:
    refs = opened(desk, 7)
    assert walk(desk, Filter(), limit) == refs


def test_a_queue_is_that_queue(desk: FakeDesk) -> None:
    refs = opened(desk, 5)
    assert walk(desk, Filter(queue="agent:ada")) == [refs[0], refs[2]]
    assert walk(desk, Filter(queue="team:support")) == [refs[4]]
    assert walk(desk, Filter(assignee_id="sam"), 1) == [refs[1], refs[3]]
    assert walk(desk, Filter(queue="spam")) == []


def test_shelves_and_follow_ups_are_queues(desk: FakeDesk) -> None:
    (spam,) = opened(desk, 1, shelf=Shelf.SPAM)
    (unparsed,) = opened(desk, 1, shelf=Shelf.UNPARSED)
    assert walk(desk, Filter(queue="spam")) == [spam]
    assert walk(desk, Filter(queue="unparsed")) == [unparsed]
    assert walk(desk, Filter(queue="follow-ups")) == []
    assert walk(desk, Filter()) == []


def test_solved_tickets_come_newest_first_over_the_months(desk: FakeDesk) -> None:
    refs = opened(desk, 6)
    for ref in refs:
        solve(desk, ref)
        desk.clock.move(days=20)
    assert walk(desk, Filter(status=Status.SOLVED), 2) == refs[::-1]


def test_a_customers_tickets_come_newest_first_whatever_their_state(desk: FakeDesk) -> None:
    refs = opened(desk, 5)
    opened(desk, 1, email="al@customer.example")
    solve(desk, refs[1])
    assert walk(desk, Filter(customer_id=desk.customers.id_of("jo@customer.example")), 2) == refs[::-1]


def test_every_condition_must_hold(desk: FakeDesk) -> None:
    opened(desk, 2)
    (wanted,) = opened(desk, 1, priority=Priority.HIGH, tags=("vip",))
    opened(desk, 1, priority=Priority.HIGH)
    opened(desk, 1, tags=("vip", "gift"))
    assert walk(desk, Filter(priority=Priority.HIGH, tag="vip"), 1) == [wanted]
    assert walk(desk, Filter(priority=Priority.HIGH, tag="vip", team_id="billing")) == []
    assert walk(desk, Filter(status=Status.NEW, priority=Priority.HIGH, tag="vip")) == [wanted]


def test_a_rare_kind_is_found_among_many(desk: FakeDesk) -> None:
    opened(desk, 3 * READ_AT_ONCE)
    (rare,) = opened(desk, 1, tags=("rare",))
    opened(desk, 10)
    assert walk(desk, Filter(tag="rare"), 1) == [rare]


def test_one_answer_reads_a_bounded_number_of_pages(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_AT_ONCE", 1)
    opened(desk, MOST_READS + 3)
    (rare,) = opened(desk, 1, tags=("rare",))
    page = list_tickets(desk, Filter(tag="rare"), 1)
    assert page.cards == ()
    assert [card.ref for card in list_tickets(desk, Filter(tag="rare"), 1, page.after).cards] == [rare]


def test_a_desk_that_solved_nothing_says_so_at_once(desk: FakeDesk) -> None:
    opened(desk, 1)
    assert list_tickets(desk, Filter(status=Status.CLOSED), 1) == Page(())


def test_what_is_done_is_solved_or_closed(desk: FakeDesk) -> None:
    solved, closed, waiting = opened(desk, 3)
    solve(desk, solved)
    edit_ticket(desk, closed, TicketEdit(status=Status.CLOSED), "agent:lin", None)
    assert walk(desk, Filter(done=True), 1) == [closed, solved]
    assert walk(desk, Filter(done=True, customer_id=desk.ticket(waiting).requester.customer_id)) == [closed, solved]


@pytest.mark.parametrize("queue", ["nonsense", "agent:", "done:", "shelf:spam", "agent", "team:" + "x" * 100])
def test_a_queue_that_cannot_be_is_refused(desk: FakeDesk, queue: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        list_tickets(desk, Filter(queue=queue), 10)
    assert refusal.value.field == "queue"


@pytest.mark.parametrize("cursor", ["nonsense", "agent:ada|1#x", "|"])
def test_a_cursor_of_another_list_is_refused(desk: FakeDesk, cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        list_tickets(desk, Filter(queue="agent:sam"), 10, cursor)
    assert refusal.value.field == "cursor"


def test_the_months_go_back_to_that_of_the_beginning() -> None:
    now, since = datetime(2026, 3, 31, 23, tzinfo=UTC), datetime(2025, 12, 31, 23, 59, tzinfo=UTC)
    assert list(months_back(now, since)) == ["done:2026-03", "done:2026-02", "done:2026-01", "done:2025-12"]
    assert list(months_back(now, now + timedelta(days=99))) == ["done:2026-03"]
    assert list(months_back(now, datetime(2026, 2, 1, tzinfo=UTC))) == ["done:2026-03", "done:2026-02"]


@law
@given(
    st.lists(st.tuples(st.sampled_from(["open", "solved", "pending"]), st.sampled_from(["", "vip"])), max_size=9),
    st.integers(1, 4),
)
def test_pages_hold_each_wanted_ticket_once_whatever_their_size(kinds: list[tuple[str, str]], limit: int) -> None:
    desk = staffed()
    wanted: dict[str, set[str]] = {"open": set(), "solved": set(), "pending": set()}
    for status, tag in kinds:
        ticket = desk.settled(tags=(tag,) if tag else ())
        desk.clock.move(days=9)
        edit_ticket(desk, ticket.ref, TicketEdit(status=Status(status)), "agent:lin", None)
        if tag:
            wanted[status].add(ticket.ref)
    for status, refs in wanted.items():
        found = walk(desk, Filter(status=Status(status), tag="vip"), limit)
        assert (set(found), len(found)) == (refs, len(refs))
