"""What the use cases need of the world. Adapters provide it; wiring.py joins the two; tests bring fakes.

Every port may raise `TryAgain` when the cloud is briefly unable; whoever called may simply be called again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain import inbox_view
    from chalicelib.domain.audit import AuditEntry
    from chalicelib.domain.card import Card, Page, Standing
    from chalicelib.domain.customer import Customer, CustomerNote
    from chalicelib.domain.deliverability import AddressMark
    from chalicelib.domain.desk import DeskSettings
    from chalicelib.domain.draft import Draft
    from chalicelib.domain.email import InboundEmail, OutboundEmail, OutboundFile
    from chalicelib.domain.mail_template import MailTemplate, Written
    from chalicelib.domain.message import Attachment, Message
    from chalicelib.domain.opening_hours import Holiday
    from chalicelib.domain.people import Agent, Roster, Team
    from chalicelib.domain.presence import Presence
    from chalicelib.domain.search.document import Document
    from chalicelib.domain.search.found import Change, Found
    from chalicelib.domain.search.query import Query
    from chalicelib.domain.sign_in import Challenge, Proven
    from chalicelib.domain.spam import SpamModel
    from chalicelib.domain.spending import Account
    from chalicelib.domain.ticket import Ticket
    from chalicelib.domain.webhook import Webhook


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the present UTC instant, aware, to the millisecond."""


class Tickets(Protocol):
    """Where tickets and their messages are kept."""

    def get(self, ref: str) -> Ticket | None:
        """Give the ticket as it stands now, or None."""

    def conversation(self, ref: str) -> tuple[Ticket, tuple[Message, ...]] | None:
        """Give the ticket with its messages in the order of its timeline, or None."""

    def opened(self, ref: str) -> tuple[Ticket, tuple[Message, ...], tuple[Draft, ...]] | None:
        """Give the same, and what agents are writing on it, by one read."""

    def message(self, ref: str, message_id: str) -> Message | None:
        """Give one message, or None."""

    def write_messages(self, ref: str, messages: Iterable[Message]) -> None:
        """Keep messages before the ticket mentions them. Written twice, they are one."""

    def add(self, ticket: Ticket, card: Card) -> Ticket:
        """Keep a new ticket as version 1. Raises AlreadyExists when its reference is taken."""

    def save(self, ticket: Ticket, card: Card) -> Ticket:
        """Keep a changed ticket as its next version. Raises StaleVersion when it isn't the latest any more."""

    def get_many(self, refs: Sequence[str]) -> Mapping[str, Ticket]:
        """Give those of many tickets that are there, as they stood a moment ago, in as few calls as can be."""

    def queue(
        self, names: Sequence[str], limit: int, after: str = "", *, newest_first: bool = False, until: str = ""
    ) -> Page:
        """Give a page of the tickets that stand in these queues (see domain.card.queue_of), merged in their order.

        With `until`, only those whose place there (domain.card.urgency) is not behind it.
        """

    def standing(self, most: int) -> Standing:
        """Give everything that isn't done, list by list, in one call; some `most` tickets of it."""

    def of_customer(self, customer_id: str, limit: int, after: str = "", also: Sequence[str] = ()) -> Page:
        """Give a page of a customer's tickets, newest first; `also` are ids of records that are parts of them."""

    def due(self, until: datetime) -> Iterable[tuple[str, datetime]]:
        """Give the references of tickets with something due until then, and when, earliest first."""

    def ticket_of_email(self, email_id: str) -> str | None:
        """Give the reference under which a received Message-ID was filed, or None."""

    def file_email(self, email_id: str, ref: str) -> None:
        """Remember under which ticket a received Message-ID was filed."""


class Customers(Protocol):
    """Where customers are kept."""

    def meet(self, email: str, name: str, now: datetime) -> Customer:
        """Give the customer of this address, made on the first contact; notes the contact's time.

        Where the address's record became a part of another customer, that is who wrote.
        """

    def meet_visitor(self, visitor: str, name: str, now: datetime) -> Customer:
        """Give the customer who is known by nothing but their chat box, made on the first contact."""

    def get(self, customer_id: str) -> Customer | None:
        """Give a customer, or None; by the id of a record that became a part, the customer it is a part of."""

    def record(self, customer_id: str) -> Customer | None:
        """Give the record of just this id, or None, whether or not it became a part of another."""

    def id_of(self, email: str) -> str:
        """Give the id that the customer of this address has, known or not."""

    def save(self, customer: Customer) -> Customer:
        """Keep a changed customer. Raises StaleVersion."""

    def save_both(self, one: Customer, other: Customer) -> None:
        """Keep two changed records, of which one of version 0 is new, or neither. Raises StaleVersion."""

    def notes(self, customer_ids: Iterable[str]) -> tuple[CustomerNote, ...]:
        """Give what was written down about the customer whose records these are, newest first."""

    def add_note(self, customer_id: str, note: CustomerNote) -> None:
        """Keep a note. Written twice, it is one."""

    def remove_note(self, customer_id: str, note_id: str) -> None:
        """Forget a note, if there is one."""


class People(Protocol):
    """Where agents and teams are kept."""

    def roster(self) -> Roster:
        """Give everybody, as they stand now."""

    def hold(self, agent_id: str, ref: str, *, force: bool = False, room: int | None = None) -> bool:
        """Take a place in an agent's hands for a ticket; False when they are full (never with `force`).

        They are full at their capacity, or at `room` tickets, if that is given.
        """

    def release(self, agent_id: str, ref: str) -> None:
        """Give the place back, if there is one."""

    def mention(self, agent_id: str, ref: str) -> None:
        """Note that somebody called upon an agent on a ticket. Noted twice it is noted once; the list has an end."""

    def forget_mention(self, agent_id: str, ref: str) -> None:
        """Forget that again, if it is noted."""

    def save_agent(self, agent: Agent) -> Agent:
        """Keep an agent (version 0: a new one). Raises AlreadyExists or StaleVersion."""

    def save_team(self, team: Team) -> Team:
        """Keep a team (version 0: a new one). Raises AlreadyExists or StaleVersion."""


class Settings(Protocol):
    """Where the desk's settings are kept."""

    def load(self) -> DeskSettings:
        """Give the settings, at most 60 seconds old."""

    def latest(self) -> DeskSettings:
        """Give the settings as they stand now; this process knows them from then on."""

    def save(self, settings: DeskSettings) -> DeskSettings:
        """Keep changed settings as their next version. Raises StaleVersion."""


class WorkQueue(Protocol):
    """The queue `work`, which names tickets that have something due."""

    def nudge(self, ref: str, delay_seconds: int = 0, *, assign: bool = False) -> None:
        """Ask for a ticket's agenda to be run; with `assign`, for a waiting ticket to look for an agent at once."""

    def nudge_all(self, refs: Iterable[tuple[str, int]]) -> None:
        """Ask the same for many tickets with their delays, in as few calls as can be."""


class Mailer(Protocol):
    """Sends mail."""

    def send(self, mail: OutboundEmail) -> None:
        """Hand a mail over for delivery. Raises MailRefused when it will never be taken, TryAgain when it may be."""


class Webhooks(Protocol):
    """Tells other systems."""

    def post(self, hook: Webhook, headers: Mapping[str, str]) -> None:
        """Post a webhook with these headers. Raises WebhookRefused when it will never be taken, TryAgain when it may
        be."""


class MailStore(Protocol):
    """Where received mail lies in its raw form, and who can read it."""

    def read(self, key: str) -> InboundEmail:
        """Give a received mail as read; any bytes at all can be read. Raises NotFound when there is none."""

    def understand(self, content: bytes) -> InboundEmail:
        """Give the mail that is attached to another, as read; any bytes at all can be."""


class Deliverability(Protocol):
    """Where it is kept which addresses mail does not reach, or whose owners complained."""

    def mark_of(self, email: str) -> AddressMark | None:
        """Give what is known of an address, at most a second old, or None."""

    def keep(self, mark: AddressMark) -> AddressMark:
        """Keep a mark as its next version (0: a new one). Raises StaleVersion."""

    def lift(self, email: str) -> bool:
        """Forget what is known of an address; False where nothing is."""


class SpamMemory(Protocol):
    """Where what the desk was taught of spam is kept."""

    def load(self) -> SpamModel:
        """Give the model, at most five minutes old; one that was taught nothing where there is none."""

    def latest(self) -> SpamModel:
        """Give the model as it stands now."""

    def save(self, model: SpamModel) -> SpamModel:
        """Keep the model as its next version. Raises StaleVersion."""


class Files(Protocol):
    """Where attachments lie."""

    def keep(self, ref: str, message_id: str, number: int, filename: str, content_type: str, content: bytes) -> str:
        """Keep an attachment's bytes, and give the key they lie under; the same again is the same key."""

    def link(self, attachment: Attachment) -> str:
        """Give a short-lived link from which a browser can fetch the attachment."""

    def read(self, attachment: Attachment) -> bytes:
        """Give an attachment's bytes. Raises NotFound when they are gone."""

    def upload_link(self, key: str, content_type: str, size: int) -> str:
        """Give a short-lived link to which a file of just this type and size (bytes) can be PUT, to lie under `key`."""

    def take(self, key: str, content_type: str, content: bytes) -> None:
        """Keep a file under `key` as if it had been PUT there."""

    def claim(
        self, upload: str, ref: str, message_id: str, number: int, filename: str, content_type: str
    ) -> Attachment:
        """Make an uploaded file a message's attachment; the same again is the same. Raises NotFound when there is none.

        Its type is what its first bytes show. An upload that nobody claims goes away by itself.
        """


class Changes(Protocol):
    """Where it is noted which tickets search doesn't know as they are by now."""

    def note(self, change: Change) -> None:
        """Note that a ticket changes; noted twice it is one. Raises TryAgain, also where too much waits already."""

    def waiting(self) -> Sequence[Change]:
        """Give what waits, in any order."""

    def take(self, now: datetime) -> Sequence[Change] | None:
        """Give what waits, in any order, and keep others from it for a while; None while somebody else has it."""

    def settle(self, done: Sequence[Change], now: datetime, *, more: bool = False) -> None:
        """Strike out what was taken and is done, and let others at the rest; with `more`, there is something to do
        even where nothing is left."""


class SearchIndex(Protocol):
    """Where tickets are found by their words. Its state is derived: everything in it follows from the tickets."""

    def build(self, documents: Sequence[Document], gone: Sequence[str]) -> bool:
        """Take in these documents in place of what was known of their tickets, and forget the tickets `gone`.

        False where something is left for the next time. Raises StaleVersion where somebody else built meanwhile.
        """

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Take in these documents in place of everything; gives how many those were. Raises StaleVersion."""

    def search(self, query: Query, limit: int, after: str = "", *, newer: Mapping[str, Document | None]) -> Found:
        """Give a page of what is found, newest tickets first. Raises InvalidInput for an `after` of no such page.

        `newer` are tickets that are known better than the index knows them, None for those that are gone.
        """


class Signer(Protocol):
    """Knows the desk's signing key."""

    def secret(self) -> bytes:
        """Give the key from which references and reply addresses are derived."""

    def seal(self, purpose: str, content: Mapping[str, str]) -> str:
        """Give a token for one purpose that nobody else can make."""

    def unseal(self, purpose: str, token: str) -> dict[str, str] | None:
        """Give what a genuine token for this purpose holds, else None."""


class Accounts(Protocol):
    """Where the people of the desk have their passwords. Names are mail addresses."""

    def sign_in(self, email: str, password: str) -> Proven | Challenge:
        """Give who that is, or what else is asked of them. Raises SignInRefused."""

    def answer(self, challenge: Challenge, given: str) -> Proven | Challenge:
        """Give the same after what was asked was given. Raises SignInRefused, or InvalidInput for a poor password."""

    def send_code(self, email: str) -> None:
        """Mail a code with which a forgotten password can be set anew; says nothing where there is no such account."""

    def reset_password(self, email: str, code: str, password: str) -> None:
        """Set a password by such a code. Raises InvalidInput naming `code` or `password`, or SignInRefused."""

    def invite(self, email: str) -> bool:
        """Make an account and mail its owner a temporary password, again where it wasn't used yet; gives whether it was
        mailed: somebody who has chosen a password needs none."""


class Templates(Protocol):
    """The words around what is said in mails: the desk's own, and those that an owner changed."""

    def own(self, name: str, language: str) -> MailTemplate:
        """Give the desk's own template."""

    def find(self, name: str, language: str) -> MailTemplate:
        """Give the template that is used, at most 60 seconds old."""

    def customised(self) -> tuple[MailTemplate, ...]:
        """Give the templates that an owner changed, as they stand now; this process knows them from then on."""

    def save(self, template: MailTemplate) -> MailTemplate:
        """Keep a changed template as its next version. Raises StaleVersion."""

    def remove(self, name: str, language: str) -> None:
        """Go back to the desk's own template."""

    def check(self, template: MailTemplate) -> None:
        """Raise InvalidInput, with the part, the line and the remedy, for a template that can't be used."""

    def preview(self, template: MailTemplate, values: Mapping[str, str]) -> Written:
        """Fill a template. Raises InvalidInput where that fails, or leaves out what the mail is for."""

    def write(self, name: str, language: str, values: Mapping[str, str]) -> Written:
        """Fill the template that is used; should a customised one fail, the desk's own, and say so where it is seen."""


class Markup(Protocol):
    """Knows HTML that people wrote."""

    def cleaned(self, html: str) -> str:
        """Give the part of some HTML that can do no harm, as of mail that comes in."""

    def text_of(self, html: str) -> str:
        """Say in plain text what cleaned HTML says."""

    def pictures_apart(self, html: str) -> tuple[str, tuple[OutboundFile, ...]]:
        """Give cleaned HTML whose written-in pictures are named by `cid:`, and these pictures as files."""


class Drafts(Protocol):
    """Where agents' unsent texts are kept: one that each is writing on each ticket, and those they sent just now."""

    def get(self, ref: str, key: str) -> Draft | None:
        """Give what an agent is writing on a ticket, by their id, or what they sent, by its `sent_key`; or None."""

    def every(self, ref: str) -> tuple[Draft, ...]:
        """Give every agent's drafts on a ticket, sent ones too."""

    def around(self, ref: str) -> tuple[tuple[Draft, ...], tuple[Presence, ...]]:
        """Give every agent's draft on a ticket, and who said lately that they look at it, in one call."""

    def look(self, ref: str, presence: Presence) -> None:
        """Remember for a moment that somebody looks at a ticket."""

    def leave(self, ref: str, agent_id: str) -> None:
        """Forget that they do."""

    def save(self, ref: str, draft: Draft, *, sent: bool = False) -> None:
        """Keep a draft in place of what its agent was writing on this ticket; one that is `sent`, beside that."""

    def discard(self, ref: str, key: str) -> None:
        """Forget the draft that `get` would give, if there is one."""


class SavedViews(Protocol):
    """Where views of the inbox are kept: those of one agent, and with an empty owner those for everybody."""

    def of(self, owners: Iterable[str]) -> tuple[inbox_view.SavedViews, ...]:
        """Give the views of these owners, in this order; none where nothing was kept."""

    def save(self, views: inbox_view.SavedViews) -> inbox_view.SavedViews:
        """Keep an owner's views as their next version. Raises StaleVersion."""


class Texts(Protocol):
    """What customers and agents read, in the desk's languages."""

    def text(self, key: str, language: str, **values: str) -> str:
        """Give a catalogue's text with its placeholders filled."""


class Chats(Protocol):
    """What the chat box asks for again and again, as cheaply as can be, and how far its visitors have read."""

    def glance(self, ref: str) -> Ticket | None:
        """Give a ticket as it stood a moment ago, without what of its history lies elsewhere, or None: it may be too
        new to be seen yet."""

    def seen(self, ref: str) -> int:
        """Give up to which place in the ticket's timeline its visitor has read; 0 for nothing."""

    def mark_seen(self, ref: str, place: int, now: datetime) -> None:
        """Note that the visitor has read so far. Further is never taken back."""


class Allowances(Protocol):
    """Counts what people without an account do, so that nobody does it without end."""

    def take(self, what: str, who: str, most: int, seconds: int, now: datetime) -> bool:
        """Count one more of `what` by `who` (a network, say); False where `most` were counted within the present
        stretch of so many seconds already."""


class PublicHolidays(Protocol):
    """Knows countries' public holidays."""

    def countries(self) -> dict[str, tuple[str, ...]]:
        """Give the codes of the countries that are known (ISO 3166), each with those of its regions."""

    def of(self, country: str, region: str, years: Iterable[int], language: str) -> tuple[Holiday, ...]:
        """Give a country's or region's holidays in these years, named in the desk's language where that is known.

        Raises InvalidInput for a country, region or year that isn't known.
        """

    def working_weekends(self, country: str, region: str, years: Iterable[int]) -> tuple[date, ...]:
        """Give the weekend days on which a country works to make up for a holiday. Raises InvalidInput."""


class Spending(Protocol):
    """What the desk costs, month by month."""

    def book(self, now: datetime) -> Account | None:
        """Add what this process used to the present month, now and then; gives the account if it was booked to."""

    def account(self, month: str) -> Account:
        """Give the account of a month (`2026-11`) as it stands; that of a month nobody booked into is empty."""

    def known(self, now: datetime) -> Account:
        """Give the present month's account, at most 60 seconds old."""

    def claim_telling(self, month: str, step: int, cap: int, now: datetime, until: datetime) -> bool:
        """Take it on, until then, to tell admins of a step under a cap; False where they know, or somebody tells."""

    def close_telling(self, month: str, step: int, cap: int) -> None:
        """Note that admins were told."""

    def release_telling(self, month: str) -> None:
        """Leave the telling to whoever books next."""


class Audit(Protocol):
    """The log of what was changed about the desk itself. Where that is kept, it is noted by the very same write."""

    def entries(self, begin: datetime, end: datetime, after: str = "") -> Iterator[AuditEntry]:
        """Give what was noted from `begin` up to, not including, `end`, newest first; with `after`, what is older.

        They are read as they are asked for, a hundred at a time.
        """


class Desk(Protocol):
    """Everything that a use case may need, each made when it is first asked for."""

    @property
    def clock(self) -> Clock: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def people(self) -> People: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def work(self) -> WorkQueue: ...
    @property
    def mailer(self) -> Mailer: ...
    @property
    def webhooks(self) -> Webhooks: ...
    @property
    def mail(self) -> MailStore: ...
    @property
    def files(self) -> Files: ...
    @property
    def deliverability(self) -> Deliverability: ...
    @property
    def spam(self) -> SpamMemory: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def search(self) -> SearchIndex: ...
    @property
    def signer(self) -> Signer: ...
    @property
    def texts(self) -> Texts: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def views(self) -> SavedViews: ...
    @property
    def templates(self) -> Templates: ...
    @property
    def markup(self) -> Markup: ...
    @property
    def public_holidays(self) -> PublicHolidays: ...
    @property
    def spending(self) -> Spending: ...
    @property
    def allowances(self) -> Allowances: ...
    @property
    def chats(self) -> Chats: ...


class StaffedDesk(Desk, Protocol):
    """A desk that its people can sign in to."""

    @property
    def accounts(self) -> Accounts: ...


class AuditedDesk(StaffedDesk, Protocol):
    """A desk that tells what was changed about it."""

    @property
    def audit(self) -> Audit: ...
