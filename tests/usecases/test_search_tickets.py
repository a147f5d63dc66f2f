"""What changed on a ticket can be found: noted by workers, built in by the schedule, read by who searches."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.agenda import Task
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.search import indexing
from chalicelib.domain.search.found import CHANGES, Change
from chalicelib.domain.ticket import Shelf, Status
from chalicelib.usecases import build_index as building
from chalicelib.usecases.build_index import GIVEN_UP, build_index
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.run_agenda import run_agenda
from chalicelib.usecases.search_tickets import search_tickets
from tests.domain.samples import MONDAY
from tests.usecases.fakes import FakeDesk, Nudge, free_reference


def found(desk: FakeDesk, text: str) -> list[str]:
    return [hit.document.ref for hit in search_tickets(desk, text, 10)[1].hits]


def waits(desk: FakeDesk, ref: str) -> bool:
    return any(entry.task is Task.INDEX for entry in desk.ticket(ref).agenda)


class TestNoting:
    def test_a_worker_that_saves_a_new_ticket_notes_the_version_that_this_makes(self, desk: FakeDesk) -> None:
        ref = desk.open().ref
        writes = len(desk.tickets.writes)
        run_agenda(desk, ref)
        assert desk.changes.noted == [Change(ref, 2, MONDAY)]
        assert not waits(desk, ref)
        assert len(desk.tickets.writes) - writes == 2, "claimed and closed, and no write for search"

    def test_a_change_by_hand_is_noted_half_a_minute_later_with_others(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        desk.changes.noted.clear()
        for tags in (("a",), ("a", "b")):
            edit_ticket(desk, ref, TicketEdit(tags=tags), "agent:ada", None)
        assert desk.work.taken() == [Nudge(ref, 30)] * 2
        run_agenda(desk, ref)
        assert desk.changes.noted == []
        desk.pass_time(seconds=30)
        assert desk.changes.noted == [Change(ref, desk.ticket(ref).version, MONDAY + indexing.SOON)]
        assert not waits(desk, ref)

    def test_mail_on_a_shelf_is_noted_too(self, desk: FakeDesk) -> None:
        ref = desk.open(shelf=Shelf.SPAM).ref
        desk.pass_time(seconds=30)
        assert [change.ref for change in desk.changes.noted] == [ref]

    def test_search_that_can_t_be_told_keeps_no_mail_back_and_is_told_later(self, desk: FakeDesk) -> None:
        desk.changes.troubles = [TryAgain("busy")]
        ref = desk.open().ref
        run_agenda(desk, ref)
        assert len(desk.mailer.to("jo@customer.example")) == 1
        assert (desk.changes.noted, waits(desk, ref)) == ([], True)
        desk.pass_time(minutes=1)
        assert ([change.ref for change in desk.changes.noted], waits(desk, ref)) == ([ref], False)

    def test_whoever_dies_before_the_save_has_lost_nothing(self, desk: FakeDesk) -> None:
        ref = desk.open().ref

        def die() -> None:
            raise SystemExit

        desk.tickets.before_save.append(die)
        with pytest.raises(SystemExit):
            run_agenda(desk, ref)
        assert waits(desk, ref)
        build_index(desk)
        assert desk.changes.kept == [Change(ref, 2, MONDAY)], "the version that was announced is waited for"
        run_agenda(desk, ref)
        build_index(desk)
        assert (desk.changes.kept, found(desk, "parcel")) == ([], [ref])


class TestBuilding:
    def test_what_waits_is_built_in_and_struck_out(self, desk: FakeDesk) -> None:
        refs = [desk.settled().ref, desk.settled().ref]
        assert build_index(desk) == 2
        assert (sorted(desk.search.kept), desk.changes.kept, desk.changes.more) == (sorted(refs), [], False)
        assert build_index(desk) == 0

    def test_somebody_else_s_turn_is_nobody_else_s(self, desk: FakeDesk) -> None:
        desk.settled()
        desk.changes.held = True
        assert (build_index(desk), desk.search.kept) == (0, {})

    def test_a_ticket_that_is_gone_is_forgotten(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        build_index(desk)
        del desk.tickets.kept[ref]
        desk.changes.note(Change(ref, 99, MONDAY))
        assert found(desk, "parcel") == []
        build_index(desk)
        assert (desk.search.kept, desk.changes.kept) == ({}, [])

    def test_who_came_too_late_leaves_everything_to_the_next(self, desk: FakeDesk) -> None:
        desk.settled()
        desk.search.stale = 1
        assert (build_index(desk), len(desk.changes.kept), desk.changes.more) == (0, 1, True)
        assert (build_index(desk), desk.changes.kept) == (1, [])

    def test_what_there_was_no_time_for_is_gone_on_with(self, desk: FakeDesk) -> None:
        desk.settled()
        desk.search.finishes = False
        build_index(desk)
        assert (desk.changes.kept, desk.changes.more) == ([], True)

    def test_so_much_at_a_time_and_what_waits_longest_first(
        self, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refs = [desk.settled().ref for _ in range(3)]
        desk.changes.kept = [Change(ref, 1, MONDAY - timedelta(seconds=n)) for n, ref in enumerate(refs)]
        monkeypatch.setattr(building, "MOST_TICKETS", 2)
        assert build_index(desk) == 2
        assert set(desk.search.kept) == {refs[2], refs[1]}
        assert desk.changes.more

    def test_a_version_that_never_comes_is_not_waited_for_for_ever(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        desk.changes.kept = [Change(ref, 99, MONDAY)]
        build_index(desk)
        assert desk.changes.kept
        desk.clock.move(seconds=GIVEN_UP.total_seconds() + 1)
        build_index(desk)
        assert desk.changes.kept == []

    def test_the_schedule_builds_when_it_is_due_and_asks_no_worker_for_it(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        of_tickets = desk.tickets.due
        desk.sweep()
        assert desk.search.kept == {}
        vars(desk.tickets)["due"] = lambda until: [(CHANGES, MONDAY), *of_tickets(until)]
        assert CHANGES not in [nudge.ref for nudge in desk.sweep()]
        assert set(desk.search.kept) == {ref}


class TestSearching:
    def test_a_reference_is_its_ticket_as_it_stands(self, desk: FakeDesk) -> None:
        ref = desk.open().ref
        for typed in (ref, ref.lower(), f" [#{ref}] ", ref.replace("-", "")):
            assert found(desk, typed) == [ref], typed
        assert found(desk, free_reference(desk)) == []

    def test_an_address_is_its_customer_s_tickets_as_they_stand(self, desk: FakeDesk) -> None:
        refs = {desk.open().ref, desk.open().ref}
        desk.open(email="kim@customer.example")
        assert set(found(desk, " Jo@Customer.example ")) == refs
        assert desk.search.asked == []

    def test_an_address_of_no_customer_is_looked_for_as_words(self, desk: FakeDesk) -> None:
        ref = desk.settled(text="Write to kim@elsewhere.example, please").ref
        assert found(desk, "kim@elsewhere.example") == [ref]

    def test_words_are_found_as_soon_as_they_are_noted(self, desk: FakeDesk) -> None:
        ref = desk.settled(text="The blue lamp is dark").ref
        assert found(desk, "blue") == [ref]
        build_index(desk)
        assert found(desk, "blue") == [ref]

    @pytest.mark.parametrize(
        ("text", "agent", "team"),
        [
            ("agent:me", "sam", ""),
            ("agent:ada", "ada", ""),
            ("agent:Ada@shop.example team:Support", "ada", "support"),
            ("客服:我", "sam", ""),
            ("agent:nobody", "none", ""),
            ("agent:ghost team:ghosts", "ghost", "ghosts"),
        ],
    )
    def test_people_are_named_as_one_likes(self, desk: FakeDesk, text: str, agent: str, team: str) -> None:
        search_tickets(desk, text, 10, me="sam")
        assert (desk.search.asked[0].agent, desk.search.asked[0].team) == (agent, team)

    def test_nothing_is_asked_of_the_index_where_nothing_was_asked(self, desk: FakeDesk) -> None:
        assert (found(desk, " ?! "), desk.search.asked) == ([], [])

    def test_a_ticket_shows_the_state_that_was_built_in(self, desk: FakeDesk) -> None:
        ref = desk.settled().ref
        build_index(desk)
        desk.put(replace(desk.ticket(ref), status=Status.PENDING))
        (hit,) = search_tickets(desk, "parcel", 10)[1].hits
        assert hit.document.status is Status.NEW
