"""Two tickets are linked: each says so, whoever was told first, and however often."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Conflict, InvalidInput, NotFound
from chalicelib.domain.linking import MOST_LINKS, LinkKind, links_of, neighbours
from chalicelib.domain.ticket import Happening
from chalicelib.usecases.link_tickets import link_tickets, neighbours_of, unlink_tickets
from chalicelib.usecases.run_agenda import run_agenda
from tests.domain.samples import law
from tests.usecases.fakes import FakeDesk

SAM = "agent:sam"


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def two(desk: FakeDesk) -> tuple[str, str]:
    return desk.settled().ref, desk.settled().ref


def test_the_problem_knows_what_it_causes(desk: FakeDesk) -> None:
    one, other = two(desk)
    link_tickets(desk, one, other, LinkKind.CAUSED_BY, SAM)
    desk.run(one)
    assert links_of(desk.ticket(one)) == {other: LinkKind.CAUSED_BY}
    assert links_of(desk.ticket(other)) == {one: LinkKind.CAUSES}
    assert desk.ticket(other).timeline[-1].by == SAM


def test_removed_on_the_other_side_it_is_gone_on_both(desk: FakeDesk) -> None:
    one, other = two(desk)
    link_tickets(desk, one, other, LinkKind.RELATED, SAM)
    desk.run(one)
    unlink_tickets(desk, other, one, SAM)
    desk.run(other)
    assert not links_of(desk.ticket(one))
    assert not links_of(desk.ticket(other))


def test_linked_and_told_twice_it_is_one_link_and_one_fact_on_each(desk: FakeDesk) -> None:
    one, other = two(desk)
    for _ in range(2):
        link_tickets(desk, one, other, LinkKind.RELATED, SAM)
        desk.run(one)
        run_agenda(desk, one)
    for ref in (one, other):
        assert sum(1 for fact in desk.ticket(ref).timeline if fact.what is Happening.LINKED) == 1


def test_another_kind_takes_the_place_of_the_first(desk: FakeDesk) -> None:
    one, other = two(desk)
    link_tickets(desk, one, other, LinkKind.RELATED, SAM)
    link_tickets(desk, one, other, LinkKind.CAUSES, SAM)
    desk.run(one)
    assert links_of(desk.ticket(other)) == {one: LinkKind.CAUSED_BY}


@law
@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from([None, *LinkKind]), st.lists(st.booleans(), max_size=2)), max_size=6
    ),
    st.sampled_from(list(permutations((0, 1)))),
)
def test_whatever_was_done_on_either_side_in_the_end_both_say_the_same(
    acts: list[tuple[bool, LinkKind | None, list[bool]]], order: tuple[int, int]
) -> None:
    desk = FakeDesk()
    both = two(desk)
    for side, kind, runs in acts:
        one, other = both[side], both[not side]
        if kind is None:
            unlink_tickets(desk, one, other, SAM)
        else:
            link_tickets(desk, one, other, kind, SAM)
        for run in runs:
            run_agenda(desk, both[run])
    for place in order:
        desk.run(both[place])
    one, other = both
    said = links_of(desk.ticket(one)).get(other)
    assert links_of(desk.ticket(other)).get(one) is (said.inverse if said else None)


def test_a_ticket_is_linked_with_no_other_than_there_are_and_not_with_itself(desk: FakeDesk) -> None:
    one, _ = two(desk)
    with pytest.raises(NotFound):
        link_tickets(desk, one, "0000-0000", LinkKind.RELATED, SAM)
    with pytest.raises(InvalidInput):
        link_tickets(desk, one, one, LinkKind.RELATED, SAM)


def test_links_have_an_end(desk: FakeDesk) -> None:
    one = desk.settled().ref
    others = [desk.open().ref for _ in range(MOST_LINKS + 1)]
    for other in others[:-1]:
        link_tickets(desk, one, other, LinkKind.RELATED, SAM)
    with pytest.raises(Conflict):
        link_tickets(desk, one, others[-1], LinkKind.RELATED, SAM)


def test_a_ticket_shows_also_what_it_continues(desk: FakeDesk) -> None:
    first = desk.settled().ref
    second = desk.open(follows=first)
    assert neighbours(second) == {first: "follows"}
    (one,) = neighbours_of(desk, second)
    assert (one.ref, one.kind, one.ticket) == (first, "follows", desk.ticket(first))
