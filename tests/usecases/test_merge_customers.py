"""Two customers are made one, whoever else writes at the same moment, and made two again."""

import re
from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, InvalidInput, NotFound, StaleVersion
from chalicelib.usecases import merge_customers as merging
from chalicelib.usecases.edit_customer import (
    CustomerEdit,
    edit_customer,
    forget_note,
    load_customer,
    note_customer,
)
from chalicelib.usecases.list_tickets import Filter, list_tickets
from chalicelib.usecases.refuse_surveys import set_surveys, unsubscribe_link
from chalicelib.usecases.view_customer import view_customer
from tests.usecases.fakes import FakeDesk

JO, WORK = "jo@customer.example", "jo@work.example"


@pytest.fixture(autouse=True)
def fake_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fakes' ids are addresses."""
    monkeypatch.setattr(merging, "CUSTOMER_ID", re.compile(r"c:.+"))


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def merge(desk: FakeDesk, other: str = WORK, into: str = JO) -> str:
    return merging.merge_customers(desk, desk.customers.id_of(into), other, "agent:sam").id


def test_whoever_writes_from_either_address_is_the_one_customer(desk: FakeDesk) -> None:
    desk.open(email=JO)
    desk.open(email=WORK, name="Joanna")
    jo = merge(desk)
    assert desk.open(email=WORK).requester.customer_id == jo
    assert desk.open(email=JO).requester.customer_id == jo


def test_their_list_holds_the_tickets_of_both_by_whichever_id_and_no_ticket_is_written(desk: FakeDesk) -> None:
    refs = [desk.open(email=email).ref for email in (JO, WORK, JO)]
    writes = len(desk.tickets.writes)
    ids = [merge(desk), desk.customers.id_of(WORK)]
    for customer_id in ids:
        wanted = Filter(customer_id=customer_id)
        assert {card.ref for card in list_tickets(desk, wanted, 25).cards} == set(refs)
    assert len(desk.tickets.writes) == writes


def test_merged_again_they_are_merged(desk: FakeDesk) -> None:
    desk.open(email=JO)
    desk.open(email=WORK)
    merge(desk)
    kept = dict(desk.customers.kept)
    merge(desk)
    assert desk.customers.kept == kept


def test_an_address_from_which_nobody_wrote_yet_can_be_theirs(desk: FakeDesk) -> None:
    desk.open(email=JO)
    jo = merge(desk)
    assert desk.open(email=WORK).requester.customer_id == jo


def test_somebody_s_part_brings_the_whole_of_them(desk: FakeDesk) -> None:
    for email in (JO, WORK, "jo@old.example"):
        desk.open(email=email)
    merge(desk, "jo@old.example", into=WORK)
    jo = merge(desk, "jo@old.example")
    assert desk.open(email="jo@old.example").requester.customer_id == jo
    assert len(view_customer(desk, jo, 50).page.cards) == 4


def test_two_who_merge_them_the_other_way_round_at_once_leave_one_customer(desk: FakeDesk) -> None:
    desk.open(email=JO)
    desk.open(email=WORK)

    def the_other_way_round() -> None:
        merge(desk, JO, into=WORK)

    desk.customers.before_save = [the_other_way_round]
    merge(desk)
    roots = {customer.id for customer in desk.customers.kept.values() if not customer.merged_into}
    assert roots == {desk.customers.id_of(WORK)}


def test_somebody_else_s_change_at_the_same_moment_is_kept(desk: FakeDesk) -> None:
    desk.open(email=JO)
    desk.open(email=WORK)
    jo = desk.customers.id_of(JO)

    def tiered() -> None:
        edit_customer(desk, jo, CustomerEdit(tier="gold"))

    desk.customers.before_save = [tiered]
    assert load_customer(desk, merge(desk)).tier == "gold"


def test_a_merge_decided_on_an_old_version_is_refused(desk: FakeDesk) -> None:
    desk.open(email=JO)
    with pytest.raises(StaleVersion):
        merging.merge_customers(desk, desk.customers.id_of(JO), WORK, "agent:sam", version=7)


@pytest.mark.parametrize(("other", "refusal"), [(JO, InvalidInput), ("c:nobody", NotFound), ("nonsense", NotFound)])
def test_who_can_not_be_merged_is_refused(desk: FakeDesk, other: str, refusal: type[Exception]) -> None:
    desk.open(email=JO)
    with pytest.raises(refusal):
        merge(desk, other)


def test_separated_they_are_two_again_and_what_came_meanwhile_stays(desk: FakeDesk) -> None:
    desk.open(email=JO)
    desk.open(email=WORK)
    jo, work = merge(desk), desk.customers.id_of(WORK)
    meanwhile = desk.open(email=WORK).ref
    for _ in range(2):
        merging.separate_customer(desk, jo, work)
    assert desk.open(email=WORK).requester.customer_id == work
    assert meanwhile in {card.ref for card in view_customer(desk, jo, 50).page.cards}
    assert len(view_customer(desk, work, 50).page.cards) == 2


def test_a_month_later_it_is_too_late_to_separate_them(desk: FakeDesk) -> None:
    desk.open(email=JO)
    jo = merge(desk)
    desk.clock.move(days=31)
    with pytest.raises(Conflict):
        merging.separate_customer(desk, jo, desk.customers.id_of(WORK))


def test_a_link_in_an_old_mail_refuses_surveys_for_the_whole_customer(desk: FakeDesk) -> None:
    desk.open(email=JO)
    desk.open(email=WORK)
    token = unsubscribe_link(desk, desk.customers.id_of(WORK)).rpartition("/")[2]
    jo = merge(desk)
    set_surveys(desk, token, wanted=False)
    assert load_customer(desk, jo).surveys_refused_at is not None


def test_notes_of_both_are_read_together_and_one_can_be_forgotten(desk: FakeDesk) -> None:
    desk.open(email=JO)
    desk.open(email=WORK)
    note_customer(desk, desk.customers.id_of(WORK), "Pays by invoice.", "agent:sam", "1")
    desk.clock.move(hours=1)
    jo = merge(desk)
    for _ in range(2):
        note_customer(desk, jo, "Calls at noon.", "agent:sam", "2")
    notes = view_customer(desk, jo, 50).notes
    assert [note.text for note in notes] == ["Calls at noon.", "Pays by invoice."]
    forget_note(desk, jo, notes[1].id)
    assert [note.text for note in view_customer(desk, jo, 50).notes] == ["Calls at noon."]


@pytest.mark.parametrize("text", ["", " \n", "x" * 10_001])
def test_a_note_says_something_and_not_everything(desk: FakeDesk, text: str) -> None:
    desk.open(email=JO)
    with pytest.raises(InvalidInput):
        note_customer(desk, desk.customers.id_of(JO), text, "agent:sam", "1")


def test_an_edit_is_made_on_what_somebody_quicker_left(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open(email=JO)
    jo, real = desk.customers.id_of(JO), desk.customers.save

    def overtaken(customer: object) -> object:
        monkeypatch.setattr(desk.customers, "save", real)
        known = desk.customers.kept[jo]
        desk.customers.kept[jo] = replace(known, language="de", version=known.version + 1)
        return real(customer)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.customers, "save", overtaken)
    after = edit_customer(desk, jo, CustomerEdit(tier="gold"))
    assert (after.tier, after.language) == ("gold", "de")
