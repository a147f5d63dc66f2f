"""Tickets and their messages in the table: one item each, three sparse indexes, every write conditional."""

import hashlib
import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.adapters.drafts import unpack_draft
from chalicelib.adapters.meter import Meter
from chalicelib.adapters.table import NEW, ConditionFailed, Item, RawItem, Table, shard_of, shards_of, unpacked
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
from chalicelib.domain.card import Card, Line, Page, Standing, queue_of, urgency
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import AlreadyExists, StaleVersion
from chalicelib.domain.message import Message
from chalicelib.domain.ticket import Fact, Shelf, Ticket

TIMELINE_LIMIT = 100
ARCHIVE_CHUNK = 50
"""Beyond so many facts the oldest chunk moves to a history item, so that a long-lived ticket stays cheap."""

STANDING = "standing"
"""The partition of the index `queue` in which everything stands that isn't done, each list behind its name: one Query
reads an inbox with all its counts, another reads one list of it."""

LAST = "~~"
"""Sorts behind every place and name."""

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
        due, standing = ticket.next_due, queue_of(card)
        keys = {
            "pk": f"ticket#{ticket.ref}",
            "sk": "ticket",
            "queue_pk": f"{_partition(standing)}#{shard}",
            "queue_sk": _place(standing, urgency(card)),
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
        lists = [(partition, _place(name, "")) for name in names for partition in self._shards_of(name)]
        return self._page("queue", lists, limit, after, newest_first=newest_first, until=until)

    def standing(self, most: int) -> Standing:
        """See ports.Tickets. One call for each shard: a page of a Query, 1 MB at the most."""
        lines: list[Line] = []
        whole = True
        for partition in shards_of(STANDING, self._shards):
            items, more = self._table.first_page(
                "queue_pk = :pk", {":pk": partition}, IndexName="queue", Limit=-(-most // self._shards)
            )
            lines += [_line(item) for item in items]
            whole = whole and not more
        return Standing(tuple(lines), whole=whole)

    def of_customer(self, customer_id: str, limit: int, after: str = "", also: Sequence[str] = ()) -> Page:
        """See ports.Tickets. One Query for each id, merged by age."""
        lists = [(one, "") for one in (customer_id, *also)]
        return self._page("customer", lists, limit, after, newest_first=True)

    def _shards_of(self, name: str) -> Iterable[str]:
        return shards_of(_partition(name), self._shards)

    def _page(
        self,
        index: str,
        lists: Sequence[tuple[str, str]],
        limit: int,
        after: str,
        *,
        newest_first: bool,
        until: str = "",
    ) -> Page:
        """Read lists, each a partition of an index and what the places in it begin with, merged by their places."""
        found: list[tuple[str, Item]] = []
        for partition, prefix in lists:
            key = _between(prefix, after, until, newest_first=newest_first)
            values = {":pk": partition, ":first": key.first, ":last": key.last}
            condition = f"{index}_pk = :pk AND {index}_sk BETWEEN :first AND :last"
            items = self._table.query(
                condition, values, IndexName=index, Limit=limit + 1, ScanIndexForward=not newest_first
            )
            found += [(str(item[f"{index}_sk"]).removeprefix(prefix), item) for item in items]
        found.sort(key=lambda each: each[0], reverse=newest_first)
        shown = found[:limit]
        return Page(tuple(_card(item) for _, item in shown), shown[-1][0] if len(found) > limit else "")

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


@dataclass(frozen=True, slots=True)
class _Between:
    """The first and the last key of a range, both included, as BETWEEN has it."""

    first: str
    last: str


def _between(prefix: str, after: str, until: str, *, newest_first: bool) -> _Between:
    """Give the range of what comes after a place. A place ends with a reference, in which no `!` and no `~` is."""
    if newest_first:
        return _Between(prefix or "!", f"{prefix}{_just_before(after)}" if after else f"{prefix}{LAST}")
    return _Between(f"{prefix}{after}!", f"{prefix}{until or LAST}")


def _just_before(place: str) -> str:
    """Give what sorts behind every other place before this one."""
    return f"{place[:-1]}{chr(ord(place[-1]) - 1)}{LAST}"


def _partition(name: str) -> str:
    """Give the partition of the index `queue` that holds a list: what is done has one for each month."""
    return name if name.startswith("done:") else STANDING


def _place(name: str, place: str) -> str:
    """Give the key of a place in a list. Spam comes last: however much of it there is, it hides nothing else."""
    if name.startswith("done:"):
        return place
    return f"{'~' if name == Shelf.SPAM.value else ''}{name}#{place}"


def _line(raw: RawItem) -> Line:
    name, place = _split(raw["queue_sk"]["S"])
    return Line(name, place, lambda: _card(unpacked(raw)))


def _split(key: str) -> tuple[str, str]:
    """Give the list and the place in it that a key names: places of what is open have two more signs in them, others
    one (see domain.card.urgency); a name may have some of its own."""
    head, sign, ref = key.rpartition("#")
    head, _, instant = head.rpartition("#")
    name, _, urgent = head.rpartition("#")
    if urgent not in ("1", "2") or not name:
        name, urgent = head, ""
    place = f"{urgent}#{instant}{sign}{ref}" if urgent else f"{instant}{sign}{ref}"
    return name.removeprefix("~"), place


def _card(item: Item) -> Card:
    return unpack_card(item["pk"].removeprefix("ticket#"), item["version"], item["card"])


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
