"""A lead asks how the desk does: every list is read once, whatever the page shows of it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.card import Page
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.report_range import ReportRange
from chalicelib.domain.ticket import Status, Survey, Ticket
from chalicelib.usecases import read_cards as reading
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.report_desk import RATED_READ, read_comments, report_desk
from tests.domain.samples import MONDAY
from tests.usecases.fakes import FakeDesk

TODAY = ReportRange(MONDAY.date(), MONDAY.date(), UTC)


def rated(desk: FakeDesk, rating: int | None, comment: str, nps: int | None = None, ces: int | None = None) -> str:
    """Solve a ticket whose customer rates it, and give its reference."""
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(status=Status.SOLVED), "agent:ada", None)
    now = desk.clock.now()
    survey = Survey(1, now, now + timedelta(days=9), "ada", None, rating, comment, now if rating else None, nps, ces)
    desk.put(replace(desk.ticket(ref), surveys=(survey,)))
    return ref


def test_one_reading_of_the_cards_tells_of_both_ranges(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.settled()
    desk.clock.move(days=1)
    for _ in range(2):
        desk.settled()
    asked: Counter[str] = Counter()
    queue = desk.tickets.queue

    def counted(names: list[str], limit: int, after: str = "", **more: bool) -> Page:
        asked.update(names)
        return queue(names, limit, after)

    monkeypatch.setattr(desk.tickets, "queue", counted)
    tomorrow = date.fromordinal(MONDAY.toordinal() + 1)
    found = report_desk(desk, ReportRange(tomorrow, tomorrow, UTC))
    assert (found.summary.opened, found.summary_before.opened) == (2, 1)
    assert (len(found.now.opened), len(found.before.opened), len(found.now.left)) == (2, 1, 3)
    assert set(asked.values()) == {1}
    months = len(asked)  # what stands open is read beside them, in one call
    assert (found.reading.lists, found.reading.pages, len(found.reading.cards)) == (1 + months, 1 + months, 3)


def test_a_desk_with_more_open_tickets_than_come_in_one_call_reads_queue_by_queue(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        desk.settled()
    whole = report_desk(desk, TODAY)
    monkeypatch.setattr("chalicelib.usecases.read_cards.PAGE", 2)
    found = report_desk(desk, TODAY)
    assert {card.ref for card in found.reading.cards} == {card.ref for card in whole.reading.cards}
    assert found.reading.lists > whole.reading.lists


def test_a_range_that_ends_tomorrow_is_told_as_of_now(desk: FakeDesk) -> None:
    assert report_desk(desk, TODAY).as_of == MONDAY
    desk.clock.move(days=3)
    assert report_desk(desk, TODAY).as_of == TODAY.end


def test_more_tickets_than_can_be_read_are_refused(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_CARDS", 2)
    for _ in range(2):
        desk.settled()
    assert report_desk(desk, TODAY).summary.opened == 2
    desk.settled()
    with pytest.raises(InvalidInput, match="more than 2 tickets"):
        report_desk(desk, TODAY)


def test_a_range_of_another_decade_is_refused(desk: FakeDesk) -> None:
    with pytest.raises(InvalidInput) as refusal:
        report_desk(desk, ReportRange(date(2010, 1, 1), date(2010, 1, 2), UTC))
    assert refusal.value.field == "from"


def test_comments_come_newest_first_and_ratings_without_words_do_not(desk: FakeDesk) -> None:
    first = rated(desk, 5, "Quick!", nps=0, ces=7)
    desk.clock.move(minutes=5)
    second = rated(desk, 1, "Slow.")
    for rating, comment in ((4, ""), (3, "  "), (None, "never sent")):
        rated(desk, rating, comment)
    found = read_comments(desk, report_desk(desk, TODAY).now)
    assert [(one.ref, one.rating, one.nps, one.ces, one.text, one.agent_id) for one in found] == [
        (second, 1, None, None, "Slow.", "ada"),
        (first, 5, 0, 7, "Quick!", "ada"),
    ]


def test_comments_are_read_in_one_call_and_only_where_there_is_a_rating(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    get_many = desk.tickets.get_many

    def counted(refs: list[str]) -> dict[str, Ticket]:
        calls.append(len(refs))
        return get_many(refs)

    monkeypatch.setattr(desk.tickets, "get_many", counted)
    rated(desk, None, "")
    stretch = report_desk(desk, TODAY).now
    assert read_comments(desk, stretch) == ()
    assert calls == []
    card = replace(stretch.solved[0], ratings=(5,))
    read_comments(desk, replace(stretch, solved=tuple(replace(card, ref=str(n)) for n in range(RATED_READ + 20))))
    assert calls == [RATED_READ]


def test_a_reopened_ticket_is_left_and_not_solved(desk: FakeDesk) -> None:
    ref = rated(desk, 5, "Quick!")
    desk.put(lifecycle.reopened(desk.ticket(ref), desk.clock.now(), "customer:jo"))
    found = report_desk(desk, TODAY).now
    assert ([card.ref for card in found.left], found.solved) == ([ref], ())
