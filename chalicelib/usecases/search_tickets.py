"""Somebody looks for tickets: by reference or a customer's address, and by words, also those of a moment ago."""

from dataclasses import replace
from datetime import UTC, tzinfo

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.people import Agent, Roster
from chalicelib.domain.reference import parse_reference
from chalicelib.domain.search.document import document_of, document_of_card
from chalicelib.domain.search.excerpt import Excerpt, excerpt
from chalicelib.domain.search.found import Found, Hit
from chalicelib.domain.search.query import Query, parse_query
from chalicelib.usecases.build_index import read_changed
from chalicelib.usecases.ports import Desk

MOST_READ = 50
"""Tickets that are read for one search. There are more only in a flood, and these are built in within a minute."""

NOBODY = frozenset({"none", "nobody", "无", "未分配"})
ME = frozenset({"me", "我"})


def search_tickets(
    desk: Desk, text: str, limit: int, after: str = "", *, me: str = "", zone: tzinfo = UTC
) -> tuple[Query, Found]:
    """Give what a text asks, and a page of what was found, newest tickets first.

    A reference alone is that ticket, and a customer's address alone are that customer's tickets, both as they stand
    now. Otherwise what waits to be built into the index is read, and the tickets that this names: none on a quiet
    desk, some dozens at most. `me` is the agent who asks, if one does; days are those of `zone`. Raises InvalidInput
    for an `after` that no such page gave.
    """
    query, alone = parse_query(text, zone), text.strip()
    found = _by_reference(desk, alone) if not after else None
    found = found or _by_address(desk, alone, limit, after)
    if found is None and query.asks:
        newer = read_changed(desk, desk.changes.waiting(), MOST_READ)
        found = desk.search.search(_known(desk, query, me), limit, after, newer=newer)
    return query, found or Found(())


def _by_reference(desk: Desk, text: str) -> Found | None:
    try:
        ref = parse_reference(text.strip("#[]"))
    except InvalidInput:
        return None
    found = desk.tickets.conversation(ref)
    if found is None:
        return None
    document = document_of(*found)
    return Found((Hit(document, Excerpt(document.subject), excerpt(document.text, Query())),))


def _by_address(desk: Desk, text: str, limit: int, after: str) -> Found | None:
    """Give a page of the tickets of the customer with this address, or None for what is none: one read, and a query
    for each record that the customer consists of."""
    customer = desk.customers.get(desk.customers.id_of(text.lower())) if is_mailbox(text) else None
    if customer is None:
        return None
    own, *parts = customer.ids
    page = desk.tickets.of_customer(own, limit, after, parts)
    hits = tuple(Hit(document_of_card(card), Excerpt(card.subject), Excerpt("")) for card in page.cards)
    return Found(hits, page.after) if hits else None


def _known(desk: Desk, query: Query, me: str) -> Query:
    """Put ids where agents and teams were named: by id, name or address; an unknown name is looked for as it is."""
    if not query.agent and not query.team:
        return query
    if query.agent.lower() in ME and me and not query.team:
        return replace(query, agent=me)
    roster = desk.people.roster()
    return replace(query, agent=_agent_id(roster, query.agent, me), team=_team_id(roster, query.team))


def _agent_id(roster: Roster, name: str, me: str) -> str:
    wanted = name.lower()
    if wanted in ME and me:
        return me
    if wanted in NOBODY:
        return "none"
    return next((agent.id for agent in roster.agents if wanted in _names(agent)), name)


def _names(agent: Agent) -> tuple[str, ...]:
    return agent.id, agent.name.lower(), agent.email.lower()


def _team_id(roster: Roster, name: str) -> str:
    wanted = name.lower()
    return next((team.id for team in roster.teams if wanted in (team.id, team.name.lower())), name)
