"""How a conversation in the chat box goes: what its visitor has seen, what must still reach them, and by which way.

A ticket from the box is known by its origin; one that an agent wrote down after a chat elsewhere is another matter.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import agenda
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.message import Message
from chalicelib.domain.outbound_html import html_of_text
from chalicelib.domain.ticket import Fact, Happening, Status, Ticket

CHANNEL = "chat"
ORIGIN = "chat:"

TEXT_LIMIT = 4000
"""Most characters of one message in the box: who has more to say has the form."""

SUBJECT_LENGTH = 80

UNSEEN_SECONDS = 60
"""An answer that nobody saw in the box for so long goes by mail."""

LIVE_SECONDS = 30 * 60
"""After their last word for so long somebody is taken to sit there and wait."""

WATCHED_SECONDS = 10 * 60
"""An agent who answered within this time looks at the chat, and needs no mail about its next word."""

SAID = frozenset({Happening.OPENED, Happening.CUSTOMER_WROTE, Happening.AGENT_ANSWERED})
"""What brings a message that the visitor may read."""

_FROM_CUSTOMER = frozenset({Happening.OPENED, Happening.CUSTOMER_WROTE})


def is_from_box(ticket: Ticket) -> bool:
    """Whether the ticket began in the chat box."""
    return ticket.origin.startswith(ORIGIN)


def last_word(ticket: Ticket) -> Fact | None:
    """Give the customer's last word, where that came by the box: None once they went on by mail."""
    if not is_from_box(ticket):
        return None
    word = next((fact for fact in reversed(ticket.timeline) if fact.what in _FROM_CUSTOMER), None)
    by_box = word is not None and (word.what is Happening.OPENED or word.detail.get("via") == CHANNEL)
    return word if by_box else None


def is_live(ticket: Ticket, now: datetime) -> bool:
    """Whether somebody may be sitting there: an answer to them is worth nothing ten seconds late."""
    word = last_word(ticket)
    return word is not None and not is_over(ticket) and now - word.at < timedelta(seconds=LIVE_SECONDS)


def is_over(ticket: Ticket) -> bool:
    """Whether the box shows no more of it: it is closed, or was made a part of another, which others may read."""
    return ticket.status is Status.CLOSED


def is_watched(ticket: Ticket, now: datetime) -> bool:
    """Whether the ticket's agent is in the chat: they answered a moment ago."""
    if last_word(ticket) is None:
        return False
    by = f"agent:{ticket.assignee_id}"
    answers = (fact.at for fact in reversed(ticket.timeline) if fact.tells(Happening.AGENT_ANSWERED) and fact.by == by)
    last = next(answers, None)
    return last is not None and now - last < timedelta(seconds=WATCHED_SECONDS)


def to_be_seen(ticket: Ticket, message_id: str, now: datetime) -> Ticket:
    """Have an answer looked after when it should have been seen: with those that wait already, at their time.

    What a worker is at stays as it is.
    """
    waits = [entry for entry in ticket.agenda if entry.task is Task.DELIVER and not entry.attempts]
    at = min((entry.at for entry in waits), default=now + timedelta(seconds=UNSEEN_SECONDS))
    rest = tuple(entry for entry in ticket.agenda if entry not in waits)
    return replace(ticket, agenda=agenda.put(rest, Entry(at, Task.DELIVER, message_id)))


def shown_in_box(ticket: Ticket) -> tuple[tuple[int, Fact], ...]:
    """Give what the visitor may read, each with its place in the timeline, counted from 1: what they said in the box,
    and what it was answered.

    The address they gave is nobody's proof. Whoever reads mail there may write to the ticket by mail: that, and what
    it is answered, goes between them and the desk alone. `ticket` comes with its whole timeline.
    """
    found: list[tuple[int, Fact]] = []
    by_box = is_from_box(ticket)
    for place, fact in enumerate(ticket.timeline, 1):
        if fact.what in _FROM_CUSTOMER:
            by_box = is_from_box(ticket) and (fact.what is Happening.OPENED or fact.detail.get("via") == CHANNEL)
        if by_box and fact.what in SAID and fact.detail.get("message"):
            found.append((place, fact))
    return tuple(found)


def answers_on_their_way(ticket: Ticket, last: str) -> tuple[tuple[int, str], ...]:
    """Give the places and message ids of the answers in the box, up to `last`, that neither were seen nor left by mail
    as far as the ticket knows; none where `last` isn't among them."""
    delivered = {fact.detail.get("message") for fact in ticket.timeline if fact.what is Happening.DELIVERED}
    waiting = [
        (place, fact.detail["message"])
        for place, fact in shown_in_box(ticket)
        if fact.what is Happening.AGENT_ANSWERED and fact.detail["message"] not in delivered
    ]
    ids = [message_id for _, message_id in waiting]
    return tuple(waiting[: ids.index(last) + 1]) if last in ids else ()


def together(messages: Sequence[Message]) -> Message:
    """Give several answers as one, which is the last of them: they leave by one mail."""
    last = messages[-1]
    if len(messages) == 1:
        return last
    html = "\n".join(one.html or html_of_text(one.text) for one in messages) if any(m.html for m in messages) else ""
    return replace(
        last,
        text="\n\n".join(one.text for one in messages),
        html=html,
        attachments=tuple(file for one in messages for file in one.attachments),
        cc=tuple(dict.fromkeys(address for one in messages for address in one.cc)),
        bcc=tuple(dict.fromkeys(address for one in messages for address in one.bcc)),
    )


def subject_of(text: str) -> str:
    """Give a subject for a chat, which has none: how its first word begins."""
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1].rstrip()}…"
