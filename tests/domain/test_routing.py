"""Who gets a ticket, as laws over any roster."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.people import Agent, Roster
from chalicelib.domain.routing import candidates, has_room, suits
from chalicelib.domain.ticket import Ticket
from tests.domain.samples import a_ticket, law

SKILLS, TEAMS, LANGUAGES = ["billing", "refunds"], ["support", "sales"], ["en", "zh"]
REF = a_ticket().ref


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


AGENTS = st.builds(
    Agent,
    id=st.uuids().map(str),
    name=st.just("Sam"),
    email=st.just("sam@shop.example"),
    team_ids=some(TEAMS),
    skills=some(SKILLS),
    languages=some(LANGUAGES),
    available=st.sampled_from([True] * 4 + [False]),
    active=st.sampled_from([True] * 4 + [False]),
    capacity=st.integers(0, 4),
    holding=st.frozensets(st.sampled_from([REF, "A", "B", "C", "D"])),
)
ROSTERS = st.lists(AGENTS, max_size=8).map(lambda agents: Roster(tuple(agents)))
TICKETS = st.builds(
    a_ticket,
    team_id=st.sampled_from(["", *TEAMS]),
    required_skills=st.sampled_from([(), (), ("billing",), ("billing", "refunds")]),
    language=st.sampled_from(["", *LANGUAGES]),
)


@law
@given(ROSTERS, TICKETS)
def test_nobody_gets_a_ticket_who_is_away_lacks_a_skill_or_works_elsewhere(roster: Roster, ticket: Ticket) -> None:
    for agent in candidates(roster, ticket):
        assert agent.active
        assert agent.available
        assert set(ticket.required_skills) <= set(agent.skills)
        assert ticket.team_id in ("", *agent.team_ids)


@law
@given(ROSTERS, TICKETS)
def test_nobody_gets_one_more_than_they_can_hold(roster: Roster, ticket: Ticket) -> None:
    for agent in candidates(roster, ticket):
        assert len(agent.holding | {ticket.ref}) <= agent.capacity or ticket.ref in agent.holding


@law
@given(ROSTERS, TICKETS)
def test_everybody_who_could_take_it_is_named_once(roster: Roster, ticket: Ticket) -> None:
    able = {agent.id for agent in roster.agents if suits(agent, ticket) and has_room(agent, ticket)}
    named = [agent.id for agent in candidates(roster, ticket)]
    assert (set(named), len(named)) == (able, len(able))


@law
@given(ROSTERS, TICKETS)
def test_whoever_already_keeps_a_place_for_it_comes_first(roster: Roster, ticket: Ticket) -> None:
    keeping = [ticket.ref in agent.holding for agent in candidates(roster, ticket)]
    assert keeping == sorted(keeping, reverse=True)


@law
@given(ROSTERS, TICKETS)
def test_among_those_who_speak_the_language_the_least_loaded_by_share_is_first(roster: Roster, ticket: Ticket) -> None:
    free = [agent for agent in candidates(roster, ticket) if ticket.ref not in agent.holding]
    speakers = [agent for agent in free if not agent.languages or ticket.language in ("", *agent.languages)]
    assert free[: len(speakers)] == speakers
    shares = [agent.load / agent.capacity for agent in speakers]
    assert shares == sorted(shares)


@law
@given(ROSTERS, TICKETS, st.randoms())
def test_the_order_in_which_people_are_known_does_not_matter(roster: Roster, ticket: Ticket, random: Random) -> None:
    shuffled = list(roster.agents)
    random.shuffle(shuffled)
    assert candidates(Roster(tuple(shuffled)), ticket) == candidates(roster, ticket)


def somebody(name: str, load: int, capacity: int) -> Agent:
    holding = frozenset(f"{name}{number}" for number in range(load))
    return Agent(name, name, f"{name}@shop.example", team_ids=("support",), capacity=capacity, holding=holding)


def test_three_of_ten_is_less_than_two_of_four() -> None:
    roster = Roster((somebody("ada", 2, 4), somebody("sam", 3, 10)))
    assert [agent.id for agent in candidates(roster, a_ticket(team_id="support"))] == ["sam", "ada"]


def test_at_the_same_share_fewer_tickets_win_and_then_the_id() -> None:
    roster = Roster((somebody("sam", 2, 4), somebody("eve", 0, 5), somebody("ada", 4, 8), somebody("bob", 0, 9)))
    assert [agent.id for agent in candidates(roster, a_ticket())] == ["bob", "eve", "sam", "ada"]


def test_whoever_keeps_a_place_for_it_is_asked_first_though_they_are_full() -> None:
    keeping = replace(somebody("sam", 1, 2), holding=frozenset({REF, "sam0"}))
    assert [agent.id for agent in candidates(Roster((somebody("ada", 0, 9), keeping)), a_ticket())] == ["sam", "ada"]


def test_whoever_speaks_the_customers_language_comes_before_the_less_loaded() -> None:
    english = replace(somebody("ada", 0, 9), languages=("en",))
    chinese = replace(somebody("bo", 2, 9), languages=("en", "zh"))
    whatever = somebody("sam", 1, 9)
    roster = Roster((english, chinese, whatever))
    assert [agent.id for agent in candidates(roster, a_ticket(language="zh"))] == ["sam", "bo", "ada"]
    assert [agent.id for agent in candidates(roster, a_ticket())] == ["ada", "sam", "bo"]


def test_who_has_no_hands_takes_nothing() -> None:
    assert candidates(Roster((somebody("lin", 0, 0),)), a_ticket()) == ()
