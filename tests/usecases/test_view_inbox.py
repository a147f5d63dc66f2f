"""The inbox: one reading serves its page and the counts of every view; where more stands than that, it says so."""

from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.domain.card import Page
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.inbox_view import Criteria, SavedView, SavedViews
from chalicelib.domain.ticket import Priority, Shelf, Status
from chalicelib.usecases import view_inbox as module
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.save_view import EVERYBODY, forget_view, move_view, save_view, views_for
from chalicelib.usecases.view_inbox import Inbox, Wanted, view_inbox
from tests.usecases.fakes import FakeDesk


@pytest.fixture(params=[1000, 3], ids=["all read at once", "more than is read at once"])
def most(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many tickets are read at once: a page must be the same either way."""
    monkeypatch.setattr(module, "MOST", request.param)
    value: int = request.param
    return value


def look(desk: FakeDesk, view: str, limit: int = 50, after: str = "", /, **criteria: str) -> Inbox:
    roster = desk.people.roster()
    sam = roster.agent("sam")
    assert sam
    return view_inbox(desk, sam, roster, Wanted(view, Criteria(**criteria)), limit, after)


def refs(desk: FakeDesk, view: str, /, **criteria: str) -> list[str]:
    """Turn the pages of a view, one ticket at a time, and give the references in order."""
    found: list[str] = []
    after = ""
    for _ in range(60):
        page = look(desk, view, 1, after, **criteria).page
        found += [card.ref for card in page.cards]
        after = page.after
        if not after:
            return found
    raise AssertionError("the view has no end")


def edit(desk: FakeDesk, ref: str, **what: object) -> None:
    edit_ticket(desk, ref, TicketEdit(**what), "agent:lin", None)  # type: ignore[arg-type]
    desk.run(ref)


@pytest.fixture
def tickets(desk: FakeDesk) -> dict[str, str]:
    """One ticket of each kind, by what is special with it."""
    found = {}
    for name in ("sams", "adas", "waits", "urgent", "spam", "solved"):
        found[name] = desk.settled(origin=f"form:{name}", subject=name).ref
        desk.clock.move(minutes=1)
    edit(desk, found["spam"], shelf=Shelf.SPAM)
    edit(desk, found["solved"], status=Status.SOLVED)
    edit(desk, found["urgent"], priority=Priority.URGENT, assignee_id="sam")
    edit(desk, found["sams"], assignee_id="sam", tags=("lamp",))
    edit(desk, found["adas"], assignee_id="ada")
    edit(desk, found["waits"], assignee_id="lin")
    return found


def test_views_hold_what_they_are_named_for(desk: FakeDesk, tickets: dict[str, str], most: int) -> None:
    t = tickets
    assert refs(desk, "mine") == [t["urgent"], t["sams"]]
    assert set(refs(desk, "all")) == {t["sams"], t["adas"], t["waits"], t["urgent"]}
    assert refs(desk, "spam") == [t["spam"]]
    assert refs(desk, "done") == [t["solved"]]
    assert refs(desk, "unassigned") == refs(desk, "unparsed") == []
    assert set(refs(desk, "team:support")) == {t["sams"], t["adas"], t["waits"], t["urgent"]}


def test_a_filter_leaves_what_is_wanted(desk: FakeDesk, tickets: dict[str, str], most: int) -> None:
    assert refs(desk, "all", tag="LAMP") == [tickets["sams"]]
    assert refs(desk, "all", assignee="me", priority="urgent") == [tickets["urgent"]]
    assert refs(desk, "done", status="open") == []


def test_what_is_due_comes_when_it_is_due(desk: FakeDesk, tickets: dict[str, str], most: int) -> None:
    assert refs(desk, "breached") == []
    desk.clock.move(hours=80)
    assert set(refs(desk, "breached")) == set(refs(desk, "all"))
    assert set(refs(desk, "due-soon")) == set(refs(desk, "all"))


def test_counts_agree_with_the_views(desk: FakeDesk, tickets: dict[str, str]) -> None:
    desk.clock.move(hours=80)
    counts = look(desk, "mine").counts
    assert counts.exact
    assert counts.of == {view: len(refs(desk, view)) for view in counts.of}


def test_a_page_says_where_in_the_view_it_stands(desk: FakeDesk, tickets: dict[str, str]) -> None:
    first = look(desk, "all", 3)
    second = look(desk, "all", 3, first.page.after)
    assert (first.total, first.before, len(first.page.cards)) == (4, 0, 3)
    assert (second.total, second.before, len(second.page.cards), second.page.after) == (4, 3, 1, "")


def test_where_more_stands_than_is_read_the_counts_say_so(
    desk: FakeDesk, tickets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    assert not look(desk, "mine").counts.exact


def test_a_filter_that_fits_nothing_ends_after_some_reads_and_says_that_more_may_follow(
    desk: FakeDesk, tickets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    read = desk.tickets.queue

    def counted(names: Sequence[str], *more: Any, **also: Any) -> Page:
        asked.append(names[0])
        return read(names, *more, **also)

    monkeypatch.setattr(desk.tickets, "queue", counted)
    found = look(desk, "done", 50, "", tag="never")
    assert (found.page.cards, found.sure) == ((), False)
    assert found.page.after
    assert len(asked) < module.MOST_READS + 1


def test_one_reading_serves_page_and_counts(
    desk: FakeDesk, tickets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.tickets, "queue", None)
    assert len(look(desk, "all", 50, "", channel="form").page.cards) == 4


@pytest.mark.parametrize("view", ["nothing", "team:nobody", "saved:x", ""])
def test_a_view_that_is_none_is_refused(desk: FakeDesk, view: str) -> None:
    with pytest.raises(InvalidInput):
        look(desk, view)


@pytest.mark.parametrize("after", ["nonsense", "done:2026-11|x"])
def test_a_place_that_no_page_gave_is_refused(desk: FakeDesk, tickets: dict[str, str], after: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        look(desk, "mine", 50, after)
    assert refusal.value.field == "cursor"


def test_saved_views_are_counted_as_they_would_be_shown(desk: FakeDesk, tickets: dict[str, str]) -> None:
    roster = desk.people.roster()
    sam = roster.agent("sam")
    assert sam
    views = SavedViews(
        "sam", (SavedView("a", "Lamps", "all", Criteria(tag="lamp")), SavedView("b", "All of it", "all"))
    )
    counts = view_inbox(desk, sam, roster, Wanted("mine"), 50, "", (views,)).counts
    assert (counts.of["saved:a"], counts.of["saved:b"]) == (1, 4)


def test_a_view_is_kept_for_its_owner_or_for_everybody(desk: FakeDesk) -> None:
    save_view(desk, "sam", SavedView("1", "Mine", "mine"))
    save_view(desk, EVERYBODY, SavedView("2", "Ours", "all"))
    assert [[view.name for view in views.views] for views in views_for(desk, "sam")] == [["Mine"], ["Ours"]]
    assert [[view.name for view in views.views] for views in views_for(desk, "ada")] == [[], ["Ours"]]


def test_two_who_keep_views_at_once_lose_none(desk: FakeDesk) -> None:
    desk.views.before_save.append(lambda: save_view(desk, EVERYBODY, SavedView("1", "First", "all")))  # type: ignore[arg-type]
    save_view(desk, EVERYBODY, SavedView("2", "Second", "all"))
    move_view(desk, EVERYBODY, "2", -1)
    assert [view.name for view in views_for(desk, "sam")[1].views] == ["Second", "First"]
    forget_view(desk, EVERYBODY, "2")
    forget_view(desk, EVERYBODY, "2")
    assert [view.name for view in views_for(desk, "sam")[1].views] == ["First"]
