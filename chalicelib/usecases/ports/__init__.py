"""What the use cases need of the world. Adapters provide it; wiring.py joins the two; tests bring fakes.

Every port may raise `TryAgain` when the cloud is briefly unable; whoever called may simply be called again.
"""

from chalicelib.usecases.ports.desk import AuditedDesk, Desk, StaffedDesk
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

__all__ = [
    "Accounts",
    "Allowances",
    "Audit",
    "AuditedDesk",
    "Changes",
    "Chats",
    "Clock",
    "Customers",
    "Deliverability",
    "Desk",
    "Drafts",
    "Files",
    "MailStore",
    "Mailer",
    "Markup",
    "People",
    "PublicHolidays",
    "SavedViews",
    "SearchIndex",
    "Settings",
    "Signer",
    "SpamMemory",
    "Spending",
    "StaffedDesk",
    "Templates",
    "Texts",
    "Tickets",
    "Webhooks",
    "WorkQueue",
]
