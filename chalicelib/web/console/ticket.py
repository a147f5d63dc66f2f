"""One ticket: what was said, what happened, what was promised, and what can be done about it."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain import chat, sla, snoozing
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.draft import Draft, is_leaving
from chalicelib.domain.errors import Conflict, InvalidInput, NotFound
from chalicelib.domain.macro import Macro, macro_of
from chalicelib.domain.mail_html import remote_pictures
from chalicelib.domain.message import Message, MessageKind
from chalicelib.domain.people import Agent
from chalicelib.domain.scenario import pinned_first
from chalicelib.domain.sla_bar import bar_of
from chalicelib.domain.splitting import split_from, splittable
from chalicelib.domain.ticket import Fact, Priority, Shelf, Status, Ticket
from chalicelib.usecases.edit_ticket import TicketEdit, add_follow_up, complete_follow_up, edit_ticket
from chalicelib.usecases.link_tickets import neighbours_of
from chalicelib.usecases.read_conversation import Conversation, open_conversation
from chalicelib.usecases.send_draft import unsent_drafts
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.news import writing as others_writing
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.reader import reader_of
from chalicelib.web.console.references import referenced
from chalicelib.web.console.ticket_fields import typed_values, unfilled, unreadable
from chalicelib.web.console.uploads import upload_box
from chalicelib.web.pages.typed import typed_instant, typed_line


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the conversation: a message and the ticket it lies under, or what happened between messages."""

    message: Message | None = None
    ref: str = ""
    facts: tuple[Fact, ...] = ()


def show(call: Call, *, wrong: str = "", status: int = 200) -> Answer:
    """Show the ticket; `wrong` names what of a form that was sent could not be done."""
    return shown(call, *conversation(call), wrong=wrong, status=status)


def change(call: Call) -> Answer:
    """Change what the form holds: one thing, or several."""
    ref, form = asked_ref(call), call.form()
    if "follow_up_reason" in form:
        try:
            due_at = typed_instant(form.get("follow_up_due", ""), reader_of(call).zone)
            reason = typed_line(form["follow_up_reason"])
            add_follow_up(call.desk, ref, f"{call.by}:{form.get('form', '')[:64]}", reason, due_at, call.by)
        except (InvalidInput, Conflict) as error:
            return show(call, wrong="follow_up", status=422 if isinstance(error, InvalidInput) else 409)
    elif own := typed_values(form, call.desk.settings.load().ticket_fields):
        if unreadable(own, call.desk.settings.load().ticket_fields):
            return show(call, wrong="fields", status=422)
        edit_ticket(call.desk, ref, TicketEdit(fields=own), call.by, None)
    elif form.get("follow_up"):
        complete_follow_up(call.desk, ref, form["follow_up"], call.by)
    else:
        try:
            edit_ticket(call.desk, ref, _edit(form), call.by, None)
        except Conflict as error:
            if error.field != "fields":
                raise
            return show(call, wrong="unfilled", status=409)
    return seen_elsewhere(call, address_of(call, ref))


def conversation(call: Call) -> tuple[Ticket, Conversation, tuple[Draft, ...]]:
    """Give the ticket that the address names, with what was said and is being written on it. Raises NotFound."""
    found = open_conversation(call.desk, asked_ref(call))
    if found is None:
        raise NotFound("there is no such ticket", "ref")
    return found


def address_of(call: Call, ref: str) -> str:
    """Give a ticket's address, as it is reached from the view that the reader came from."""
    view = call.query.get("view", "")
    return f"/console/tickets/{ref}" + (f"?view={view}" if view else "")


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


def shown(
    call: Call,
    ticket: Ticket,
    said: Conversation,
    known: tuple[Draft, ...],
    *,
    status: int = 200,
    draft: Draft | None = None,
    news: tuple[Fact, ...] = (),
    wrong: str = "",
) -> Answer:
    """Give a ticket's page, with what its reader was writing: now, or when they were here last."""
    now, agent, reader = call.desk.clock.now(), signed_in(call).agent, reader_of(call)
    settings = call.desk.settings.load()
    form, own = call.form() if wrong else {}, settings.ticket_fields
    clocks, rules = sla.of_ticket(ticket, settings, now), sla.rules_of(settings)
    leaves = is_leaving(ticket, agent.id)
    macro = macro_of(settings.macros, call.query.get("macro", ""))
    drafts = unsent_drafts(call.desk, ticket, known)
    plans = settings.running(now)
    writing = draft or next((one for one in drafts if one.agent_id == agent.id), None)
    if macro and not draft:
        writing = _with_macro(writing, macro, ticket, agent, settings, now)
    macro = macro_of(settings.macros, writing.macro) if writing else None
    values: dict[str, Any] = {
        "ticket": ticket,
        "moments": moments(ticket, said),
        "clocks": tuple((clock, bar_of(clock, rules, now)) for clock in clocks),
        "pressing": sla.pressing(clocks),
        "view": call.query.get("view", "mine"),
        "told": call.query.get("said", ""),
        "draft": writing,
        "leaves": leaves if leaves and leaves > now else None,
        "act_id": uuid.uuid4().hex,
        "form_id": writing.id if writing else uuid.uuid4().hex,
        "kind": (writing.kind if writing else MessageKind.REPLY).value,
        "news": news,
        "others": others_writing(call, drafts),
        "new": 0,
        "live": chat.is_live(ticket, now),
        "from_box": chat.is_from_box(ticket),
        "seen": len(ticket.timeline),
        "macro": macro,
        "macros": pinned_first(settings.macros, plans),
        "pinned": {name for plan in plans for name in plan.macros},
        "wrong": wrong,
        "typed": form,
        "wrong_fields": unfilled(own, ticket) if wrong == "unfilled" else unreadable(typed_values(form, own), own),
        "snooze_times": snoozing.offered(now, ZoneInfo(reader.zone), settings.business_calendar),
        "remote_pictures": remote_pictures,
        "splittable": {fact.detail["message"] for fact in splittable(ticket)},
        "split_from": split_from(ticket),
        "neighbours": neighbours_of(call.desk, ticket),
        "referenced": partial(referenced, root=call.root),
        "uploads": upload_box(call, writing.attachments if writing else (), "files" if wrong == "files" else ""),
    }
    return page(call, "ticket.html", status, **values)


def _with_macro(
    writing: Draft | None, macro: Macro, ticket: Ticket, agent: Agent, settings: DeskSettings, now: datetime
) -> Draft:
    """What the reader was writing, with a macro's answer after it."""
    values = {
        "customer": ticket.requester.name or ticket.requester.email,
        "ref": ticket.ref,
        "subject": ticket.subject,
        "agent": agent.name,
        "desk": settings.name,
    }
    answer = macro.text(ticket.language or settings.language, values)
    begun = writing or Draft(id=uuid.uuid4().hex, agent_id=agent.id, kind=MessageKind.REPLY, text="", saved_at=now)
    return replace(begun, macro=macro.id, text=f"{begun.text}\n\n{answer}" if begun.text else answer)


def _edit(form: dict[str, str]) -> TicketEdit:
    return TicketEdit(
        status=Status(form["status"]) if form.get("status") in tuple(Status) else None,
        priority=Priority(form["priority"]) if form.get("priority") in tuple(Priority) else None,
        team_id=form.get("team_id"),
        assignee_id=form.get("assignee_id"),
        category=_line(form, "category"),
        subject=_line(form, "subject"),
        tags=typed_tags(form["tags"]) if "tags" in form else None,
        shelf=Shelf(form["shelf"]) if form.get("shelf") in ("", "spam") else None,
    )


def typed_tags(text: str) -> tuple[str, ...]:
    """Give what was typed with commas between, each once."""
    found = (tag.strip() for tag in typed_line(text).replace("，", ",").split(","))
    return tuple(dict.fromkeys(tag for tag in found if tag))


def _line(form: dict[str, str], name: str) -> str | None:
    return typed_line(form[name]) if name in form else None
