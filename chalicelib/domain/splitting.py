"""A customer's message about something else becomes a ticket of its own, which the two tickets know by a fact each.

The new ticket is what counts: it is written whole, with its messages before it, and what the old one must know of it
follows by its agenda. The old ticket keeps the messages and shows them no more. Undone, the new one is merged into the
old one, and shown with it again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import lifecycle
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.clock_history import NOBODY_WAITS
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.message import Message
from chalicelib.domain.ticket import EmailThread, Fact, Happening, Requester, Ticket

MOST_MOVED = 40
"""Messages that move at once: as many ids as one fact can tell."""


def origin_of(ref: str, message_id: str) -> str:
    """Give what the ticket comes from that a message of another becomes."""
    return f"split:{ref}:{message_id}"


def moved_from(ticket: Ticket) -> dict[str, str]:
    """Give the ids of the messages that moved from a ticket, each with the reference of the ticket it moved to."""
    return {
        message_id: fact.detail["ticket"]
        for fact in ticket.timeline
        if fact.what is Happening.SPLIT_OFF
        for message_id in fact.detail["messages"].split(",")
    }


def splittable(ticket: Ticket) -> tuple[Fact, ...]:
    """Give the facts of the messages that can move: the customers' own, but for the first and what moved already."""
    if ticket.shelf or ticket.merged_into:
        return ()
    gone = moved_from(ticket)
    wrote = (fact for fact in ticket.timeline if fact.what is Happening.CUSTOMER_WROTE)
    return tuple(fact for fact in wrote if fact.detail.get("message", "") not in ("", *gone))


def moving(ticket: Ticket, message_id: str, *, following: bool) -> tuple[Fact, ...]:
    """Give the facts of the messages that move: one, or with `following` all by customers from it on.

    Raises Conflict on a shelf or a part of another ticket, InvalidInput for a message that can't move.
    """
    if ticket.shelf or ticket.merged_into:
        raise Conflict("mail on a shelf, and a part of another ticket, can't be split", "ref")
    found = splittable(ticket)
    place = next((at for at, fact in enumerate(found) if fact.detail["message"] == message_id), None)
    if place is None:
        raise InvalidInput("is no customer's message that can move; the first one stays", "message_id")
    return found[place : place + MOST_MOVED] if following else found[place : place + 1]


def begun(
    old: Ticket,
    ref: str,
    moved: Sequence[tuple[Fact, Message]],
    requester: Requester,
    subject: str,
    settings: DeskSettings,
    now: datetime,
    by: str,
) -> Ticket:
    """Give the ticket that messages of another become: in the same hands, as old as the first of them, so that its
    promises count from when the customer asked."""
    (first, message), *further = moved
    ids = tuple(dict.fromkeys(one.email_id for _, one in moved if one.email_id))
    ticket = Ticket(
        ref=ref,
        origin=origin_of(old.ref, message.id),
        subject=subject,
        requester=requester,
        channel=old.channel,
        created_at=first.at,
        updated_at=first.at,
        priority=old.priority,
        language=old.language,
        team_id=old.team_id,
        thread=EmailThread(
            last_id=ids[-1] if ids else "",
            chain=ids[-lifecycle.CHAIN_LENGTH :],
            address=old.thread.address,
            participants=old.thread.participants,
        ),
    )
    after = lifecycle.opened(ticket, message.id, settings, acknowledge=False)
    for fact, one in further:
        after = after.with_fact(fact.at, Happening.CUSTOMER_WROTE, fact.by, message=one.id)
    after = after.with_fact(now, Happening.SPLIT_FROM, by, ticket=old.ref)
    if old.assignee_id:
        after = lifecycle.assigned(after, old.assignee_id, now, by)
    return lifecycle.with_tasks(after, Entry(now, Task.TELL_SPLIT, old.ref))


def parted(old: Ticket, part: Ticket, now: datetime) -> Ticket:
    """Note on a ticket that messages of it became another one. What is owed to them is owed by that one."""
    if old.said(Happening.SPLIT_OFF, ticket=part.ref):
        return old
    taken = list[str]()
    for fact in part.timeline:
        if fact.what is Happening.SPLIT_FROM:
            break
        taken.append(fact.detail.get("message", ""))
    by = next((fact.by for fact in part.timeline if fact.what is Happening.SPLIT_FROM), lifecycle.DESK)
    messages = [one for one in taken if one]
    chain = tuple(one for one in old.thread.chain if one not in part.thread.chain)
    thread = replace(old.thread, chain=chain, last_id=chain[-1] if chain else "")
    details = {"ticket": part.ref, "messages": ",".join(messages), **_owed(old, messages)}
    return replace(old, thread=thread).with_fact(now, Happening.SPLIT_OFF, by, **details)


def split_from(ticket: Ticket) -> str:
    """Give the reference of the ticket that this one was split off, or an empty string."""
    return next((fact.detail["ticket"] for fact in ticket.timeline if fact.what is Happening.SPLIT_FROM), "")


def _owed(old: Ticket, moved: Sequence[str]) -> dict[str, str]:
    """What the fact says of the answer that the ticket owes: nothing where nothing of it moved, else since when."""
    gone = {*moved_from(old), *moved}
    answers = (at for at, fact in enumerate(old.timeline) if fact.what is Happening.AGENT_ANSWERED)
    last = max(answers, default=-1)
    waits = [fact for fact in old.timeline[last + 1 :] if fact.what is Happening.CUSTOMER_WROTE]
    stays = [fact for fact in waits if fact.detail.get("message", "") not in gone]
    if last < 0 or len(stays) == len(waits):
        return {}
    return {"since": stays[0].at.isoformat() if stays else NOBODY_WAITS}
