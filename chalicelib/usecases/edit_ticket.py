"""A ticket is changed by hand: its status, priority, team, assignee, tags and fields; follow-ups are ticked off."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import lifecycle, ticket_field
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.people import Roster
from chalicelib.domain.shelving import shelved
from chalicelib.domain.ticket import DONE, Happening, Priority, Shelf, Status, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.ports import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEdit:
    """What to change; None leaves a thing as it is, an empty string takes it away."""

    status: Status | None = None
    priority: Priority | None = None
    category: str | None = None
    language: str | None = None
    subject: str | None = None
    team_id: str | None = None
    assignee_id: str | None = None
    tags: tuple[str, ...] | None = None
    fields: Mapping[str, str] | None = None
    shelf: Shelf | None = None


_PLAIN = {
    "subject": Happening.SUBJECT_SET,
    "category": Happening.CATEGORY_SET,
    "language": Happening.LANGUAGE_SET,
    "tags": Happening.TAGS_SET,
}


def edit_ticket(desk: Desk, ref: str, edit: TicketEdit, by: str, version: int | None) -> Ticket:
    """Give the ticket with the edit made on the version it was decided on.

    Raises NotFound, StaleVersion, Conflict where the ticket's state forbids it, and InvalidInput for a team or agent
    that doesn't exist, or a field that can't hold what it is given.
    """
    if edit.team_id or edit.assignee_id:
        refuse_unknown(desk.people.roster(), edit)
    if edit.fields is not None:
        edit = replace(edit, fields=ticket_field.read_all(desk.settings.load().ticket_fields, edit.fields))
    return change_ticket(desk, ref, lambda ticket: with_edit(desk, ticket, edit, by), version=version)


def with_edit(desk: Desk, ticket: Ticket, edit: TicketEdit, by: str) -> Ticket:
    """Give the ticket with the edit made, under the policy that then applies; the very ticket where nothing changes.

    Raises Conflict where the ticket's state forbids it, or a field has to be filled in first.
    """
    after = edited(ticket, edit, desk.clock.now(), by)
    if edit.status is Status.SOLVED and ticket.status not in DONE:
        ticket_field.refuse_unfilled(desk.settings.load().ticket_fields, after.fields)
    if edit.status is not None:
        after = lifecycle.with_status(after, edit.status, desk.clock.now(), by, desk.settings.load())
    return after if after is ticket else lifecycle.repoliced(after, desk.settings.load(), desk.clock.now())


def add_follow_up(desk: Desk, ref: str, name: str, reason: str, due_at: datetime | None, by: str) -> Ticket:
    """Ask for something to be done, by then. `name` tells it from others: asked for twice under one, it is one.

    Raises NotFound, Conflict or InvalidInput.
    """
    follow_up_id = f"hand_{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    return change_ticket(
        desk,
        ref,
        lambda ticket: lifecycle.followed_up_by_hand(ticket, follow_up_id, reason, due_at, desk.clock.now(), by),
    )


def complete_follow_up(desk: Desk, ref: str, follow_up_id: str, by: str) -> Ticket:
    """Tick a follow-up off; done twice is done. Raises NotFound."""

    def decide(ticket: Ticket) -> Ticket:
        if not any(known.id == follow_up_id for known in ticket.follow_ups):
            raise NotFound(f"ticket {ref} has no follow-up {follow_up_id}", "follow_up")
        return lifecycle.follow_up_done(ticket, follow_up_id, desk.clock.now(), by)

    return change_ticket(desk, ref, decide)


def refuse_unknown(roster: Roster, edit: TicketEdit) -> None:
    """Raise InvalidInput for a team that isn't there, or an agent who isn't at work."""
    if edit.team_id and roster.team(edit.team_id) is None:
        raise InvalidInput(f"there is no team {edit.team_id}", "team_id")
    agent = roster.agent(edit.assignee_id) if edit.assignee_id else None
    if edit.assignee_id and (agent is None or not agent.active):
        raise InvalidInput(f"there is no agent {edit.assignee_id} at work", "assignee_id")


def _text(value: str | tuple[str, ...]) -> str:
    return ", ".join(value) if isinstance(value, tuple) else value


def edited(ticket: Ticket, edit: TicketEdit, now: datetime, by: str) -> Ticket:
    """Give the ticket with an edit made, all but its status; the very ticket where it asks for none.

    Raises Conflict.
    """
    changes = any(getattr(edit, name) is not None for name in edit.__slots__ if name != "status")
    if not changes:
        return ticket
    lifecycle.refuse_if_closed(ticket)
    after = ticket if edit.shelf is None else shelved(ticket, edit.shelf, now, by)
    for name, what in _PLAIN.items():
        value = getattr(edit, name)
        if value is not None and value != getattr(after, name):
            details = {name: lifecycle.told(_text(value)), "was": lifecycle.told(_text(getattr(after, name)))}
            after = replace(after, **{name: value}).with_fact(now, what, by, **details)
    if edit.fields is not None:
        after = lifecycle.with_fields(after, edit.fields, now, by)
    if edit.priority is not None:
        after = lifecycle.prioritised(after, edit.priority, now, by)
    if edit.team_id is not None:
        after = lifecycle.in_team(after, edit.team_id, now, by)
    if edit.assignee_id is not None:
        after = lifecycle.assigned(after, edit.assignee_id, now, by)
    return after
