"""A ticket is changed by hand, on the version that was read; follow-ups are ticked off."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import Conflict, InvalidInput, NotFound, StaleVersion
from chalicelib.domain.people import Team
from chalicelib.domain.ticket import Happening, Priority, Status, Ticket
from chalicelib.usecases.edit_ticket import TicketEdit, complete_follow_up, edit_ticket
from tests.domain.samples import promise
from tests.usecases.fakes import FakeDesk, free_reference, happened

LIN = "agent:lin"


def edited(desk: FakeDesk, ticket: Ticket, **changes: Any) -> Ticket:
    return edit_ticket(desk, ticket.ref, TicketEdit(**changes), LIN, ticket.version)


@pytest.mark.parametrize(
    ("changes", "fact", "detail"),
    [
        ({"subject": "Two parcels"}, Happening.SUBJECT_SET, {"subject": "Two parcels", "was": "My parcel"}),
        ({"category": "refund"}, Happening.CATEGORY_SET, {"category": "refund", "was": "delivery"}),
        ({"language": "zh"}, Happening.LANGUAGE_SET, {"language": "zh", "was": "en"}),
        ({"tags": ("vip", "gift")}, Happening.TAGS_SET, {"tags": "vip, gift"}),
        ({"fields": {"order": "17"}}, Happening.FIELDS_SET, {"fields": "order", "now:order": "17"}),
        ({"priority": Priority.HIGH}, Happening.PRIORITY_SET, {"priority": "high", "was": "normal"}),
        ({"assignee_id": "sam"}, Happening.ASSIGNED, {"agent": "sam", "was": "ada"}),
        ({"assignee_id": ""}, Happening.UNASSIGNED, {"agent": "ada"}),
        ({"status": Status.PENDING}, Happening.WAITING_ON_CUSTOMER, {}),
    ],
)
def test_what_is_set_is_set_and_told(
    desk: FakeDesk, changes: dict[str, Any], fact: Happening, detail: dict[str, str]
) -> None:
    before = desk.settled()
    after = edited(desk, before, **changes)
    assert {name: getattr(after, name) for name in changes} == changes
    (new,) = after.timeline[len(before.timeline) :]
    assert (new.what, new.by, new.detail) == (fact, LIN, detail)


def test_what_is_not_named_stays(desk: FakeDesk) -> None:
    before = desk.settled(category="refund", tags=("vip",), fields={"order": "17"})
    after = edited(desk, before, priority=Priority.HIGH)
    kept = ("subject", "category", "tags", "fields", "status", "team_id", "assignee_id", "language")
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}


def test_an_empty_value_takes_a_thing_away(desk: FakeDesk) -> None:
    before = desk.settled(category="refund", tags=("vip",), fields={"order": "17"})
    after = edited(desk, before, category="", tags=(), fields={"order": ""})
    assert (after.category, after.tags, after.fields) == ("", (), {})


def test_what_it_already_is_changes_nothing(desk: FakeDesk) -> None:
    before = desk.settled()
    same = {name: getattr(before, name) for name in ("subject", "priority", "team_id", "assignee_id", "tags", "status")}
    assert edited(desk, before, **same) == before
    assert edited(desk, before) == before


def test_an_edit_on_an_old_version_is_refused_whatever_it_says(desk: FakeDesk) -> None:
    before = desk.settled()
    edited(desk, before, category="refund")
    with pytest.raises(StaleVersion):
        edited(desk, before, priority=Priority.HIGH)
    assert desk.ticket(before.ref).priority is Priority.NORMAL


def test_without_a_version_it_is_made_on_the_latest(desk: FakeDesk) -> None:
    before = desk.settled()
    edited(desk, before, category="refund")
    after = edit_ticket(desk, before.ref, TicketEdit(priority=Priority.HIGH), LIN, None)
    assert (after.category, after.priority) == ("refund", "high")


def test_a_team_and_an_agent_of_it_are_set_at_once(desk: FakeDesk) -> None:
    desk.people.save_team(Team("billing", "Billing"))
    after = edited(desk, desk.settled(), team_id="billing", assignee_id="sam")
    assert (after.team_id, after.assignee_id) == ("billing", "sam")
    assert desk.run(after.ref).assignee_id == "sam"
    assert desk.people.holding("sam") == {after.ref}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"team_id": "nobody"}, "team_id"),
        ({"assignee_id": "nobody"}, "assignee_id"),
        ({"assignee_id": "sam"}, "assignee_id"),
    ],
)
def test_who_does_not_work_here_gets_no_ticket(desk: FakeDesk, changes: dict[str, Any], field: str) -> None:
    desk.people.agents["sam"] = replace(desk.people.agents["sam"], active=False)
    before = desk.settled()
    with pytest.raises(InvalidInput) as refusal:
        edited(desk, before, **changes)
    assert refusal.value.field == field
    assert desk.ticket(before.ref) == before


def test_promises_follow_what_they_match_on(desk: FakeDesk) -> None:
    refunds = promise("refunds", match={"category": ("refund",)})
    desk.settings.change(sla_policies=(refunds, promise()))
    before = desk.settled()
    assert (before.policy_id, edited(desk, before, category="refund").policy_id) == ("standard", "refunds")


def test_a_closed_ticket_is_not_edited(desk: FakeDesk) -> None:
    before = edited(desk, desk.settled(), status=Status.CLOSED)
    for changes in ({"category": "refund"}, {"status": Status.OPEN}):
        with pytest.raises(Conflict):
            edited(desk, before, **changes)


def test_there_is_no_editing_what_is_not_there(desk: FakeDesk) -> None:
    with pytest.raises(NotFound):
        edit_ticket(desk, free_reference(desk), TicketEdit(category="refund"), LIN, None)


class TestFollowUps:
    def followed_up(self, desk: FakeDesk) -> str:
        ticket = desk.settled()
        desk.put(lifecycle.followed_up(ticket, "call", "low_rating", desk.clock.now()))
        return ticket.ref

    def test_it_is_ticked_off_by_whoever_did_it(self, desk: FakeDesk) -> None:
        ref = self.followed_up(desk)
        after = complete_follow_up(desk, ref, "call", "agent:sam")
        assert after.open_follow_ups == ()
        assert after.follow_ups[0].done_by == "agent:sam"

    def test_done_twice_is_done_once(self, desk: FakeDesk) -> None:
        ref = self.followed_up(desk)
        for _ in range(2):
            complete_follow_up(desk, ref, "call", "agent:sam")
        assert len(happened(desk.ticket(ref), Happening.FOLLOW_UP_DONE)) == 1

    def test_what_is_not_there_is_not_found(self, desk: FakeDesk) -> None:
        with pytest.raises(NotFound):
            complete_follow_up(desk, self.followed_up(desk), "write", "agent:sam")

    def test_a_solved_ticket_stands_among_follow_ups_until_they_are_done(self, desk: FakeDesk) -> None:
        ref = self.followed_up(desk)
        edit_ticket(desk, ref, TicketEdit(status=Status.SOLVED), LIN, None)
        assert [card.ref for card in desk.tickets.queue(["follow-ups"], 9).cards] == [ref]
        complete_follow_up(desk, ref, "call", "agent:sam")
        assert [card.ref for card in desk.tickets.queue(["done:2026-11"], 9).cards] == [ref]
