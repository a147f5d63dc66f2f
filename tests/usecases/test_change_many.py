"""Many tickets are changed at once, and what was changed is taken back: exactly that, where nobody came between."""

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.many import Done, Kind, ManyChange, packed, unpacked
from chalicelib.domain.ticket import Priority, Shelf, Status
from chalicelib.usecases.change_many import CHANGED_SINCE, Outcome, change_many, take_back_many
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from tests.usecases.fakes import FakeDesk

SAM = "agent:sam"


@pytest.fixture
def refs(desk: FakeDesk) -> list[str]:
    """Three tickets that the desk has given to whoever had room."""
    found = []
    for number in range(3):
        found.append(desk.settled(origin=f"form:{number}").ref)
        desk.clock.move(minutes=1)
    edit_ticket(desk, found[1], TicketEdit(tags=("lamp",), priority=Priority.HIGH), "agent:lin", None)
    return found


def standing(desk: FakeDesk, refs: list[str]) -> list[object]:
    """What a person sees of tickets."""
    tickets = [desk.ticket(ref) for ref in refs]
    return [(t.status, t.priority, t.assignee_id, t.team_id, t.tags, t.shelf, t.merged_into) for t in tickets]


def settle(desk: FakeDesk, refs: list[str]) -> None:
    for ref in refs:
        desk.run(ref)


CHANGES = [
    ManyChange(Kind.ASSIGN, "sam"),
    ManyChange(Kind.ASSIGN, "lin"),
    ManyChange(Kind.ASSIGN, ""),
    ManyChange(Kind.STATUS, "pending"),
    ManyChange(Kind.STATUS, "on_hold"),
    ManyChange(Kind.STATUS, "solved"),
    ManyChange(Kind.PRIORITY, "urgent"),
    ManyChange(Kind.TAG, "vip"),
    ManyChange(Kind.UNTAG, "lamp"),
    ManyChange(Kind.SHELF, "spam"),
    ManyChange(Kind.TEAM, "sales"),
    ManyChange(Kind.MERGE),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.kind}:{change.value}")
@pytest.mark.parametrize("settled", [False, True], ids=["at once", "after the desk's own work"])
def test_what_was_changed_is_as_it_was_after_the_undo(
    desk: FakeDesk, refs: list[str], change: ManyChange, settled: bool
) -> None:
    desk.people.save_team(desk.people.roster().teams[0].__class__("sales", "Sales"))
    before = standing(desk, refs)
    outcome = change_many(desk, refs, change, SAM)
    assert not outcome.failed
    assert standing(desk, refs) != before
    if settled:
        settle(desk, refs)
    back = take_back_many(desk, change, outcome.done, SAM, outcome.into)
    assert not back.failed
    if settled:
        settle(desk, refs)
    assert standing(desk, refs) == before


def test_done_again_it_changes_nothing_more(desk: FakeDesk, refs: list[str]) -> None:
    change = ManyChange(Kind.PRIORITY, "urgent")
    change_many(desk, refs, change, SAM)
    facts = [len(desk.ticket(ref).timeline) for ref in refs]
    again = change_many(desk, refs, change, SAM)
    assert (again.done, again.same) == ((), tuple(refs))
    assert [len(desk.ticket(ref).timeline) for ref in refs] == facts


def test_what_somebody_changed_since_stays_as_they_left_it(desk: FakeDesk, refs: list[str]) -> None:
    change = ManyChange(Kind.PRIORITY, "urgent")
    done = change_many(desk, refs, change, SAM).done
    edit_ticket(desk, refs[0], TicketEdit(priority=Priority.LOW), "agent:ada", None)
    edit_ticket(desk, refs[2], TicketEdit(tags=("other",)), "agent:ada", None)
    back = take_back_many(desk, change, done, SAM)
    assert back.failed == ((refs[0], CHANGED_SINCE),)
    assert [desk.ticket(ref).priority.value for ref in refs] == ["low", "high", "normal"]


def test_tags_that_others_added_stay(desk: FakeDesk, refs: list[str]) -> None:
    change = ManyChange(Kind.TAG, "vip")
    done = change_many(desk, refs[:1], change, SAM).done
    back = take_back_many(desk, change, done, SAM)
    assert (desk.ticket(refs[0]).tags, back.failed) == ((), ())


def test_one_that_can_not_be_changed_keeps_no_other_from_it(desk: FakeDesk, refs: list[str]) -> None:
    edit_ticket(desk, refs[1], TicketEdit(status=Status.CLOSED), "agent:lin", None)
    found = change_many(desk, [*refs, "0000-0000", "nonsense"], ManyChange(Kind.ASSIGN, "lin"), SAM)
    assert [each.ref for each in found.done] == [refs[0], refs[2]]
    assert found.failed == ((refs[1], "closed"), ("0000-0000", "not_found"), ("nonsense", "not_found"))


def test_a_ticket_chosen_twice_is_changed_once(desk: FakeDesk, refs: list[str]) -> None:
    assert len(change_many(desk, [refs[0], refs[0]], ManyChange(Kind.TAG, "x"), SAM).done) == 1


def test_many_become_a_part_of_the_oldest(desk: FakeDesk, refs: list[str]) -> None:
    found = change_many(desk, [refs[2], refs[0], refs[1]], ManyChange(Kind.MERGE), SAM)
    assert found.into == refs[0]
    assert [desk.ticket(ref).merged_into for ref in refs] == ["", refs[0], refs[0]]


@pytest.mark.parametrize(
    ("change", "refs_", "field"),
    [
        (ManyChange(Kind.ASSIGN, "nobody-here"), ["7K3F-92QX"], "assignee_id"),
        (ManyChange(Kind.TEAM, "nowhere"), ["7K3F-92QX"], "team_id"),
        (ManyChange(Kind.TAG, "x"), [], "ref"),
        (ManyChange(Kind.MERGE), ["7K3F-92QX"], "ref"),
    ],
)
def test_what_can_not_be_is_refused_before_anything_is_changed(
    desk: FakeDesk, change: ManyChange, refs_: list[str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        change_many(desk, refs_, change, SAM)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.STATUS, "new"),
        (Kind.STATUS, "closed"),
        (Kind.PRIORITY, "9"),
        (Kind.SHELF, "unparsed"),
        (Kind.TAG, ""),
        (Kind.UNTAG, "x" * 101),
    ],
)
def test_a_change_to_what_can_not_be_is_none(kind: Kind, value: str) -> None:
    with pytest.raises(InvalidInput):
        ManyChange(kind, value)


def test_what_was_done_is_kept_in_few_bytes_and_reads_back() -> None:
    done = (Done("7K3F-92QX", "sam ", 3), Done("8K3F-92QX", "", 12), Done("9K3F-92QX", "sam ", 4))
    assert packed(done) == {"sam ": ["7K3F-92QX 3", "9K3F-92QX 4"], "": ["8K3F-92QX 12"]}
    assert set(unpacked(packed(done))) == set(done)


def test_mail_taken_from_the_shelf_again_goes_to_whoever_had_it(desk: FakeDesk, refs: list[str]) -> None:
    owner = desk.ticket(refs[0]).assignee_id
    change = ManyChange(Kind.SHELF, "spam")
    found: Outcome = change_many(desk, refs[:1], change, SAM)
    assert desk.ticket(refs[0]).shelf is Shelf.SPAM
    take_back_many(desk, change, found.done, SAM)
    settle(desk, refs)
    assert desk.ticket(refs[0]).assignee_id == owner
