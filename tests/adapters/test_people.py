"""Agents and teams in the table: what an agent holds is a set that never grows beyond what they can hold."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.people import MOST_MENTIONS, DynamoPeople
from chalicelib.domain.errors import AlreadyExists, StaleVersion
from chalicelib.domain.people import Agent, Role, Roster, Team
from tests.adapters.noted import noting
from tests.adapters.sample_tickets import NAMES, WORDS, ref_of
from tests.adapters.watched_table import Watch, watched

SAM = Agent("sam", "Sam", "sam@example.com", team_ids=("support",), capacity=3)
WORD_LISTS = st.lists(WORDS, max_size=3).map(tuple)
AGENTS = st.builds(
    Agent,
    id=st.just("one"),
    name=WORDS,
    email=WORDS,
    role=st.sampled_from(Role),
    team_ids=WORD_LISTS,
    skills=WORD_LISTS,
    languages=WORD_LISTS,
    available=st.booleans(),
    active=st.booleans(),
    capacity=st.integers(0, 1000),
)
ONLY_DYNAMODB_LOCAL = pytest.mark.parametrize(
    "any_cloud_table", [pytest.param("dynamodb-local", marks=pytest.mark.dynamodb_local)], indirect=True
)
"""Moto answers one thread as if no other were there."""


numbers = count()


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[DynamoPeople, Watch]]:
    with watched(*any_cloud_table) as (table, watch):
        yield DynamoPeople(table, noting(table)), watch


@pytest.fixture
def people(desk: tuple[DynamoPeople, Watch]) -> DynamoPeople:
    return desk[0]


def held(people: DynamoPeople) -> frozenset[str]:
    sam = people.roster().agent("sam")
    assert sam is not None
    return sam.holding


# ---- who is there


def test_a_new_desk_has_nobody(people: DynamoPeople) -> None:
    assert people.roster() == Roster()


def test_everybody_is_one_consistent_query(desk: tuple[DynamoPeople, Watch]) -> None:
    people, watch = desk
    lin, sam = people.save_agent(Agent("lin", "Lin", "lin@example.com", Role.LEAD)), people.save_agent(SAM)
    team = people.save_team(Team("support", "Support", ("lin",)))
    watch.calls.clear()
    assert people.roster() == Roster((lin, sam), (team,))
    assert watch.operations() == ["Query"]
    assert b'"ConsistentRead": true' in watch.calls[0].body


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(AGENTS, st.builds(Team, st.just("one"), NAMES, WORD_LISTS))
def test_every_field_of_any_agent_and_team_reads_back(people: DynamoPeople, agent: Agent, team: Team) -> None:
    name = f"of-example-{next(numbers)}"
    agent, team = replace(agent, id=name), replace(team, id=name)
    assert people.save_agent(agent) == replace(agent, version=1)
    assert people.save_team(team) == replace(team, version=1)
    roster = people.roster()
    assert roster.agent(agent.id) == replace(agent, version=1)
    assert roster.team(team.id) == replace(team, version=1)


def test_an_id_is_taken_once_but_an_agent_may_be_named_like_a_team(people: DynamoPeople) -> None:
    people.save_agent(SAM)
    with pytest.raises(AlreadyExists, match="agent sam"):
        people.save_agent(SAM)
    assert people.save_team(Team("sam", "Sam's")).version == 1
    with pytest.raises(AlreadyExists, match="team sam"):
        people.save_team(Team("sam", "Sam's"))


def test_a_change_made_on_an_old_version_is_refused(people: DynamoPeople) -> None:
    first, team = people.save_agent(SAM), people.save_team(Team("support", "Support"))
    people.save_agent(replace(first, name="Samuel"))
    people.save_team(replace(team, name="Help"))
    with pytest.raises(StaleVersion):
        people.save_agent(replace(first, name="Samantha"))
    with pytest.raises(StaleVersion):
        people.save_team(replace(team, name="Care"))
    roster = people.roster()
    assert (roster.agents[0].name, roster.teams[0].name) == ("Samuel", "Help")


def test_somebody_who_was_never_there_can_not_be_changed(people: DynamoPeople) -> None:
    with pytest.raises(StaleVersion):
        people.save_agent(replace(SAM, version=4))
    assert people.roster() == Roster()


# ---- what they hold


def test_an_agent_takes_as_many_tickets_as_they_can_hold(people: DynamoPeople) -> None:
    people.save_agent(SAM)
    assert [people.hold("sam", ref_of(number)) for number in range(5)] == [True, True, True, False, False]
    assert held(people) == {ref_of(0), ref_of(1), ref_of(2)}


def test_holding_twice_is_holding_once_even_with_full_hands(people: DynamoPeople) -> None:
    people.save_agent(SAM)
    assert all(people.hold("sam", ref_of(number % 3)) for number in range(9))
    assert len(held(people)) == 3


def test_force_takes_a_ticket_into_full_hands(people: DynamoPeople) -> None:
    people.save_agent(replace(SAM, capacity=0))
    assert not people.hold("sam", ref_of(1))
    assert people.hold("sam", ref_of(1), force=True)
    assert held(people) == {ref_of(1)}


def test_a_ticket_given_back_makes_room_and_giving_back_twice_is_no_harm(people: DynamoPeople) -> None:
    people.save_agent(replace(SAM, capacity=1))
    people.hold("sam", ref_of(1))
    for _ in range(2):
        people.release("sam", ref_of(1))
        people.release("sam", ref_of(2))
    assert held(people) == frozenset()
    assert people.hold("sam", ref_of(2))


def test_nobody_can_not_hold_and_is_not_made_by_trying(people: DynamoPeople) -> None:
    assert not people.hold("nobody", ref_of(1))
    assert not people.hold("nobody", ref_of(1), force=True)
    people.release("nobody", ref_of(1))
    assert people.roster() == Roster()


def test_saving_an_agent_leaves_what_they_hold_and_holding_leaves_their_version(people: DynamoPeople) -> None:
    sam = people.save_agent(SAM)
    people.hold("sam", ref_of(1))
    people.hold("sam", ref_of(2))
    changed = people.save_agent(replace(sam, capacity=1))
    assert (changed.version, changed.holding) == (2, frozenset({ref_of(1), ref_of(2)}))
    assert not people.hold("sam", ref_of(3))


@ONLY_DYNAMODB_LOCAL
def test_many_who_assign_at_once_never_fill_hands_beyond_capacity(people: DynamoPeople) -> None:
    people.save_agent(replace(SAM, capacity=7))
    with ThreadPoolExecutor(8) as writers:
        taken = sum(writers.map(lambda number: people.hold("sam", ref_of(number)), range(40)))
    assert taken == 7
    assert len(held(people)) == 7


@ONLY_DYNAMODB_LOCAL
def test_taking_and_giving_back_at_once_loses_no_place(people: DynamoPeople) -> None:
    people.save_agent(SAM)

    def take_and_give_back(number: int) -> None:
        for _ in range(5):
            if people.hold("sam", ref_of(number)):
                people.release("sam", ref_of(number))

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(take_and_give_back, range(8)))
    assert held(people) == frozenset()


def test_mentions_are_a_set_with_an_end_and_leave_the_version(people: DynamoPeople) -> None:
    sam = people.save_agent(SAM)
    for number in (*range(MOST_MENTIONS + 3), 0, 0):
        people.mention("sam", ref_of(number))
    people.forget_mention("sam", ref_of(0))
    people.forget_mention("sam", ref_of(0))
    people.mention("nobody", ref_of(1))
    people.forget_mention("nobody", ref_of(1))
    changed = people.save_agent(replace(sam, capacity=1))
    assert changed.mentions == {ref_of(number) for number in range(1, MOST_MENTIONS)}
    assert people.roster() == Roster((changed,))
