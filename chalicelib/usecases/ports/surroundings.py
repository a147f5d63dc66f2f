"""What else the desk asks of the world around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.audit import AuditEntry
    from chalicelib.domain.message import Attachment
    from chalicelib.domain.opening_hours import Holiday
    from chalicelib.domain.search.document import Document
    from chalicelib.domain.search.found import Change, Found
    from chalicelib.domain.search.query import Query
    from chalicelib.domain.sign_in import Challenge, Proven
    from chalicelib.domain.spending import Account
    from chalicelib.domain.webhook import Webhook


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the present UTC instant, aware, to the millisecond."""


class WorkQueue(Protocol):
    """The queue `work`, which names tickets that have something due."""

    def nudge(self, ref: str, delay_seconds: int = 0, *, assign: bool = False) -> None:
        """Ask for a ticket's agenda to be run; with `assign`, for a waiting ticket to look for an agent at once."""

    def nudge_all(self, refs: Iterable[tuple[str, int]]) -> None:
        """Ask the same for many tickets with their delays, in as few calls as can be."""


class Webhooks(Protocol):
    """Tells other systems."""

    def post(self, hook: Webhook, headers: Mapping[str, str]) -> None:
        """Post a webhook with these headers. Raises WebhookRefused when it will never be taken, TryAgain when it may
        be."""


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
