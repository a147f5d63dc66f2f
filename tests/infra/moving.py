"""Desks to leave and desks to move to, one open at a time, and a desk with a little of everything."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.domain.customer import Identity, IdentityKind, Money
from chalicelib.domain.deliverability import AddressMark, Trouble
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.inbox_view import Criteria, SavedView, SavedViews
from chalicelib.domain.mail_template import MailTemplate
from chalicelib.domain.people import Agent, Role, Team
from chalicelib.domain.spam import SpamModel, taught
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.edit_customer import note_customer
from chalicelib.usecases.merge_customers import merge_customers
from infra.export.walk import Wanted, export
from infra.import_desk.loading import Choices
from infra.local.clock import MovableClock
from infra.local.cloud import LocalCloud
from tests.story.narrator import DAY, Narrator

EVERYTHING = Wanted(files=True, mail=True, keys=True, signing_key=True, page=3)
WITH_KEY = Choices(signing_key=True)
AWAY = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
ADDRESSES = {"support_address": "support@example.com", "public_url": "http://127.0.0.1:8000"}


class Removal:
    """Opens one desk after the other; opening the next takes the last one's cloud away."""

    def __init__(self, now: datetime) -> None:
        """Nothing is open yet; the first desk's clock will stand at `now`."""
        self._clock = MovableClock(now)
        self._open: LocalCloud | None = None

    def open(self, **addresses: Any) -> LocalCloud:
        """Give an empty desk on a new cloud, at the time at which the last one was left."""
        self.close()
        cloud = LocalCloud(MovableClock(self._clock.now()), **{**ADDRESSES, **addresses})
        cloud.start()
        self._clock, self._open = cloud.clock, cloud
        return cloud

    def close(self) -> None:
        """Take the open desk's cloud away."""
        if self._open is not None:
            self._open.stop()
            self._open = None


def staff(cloud: LocalCloud) -> None:
    """Let Lin lead and Sam and Ada answer, with something said in every field."""
    people = cloud.desk.people
    people.save_team(Team("support", "Support", ("lin",)))
    people.save_agent(Agent("lin", "Lin", "lin@example.com", Role.LEAD, ("support",), capacity=0))
    sam = people.save_agent(Agent("sam", "Sam", "sam@example.com", Role.AGENT, ("support",), ("billing",), ("en",)))
    people.save_agent(replace(sam, capacity=7))
    people.save_agent(Agent("ada", "Ada", "ada@example.com", Role.ADMIN, ("support",), available=False, active=False))
    cloud.settle()


def lived_in(cloud: LocalCloud) -> Narrator:
    """Give the narrator of a desk with a little of everything."""
    staff(cloud)
    story = Narrator(cloud)
    desk = cloud.desk
    saved = desk.settings.save(replace(desk.settings.load(), name="Cup & Co", reopen_seconds=3 * DAY))
    desk.settings.save(replace(saved, language="zh"))
    desk.templates.save(MailTemplate("answer", "en", "{{ reply.subject }}", "{{ message.text }}", "{{ message.html }}"))
    _solved_with_survey_to_come(story)
    _rated_badly(story)
    _long_lived(story)
    story.jo_mails("水壶坏了", "您好，水壶坏了，请帮忙。\u2028谢谢", Message_ID="<zh@customer.org>")
    with_file = EmailMessage()
    with_file["From"], with_file["To"], with_file["Subject"] = "Mo <mo@other.org>", "support@example.com", "A photo"
    with_file["Message-ID"] = "<photo@other.org>"
    with_file.set_content("See the photo.")
    with_file.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="küche.png")
    cloud.receive_mail(bytes(with_file), "mo@other.org", ["support@example.com"])
    cloud.receive_mail(b"Subject: win\r\n\r\nmoney", "x@spam.example", ["support@example.com"], {"spam": "fail"})
    cloud.settle()
    customer = desk.customers.get(desk.customers.id_of("mo@other.org"))
    assert customer is not None
    phone = (Identity(IdentityKind.PHONE, "+49 30 1234"),)
    desk.customers.save(
        replace(customer, tier="gold", tags=("vip",), language="de", identities=phone, value=Money(12_345, "EUR"))
    )
    merge_customers(desk, customer.id, "bo@b.org", "agent:sam")
    merge_customers(desk, customer.id, "mo@private.example", "agent:sam")
    note_customer(desk, customer.id, "Calls at noon.", "agent:sam", "note-1")
    now = cloud.clock.now()
    desk.deliverability.keep(AddressMark("gone@other.org", Trouble.BOUNCED, now, "unknown_user", "5.1.1", told=("e",)))
    desk.deliverability.keep(AddressMark("full@other.org", Trouble.FAILING, now, expires_at=now + timedelta(days=3)))
    desk.views.save(SavedViews("sam", (SavedView("a", "Lamps", "all", Criteria(tag="lamp", due="hour")),)))
    desk.views.save(SavedViews("", (SavedView("b", "灯", "mine"),)))
    desk.spam.save(taught(SpamModel(), "7K3F-92QX", "spam", ["中奖", "casino"]))
    return story


def _solved_with_survey_to_come(story: Narrator) -> None:
    story.jo_mails("My cup is broken", "Help!", Message_ID="<cup@customer.org>")
    ref = story.only_ticket()["ref"]
    story.api("PATCH", f"/v1/tickets/{ref}", {"tags": ["cup"], "fields": {"order": "17"}, "priority": "high"})
    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "note", "text": "A hard one."})
    reply = {"kind": "reply", "text": "Here is a new one.", "status": "solved", "author_id": "sam"}
    story.api("POST", f"/v1/tickets/{ref}/messages", reply)


def _rated_badly(story: Narrator) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Bo <bo@b.org>", "support@example.com", "Refund"
    mail["Message-ID"] = "<bo@b.org>"
    mail.set_content("My money back.")
    story.cloud.receive_mail(bytes(mail), "bo@b.org", ["support@example.com"])
    story.cloud.settle()
    ref = story.api("GET", f"/v1/tickets?customer={story.cloud.desk.customers.id_of('bo@b.org')}")["items"][0]["ref"]
    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "Done.", "status": "solved"})
    settings: DeskSettings = story.cloud.desk.settings.load()
    story.cloud.advance(settings.survey.delay_seconds / 2)
    story.jo_mails("Still waiting", "Hello?", Message_ID="<wait@customer.org>")


def _long_lived(story: Narrator) -> None:
    body = {"subject": "Long", "text": "A long story", "customer": {"email": "li@long.org", "name": "Li"}}
    ref = story.api("POST", "/v1/tickets", body)["ref"]
    for first in range(0, 160, 40):
        change_ticket(story.cloud.desk, ref, partial(with_notes, first=first))
    story.cloud.settle()


def with_notes(ticket: Ticket, first: int) -> Ticket:
    """Give the ticket with forty facts more."""
    for number in range(first, first + 40):
        ticket = ticket.with_fact(ticket.updated_at, Happening.CATEGORY_SET, "agent:sam", category=f"c{number}")
    return ticket


def lines_of(folder: Path, name: str) -> list[Any]:
    """Give a file's records."""
    return [json.loads(line) for line in (folder / name).read_bytes().split(b"\n")[:-1]]


def content_of(folder: Path) -> Mapping[str, Any]:
    """Give what an export holds: each file's records in one order, whatever order they stand in."""
    found: dict[str, Any] = {path.name: sorted(path.read_bytes().split(b"\n")) for path in folder.glob("*.jsonl")}
    copies = (path for path in folder.rglob("*") if path.is_file() and path.parent != folder)
    found |= {str(path.relative_to(folder)): path.read_bytes() for path in copies}
    return {**found, "settings.json": (folder / "settings.json").read_bytes()}


def ticket_called(story: Narrator, subject: str) -> str:
    """Give the reference of the one ticket of Jo's with this subject."""
    customer = story.cloud.desk.customers.id_of("jo@customer.org")
    found = story.api("GET", f"/v1/tickets?customer={customer}")["items"]
    refs: list[str] = [ticket["ref"] for ticket in found if ticket["subject"] == subject]
    assert len(refs) == 1
    return refs[0]


def silent(_: str) -> None:
    """Say nothing."""


def left(cloud: LocalCloud, folder: Path, wanted: Wanted = EVERYTHING) -> Path:
    export(cloud.desk, folder, wanted, silent)
    return folder


def copied(folder: Path, place: Path) -> Path:
    """Give a copy that may be written to."""
    return Path(shutil.copytree(folder, place / "copy"))


def without_mail(content: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an export holds beside the mails as they came in, which lie elsewhere in a new desk."""
    return {name: part for name, part in content.items() if not name.startswith("mail")}


def mails(content: Mapping[str, Any]) -> list[bytes]:
    """Give the mails as they came in."""
    return sorted(part for name, part in content.items() if name.startswith("mail/"))


class Killed(BaseException):
    """The process ends here."""
