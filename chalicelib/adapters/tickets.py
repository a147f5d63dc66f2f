"""Tickets and their messages in the table: one item each, three sparse indexes, every write conditional."""

import hashlib
import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.drafts import unpack_draft
from chalicelib.adapters.meter import Meter
from chalicelib.adapters.table import NEW, ConditionFailed, Item, Table, shard_of, shards_of
from chalicelib.adapters.ticket_items import (
    pack_cost,
    pack_facts,
    pack_message,
    pack_ticket,
    unpack_card,
    unpack_facts,
    unpack_message,
    unpack_ticket,
)
from chalicelib.adapters.usage_item import pack_usage
from chalicelib.domain.card import Card, Page, queue_of, urgency
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import AlreadyExists, StaleVersion
from chalicelib.domain.message import Message
from chalicelib.domain.ticket import Fact, Ticket

TIMELINE_LIMIT = 100
ARCHIVE_CHUNK = 50
"""Beyond so many facts the oldest chunk moves to a history item, so that a long-lived ticket stays cheap."""

NEWLY_LIMIT = 20_000
ATTACHMENT_LIMIT = 100
ITEM_LIMIT = 400_000
"""Bytes of a message's item; DynamoDB's end at 409,600. The raw mail keeps what is left out here."""


class DynamoTickets:
    """Keeps tickets in the table `desk`. `shards` spreads each queue and the due list over so many partitions."""

    def __init__(self, table: Table, shards: int = 1, meter: Meter | None = None) -> None:
        """Make it for one table. `meter` knows what each ticket cost; with None, tickets carry what they did."""
        self._table = table
        self._shards = shards
        self._meter = meter or Meter()

    def get(self, ref: str) -> Ticket | None:
        """See ports.Tickets."""
        item = self._table.get(f"ticket#{ref}", "ticket")
        if item is None:
            return None
        self._meter.saw(ref, item)
        history = self._history(ref) if item.get("archived") else ()
        return unpack_ticket(ref, item, history)

    def _history(self, ref: str) -> tuple[Fact, ...]:
        found = self._table.query(
            "pk = :pk AND begins_with(sk, :sk)", {":pk": f"ticket#{ref}", ":sk": "history#"}, ConsistentRead=True
        )
        return tuple(fact for item in found for fact in unpack_facts(item["facts"]))

    def conversation(self, ref: str) -> tuple[Ticket, tuple[Message, ...]] | None:
        """See ports.Tickets. One Query reads everything under the ticket."""
        found = self.opened(ref)
        return found[:2] if found else None

    def opened(self, ref: str) -> tuple[Ticket, tuple[Message, ...], tuple[Draft, ...]] | None:
        """See ports.Tickets. One Query reads everything under the ticket."""
        items = list(self._table.query("pk = :pk", {":pk": f"ticket#{ref}"}))
        found = next((item for item in items if item["sk"] == "ticket"), None)
        if found is None:
            return None
        archived = (fact for item in items if item["sk"].startswith("history#") for fact in unpack_facts(item["facts"]))
        ticket = unpack_ticket(ref, found, tuple(archived))
        messages = {
            name: unpack_message(name, item)
            for item in items
            if (name := item["sk"].removeprefix("message#")) != item["sk"]
        }
        mentioned = (fact.detail.get("message", "") for fact in ticket.timeline)
        drafts = tuple(
            unpack_draft(agent_id, item)
            for item in items
            if (agent_id := item["sk"].removeprefix("draft#")) != item["sk"]
        )
        return ticket, tuple(messages[name] for name in dict.fromkeys(mentioned) if name in messages), drafts

    def message(self, ref: str, message_id: str) -> Message | None:
        """See ports.Tickets."""
        item = self._table.get(f"ticket#{ref}", f"message#{message_id}")
        return unpack_message(message_id, item) if item else None

    def write_messages(self, ref: str, messages: Iterable[Message]) -> None:
        """See ports.Tickets."""
        for message in messages:
            item = {"pk": f"ticket#{ref}", "sk": f"message#{message.id}", **pack_message(_fitting(message))}
            try:
                self._table.put(item, NEW)
            except ConditionFailed:
                continue  # it lies there already, from an earlier attempt

    def add(self, ticket: Ticket, card: Card) -> Ticket:
        """See ports.Tickets."""
        try:
            return self._written(replace(ticket, version=1), card, NEW)
        except ConditionFailed:
            raise AlreadyExists(f"the reference {ticket.ref} is taken", "ref") from None

    def save(self, ticket: Ticket, card: Card) -> Ticket:
        """See ports.Tickets."""
        after = replace(self._archived(ticket), version=ticket.version + 1)
        try:
            return self._written(after, card, "version = :known", {":known": ticket.version})
        except ConditionFailed:
            raise StaleVersion("somebody else changed the ticket; read it again", "version") from None

    def _written(self, ticket: Ticket, card: Card, condition: str, values: Mapping[str, int] | None = None) -> Ticket:
        """Write a ticket's item, which says what the ticket has cost, this very write included."""
        item = self._item(ticket, card)
        with self._meter.saving(ticket, item) as (cost, unbooked):
            item["card"] |= pack_cost(cost)
            item["unbooked"] = pack_usage(unbooked) or None
            self._table.put(item, condition, values)
        return replace(ticket, cost=cost, unbooked=unbooked)

    def _archived(self, ticket: Ticket) -> Ticket:
        if len(ticket.timeline) - ticket.archived <= TIMELINE_LIMIT:
            return ticket
        first = ticket.archived
        facts = ticket.timeline[first : first + ARCHIVE_CHUNK]
        self._table.put({"pk": f"ticket#{ticket.ref}", "sk": f"history#{first:06d}", "facts": pack_facts(facts)})
        return replace(ticket, archived=first + ARCHIVE_CHUNK)

    def _item(self, ticket: Ticket, card: Card) -> Item:
        shard = shard_of(ticket.ref, self._shards)
        due = ticket.next_due
        keys = {
            "pk": f"ticket#{ticket.ref}",
            "sk": "ticket",
            "queue_pk": f"{queue_of(card)}#{shard}",
            "queue_sk": urgency(card),
            "customer_pk": card.customer_id,
            "customer_sk": f"{_instant(ticket.created_at)}#{ticket.ref}",
            "due_pk": f"due#{shard}" if due else None,
            "due_sk": f"{_instant(due)}#{ticket.ref}" if due else None,
        }
        return {**keys, **pack_ticket(ticket, card)}

    def get_many(self, refs: Sequence[str]) -> dict[str, Ticket]:
        """See ports.Tickets. One call for each hundred, and one for each ticket whose oldest facts lie elsewhere."""
        items = self._table.get_many((f"ticket#{ref}", "ticket") for ref in refs)
        found = {str(item["pk"]).removeprefix("ticket#"): item for item in items}
        return {
            ref: unpack_ticket(ref, item, self._history(ref) if item.get("archived") else ())
            for ref, item in found.items()
        }

    def queue(
        self, names: Sequence[str], limit: int, after: str = "", *, newest_first: bool = False, until: str = ""
    ) -> Page:
        """See ports.Tickets. One Query for each queue and shard, merged by their common order."""
        partitions = [part for name in names for part in shards_of(name, self._shards)]
        return self._page("queue", partitions, limit, after, newest_first=newest_first, until=until)

    def of_customer(self, customer_id: str, limit: int, after: str = "", also: Sequence[str] = ()) -> Page:
        """See ports.Tickets. One Query for each id, merged by age."""
        return self._page("customer", [customer_id, *also], limit, after, newest_first=True)

    def _page(
        self, index: str, partitions: Sequence[str], limit: int, after: str, *, newest_first: bool, until: str = ""
    ) -> Page:
        found: list[Item] = []
        for partition in partitions:
            found += self._cards(index, partition, limit + 1, after, newest_first=newest_first, until=until)
        found.sort(key=lambda item: str(item[f"{index}_sk"]), reverse=newest_first)
        shown = found[:limit]
        cards = tuple(unpack_card(item["pk"].removeprefix("ticket#"), item["version"], item["card"]) for item in shown)
        return Page(cards, str(shown[-1][f"{index}_sk"]) if len(found) > limit else "")

    def _cards(
        self, index: str, partition: str, limit: int, after: str, *, newest_first: bool, until: str
    ) -> Iterator[Item]:
        beyond = "<" if newest_first else ">"
        condition = f"{index}_pk = :pk" + (f" AND {index}_sk {beyond} :after" if after else "")
        values: dict[str, Any] = {":pk": partition, ":after": after}
        if until:
            # a key takes one condition, and BETWEEN includes both ends: `!` sorts before what a reference goes on with
            condition = f"{index}_pk = :pk AND {index}_sk BETWEEN :after AND :until"
            values |= {":after": f"{after}!" if after else "!", ":until": until}
        return self._table.query(condition, values, IndexName=index, Limit=limit, ScanIndexForward=not newest_first)

    def due(self, until: datetime) -> Iterator[tuple[str, datetime]]:
        """See ports.Tickets."""
        for place in heapq.merge(*(self._due_in(partition, until) for partition in shards_of("due", self._shards))):
            at, _, ref = place.partition("#")
            yield ref, datetime.fromisoformat(at)

    def _due_in(self, partition: str, until: datetime) -> Iterator[str]:
        values = {":pk": partition, ":until": f"{_instant(until)}#~"}
        found = self._table.query("due_pk = :pk AND due_sk <= :until", values, IndexName="due")
        return (item["due_sk"] for item in found)

    def ticket_of_email(self, email_id: str) -> str | None:
        """See ports.Tickets."""
        item = self._table.get(_email_key(email_id), "email")
        return str(item["ref"]) if item else None

    def file_email(self, email_id: str, ref: str) -> None:
        """See ports.Tickets."""
        self._table.put({"pk": _email_key(email_id), "sk": "email", "ref": ref})


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _email_key(email_id: str) -> str:
    return f"email#{hashlib.sha256(email_id.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def _fitting(message: Message) -> Message:
    """Leave out what would not fit into an item, first the HTML, last the end of the text, and say so."""
    newly = message.newly_said if message.newly_said == message.text else message.newly_said[:NEWLY_LIMIT]
    fitting = replace(message, newly_said=newly)
    for problem, shorter in _SHORTER:
        excess = _size(fitting) - ITEM_LIMIT
        if excess <= 0:
            break
        after = shorter(fitting, excess)
        if after != fitting:
            fitting = replace(after, problems=(*after.problems, problem))
    return fitting


def _size(message: Message) -> int:
    """Give the bytes of a message's item as JSON: never fewer than DynamoDB counts."""
    return len(json.dumps(pack_message(message), ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _shorter_text(message: Message, excess: int) -> Message:
    raw = message.text.encode("utf-8", "surrogatepass")
    text = raw[: max(0, len(raw) - excess - 100)].decode("utf-8", "ignore")
    return replace(message, text=text, newly_said=text if message.newly_said == message.text else message.newly_said)


_SHORTER: Sequence[tuple[str, Callable[[Message, int], Message]]] = (
    ("html too long to keep", lambda message, _: replace(message, html="")),
    (
        f"only the first {ATTACHMENT_LIMIT} attachments are listed",
        lambda message, _: replace(message, attachments=message.attachments[:ATTACHMENT_LIMIT]),
    ),
    ("text too long to keep whole", _shorter_text),
)
