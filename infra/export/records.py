"""What lies in the table, read key by key as the domain knows it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.adapters import api_keys, mail_templates, people, saved_views, spam_memory, spending
from chalicelib.adapters.audit import unpack_entry
from chalicelib.adapters.customer_items import unpack_note
from chalicelib.adapters.deliverability import unpack_mark
from chalicelib.adapters.table import Item, unpacked
from chalicelib.adapters.ticket_items import from_ms, unpack_card, unpack_facts, unpack_message, unpack_ticket
from chalicelib.domain.message import Message
from chalicelib.domain.search.found import CHANGES
from chalicelib.domain.ticket import Ticket
from chalicelib.wiring import WiredDesk
from infra.export.wire import ticket_record, to_wire

Record = tuple[str, dict[str, Any]]
"""A file's name and one of its lines."""

TICKETS, MESSAGES, CUSTOMERS = "tickets.jsonl", "messages.jsonl", "customers.jsonl"
CUSTOMER_NOTES = "customer_notes.jsonl"
PEOPLE, EMAIL_IDS, API_KEYS = "people.jsonl", "email_ids.jsonl", "api_keys.jsonl"
ADDRESSES, SPAM = "addresses.jsonl", "spam.jsonl"
TEMPLATES, SPENDING, AUDIT = "templates.jsonl", "spending.jsonl", "audit.jsonl"
VIEWS = "views.jsonl"
MOST_READS = 5
LEFT_OUT = frozenset({"holding", "mentions"})
"""Of agents: what they hold follows from the tickets, and what they haven't seen passes."""
HANDLED = frozenset(
    {"ticket", "message", "history", "customer", "note", "email", "address"}
    | {"settings", "spam", "spending", "audit", "once", saved_views.PARTITION}
)
PASSED_OVER = {
    "checkup": "what the doctor said last; it says so again where the desk goes on",
    "allowance": "counters of what came from where within an hour, forgotten by themselves",
    "chat": "how far visitors of the chat box had read",
    "once": "answers to repeated requests, which are forgotten after a day anyway",
    "here": "who had a ticket's page open a moment ago",
    "draft": "what agents were writing and had not sent",
    CHANGES: "what the search index waits for; an import builds it anew",
}


def kind_of(key: Mapping[str, str]) -> str:
    """Give what an item is, by its key: `ticket`, `message`, `history`, `customer`, `note`, `email`, `people`, …"""
    pk, sk = key["pk"], key["sk"]
    if pk in (saved_views.PARTITION, people.PARTITION, api_keys.PARTITION, mail_templates.PARTITION):
        return pk
    if pk.startswith(("ticket#", "customer#")):
        return sk.partition("#")[0]
    return sk if pk == "desk" and sk in ("settings", spam_memory.SK) else pk.partition("#")[0]


def scan_page(desk: WiredDesk, after: Any, limit: int) -> tuple[list[Item], Any]:
    """Give the keys of the table's next `limit` items at most, and the place to go on from, None at the end."""
    answer = desk.table.client.scan(
        TableName=desk.table.name,
        Limit=limit,
        ProjectionExpression="pk, sk, #ref",
        ExpressionAttributeNames={"#ref": "ref"},
        **({"ExclusiveStartKey": after} if after else {}),
    )
    return [unpacked(item) for item in answer["Items"]], answer.get("LastEvaluatedKey")


def records_of(desk: WiredDesk, key: Item, *, with_keys: bool) -> list[Record]:
    """Give the records that an item of this key stands for; messages and history come with their ticket."""
    match kind_of(key):
        case "ticket":
            return list(conversation_records(desk, key["pk"].removeprefix("ticket#")))
        case "customer":
            customer = desk.customers.record(key["pk"].removeprefix("customer#"))
            return [(CUSTOMERS, to_wire(customer))] if customer else []
        case "note":
            return list(_note_records(desk, key["pk"], key["sk"]))
        case "email":
            return [(EMAIL_IDS, {"digest": key["pk"].removeprefix("email#"), "ref": key["ref"]})]
        case "address":
            item = desk.table.get(key["pk"], key["sk"])
            return [(ADDRESSES, to_wire(unpack_mark(item)))] if item else []
        case api_keys.PARTITION if with_keys:
            return list(_api_key_records(desk, key["sk"]))
        case kind:
            return _records_of_the_desk(desk, key, kind)


def _records_of_the_desk(desk: WiredDesk, key: Item, kind: str) -> list[Record]:
    """Give the records of what belongs to no ticket and no customer."""
    match kind:
        case spam_memory.SK:
            return [(SPAM, to_wire(desk.spam.latest()))]
        case saved_views.PARTITION:
            return [(VIEWS, to_wire(views)) for views in desk.views.of([key["sk"].removeprefix(saved_views.AGENT)])]
        case "spending":
            return [(SPENDING, to_wire(desk.spending.account(key["pk"].removeprefix(spending.PARTITION))))]
        case "audit":
            item = desk.table.get(key["pk"], key["sk"])
            return [(AUDIT, to_wire(unpack_entry(item)))] if item else []
    return []


def people_records(desk: WiredDesk) -> Iterator[Record]:
    """Give teams and agents. What passes of an agent is left out."""
    roster = desk.people.roster()
    for team in roster.teams:
        yield PEOPLE, {"kind": "team", **to_wire(team)}
    for agent in roster.agents:
        yield PEOPLE, {"kind": "agent", **{name: part for name, part in to_wire(agent).items() if name not in LEFT_OUT}}


def template_records(desk: WiredDesk) -> Iterator[Record]:
    """Give the templates of mails that an owner changed."""
    for template in desk.templates.customised():
        yield TEMPLATES, to_wire(template)


def _note_records(desk: WiredDesk, pk: str, sk: str) -> Iterator[Record]:
    item = desk.table.get(pk, sk)
    if item is not None:
        note = unpack_note(sk.removeprefix("note#"), item)
        yield CUSTOMER_NOTES, {"customer_id": pk.removeprefix("customer#"), **to_wire(note)}


def _api_key_records(desk: WiredDesk, digest: str) -> Iterator[Record]:
    item = desk.table.get(api_keys.PARTITION, digest)
    if item is not None:
        scopes = sorted(item.get("scopes", ()))
        created_at = to_wire(from_ms(item["created_at"]))
        said = {"name": item["name"], "scopes": scopes, "created_at": created_at, "by": item.get("by", "")}
        yield API_KEYS, {"sha256": digest, **said}


def conversation_records(desk: WiredDesk, ref: str) -> Iterator[Record]:
    """Give a ticket and the messages that it mentions, all as of one moment, though the desk goes on working.

    A message is kept before its ticket mentions it, and history before the ticket points to it: what a reading just
    missed is there when it is asked for again.
    """
    items = _whole(desk, ref)
    found = next((item for item in items if item["sk"] == "ticket"), None)
    if found is None:
        return
    ticket = unpack_ticket(ref, found, _history(items))
    for name in _mentioned(ticket):
        message = _message(desk, ref, name, items)
        if message is not None:
            yield MESSAGES, {"ref": ref, **to_wire(message)}
    yield TICKETS, ticket_record(ticket, unpack_card(ref, found["version"], found["card"]))


def _whole(desk: WiredDesk, ref: str) -> list[Item]:
    """Read a ticket's partition until its history is as long as the ticket, which is read last, says."""
    items: list[Item] = []
    for _ in range(MOST_READS):
        items = list(desk.table.query("pk = :pk", {":pk": f"ticket#{ref}"}, ConsistentRead=True))
        ticket = next((item for item in items if item["sk"] == "ticket"), {})
        if len(_history(items)) >= int(ticket.get("archived", 0)):
            break
    return items


def _history(items: list[Item]) -> tuple[Any, ...]:
    pages = sorted((item for item in items if item["sk"].startswith("history#")), key=lambda item: str(item["sk"]))
    return tuple(fact for item in pages for fact in unpack_facts(item["facts"]))


def _mentioned(ticket: Ticket) -> tuple[str, ...]:
    named = (fact.detail.get("message", "") for fact in ticket.timeline)
    return tuple(dict.fromkeys(name for name in named if name))


def _message(desk: WiredDesk, ref: str, name: str, items: list[Item]) -> Message | None:
    item = next((item for item in items if item["sk"] == f"message#{name}"), None)
    return unpack_message(name, item) if item else desk.tickets.message(ref, name)


def not_taken_along(seen: Mapping[str, int], *, with_keys: bool) -> dict[str, int]:
    """Give how many items of which kinds the export leaves behind."""
    handled = {
        *HANDLED - PASSED_OVER.keys(),
        people.PARTITION,
        mail_templates.PARTITION,
        *([api_keys.PARTITION] if with_keys else []),
    }
    return dict(Counter({kind: count for kind, count in seen.items() if kind not in handled}))
