"""Writes what was exported as it was, versions and agendas included; what lies there already stays as it is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.adapters import api_keys, mail_templates, people, saved_views, spam_memory, spending
from chalicelib.adapters.customer_items import pack_customer, pack_first_contact
from chalicelib.adapters.deliverability import pack_mark
from chalicelib.adapters.table import NEW, ConditionFailed, Table
from chalicelib.adapters.ticket_items import pack_facts, to_ms
from chalicelib.adapters.tickets import ARCHIVE_CHUNK, DynamoTickets
from chalicelib.domain.api_key import ApiKey
from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.card import Card
from chalicelib.domain.customer import Customer, CustomerNote
from chalicelib.domain.deliverability import AddressMark
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.inbox_view import SavedViews
from chalicelib.domain.mail_template import MailTemplate
from chalicelib.domain.message import Message
from chalicelib.domain.people import Agent, Team
from chalicelib.domain.reference import reference_for
from chalicelib.domain.spam import SpamModel
from chalicelib.domain.spending import Account
from chalicelib.domain.ticket import Ticket
from chalicelib.domain.usage import NAMES
from chalicelib.wiring import WiredDesk
from infra.export.objects import place_of
from infra.export.wire import Malformed, from_wire, read_ticket, to_wire

KEPT = "kept/"
KINDS = {"agent": Agent, "team": Team}


class RestoredTickets(DynamoTickets):
    """The desk's tickets, taken in at the version that they had."""

    def restore(self, ticket: Ticket, card: Card) -> bool:
        """Write a ticket with its archived history, unless it is there; gives whether it was new."""
        for first in range(0, ticket.archived, ARCHIVE_CHUNK):
            chunk = ticket.timeline[first : min(first + ARCHIVE_CHUNK, ticket.archived)]
            self._table.put({"pk": f"ticket#{ticket.ref}", "sk": f"history#{first:06d}", "facts": pack_facts(chunk)})
        return put_new(self._table, self._item(ticket, card))


def put_new(table: Table, item: Mapping[str, Any]) -> bool:
    """Write an item unless something lies under its key; gives whether it was written."""
    try:
        table.put(item, NEW)
    except ConditionFailed:
        return False
    return True


class Restorer:
    """Takes records, file by file, into one desk. Each record may come any number of times."""

    def __init__(self, desk: WiredDesk, folder: Path) -> None:
        """`folder` holds the copied files, where there are any."""
        self._desk = desk
        self._folder = folder
        self._tickets = RestoredTickets(desk.table, desk.environment.shards)

    def settings(self, saved: Mapping[str, Any], *, keep_addresses: bool) -> None:
        """Save settings as they were, except that this desk keeps the addresses that it was deployed with.

        With `keep_addresses` those of the old desk are kept. Settings that nobody ever saved are passed over.
        """
        own = WiredDesk(self._desk.environment, self._desk.aws).settings.load()  # fresh: this desk's own remember them
        if not saved.get("version") or own.version:
            return
        deployed = {"support_address": own.support_address, "public_url": own.public_url, "addresses": ()}
        addresses = {} if keep_addresses else deployed
        settings = DeskSettings.from_dict({**saved, **addresses})
        body = {name: value for name, value in to_wire(settings).items() if name != "version"}
        item = {"pk": "desk", "sk": "settings", "settings": json.dumps(body), "version": settings.version}
        put_new(self._desk.table, item)

    def person(self, record: Mapping[str, Any]) -> None:
        """Take in an agent or a team. What an agent holds comes with the tickets."""
        kind = KINDS.get(record.get("kind", ""))
        if kind is None:
            raise Malformed("kind: must be agent or team")
        person: Any = from_wire(kind, {name: part for name, part in record.items() if name != "kind"})
        own = {name: part for name, part in to_wire(person).items() if name not in ("id", "holding", "mentions")}
        put_new(self._desk.table, {"pk": people.PARTITION, "sk": f"{record['kind']}#{person.id}", **own})

    def template(self, record: Mapping[str, Any]) -> None:
        """Take in a template of mails."""
        template = from_wire(MailTemplate, record)
        own = {part: getattr(template, part) for part in ("subject", "text", "html", "version")}
        key = {"pk": mail_templates.PARTITION, "sk": f"{template.name}#{template.language}"}
        put_new(self._desk.table, {**key, **own})

    def customer(self, record: Mapping[str, Any]) -> None:
        """Take in a customer."""
        customer = from_wire(Customer, record)
        own = {**pack_customer(customer), **pack_first_contact(customer), "version": customer.version}
        put_new(self._desk.table, {"pk": f"customer#{customer.id}", "sk": "customer", **own})

    def customer_note(self, record: Mapping[str, Any]) -> None:
        """Take in what was written down about a customer."""
        _require(record, "customer_id")
        note = from_wire(CustomerNote, {name: part for name, part in record.items() if name != "customer_id"})
        self._desk.customers.add_note(record["customer_id"], note)

    def email_id(self, record: Mapping[str, Any]) -> None:
        """Take in under which ticket a Message-ID was filed."""
        _require(record, "digest", "ref")
        put_new(self._desk.table, {"pk": f"email#{record['digest']}", "sk": "email", "ref": record["ref"]})

    def address(self, record: Mapping[str, Any]) -> None:
        """Take in what is known against an address."""
        put_new(self._desk.table, pack_mark(from_wire(AddressMark, record)))

    def spam(self, record: Mapping[str, Any]) -> None:
        """Take in what the desk was taught of spam."""
        put_new(self._desk.table, {**spam_memory.KEY, **spam_memory.pack_model(from_wire(SpamModel, record))})

    def views(self, record: Mapping[str, Any]) -> None:
        """Take in the views of the inbox that somebody kept."""
        put_new(self._desk.table, saved_views.pack_views(from_wire(SavedViews, record)))

    def message(self, record: Mapping[str, Any]) -> None:
        """Take in a message."""
        _require(record, "ref", "id")
        message = from_wire(Message, {name: part for name, part in record.items() if name != "ref"})
        self._tickets.write_messages(record["ref"], [message])

    def ticket(self, record: Mapping[str, Any]) -> None:
        """Take in a ticket, and put it into the hands of whom it is assigned to.

        Where this desk has another signing key, the mail that began the ticket is filed by its Message-ID, so that
        answers to it find the ticket: with the old key its reference followed from that.
        """
        ticket, card = read_ticket(record)
        origin = ticket.origin.removeprefix("email:")
        if origin != ticket.origin and reference_for(self._desk.signer.secret(), ticket.origin) != ticket.ref:
            self._desk.tickets.file_email(origin, ticket.ref)
        fresh = self._tickets.restore(ticket, card)
        present = ticket if fresh else self._tickets.get(ticket.ref)
        if present is not None and present.active and present.assignee_id:
            self._desk.people.hold(present.assignee_id, present.ref, force=True)

    def spending(self, record: Mapping[str, Any]) -> None:
        """Take in what a month has cost."""
        account = from_wire(Account, record)
        numbers = {name: getattr(account, name) for name in ("bookings", "told", "told_cap")}
        used = dict(zip(NAMES, account.usage.numbers, strict=True))
        days = {f"{spending.DAY}{day}": picodollars for day, picodollars in account.days.items()}
        item = {name: number for name, number in (used | numbers | days).items() if number}
        put_new(self._desk.table, {"pk": spending.PARTITION + account.month, "sk": spending.SORT, **item})

    def audit_entry(self, record: Mapping[str, Any]) -> None:
        """Take in an entry of the audit log, to be kept as long as this desk keeps its own."""
        self._desk.audit.keep(from_wire(AuditEntry, record))

    def api_key(self, record: Mapping[str, Any]) -> None:
        """Take in an API key: its hash, never its secret."""
        _require(record, "sha256")
        digest, own = record["sha256"], {name: part for name, part in record.items() if name != "sha256"}
        key = from_wire(ApiKey, {"id": digest[:12], **own})
        item = {"name": key.name, "scopes": sorted(key.scopes), "created_at": to_ms(key.created_at), "by": key.by}
        put_new(self._desk.table, {"pk": api_keys.PARTITION, "sk": digest, **item})

    def attachment(self, record: Mapping[str, Any]) -> None:
        """Put an attachment's bytes back under its key, where they were copied."""
        _require(record, "key", "size")
        self._upload(self._desk.environment.files_bucket, record["key"], self._folder / "files", record)

    def mail(self, record: Mapping[str, Any]) -> None:
        """Put a mail as it came in under KEPT of the mail bucket, where its arrival tells nobody."""
        _require(record, "key", "size")
        key = f"{KEPT}{record['key'].removeprefix(KEPT)}"
        self._upload(self._desk.environment.mail_bucket, key, self._folder / "mail", record)

    def _upload(self, bucket: str, key: str, folder: Path, record: Mapping[str, Any]) -> None:
        path = place_of(folder, record["key"])
        if not path.is_file():
            raise Malformed(f"key: the copy {path} is missing")
        if path.stat().st_size != record["size"]:
            raise Malformed(f"size: the copy {path} has {path.stat().st_size} bytes, not {record['size']}")
        with path.open("rb") as file:
            self._desk.aws.client("s3").put_object(Bucket=bucket, Key=key, Body=file)


def _require(record: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if record.get(name) is None:
            raise Malformed(f"{name}: is missing")
