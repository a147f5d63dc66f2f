"""The API's tickets: opened, listed, read, changed; their messages, history, clocks, surveys and follow-ups."""

import hashlib
import re
import uuid
from datetime import UTC
from enum import StrEnum
from typing import TypeVar

from chalicelib.domain import sla
from chalicelib.domain.card import card_of
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.linking import LinkKind
from chalicelib.domain.message import MessageKind
from chalicelib.domain.people import Agent
from chalicelib.domain.reference import parse_reference
from chalicelib.domain.ticket import Priority, Shelf, Status, Ticket
from chalicelib.domain.ticket_field import read_all
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.believe_mail import believe_mail
from chalicelib.usecases.change_ticket import load_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, add_follow_up, complete_follow_up, edit_ticket
from chalicelib.usecases.link_tickets import link_tickets, unlink_tickets
from chalicelib.usecases.list_surveys import list_surveys
from chalicelib.usecases.list_tickets import Filter, list_tickets
from chalicelib.usecases.merge_tickets import merge_tickets, separate_ticket
from chalicelib.usecases.offer_upload import Enclosed
from chalicelib.usecases.open_ticket import NewTicket, open_ticket
from chalicelib.usecases.read_conversation import read_conversation
from chalicelib.usecases.snooze_ticket import snooze_ticket, wake_ticket
from chalicelib.usecases.split_ticket import split_ticket
from chalicelib.web.api import taken
from chalicelib.web.api.sla_views import explanation
from chalicelib.web.api.spending import cost_view
from chalicelib.web.api.validation import body_of
from chalicelib.web.api.views import (
    Json,
    card_view,
    event_view,
    message_view,
    survey_view,
    ticket_view,
)
from chalicelib.web.call import Answer, Call, cursor_for
from chalicelib.web.preconditions import etag, version_wanted

Kind = TypeVar("Kind", bound=StrEnum)


def create(call: Call) -> Answer:
    """Open a ticket."""
    body = body_of(call, taken.NewTicket)
    if body.team_id and call.desk.people.roster().team(body.team_id) is None:
        raise InvalidInput(f"there is no team {body.team_id}", "team_id")
    if body.assignee_id:
        _at_work(call, body.assignee_id, "assignee_id")
    new = NewTicket(
        origin=_origin(call),
        channel=body.channel,
        subject=body.subject,
        text=body.text,
        email=body.customer.email,
        name=body.customer.name,
        priority=Priority(body.priority),
        category=body.category,
        language=body.language,
        team_id=body.team_id,
        assignee_id=body.assignee_id,
        tags=tuple(body.tags),
        fields=read_all(call.desk.settings.load().ticket_fields, body.fields),
    )
    ticket, _ = open_ticket(call.desk, new)
    return Answer(_opened(call, ticket), 201, {"Location": f"/v1/tickets/{ticket.ref}", **etag(ticket.version)})


def listing(call: Call) -> Answer:
    """List tickets."""
    query = call.query
    wanted = Filter(
        queue=call.word("queue"),
        status=_one_of(Status, query.get("status"), "status"),
        priority=_one_of(Priority, query.get("priority"), "priority"),
        assignee_id=call.word("assignee", "assignee_id"),
        team_id=call.word("team", "team_id"),
        customer_id=call.word("customer", "customer_id"),
        tag=call.word("tag"),
    )
    page = list_tickets(call.desk, wanted, call.limit(), call.cursor())
    return Answer({"items": [card_view(card) for card in page.cards], "next_cursor": cursor_for(page.after)})


def get(call: Call) -> Answer:
    """Read a ticket."""
    ticket = load_ticket(call.desk, _ref(call))
    return Answer(_opened(call, ticket), headers=etag(ticket.version))


def change(call: Call) -> Answer:
    """Change a ticket, with If-Match on the version that was seen."""
    body = body_of(call, taken.TicketChange)
    edit = TicketEdit(
        status=Status(body.status) if body.status else None,
        priority=Priority(body.priority) if body.priority else None,
        category=body.category,
        language=body.language,
        subject=body.subject,
        team_id=body.team_id,
        assignee_id="" if "assignee_id" in body.model_fields_set and not body.assignee_id else body.assignee_id,
        tags=None if body.tags is None else tuple(body.tags),
        fields=body.fields,
        shelf=None if body.shelf is None else Shelf(body.shelf),
    )
    ticket = edit_ticket(call.desk, _ref(call), edit, call.by, version_wanted(call))
    return Answer(_opened(call, ticket), headers=etag(ticket.version))


def messages(call: Call) -> Answer:
    """Read a ticket's messages."""
    found = read_conversation(call.desk, _ref(call))
    if found is None:
        raise NotFound(f"there is no ticket {_ref(call)}", "ref")
    start, limit = _offset(call), call.limit(50)
    shown = found[1][start : start + limit]
    more = start + limit < len(found[1])
    items = [{**message_view(message, call.desk.files), "ticket_ref": under} for message, under in shown]
    return Answer({"items": items, "next_cursor": cursor_for(str(start + limit) if more else "")})


def write(call: Call) -> Answer:
    """Write a public reply or an internal note."""
    body = body_of(call, taken.NewMessage)
    ref = _ref(call)
    if body.text is None and body.html is None:
        raise InvalidInput("is required where there is no html", "text")
    author, name, signature = call.by, call.key.name if call.key else "API", ""
    if body.author_id:
        agent = _at_work(call, body.author_id, "author_id")
        author, name, signature = f"agent:{agent.id}", agent.name, agent.signature
    new = NewMessage(
        origin=f"{_origin(call)}:{ref}",
        kind=MessageKind(body.kind),
        text=body.text or "",
        html=body.html or "",
        attachments=tuple(Enclosed(file.upload, file.content_id) for file in body.attachments),
        cc=tuple(dict.fromkeys(body.cc)),
        bcc=tuple(dict.fromkeys(body.bcc)),
        author=author,
        author_name=name,
        signature=signature,
        status=Status(body.status) if body.status else None,
    )
    message = answer_ticket(call.desk, ref, new)
    return Answer({**message_view(message, call.desk.files), "ticket_ref": ref}, 201)


def merge(call: Call) -> Answer:
    """Make a ticket part of another, with If-Match on the version that was seen."""
    body = body_of(call, taken.Merge)
    try:
        into = parse_reference(body.into)
    except InvalidInput as error:
        raise InvalidInput(error.message, "into") from None
    ticket = merge_tickets(call.desk, _ref(call), into, call.by, version_wanted(call))
    return Answer(_opened(call, ticket), headers=etag(ticket.version))


def split(call: Call) -> Answer:
    """Make a customer's message a ticket of its own."""
    body, message_id = body_of(call, taken.Split), call.path["message_id"]
    ticket = split_ticket(
        call.desk, _ref(call), message_id, call.by, following=body.following, subject=body.subject.strip()
    )
    return Answer(_opened(call, ticket), 201, {"Location": f"/v1/tickets/{ticket.ref}", **etag(ticket.version)})


def link(call: Call) -> Answer:
    """Link a ticket with another."""
    body = body_of(call, taken.NewLink)
    try:
        other = parse_reference(body.ticket)
    except InvalidInput as error:
        raise InvalidInput(error.message, "ticket") from None
    ticket = link_tickets(call.desk, _ref(call), other, LinkKind(body.kind), call.by)
    return Answer(_opened(call, ticket), headers=etag(ticket.version))


def unlink(call: Call) -> Answer:
    """Remove a link, on both sides."""
    try:
        other = parse_reference(call.path["other"])
    except InvalidInput:
        raise NotFound(f"there is no ticket {call.path['other'][:40]}", "other") from None
    unlink_tickets(call.desk, _ref(call), other, call.by)
    return Answer(None, 204)


def snooze(call: Call) -> Answer:
    """Put a ticket away until a time."""
    body = body_of(call, taken.Snooze)
    ticket = snooze_ticket(call.desk, _ref(call), body.until.astimezone(UTC), body.reason.strip(), call.by)
    return Answer(_opened(call, ticket), headers=etag(ticket.version))


def wake(call: Call) -> Answer:
    """Bring it back."""
    ticket = wake_ticket(call.desk, _ref(call), call.by)
    return Answer(_opened(call, ticket), headers=etag(ticket.version))


def separate(call: Call) -> Answer:
    """Undo a merge."""
    ticket = separate_ticket(call.desk, _ref(call), call.by, version_wanted(call))
    return Answer(_opened(call, ticket), headers=etag(ticket.version))


def by_person(call: Call) -> Answer:
    """Say that a person wrote what looked automatic."""
    ticket = believe_mail(call.desk, _ref(call), call.path["message_id"], call.by)
    return Answer(_opened(call, ticket), headers=etag(ticket.version))


def events(call: Call) -> Answer:
    """Read a ticket's history."""
    ticket = load_ticket(call.desk, _ref(call))
    start, limit = _offset(call), call.limit(100, 500)
    shown = ticket.timeline[start : start + limit]
    more = start + limit < len(ticket.timeline)
    items = [event_view(fact) for fact in shown]
    return Answer({"items": items, "next_cursor": cursor_for(str(start + limit) if more else "")})


def clocks(call: Call) -> Answer:
    """Explain a ticket's SLA clocks."""
    ticket = load_ticket(call.desk, _ref(call))
    return Answer(explanation(ticket, call.desk.settings.load(), call.desk.clock.now()))


def surveys(call: Call) -> Answer:
    """Read a ticket's surveys."""
    ticket = load_ticket(call.desk, _ref(call))
    items = [survey_view(ticket.ref, survey) for survey in ticket.surveys]
    return Answer({"items": items, "next_cursor": None})


def every_survey(call: Call) -> Answer:
    """Read the surveys of solved tickets, newest first."""
    found, after = list_surveys(call.desk, call.limit(), call.cursor())
    return Answer({"items": [survey_view(ref, survey) for ref, survey in found], "next_cursor": cursor_for(after)})


def follow_up(call: Call) -> Answer:
    """Ask for something to be done."""
    body = body_of(call, taken.NewFollowUp)
    due_at = body.due_at.astimezone(UTC) if body.due_at else None
    ticket = add_follow_up(call.desk, _ref(call), _origin(call), body.reason, due_at, call.by)
    return Answer(_opened(call, ticket), 201, etag(ticket.version))


def follow_up_done(call: Call) -> Answer:
    """Tick a follow-up off."""
    ticket = complete_follow_up(call.desk, _ref(call), call.path["follow_up"], call.by)
    return Answer(_opened(call, ticket), headers=etag(ticket.version))


def _opened(call: Call, ticket: Ticket) -> Json:
    now = call.desk.clock.now()
    card = card_of(ticket, sla.of_ticket(ticket, call.desk.settings.load(), now))
    return {**ticket_view(ticket, card), "cost": cost_view(ticket.cost)}


def _ref(call: Call) -> str:
    try:
        return parse_reference(call.path["ref"])
    except InvalidInput:
        raise NotFound(f"there is no ticket {call.path['ref'][:40]}", "ref") from None


def _origin(call: Call) -> str:
    """Give what a created thing comes from: the client's Idempotency-Key, so that a repetition makes the same.

    What was asked is part of it: a key that is used for something else once its answer is forgotten loses nothing.
    """
    chosen = call.headers.get("idempotency-key")
    digest = hashlib.sha256(call.body).hexdigest()[:32]
    return f"{call.by}:{chosen}:{digest}" if chosen else f"request:{uuid.uuid4().hex}"


def _offset(call: Call) -> int:
    place = call.cursor()
    if place and not re.fullmatch(r"[0-9]{1,6}", place):
        raise InvalidInput("is not a cursor that this list gave; begin without one", "cursor")
    return int(place or 0)


def _at_work(call: Call, agent_id: str, field: str) -> Agent:
    agent = call.desk.people.roster().agent(agent_id)
    if agent is None or not agent.active:
        raise InvalidInput(f"there is no agent {agent_id} at work", field)
    return agent


def _one_of(kind: type[Kind], text: str | None, field: str) -> Kind | None:
    if text is None:
        return None
    try:
        return kind(text)
    except ValueError:
        raise InvalidInput(f"is not one of {', '.join(one.value for one in kind)}", field) from None
