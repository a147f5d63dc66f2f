"""One ticket: what was said, what happened, what was promised, and what can be done about it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.errors import NotFound
from chalicelib.domain.message import TEXT_LIMIT, Message, MessageKind
from chalicelib.domain.ticket import Fact, Happening, Priority, Shelf, Status, Ticket
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, complete_follow_up, edit_ticket
from chalicelib.usecases.read_conversation import Conversation, read_conversation
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.pages.typed import typed, typed_line

SPOKEN = frozenset({Happening.CUSTOMER_WROTE, Happening.AGENT_ANSWERED, Happening.NOTE_ADDED, Happening.SOLVED})
"""What somebody should know of before their own answer goes out."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the conversation: a message and the ticket it lies under, or what happened between messages."""

    message: Message | None = None
    ref: str = ""
    facts: tuple[Fact, ...] = ()


def show(call: Call, *, wrong: str = "", status: int = 200) -> Answer:
    """Show the ticket; `wrong` names what of a form that was sent could not be done."""
    return _ticket(call, *_conversation(call), wrong=wrong, status=status)


def write(call: Call) -> Answer:
    """Take in a reply or a note. Where something happened since the page was shown, it is shown first."""
    ticket, said = _conversation(call)
    form = call.form()
    text, kind = typed(form.get("text", "")), form.get("kind", MessageKind.REPLY.value)
    if not 0 < len(text) <= TEXT_LIMIT:
        return _ticket(call, ticket, said, status=422, draft=text, kind=kind, wrong="text")
    news = _since(ticket, form.get("seen", ""), call.by)
    if news and not form.get("anyway"):
        return _ticket(call, ticket, said, status=409, draft=text, kind=kind, news=news)
    agent = signed_in(call).agent
    new = NewMessage(
        origin=f"console:{agent.id}:{form.get('form') or uuid.uuid4().hex}",
        kind=MessageKind(kind) if kind in ("reply", "note") else MessageKind.REPLY,
        text=text,
        author=call.by,
        author_name=agent.name,
        signature=agent.signature,
        status=Status(form["status"]) if form.get("status") in ("solved", "pending", "open") else None,
    )
    answer_ticket(call.desk, ticket.ref, new)
    return seen_elsewhere(call, _address(call, ticket.ref))


def change(call: Call) -> Answer:
    """Change what the form holds: one thing, or several."""
    ref, form = asked_ref(call), call.form()
    if form.get("follow_up"):
        complete_follow_up(call.desk, ref, form["follow_up"], call.by)
    else:
        edit_ticket(call.desk, ref, _edit(form), call.by, None)
    return seen_elsewhere(call, _address(call, ref))


def _conversation(call: Call) -> tuple[Ticket, Conversation]:
    found = read_conversation(call.desk, asked_ref(call))
    if found is None:
        raise NotFound("there is no such ticket", "ref")
    return found


def _address(call: Call, ref: str) -> str:
    view = call.query.get("view", "")
    return f"/console/tickets/{ref}" + (f"?view={view}" if view else "")


def _since(ticket: Ticket, seen: str, by: str) -> tuple[Fact, ...]:
    """Give what others did after the page was made that the form stood on; `seen` is how many facts it showed."""
    first = int(seen) if seen.isdecimal() else len(ticket.timeline)
    return tuple(fact for fact in ticket.timeline[first:] if fact.what in SPOKEN and fact.by != by)


def _edit(form: dict[str, str]) -> TicketEdit:
    return TicketEdit(
        status=Status(form["status"]) if form.get("status") in tuple(Status) else None,
        priority=Priority(form["priority"]) if form.get("priority") in tuple(Priority) else None,
        team_id=form.get("team_id"),
        assignee_id=form.get("assignee_id"),
        category=_line(form, "category"),
        subject=_line(form, "subject"),
        tags=_tags(form["tags"]) if "tags" in form else None,
        shelf=Shelf(form["shelf"]) if form.get("shelf") in ("", "spam") else None,
    )


def _tags(text: str) -> tuple[str, ...]:
    found = (tag.strip() for tag in typed_line(text).replace("，", ",").split(","))
    return tuple(dict.fromkeys(tag for tag in found if tag))


def _line(form: dict[str, str], name: str) -> str | None:
    return typed_line(form[name]) if name in form else None


def moments(ticket: Ticket, said: Conversation) -> list[Moment]:
    """Give a ticket's history in order: each message by itself, and together what happened between two."""
    known = {message.id for message, _ in said}
    entries: list[tuple[datetime, Message | None, str, Fact | None]] = [
        (message.created_at, message, ref, None) for message, ref in said
    ]
    entries += [(fact.at, None, "", fact) for fact in ticket.timeline if fact.detail.get("message") not in known]
    entries.sort(key=lambda entry: entry[0])
    found: list[Moment] = []
    for _, message, ref, fact in entries:
        if message is not None:
            found.append(Moment(message, ref))
        elif fact is not None and found and found[-1].message is None:
            found[-1] = Moment(facts=(*found[-1].facts, fact))
        elif fact is not None:
            found.append(Moment(facts=(fact,)))
    return found


def _ticket(
    call: Call,
    ticket: Ticket,
    said: Conversation,
    *,
    status: int = 200,
    draft: str = "",
    kind: str = "reply",
    news: tuple[Fact, ...] = (),
    wrong: str = "",
) -> Answer:
    now: datetime = call.desk.clock.now()
    clocks = sla.of_ticket(ticket, call.desk.settings.load(), now)
    values: dict[str, Any] = {
        "ticket": ticket,
        "moments": moments(ticket, said),
        "clocks": clocks,
        "pressing": sla.pressing(clocks),
        "view": call.query.get("view", "mine"),
        "form_id": uuid.uuid4().hex,
        "draft": draft,
        "kind": kind,
        "news": news,
        "wrong": wrong,
    }
    return page(call, "ticket.html", status, **values)
