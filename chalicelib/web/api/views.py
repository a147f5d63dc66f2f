"""How domain values look on the wire: snake_case names, RFC 3339 instants in UTC, absent things null."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.api_key import ApiKey
from chalicelib.domain.card import Card
from chalicelib.domain.customer import Customer, CustomerNote, Identity
from chalicelib.domain.linking import links_of
from chalicelib.domain.mail_template import PLACEHOLDERS, MailTemplate
from chalicelib.domain.message import Message
from chalicelib.domain.people import Agent, Team
from chalicelib.domain.report import Attainment
from chalicelib.domain.ticket import Fact, Survey, Ticket
from chalicelib.usecases.ports import Files

Json = dict[str, Any]


def instant(at: datetime | None) -> str | None:
    """Give an instant as RFC 3339 in UTC: `2026-11-21T09:30:00.000Z`."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def card_view(card: Card) -> Json:
    """Give a ticket as lists show it."""
    return {
        "ref": card.ref,
        "subject": card.subject,
        "status": card.status.value,
        "priority": card.priority.value,
        "category": card.category,
        "channel": card.channel,
        "language": card.language,
        "customer_id": card.customer_id,
        "customer_name": card.customer_name,
        "assignee_id": card.assignee_id or None,
        "team_id": card.team_id or None,
        "tags": list(card.tags),
        "fields": dict(card.fields),
        "version": card.version,
        "created_at": instant(card.created_at),
        "updated_at": instant(card.updated_at),
        "solved_at": instant(card.solved_at),
        "snoozed_until": instant(card.snoozed_until),
        "due_at": instant(card.due_at),
        "due_metric": card.due_metric or None,
        "shelf": card.shelf.value,
        "open_follow_ups": card.follow_ups,
    }


def ticket_view(ticket: Ticket, card: Card) -> Json:
    """Give a ticket as it is opened."""
    return {
        **card_view(card),
        "version": ticket.version,
        "requester": {"name": ticket.requester.name, "email": ticket.requester.email},
        "follows": ticket.follows or None,
        "merged_into": ticket.merged_into or None,
        "merged_from": list(ticket.merged_from),
        "written_to": ticket.thread.address or None,
        "participants": list(ticket.thread.participants),
        "links": [{"ticket": ref, "kind": kind.value} for ref, kind in links_of(ticket).items()],
        "required_skills": list(ticket.required_skills),
        "follow_ups": [
            {
                "id": one.id,
                "reason": one.reason,
                "created_at": instant(one.created_at),
                "done_at": instant(one.done_at),
                "done_by": one.done_by or None,
                "due_at": instant(one.due_at),
            }
            for one in ticket.follow_ups
        ],
    }


def message_view(message: Message, files: Files) -> Json:
    """Give a message; its attachments get links that work for five minutes."""
    return {
        "id": message.id,
        "kind": message.kind.value,
        "author": message.author,
        "author_name": message.author_name,
        "text": message.text,
        "newly_said": message.newly_said or message.text,
        "html": message.html,
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "attachments": [
            {
                "filename": file.filename,
                "content_type": file.content_type,
                "size": file.size,
                "inline": file.inline,
                "content_id": file.content_id,
                "url": files.link(file),
            }
            for file in message.attachments
        ],
        "problems": list(message.problems),
        "created_at": instant(message.created_at),
    }


def event_view(fact: Fact) -> Json:
    """Give one fact of the history."""
    return {"at": instant(fact.at), "what": fact.what.value, "by": fact.by, "detail": dict(fact.detail)}


def survey_view(ref: str, survey: Survey) -> Json:
    """Give a survey with its answer."""
    return {
        "ticket_ref": ref,
        "number": survey.number,
        "agent_id": survey.agent_id or None,
        "sent_at": instant(survey.sent_at),
        "expires_at": instant(survey.expires_at),
        "reminded_at": instant(survey.reminded_at),
        "rating": survey.rating,
        "comment": survey.comment,
        "rated_at": instant(survey.rated_at),
        "nps": survey.nps,
        "ces": survey.ces,
    }


def customer_view(customer: Customer) -> Json:
    """Give a customer."""
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email,
        "tier": customer.tier,
        "language": customer.language,
        "tags": list(customer.tags),
        "fields": dict(customer.fields),
        "value": {"minor": customer.value.minor, "currency": customer.value.currency} if customer.value else None,
        "identities": _identities(customer.known_by),
        "surveys": customer.surveys_refused_at is None,
        "surveys_refused_at": instant(customer.surveys_refused_at),
        "first_contact": instant(customer.known_since),
        "last_contact": instant(customer.last_seen),
        "parts": [
            {
                "id": part.id,
                "at": instant(part.at),
                "by": part.by,
                "identities": _identities(part.identities),
                "separable_until": instant(part.separable_until),
            }
            for part in customer.parts
        ],
        "version": customer.version,
    }


def _identities(identities: Iterable[Identity]) -> list[Json]:
    return [{"kind": identity.kind.value, "value": identity.value} for identity in identities]


def customer_note_view(note: CustomerNote) -> Json:
    """Give a note about a customer."""
    return {"id": note.id, "text": note.text, "by": note.by, "at": instant(note.at)}


def agent_view(agent: Agent) -> Json:
    """Give an agent."""
    return {
        "id": agent.id,
        "name": agent.name,
        "email": agent.email,
        "role": agent.role.value,
        "team_ids": list(agent.team_ids),
        "skills": list(agent.skills),
        "languages": list(agent.languages),
        "available": agent.available,
        "active": agent.active,
        "capacity": agent.capacity,
        "signature": agent.signature,
        "load": agent.load,
        "version": agent.version,
    }


def template_view(template: MailTemplate) -> Json:
    """Give a template of mails, with what may be named in it."""
    return {
        "name": template.name,
        "language": template.language,
        "subject": template.subject,
        "text": template.text,
        "html": template.html,
        "customised": template.version > 0,
        "placeholders": list(PLACEHOLDERS[template.name]),
        "version": template.version,
    }


def team_view(team: Team) -> Json:
    """Give a team."""
    return {"id": team.id, "name": team.name, "lead_ids": list(team.lead_ids), "version": team.version}


def key_view(key: ApiKey) -> Json:
    """Give an API key without its secret."""
    return {"id": key.id, "name": key.name, "scopes": sorted(key.scopes), "created_at": instant(key.created_at)}


def attainment_view(one: Attainment) -> Json:
    """Give promises kept and broken."""
    return {"met": one.met, "breached": one.breached, "attainment": one.share}
