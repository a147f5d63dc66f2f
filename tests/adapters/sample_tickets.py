"""Tickets for the table's tests: plain ones with what matters to a test set, and any that Hypothesis can think of."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from chalicelib.adapters.ticket_items import from_ms
from chalicelib.adapters.tickets import DynamoTickets
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.message import Attachment, Message, MessageKind
from chalicelib.domain.reference import base32
from chalicelib.domain.ticket import (
    EmailThread,
    Fact,
    FollowUp,
    Happening,
    Priority,
    Requester,
    Shelf,
    Status,
    Survey,
    Ticket,
)
from chalicelib.domain.usage import NAMES as NUMBERS
from chalicelib.domain.usage import Usage

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def ref_of(number: int) -> str:
    """Give a reference of its own for each number."""
    code = base32(number, 8)
    return f"{code[:4]}-{code[4:]}"


def a_ticket(number: int = 1, **changes: Any) -> Ticket:
    """Give a ticket of which only the number, and what `changes` names, is special."""
    at = changes.pop("created_at", NOON)
    ref = changes.pop("ref", ref_of(number))
    requester = changes.pop("requester", Requester("cjo", "Jo", "jo@customer.org"))
    opened = (Fact(at, Happening.OPENED, "customer:cjo"),)
    plain = {"subject": f"Parcel {number}", "channel": "email", "created_at": at, "updated_at": at, "timeline": opened}
    return Ticket(ref=ref, origin=f"email:<{number}@customer.org>", requester=requester, **{**plain, **changes})


def card_for(ticket: Ticket) -> Card:
    """Give the card of a ticket to which nothing is promised."""
    return card_of(ticket, ())


def kept(tickets: DynamoTickets, ticket: Ticket) -> Ticket:
    """Add or save a ticket."""
    return (tickets.save if ticket.version else tickets.add)(ticket, card_for(ticket))


def entry(minutes: float, task: Task = Task.TRIAGE, about: str = "") -> Entry:
    """Give an agenda entry that is due so many minutes after NOON."""
    return Entry(NOON + timedelta(minutes=minutes), task, about)


def facts(count: int, first: int = 0) -> tuple[Fact, ...]:
    """Give notes, a second apart, each of which names its number."""
    return tuple(
        Fact(NOON + timedelta(seconds=number), Happening.NOTE_ADDED, "agent:sam", {"message": f"m{number}"})
        for number in range(first, first + count)
    )


def a_message(message_id: str = "m1", text: str = "Hello", **changes: Any) -> Message:
    """Give a customer's message."""
    plain = {"created_at": NOON, "newly_said": text}
    return Message(message_id, MessageKind.CUSTOMER, "customer:cjo", "Jo", text, **{**plain, **changes})


def refs(cards: Iterable[Card]) -> list[str]:
    """Give the references of some cards."""
    return [card.ref for card in cards]


# ---- whatever Hypothesis can think of

INSTANTS = st.integers(1_000_000_000_000, 4_000_000_000_000).map(from_ms)
"""To the millisecond, from this century: the desk writes down when things happen to it."""
WORDS = st.text(max_size=12)
NAMES = st.text(min_size=1, max_size=12)
DETAILS = st.dictionaries(NAMES, WORDS, max_size=3)
SOME_DAY = st.none() | INSTANTS

FACTS = st.builds(Fact, INSTANTS, st.sampled_from(Happening), WORDS, DETAILS)
ENTRIES = st.builds(Entry, INSTANTS, st.sampled_from(Task), WORDS, st.integers(0, 9))
SURVEYS = st.builds(
    Survey,
    number=st.integers(1, 99),
    sent_at=INSTANTS,
    expires_at=INSTANTS,
    agent_id=WORDS,
    reminded_at=SOME_DAY,
    rating=st.none() | st.integers(1, 5),
    comment=WORDS,
    rated_at=SOME_DAY,
    nps=st.none() | st.integers(0, 10),
    ces=st.none() | st.integers(1, 7),
)
FOLLOW_UPS = st.builds(FollowUp, NAMES, NAMES, INSTANTS, SOME_DAY, WORDS, SOME_DAY)
THREADS = st.builds(
    EmailThread,
    last_id=WORDS,
    chain=st.lists(WORDS, max_size=3).map(tuple),
    address=WORDS,
    participants=st.lists(WORDS, max_size=3).map(tuple),
)
USAGES = st.lists(st.integers(0, 2**40), max_size=len(NUMBERS)).map(lambda numbers: Usage(*numbers))
TICKETS = st.builds(
    Ticket,
    ref=st.just("0000-0000"),
    origin=NAMES,
    subject=WORDS,
    requester=st.builds(Requester, NAMES, WORDS, WORDS, WORDS),
    channel=WORDS,
    created_at=INSTANTS,
    updated_at=INSTANTS,
    status=st.sampled_from(Status),
    priority=st.sampled_from(Priority),
    category=WORDS,
    language=WORDS,
    shelf=st.sampled_from(Shelf),
    assignee_id=WORDS,
    team_id=WORDS,
    policy_id=WORDS,
    required_skills=st.lists(WORDS, max_size=3).map(tuple),
    tags=st.lists(WORDS, max_size=3).map(tuple),
    fields=DETAILS,
    solved_at=SOME_DAY,
    follows=WORDS,
    thread=THREADS,
    timeline=st.lists(FACTS, max_size=4).map(tuple),
    agenda=st.lists(ENTRIES, max_size=3).map(tuple),
    surveys=st.lists(SURVEYS, max_size=2).map(tuple),
    follow_ups=st.lists(FOLLOW_UPS, max_size=2).map(tuple),
    cost=USAGES,
    unbooked=USAGES,
)
"""Any ticket whose every field may hold anything of its type, sensible or not."""

ATTACHMENTS = st.builds(Attachment, NAMES, WORDS, WORDS, st.integers(0, 10**9), st.booleans(), WORDS)
MESSAGES = st.builds(
    Message,
    id=st.just("m1"),
    kind=st.sampled_from(MessageKind),
    author=NAMES,
    author_name=WORDS,
    text=WORDS,
    created_at=INSTANTS,
    html=WORDS,
    newly_said=NAMES,
    attachments=st.lists(ATTACHMENTS, max_size=2).map(tuple),
    email_id=WORDS,
    source=WORDS,
    problems=st.lists(WORDS, max_size=2).map(tuple),
)
"""Any message; its newly said part may be anything but nothing, which reads back as the whole text."""
