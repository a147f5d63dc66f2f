"""All of it as one desk, which use cases are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.usecases.ports.mail import Deliverability, Mailer, MailStore, Markup, SpamMemory, Templates, Texts
    from chalicelib.usecases.ports.records import Chats, Customers, Drafts, People, SavedViews, Settings, Tickets
    from chalicelib.usecases.ports.surroundings import (
        Accounts,
        Allowances,
        Audit,
        Changes,
        Clock,
        Files,
        PublicHolidays,
        SearchIndex,
        Signer,
        Spending,
        Webhooks,
        WorkQueue,
    )


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
