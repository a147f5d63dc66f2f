"""A desk in memory: what the use cases need of the world, in plain Python, with a clock that is moved by hand.

Each fake keeps the promises of its port (versions, conditions, order) and no more. Where the world fails, a test says
so: `mailer.troubles` and `work.troubles` are raised one after the other, `tickets.before_save` runs just before a save.
"""

import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.card import card_of
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.draft import Draft
from chalicelib.domain.email import Address, InboundEmail, OutboundEmail, OutboundFile
from chalicelib.domain.errors import InvalidInput, NotFound, StaleVersion
from chalicelib.domain.inbox_view import SavedViews
from chalicelib.domain.mail_template import MailTemplate, Written
from chalicelib.domain.message import Attachment
from chalicelib.domain.opening_hours import Holiday
from chalicelib.domain.people import Agent, Role, Team
from chalicelib.domain.presence import Presence
from chalicelib.domain.reference import derived_code
from chalicelib.domain.spending import Account, month_of
from chalicelib.domain.ticket import Fact, Happening, Ticket
from chalicelib.domain.usage import Usage
from chalicelib.domain.webhook import Webhook
from chalicelib.usecases.open_ticket import NewTicket, open_ticket
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.run_agenda import run_agenda
from chalicelib.usecases.wake_due import wake_due
from tests.domain.samples import MONDAY, SETTINGS
from tests.usecases.fake_accounts import FakeAccounts
from tests.usecases.fake_memories import FakeAllowances, FakeChats, FakeDeliverability, FakeSpamMemory
from tests.usecases.fake_records import FakeCustomers, FakePeople, FakeTickets
from tests.usecases.fake_search import FakeChanges, FakeSearchIndex


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.instant = MONDAY

    def now(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        """Move forward by so many `days`, `hours`, `minutes`, `seconds`."""
        self.instant += timedelta(**by)


class FakeSettings:
    """The settings of the samples, until others are saved."""

    def __init__(self) -> None:
        self.kept = SETTINGS

    def load(self) -> DeskSettings:
        return self.kept

    latest = load

    def save(self, settings: DeskSettings) -> DeskSettings:
        if settings.version != self.kept.version:
            raise StaleVersion("stale", "version")
        self.kept = replace(settings, version=settings.version + 1)
        return self.kept

    def change(self, **changes: Any) -> None:
        """Let the desk have these settings from now on."""
        self.kept = replace(self.kept, **changes)


@dataclass(frozen=True)
class Nudge:
    """A request on the work queue."""

    ref: str
    delay_seconds: int = 0
    assign: bool = False


class FakeWorkQueue:
    """Remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[Nudge] = []
        self.troubles: list[Exception] = []

    def nudge(self, ref: str, delay_seconds: int = 0, *, assign: bool = False) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.asked.append(Nudge(ref, delay_seconds, assign))

    def nudge_all(self, refs: Iterable[tuple[str, int]]) -> None:
        for ref, delay in refs:
            self.nudge(ref, delay)

    def taken(self) -> list[Nudge]:
        """Give what was asked for since the last time."""
        asked, self.asked = self.asked, []
        return asked


class FakeMailer:
    """Remembers what left. Each sending first meets the next of `troubles`; `meanwhile` runs while a mail leaves."""

    def __init__(self) -> None:
        self.sent: list[OutboundEmail] = []
        self.troubles: list[Exception | None] = []
        self.meanwhile: list[Callable[[], None]] = []

    def send(self, mail: OutboundEmail) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble
        self.sent.append(mail)

    def to(self, email: str) -> list[OutboundEmail]:
        """Give the mails that went to an address."""
        return [mail for mail in self.sent if email in {address.email for address in mail.to}]


class FakeWebhooks:
    """Remembers what other systems were told. Each telling first meets the next of `troubles`."""

    def __init__(self) -> None:
        self.posted: list[tuple[Webhook, Mapping[str, str]]] = []
        self.troubles: list[Exception] = []

    def post(self, hook: Webhook, headers: Mapping[str, str]) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.posted.append((hook, headers))


class FakeMailStore:
    """Mails that were read already, by key."""

    def __init__(self) -> None:
        self.kept: dict[str, InboundEmail] = {}

    def read(self, key: str) -> InboundEmail:
        if key not in self.kept:
            raise NotFound("there is no such mail", "key")
        return self.kept[key]

    def understand(self, content: bytes) -> InboundEmail:
        return self.kept[content.decode()]


class FakeFiles:
    """Attachments' bytes, by key."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def keep(self, ref: str, message_id: str, number: int, filename: str, content_type: str, content: bytes) -> str:
        key = f"{ref}/{message_id}/{number}-{filename}"
        self.kept[key] = content
        return key

    def link(self, attachment: Attachment) -> str:
        return f"https://files.example/{attachment.key}"

    def read(self, attachment: Attachment) -> bytes:
        if attachment.key not in self.kept:
            raise NotFound("the file is not there", "upload")
        return self.kept[attachment.key]

    def upload_link(self, key: str, content_type: str, size: int) -> str:
        return f"https://files.example/{key}?type={content_type}&size={size}"

    def take(self, key: str, content_type: str, content: bytes) -> None:
        self.kept[key] = content

    def claim(
        self, upload: str, ref: str, message_id: str, number: int, filename: str, content_type: str
    ) -> Attachment:
        if upload not in self.kept:
            raise NotFound("the file is not there", "upload")
        key = self.keep(ref, message_id, number, filename, content_type, self.kept[upload])
        return Attachment(key, filename, content_type, len(self.kept[key]))


class FakeSigner:
    """Seals with a key that only this desk has."""

    def secret(self) -> bytes:
        return b"a desk's own secret"

    def seal(self, purpose: str, content: Mapping[str, str]) -> str:
        body = json.dumps(dict(content))
        return f"{body.encode().hex()}.{self._seal(purpose, body)}"

    def unseal(self, purpose: str, token: str) -> dict[str, str] | None:
        try:
            body = bytes.fromhex(token.partition(".")[0]).decode()
        except ValueError:
            return None
        if token.partition(".")[2] != self._seal(purpose, body):
            return None
        return dict(json.loads(body))

    def _seal(self, purpose: str, body: str) -> str:
        return hmac.digest(self.secret(), f"{purpose}:{body}".encode(), "sha256").hex()


class FakeTexts:
    """Says which text in which language with which values."""

    def text(self, key: str, language: str, **values: str) -> str:
        told = " ".join(f"{name}={value}" for name, value in sorted(values.items()))
        return f"<{language}:{key} {told}>"


class FakeTemplates:
    """Says which template in which language with which values. `broken` are refused, as an owner's may be."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], MailTemplate] = {}
        self.broken: set[str] = set()

    def own(self, name: str, language: str) -> MailTemplate:
        return MailTemplate(name, language, f"{name} in {language}", f"the text of {name}")

    def find(self, name: str, language: str) -> MailTemplate:
        return self.kept.get((name, language)) or self.own(name, language)

    def customised(self) -> tuple[MailTemplate, ...]:
        return tuple(self.kept.values())

    def save(self, template: MailTemplate) -> MailTemplate:
        if self.find(template.name, template.language).version != template.version:
            raise StaleVersion("stale", "version")
        self.kept[template.name, template.language] = replace(template, version=template.version + 1)
        return self.kept[template.name, template.language]

    def remove(self, name: str, language: str) -> None:
        self.kept.pop((name, language), None)

    def check(self, template: MailTemplate) -> None:
        if template.text in self.broken:
            raise InvalidInput("line 1: is broken", "text")

    def preview(self, template: MailTemplate, values: Mapping[str, str]) -> Written:
        return Written(template.subject, f"{template.text}: {_told(values)}", template.html)

    def write(self, name: str, language: str, values: Mapping[str, str]) -> Written:
        if name == "answer":
            said = [
                [values[f"{name}.{part}"] for name in ("message", "signature", "link")] for part in ("text", "html")
            ]
            text, html = ("\n\n".join(filter(None, parts)) for parts in said)
            return Written(values["reply.subject"], text, html)
        told = _told(values)
        return Written(f"<{language}:{name}.subject {told}>", f"<{language}:{name}.text {told}>", "")


def _told(values: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in sorted(values.items()))


class FakeMarkup:
    """Takes any HTML as it is but for scripts, and knows one picture."""

    def cleaned(self, html: str) -> str:
        return html.replace("<script>", "")

    def text_of(self, html: str) -> str:
        return re.sub(r"<[^>]*>", "", html)

    def pictures_apart(self, html: str) -> tuple[str, tuple[OutboundFile, ...]]:
        if "data:dot" not in html:
            return html, ()
        return html.replace("data:dot", "cid:dot"), (OutboundFile("dot.png", "image/png", b"dot", "dot"),)


class FakeDrafts:
    """Keeps drafts in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Draft] = {}
        self.here: dict[tuple[str, str], Presence] = {}

    def get(self, ref: str, key: str) -> Draft | None:
        return self.kept.get((ref, key))

    def every(self, ref: str) -> tuple[Draft, ...]:
        return tuple(draft for (under, _), draft in self.kept.items() if under == ref)

    def around(self, ref: str) -> tuple[tuple[Draft, ...], tuple[Presence, ...]]:
        return self.every(ref), tuple(one for (under, _), one in self.here.items() if under == ref)

    def look(self, ref: str, presence: Presence) -> None:
        self.here[ref, presence.agent_id] = presence

    def leave(self, ref: str, agent_id: str) -> None:
        self.here.pop((ref, agent_id), None)

    def save(self, ref: str, draft: Draft, *, sent: bool = False) -> None:
        self.kept[ref, draft.sent_key if sent else draft.agent_id] = draft

    def discard(self, ref: str, key: str) -> None:
        self.kept.pop((ref, key), None)


class FakeSavedViews:
    """Keeps views of the inbox by their owners; somebody may come first."""

    def __init__(self) -> None:
        self.kept: dict[str, SavedViews] = {}
        self.before_save: list[Callable[[], None]] = []

    def of(self, owners: Iterable[str]) -> tuple[SavedViews, ...]:
        return tuple(self.kept.get(owner, SavedViews(owner)) for owner in owners)

    def save(self, views: SavedViews) -> SavedViews:
        if self.before_save:
            self.before_save.pop(0)()
        if views.version != self.of((views.owner,))[0].version:
            raise StaleVersion("stale", "version")
        self.kept[views.owner] = replace(views, version=views.version + 1)
        return self.kept[views.owner]


class FakePublicHolidays:
    """One country, ZZ with its region NN, that rests on the first of January and works on a Saturday for it."""

    def countries(self) -> dict[str, tuple[str, ...]]:
        return {"ZZ": ("NN",)}

    def of(self, country: str, region: str, years: Iterable[int], language: str) -> tuple[Holiday, ...]:
        if country not in self.countries():
            raise InvalidInput("is not known", "country")
        source = f"public:{country}-{region}" if region else f"public:{country}"
        return tuple(Holiday(date(year, 1, 1), (), f"New Year ({language})", False, source) for year in years)

    def working_weekends(self, country: str, region: str, years: Iterable[int]) -> tuple[date, ...]:
        return tuple(date(2027, 1, 9) for year in years if year == 2027)


class FakeSpending:
    """One month's account, as a test sets it. `used` is what waits to be booked; `troubles` are met by any reading."""

    def __init__(self) -> None:
        self.kept = Account("2026-11")
        self.used = Usage()
        self.claimed_until: datetime | None = None
        self.troubles: list[Exception] = []
        self.readings = 0

    def book(self, now: datetime) -> Account | None:
        if not self.used:
            return None
        booked = replace(self.kept, usage=self.kept.usage + self.used, bookings=self.kept.bookings + 1)
        self.kept, self.used = booked, Usage()
        return booked

    def account(self, month: str) -> Account:
        return self.kept if month == self.kept.month else Account(month)

    def known(self, now: datetime) -> Account:
        self.readings += 1
        if self.troubles:
            raise self.troubles.pop(0)
        return self.account(month_of(now))

    def claim_telling(self, month: str, step: int, cap: int, now: datetime, until: datetime) -> bool:
        known = self.kept.told >= step and self.kept.told_cap == cap
        if known or (self.claimed_until is not None and self.claimed_until > now):
            return False
        self.claimed_until = until
        return True

    def close_telling(self, month: str, step: int, cap: int) -> None:
        self.kept, self.claimed_until = replace(self.kept, told=step, told_cap=cap), None

    def release_telling(self, month: str) -> None:
        self.claimed_until = None


class FakeDesk:
    """A desk whose every part is a fake. `Desk` is what it is to use cases."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.tickets = FakeTickets()
        self.customers = FakeCustomers()
        self.people = FakePeople()
        self.settings = FakeSettings()
        self.work = FakeWorkQueue()
        self.mailer = FakeMailer()
        self.webhooks = FakeWebhooks()
        self.mail = FakeMailStore()
        self.files = FakeFiles()
        self.deliverability = FakeDeliverability()
        self.spam = FakeSpamMemory()
        self.changes = FakeChanges()
        self.search = FakeSearchIndex()
        self.signer = FakeSigner()
        self.texts = FakeTexts()
        self.templates = FakeTemplates()
        self.markup = FakeMarkup()
        self.drafts = FakeDrafts()
        self.tickets.drafts = self.drafts.every
        self.accounts = FakeAccounts()
        self.views = FakeSavedViews()
        self.public_holidays = FakePublicHolidays()
        self.spending = FakeSpending()
        self.allowances = FakeAllowances()
        self.chats = FakeChats(self.tickets)

    def ticket(self, ref: str) -> Ticket:
        """Give a ticket as it stands."""
        return self.tickets.kept[ref]

    def put(self, ticket: Ticket) -> Ticket:
        """Keep a ticket that a test made, in place of what was there."""
        after = replace(ticket, version=ticket.version + 1)
        self.tickets.kept[ticket.ref] = after
        self.tickets.cards[ticket.ref] = card_of(after, sla.of_ticket(after, self.settings.load(), self.clock.now()))
        return after

    def open(self, **fields: Any) -> Ticket:
        """Open a ticket of Jo's by the form; each of another `origin` is another."""
        new = NewTicket(
            **{
                "origin": f"form:{len(self.tickets.kept)}",
                "channel": "form",
                "subject": "My parcel",
                "text": "It did not arrive.",
                "email": "jo@customer.example",
                "name": "Jo",
                **fields,
            }
        )
        return open_ticket(self, new)[0]

    def settled(self, **fields: Any) -> Ticket:
        """Open a ticket and run what is due on it until nothing is; forget the mails and requests on the way."""
        ticket = self.open(**fields)
        self.run(ticket.ref)
        self.mailer.sent.clear()
        self.work.taken()
        return self.ticket(ticket.ref)

    def run(self, ref: str) -> Ticket:
        """Run a ticket's agenda until nothing is due any more."""
        for _ in range(20):
            due = self.ticket(ref).next_due
            if due is None or due > self.clock.now():
                break
            run_agenda(self, ref)
        return self.ticket(ref)

    def pass_time(self, **by: float) -> None:
        """Move the clock, doing everything that comes due on the way at its time."""
        end = self.clock.now() + timedelta(**by)
        while due := [(at, ref) for ref, at in self.tickets.due(end)]:
            at, ref = due[0]
            self.clock.instant = max(self.clock.instant, at)
            run_agenda(self, ref)
        self.clock.instant = end

    def sweep(self) -> list[Nudge]:
        """Run the schedule of every minute, and give what it asked for."""
        self.work.taken()
        wake_due(self)
        return self.work.taken()

    def sweep_into_queue(self) -> None:
        """Run the schedule of every minute; what it asked for stays on the queue."""
        wake_due(self)

    def receive(self, key: str, **fields: Any) -> str:
        """Lay a mail into the mail store under a key, as it would be read; gives the key."""
        self.mail.kept[key] = an_email(message_id=f"<{key}@customer.example>", **fields)
        return key


_IS_A_DESK: type[Desk] = FakeDesk


def staffed() -> FakeDesk:
    """Give a desk with a team `support`: its lead Lin, who takes no tickets, and Ada and Sam, who take two each."""
    desk = FakeDesk()
    desk.people.save_agent(Agent("lin", "Lin", "lin@shop.example", Role.LEAD, ("support",), capacity=0))
    desk.people.save_team(Team("support", "Support", ("lin",)))
    desk.people.save_agent(Agent("ada", "Ada", "ada@shop.example", team_ids=("support",), capacity=2))
    desk.people.save_agent(Agent("sam", "Sam", "sam@shop.example", team_ids=("support",), capacity=2))
    return desk


def an_email(**fields: Any) -> InboundEmail:
    """Give a mail of Jo's to the desk, as it was read."""
    return InboundEmail(
        **{
            "sender": Address("jo@customer.example", "Jo"),
            "to": (Address("help@shop.example"),),
            "subject": "My parcel",
            "date": MONDAY,
            "message_id": "<first@customer.example>",
            "text": "It did not arrive.",
            "newly_said": "It did not arrive.",
            "content_hash": "0" * 64,
            **fields,
        }
    )


def happened(ticket: Ticket, what: Happening) -> list[Fact]:
    """Give the facts of a kind in a ticket's history."""
    return [fact for fact in ticket.timeline if fact.what is what]


def free_reference(desk: FakeDesk) -> str:
    """Give a reference that no ticket has."""
    code = derived_code(desk.signer.secret(), "reference", "nothing came from here", 8)
    return f"{code[:4]}-{code[4:]}"
