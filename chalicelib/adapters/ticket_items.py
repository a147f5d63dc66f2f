"""A ticket, its messages and its card in the form in which they lie in the table.

Attribute names inside the card and the timeline are short, since DynamoDB bills names with values. Instants are
whole milliseconds since 1970.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.adapters.usage_item import pack_usage, unpack_usage
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.card import Card
from chalicelib.domain.message import Attachment, Message, MessageKind
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
from chalicelib.domain.usage import Usage

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(at: datetime | None) -> int | None:
    """Give an instant as milliseconds since 1970."""
    return None if at is None else (at - EPOCH) // timedelta(milliseconds=1)


def from_ms(value: Any) -> datetime:
    """Give the UTC instant of so many milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=int(value))


def _maybe(value: Any) -> datetime | None:
    return None if value is None else from_ms(value)


def _lean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", (), [], {}, 0, False)}


def _scores(nps: int | None, ces: int | None) -> dict[str, int]:
    # apart from the lean rest: an NPS of 0 is the worst of answers, not none
    return {name: score for name, score in (("np", nps), ("ce", ces)) if score is not None}


def _score(item: Mapping[str, Any], name: str) -> int | None:
    return int(item[name]) if name in item else None


def pack_card(card: Card) -> dict[str, Any]:
    """Give a card in the form in which lists read it."""
    return _scores(card.nps, card.ces) | _lean(
        {
            "s": card.subject,
            "st": card.status.value,
            "p": card.priority.value,
            "ch": card.channel,
            "cu": card.customer_id,
            "n": card.customer_name,
            "ti": card.tier,
            "c": to_ms(card.created_at),
            "u": to_ms(card.updated_at),
            "ca": card.category,
            "l": card.language,
            "sh": card.shelf.value,
            "po": card.policy_id,
            "a": card.assignee_id,
            "t": card.team_id,
            "tg": list(card.tags),
            "f": dict(card.fields),
            "so": to_ms(card.solved_at),
            "sn": to_ms(card.snoozed_until),
            "d": to_ms(card.due_at),
            "dm": card.due_metric,
            "fr": _ms(card.first_response_seconds),
            "re": _ms(card.resolution_seconds),
            "v": {metric: list(counts) for metric, counts in card.verdicts.items()},
            "ss": card.surveys_sent,
            "r": list(card.ratings),
            "fu": card.follow_ups,
            **pack_cost(card.cost),
        }
    )


def pack_cost(cost: Usage) -> dict[str, bytes]:
    """Give what a ticket has cost as its card keeps it."""
    return {"co": pack_usage(cost)} if cost else {}


def _ms(seconds: float | None) -> int | None:
    # a response within the same millisecond still happened
    return None if seconds is None else max(1, round(seconds * 1000))


def _seconds(ms: Any) -> float | None:
    return None if ms is None else int(ms) / 1000


def unpack_card(ref: str, version: Any, item: Mapping[str, Any]) -> Card:
    """Give the card that lies in an index."""
    return Card(
        ref=ref,
        version=int(version),
        subject=item.get("s", ""),
        status=Status(item["st"]),
        priority=Priority(item["p"]),
        channel=item.get("ch", ""),
        customer_id=item.get("cu", ""),
        customer_name=item.get("n", ""),
        tier=item.get("ti", ""),
        created_at=from_ms(item["c"]),
        updated_at=from_ms(item["u"]),
        category=item.get("ca", ""),
        language=item.get("l", ""),
        shelf=Shelf(item.get("sh", "")),
        policy_id=item.get("po", ""),
        assignee_id=item.get("a", ""),
        team_id=item.get("t", ""),
        tags=tuple(item.get("tg", ())),
        fields=item.get("f", {}),
        solved_at=_maybe(item.get("so")),
        snoozed_until=_maybe(item.get("sn")),
        due_at=_maybe(item.get("d")),
        due_metric=item.get("dm", ""),
        first_response_seconds=_seconds(item.get("fr")),
        resolution_seconds=_seconds(item.get("re")),
        verdicts={metric: (int(met), int(breached)) for metric, (met, breached) in item.get("v", {}).items()},
        surveys_sent=int(item.get("ss", 0)),
        ratings=tuple(int(rating) for rating in item.get("r", ())),
        nps=_score(item, "np"),
        ces=_score(item, "ce"),
        follow_ups=int(item.get("fu", 0)),
        cost=unpack_usage(item.get("co")),
    )


def pack_facts(facts: tuple[Fact, ...]) -> list[list[Any]]:
    """Give facts as compact rows."""
    return [[to_ms(fact.at), fact.what.value, fact.by, *([dict(fact.detail)] if fact.detail else [])] for fact in facts]


def unpack_facts(rows: list[list[Any]]) -> tuple[Fact, ...]:
    """Give the facts of compact rows."""
    return tuple(Fact(from_ms(row[0]), Happening(row[1]), row[2], row[3] if len(row) > 3 else {}) for row in rows)


def pack_ticket(ticket: Ticket, card: Card) -> dict[str, Any]:
    """Give a ticket's item without its keys. What the card holds is not repeated; archived facts lie elsewhere."""
    thread = ticket.thread
    return {
        "card": pack_card(card),
        "version": ticket.version,
        "origin": ticket.origin,
        "requester": _lean({"e": ticket.requester.email, "t": ticket.requester.tier}),
        "skills": list(ticket.required_skills),
        "follows": ticket.follows,
        "thread": _lean(
            {"i": thread.last_id, "c": list(thread.chain), "a": thread.address, "p": list(thread.participants)}
        ),
        "timeline": pack_facts(ticket.timeline[ticket.archived :]),
        "agenda": [[to_ms(entry.at), entry.task.value, entry.about, entry.attempts] for entry in ticket.agenda],
        "surveys": [_pack_survey(survey) for survey in ticket.surveys],
        "follow_ups": [
            _lean(
                {
                    "i": one.id,
                    "w": one.reason,
                    "c": to_ms(one.created_at),
                    "d": to_ms(one.done_at),
                    "b": one.done_by,
                    "t": to_ms(one.due_at),
                }
            )
            for one in ticket.follow_ups
        ],
        "archived": ticket.archived or None,
        "unbooked": pack_usage(ticket.unbooked) or None,
    }


def _pack_survey(survey: Survey) -> dict[str, Any]:
    return _scores(survey.nps, survey.ces) | _lean(
        {
            "n": survey.number,
            "s": to_ms(survey.sent_at),
            "x": to_ms(survey.expires_at),
            "a": survey.agent_id,
            "m": to_ms(survey.reminded_at),
            "r": survey.rating,
            "c": survey.comment,
            "at": to_ms(survey.rated_at),
        }
    )


def _unpack_survey(item: Mapping[str, Any]) -> Survey:
    return Survey(
        number=int(item["n"]),
        sent_at=from_ms(item["s"]),
        expires_at=from_ms(item["x"]),
        agent_id=item.get("a", ""),
        reminded_at=_maybe(item.get("m")),
        rating=_score(item, "r"),
        comment=item.get("c", ""),
        rated_at=_maybe(item.get("at")),
        nps=_score(item, "np"),
        ces=_score(item, "ce"),
    )


def unpack_ticket(ref: str, item: Mapping[str, Any], history: tuple[Fact, ...] = ()) -> Ticket:
    """Give the ticket of an item; `history` are the archived facts, where there are any.

    Facts moved to history before a save that then failed lie there too soon: the item still holds them itself.
    """
    archived = int(item.get("archived", 0))
    card = unpack_card(ref, item["version"], item["card"])
    requester = item.get("requester", {})
    return Ticket(
        ref=ref,
        origin=item["origin"],
        subject=card.subject,
        requester=Requester(card.customer_id, card.customer_name, requester.get("e", ""), requester.get("t", "")),
        channel=card.channel,
        created_at=card.created_at,
        updated_at=card.updated_at,
        status=card.status,
        priority=card.priority,
        category=card.category,
        language=card.language,
        shelf=card.shelf,
        assignee_id=card.assignee_id,
        team_id=card.team_id,
        policy_id=card.policy_id or item.get("policy", ""),
        required_skills=tuple(item.get("skills", ())),
        tags=card.tags,
        fields=card.fields,
        solved_at=card.solved_at,
        follows=item.get("follows", ""),
        thread=_unpack_thread(item.get("thread", {})),
        timeline=(*history[:archived], *unpack_facts(item.get("timeline", []))),
        agenda=tuple(_entry(*row) for row in item.get("agenda", [])),
        surveys=tuple(_unpack_survey(survey) for survey in item.get("surveys", [])),
        follow_ups=tuple(_unpack_follow_up(one) for one in item.get("follow_ups", [])),
        archived=archived,
        cost=card.cost,
        unbooked=unpack_usage(item.get("unbooked")),
        version=int(item["version"]),
    )


def _unpack_thread(item: Mapping[str, Any]) -> EmailThread:
    return EmailThread(item.get("i", ""), tuple(item.get("c", ())), item.get("a", ""), tuple(item.get("p", ())))


def _unpack_follow_up(item: Mapping[str, Any]) -> FollowUp:
    done_at, due_at = _maybe(item.get("d")), _maybe(item.get("t"))
    return FollowUp(item["i"], item.get("w", ""), from_ms(item["c"]), done_at, item.get("b", ""), due_at)


def _entry(at: Any, task: str, about: str, attempts: Any) -> Entry:
    return Entry(from_ms(at), Task(task), about, int(attempts))


def pack_message(message: Message) -> dict[str, Any]:
    """Give a message's item without its keys; the newly said part is kept only where it isn't the whole."""
    return {
        "kind": message.kind.value,
        "by": message.author,
        "name": message.author_name,
        "text": message.text,
        "html": message.html,
        "new": message.newly_said if message.newly_said != message.text else "",
        "at": to_ms(message.created_at),
        "files": [
            _lean({"k": f.key, "n": f.filename, "t": f.content_type, "s": f.size, "i": f.inline, "c": f.content_id})
            for f in message.attachments
        ],
        "email_id": message.email_id,
        "source": message.source,
        "problems": list(message.problems),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "signature": message.signature,
    }


def unpack_message(message_id: str, item: Mapping[str, Any]) -> Message:
    """Give the message of an item."""
    text = item.get("text", "")
    return Message(
        id=message_id,
        kind=MessageKind(item["kind"]),
        author=item["by"],
        author_name=item.get("name", ""),
        text=text,
        created_at=from_ms(item["at"]),
        html=item.get("html", ""),
        newly_said=item.get("new", text),
        attachments=tuple(
            Attachment(f["k"], f.get("n", ""), f.get("t", ""), int(f.get("s", 0)), f.get("i", False), f.get("c", ""))
            for f in item.get("files", [])
        ),
        email_id=item.get("email_id", ""),
        source=item.get("source", ""),
        problems=tuple(item.get("problems", ())),
        cc=tuple(item.get("cc", ())),
        bcc=tuple(item.get("bcc", ())),
        signature=item.get("signature", ""),
    )
