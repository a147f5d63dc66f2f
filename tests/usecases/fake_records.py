"""Tickets, customers and people in memory, with the versions, conditions and order that their ports promise."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.card import Card, Line, Page, Standing, queue_of, urgency
from chalicelib.domain.customer import Customer, CustomerNote
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import AlreadyExists, StaleVersion
from chalicelib.domain.message import Message
from chalicelib.domain.people import Agent, Roster, Team
from chalicelib.domain.ticket import Ticket


class FakeTickets:
    """Tickets with their versions, cards and messages."""

    def __init__(self) -> None:
        self.kept: dict[str, Ticket] = {}
        self.cards: dict[str, Card] = {}
        self.messages: dict[tuple[str, str], Message] = {}
        self.emails: dict[str, str] = {}
        self.writes: list[str] = []
        self.before_save: list[Callable[[], None]] = []
        self.drafts: Callable[[str], tuple[Draft, ...]] = lambda ref: ()

    def get(self, ref: str) -> Ticket | None:
        return self.kept.get(ref)

    def conversation(self, ref: str) -> tuple[Ticket, tuple[Message, ...]] | None:
        ticket = self.kept.get(ref)
        if ticket is None:
            return None
        names = dict.fromkeys(fact.detail.get("message", "") for fact in ticket.timeline)
        return ticket, tuple(self.messages[ref, name] for name in names if (ref, name) in self.messages)

    def opened(self, ref: str) -> tuple[Ticket, tuple[Message, ...], tuple[Draft, ...]] | None:
        found = self.conversation(ref)
        return (*found, self.drafts(ref)) if found else None

    def message(self, ref: str, message_id: str) -> Message | None:
        return self.messages.get((ref, message_id))

    def write_messages(self, ref: str, messages: Iterable[Message]) -> None:
        for message in messages:
            self.messages.setdefault((ref, message.id), message)

    def add(self, ticket: Ticket, card: Card) -> Ticket:
        if ticket.ref in self.kept:
            raise AlreadyExists("taken", "ref")
        return self._keep(ticket, card)

    def save(self, ticket: Ticket, card: Card) -> Ticket:
        if self.before_save:
            self.before_save.pop(0)()
        if self.kept[ticket.ref].version != ticket.version:
            raise StaleVersion("stale", "version")
        return self._keep(ticket, card)

    def _keep(self, ticket: Ticket, card: Card) -> Ticket:
        self.writes.append(ticket.ref)
        after = replace(ticket, version=ticket.version + 1)
        self.kept[ticket.ref], self.cards[ticket.ref] = after, replace(card, version=after.version)
        return after

    def get_many(self, refs: Sequence[str]) -> dict[str, Ticket]:
        return {ref: self.kept[ref] for ref in refs if ref in self.kept}

    def queue(
        self, names: Sequence[str], limit: int, after: str = "", *, newest_first: bool = False, until: str = ""
    ) -> Page:
        standing = [card for card in self.cards.values() if queue_of(card) in names]
        standing = [card for card in standing if not until or urgency(card) <= until]
        return _page(standing, urgency, limit, after, newest_first=newest_first)

    def standing(self, most: int) -> Standing:
        cards = [card for card in self.cards.values() if not queue_of(card).startswith("done:")]
        cards.sort(key=lambda card: (queue_of(card), urgency(card)))
        lines = (Line(queue_of(card), urgency(card), lambda card=card: card) for card in cards[:most])  # type: ignore[misc]
        return Standing(tuple(lines), whole=len(cards) <= most)

    def of_customer(self, customer_id: str, limit: int, after: str = "", also: Sequence[str] = ()) -> Page:
        theirs = [card for card in self.cards.values() if card.customer_id in (customer_id, *also)]
        return _page(theirs, _by_age, limit, after, newest_first=True)

    def due(self, until: datetime) -> Iterable[tuple[str, datetime]]:
        found = ((ticket.next_due, ref) for ref, ticket in self.kept.items() if ticket.next_due)
        return [(ref, at) for at, ref in sorted(found) if at <= until]

    def ticket_of_email(self, email_id: str) -> str | None:
        return self.emails.get(email_id)

    def file_email(self, email_id: str, ref: str) -> None:
        self.emails[email_id] = ref


def _by_age(card: Card) -> str:
    return f"{card.created_at.isoformat(timespec='milliseconds')}#{card.ref}"


def _page(cards: Iterable[Card], place: Callable[[Card], str], limit: int, after: str, *, newest_first: bool) -> Page:
    ordered = sorted(cards, key=place, reverse=newest_first)
    beyond = [card for card in ordered if not after or (place(card) < after if newest_first else place(card) > after)]
    return Page(tuple(beyond[:limit]), place(beyond[limit - 1]) if len(beyond) > limit else "")


class FakeCustomers:
    """Customers by an id that follows from their address."""

    def __init__(self) -> None:
        self.kept: dict[str, Customer] = {}
        self.noted: dict[tuple[str, str], CustomerNote] = {}
        self.before_save: list[Callable[[], None]] = []

    def id_of(self, email: str) -> str:
        return f"c:{email.strip().lower()}"

    def meet(self, email: str, name: str, now: datetime) -> Customer:
        return self._met(self.id_of(email), email, name, now)

    def meet_visitor(self, visitor: str, name: str, now: datetime) -> Customer:
        return self._met(f"v:{visitor}", "", name, now)

    def _met(self, customer_id: str, email: str, name: str, now: datetime) -> Customer:
        found = self.kept.get(customer_id) or Customer(customer_id, name, email, now, now, version=1)
        self.kept[found.id] = replace(found, name=found.name or name, last_contact=now)
        who = self.get(found.id) or found
        self.kept[who.id] = replace(who, name=who.name or name, last_contact=now)
        return self.kept[who.id]

    def get(self, customer_id: str) -> Customer | None:
        found = self.kept.get(customer_id)
        while found and found.merged_into in self.kept:
            found = self.kept[found.merged_into]
        return found

    def record(self, customer_id: str) -> Customer | None:
        return self.kept.get(customer_id)

    def save(self, customer: Customer) -> Customer:
        self._check(customer)
        self.kept[customer.id] = replace(customer, version=customer.version + 1)
        return self.kept[customer.id]

    def save_both(self, one: Customer, other: Customer) -> None:
        if self.before_save:
            self.before_save.pop(0)()
        self._check(one)
        self._check(other)
        self.save(one)
        self.save(other)

    def _check(self, customer: Customer) -> None:
        known = self.kept.get(customer.id)
        if customer.version != (known.version if known else 0):
            raise StaleVersion("stale", "version")

    def notes(self, customer_ids: Iterable[str]) -> tuple[CustomerNote, ...]:
        ids = tuple(customer_ids)
        found = [note for (customer_id, _), note in self.noted.items() if customer_id in ids]
        return tuple(sorted(found, key=lambda note: note.at, reverse=True))

    def add_note(self, customer_id: str, note: CustomerNote) -> None:
        self.noted.setdefault((customer_id, note.id), note)

    def remove_note(self, customer_id: str, note_id: str) -> None:
        self.noted.pop((customer_id, note_id), None)


class FakePeople:
    """Agents and teams, and what each agent holds."""

    def __init__(self) -> None:
        self.agents: dict[str, Agent] = {}
        self.teams: dict[str, Team] = {}

    def roster(self) -> Roster:
        return Roster(tuple(self.agents.values()), tuple(self.teams.values()))

    def hold(self, agent_id: str, ref: str, *, force: bool = False, room: int | None = None) -> bool:
        agent = self.agents.get(agent_id)
        if agent is None:
            return False
        most = agent.capacity if room is None else room
        if not force and (agent.capacity == 0 or (ref not in agent.holding and agent.load >= most)):
            return False
        self.agents[agent_id] = replace(agent, holding=agent.holding | {ref})
        return True

    def release(self, agent_id: str, ref: str) -> None:
        if agent := self.agents.get(agent_id):
            self.agents[agent_id] = replace(agent, holding=agent.holding - {ref})

    def mention(self, agent_id: str, ref: str) -> None:
        if agent := self.agents.get(agent_id):
            self.agents[agent_id] = replace(agent, mentions=agent.mentions | {ref})

    def forget_mention(self, agent_id: str, ref: str) -> None:
        if agent := self.agents.get(agent_id):
            self.agents[agent_id] = replace(agent, mentions=agent.mentions - {ref})

    def save_agent(self, agent: Agent) -> Agent:
        known = self.agents.get(agent.id)
        _check_version(agent.version, known.version if known else 0)
        holding = known.holding if known else frozenset()
        self.agents[agent.id] = replace(agent, holding=holding, version=agent.version + 1)
        return self.agents[agent.id]

    def save_team(self, team: Team) -> Team:
        known = self.teams.get(team.id)
        _check_version(team.version, known.version if known else 0)
        self.teams[team.id] = replace(team, version=team.version + 1)
        return self.teams[team.id]

    def holding(self, agent_id: str) -> set[str]:
        """The references that an agent holds."""
        return set(self.agents[agent_id].holding)


def _check_version(told: int, kept: int) -> None:
    if told == 0 and kept:
        raise AlreadyExists("taken", "id")
    if told != kept:
        raise StaleVersion("stale", "version")
