"""How one desk wants to work: its settings, with defaults that a small shop can live with.

Plain dataclasses, so that a worker reads them without pydantic; where settings are saved, pydantic
validates these same classes, and the checks below name the line that is wrong. Lengths of time are in seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from chalicelib.domain import automation, scenario, ticket_field
from chalicelib.domain.automation import Automation
from chalicelib.domain.brand import Brand
from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.calendar_settings import DEFAULT, read_calendars, refuse_unknown
from chalicelib.domain.chat_settings import ChatSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.help_form import HelpForm
from chalicelib.domain.macro import Macro, default_macros
from chalicelib.domain.mail_thread import plain_address
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.quiet_hours import QuietHours
from chalicelib.domain.scenario import Scenario
from chalicelib.domain.sender_list import is_pattern
from chalicelib.domain.sla_policy import DAY, PRIORITIES, STRICT, SlaPolicy, default_policies
from chalicelib.domain.spending import SpendingSettings
from chalicelib.domain.support_address import SupportAddress
from chalicelib.domain.ticket import Ticket
from chalicelib.domain.ticket_field import TicketField
from chalicelib.domain.upload import UploadSettings

MOST_ADDRESSES, MOST_SENDERS = 50, 2_000
LEAST_AUDIT_DAYS, MOST_AUDIT_DAYS = 30, 3653


def _refuse_unless(right: bool, where: str, remedy: str) -> None:
    if not right:
        raise InvalidInput(remedy, where)


@dataclass(frozen=True)
class TriageRule:
    """Words that, met in subject or text, set what is named here. The first rule in order to set a thing wins."""

    __pydantic_config__ = STRICT
    words: tuple[str, ...]
    priority: str = ""
    category: str = ""
    team_id: str = ""
    skills: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _refuse_unless(bool(self.words) and all(self.words), "triage[].words", "a rule needs at least one word")
        allowed = ("", *PRIORITIES)
        _refuse_unless(self.priority in allowed, "triage[].priority", f"is not one of {', '.join(PRIORITIES)}")


@dataclass(frozen=True)
class SurveySettings:
    """When customers are asked how it went, reminded, and given up on. `low_rating` and below is followed up.

    `ask_nps` also asks how likely they recommend the company, `ask_ces` how easy it made things for them.
    """

    __pydantic_config__ = STRICT
    enabled: bool = True
    delay_seconds: int = DAY
    reminder_seconds: int = 3 * DAY
    expires_seconds: int = 14 * DAY
    follow_up_seconds: int = 7 * DAY
    low_rating: int = 2
    ask_nps: bool = False
    ask_ces: bool = False

    def __post_init__(self) -> None:
        _refuse_unless(self.delay_seconds >= 0, "survey.delay_seconds", "must not be negative")
        _refuse_unless(0 <= self.low_rating <= 4, "survey.low_rating", "must be from 0 (never) to 4")
        ordered = 0 < self.reminder_seconds <= self.follow_up_seconds <= self.expires_seconds
        _refuse_unless(ordered, "survey", "reminder, follow-up and expiry must come in this order after the sending")


def _default_triage() -> tuple[TriageRule, ...]:
    urgent = ("urgent", "asap", "immediately", "emergency", "紧急", "加急", "立刻", "马上")
    angry = ("complaint", "complain", "unacceptable", "lawyer", "投诉", "太差", "无法接受", "律师")
    return (
        TriageRule(words=urgent, priority="urgent"),
        TriageRule(words=angry, priority="high", category="complaint"),
        TriageRule(words=("refund", "money back", "charged twice", "退款", "退钱"), priority="high", category="refund"),
        TriageRule(words=("invoice", "payment", "billing", "receipt", "发票", "付款", "账单"), category="billing"),
        TriageRule(words=("parcel", "delivery", "shipping", "tracking", "快递", "物流", "发货"), category="delivery"),
        TriageRule(words=("password", "log in", "login", "account", "密码", "登录", "账号"), category="account"),
        TriageRule(words=("broken", "damaged", "defective", "faulty", "坏了", "破损", "故障"), category="defect"),
    )


def _default_calendar() -> dict[str, Any]:
    # until an owner says when somebody is there, every hour counts
    return {"timezone": "UTC", "always_open": True}


@dataclass(frozen=True)
class DeskSettings:
    """Everything that an owner can set about the desk. See docs/settings.md for each in a sentence."""

    __pydantic_config__ = STRICT
    name: str = "Pennydesk"
    brand: Brand = field(default_factory=Brand)
    support_address: str = "support@example.com"
    addresses: tuple[SupportAddress, ...] = ()
    copy_participants: bool = False
    mail_size_limit: int = 10_000_000
    file_link_seconds: int = 30 * DAY
    ticket_link_seconds: int = 90 * DAY
    blocked_senders: tuple[str, ...] = ()
    allowed_senders: tuple[str, ...] = ()
    learn_spam: bool = True
    public_url: str = ""
    language: str = "en"
    default_team: str = "support"
    acknowledge: bool = True
    acknowledgements_per_hour: int = 5
    notices_per_hour: int = 20
    reopen_seconds: int = 7 * DAY
    audit_days: int = 730
    triage: tuple[TriageRule, ...] = field(default_factory=_default_triage)
    calendar: Mapping[str, Any] = field(default_factory=_default_calendar)
    calendars: Mapping[str, Any] = field(default_factory=dict)
    sla_policies: tuple[SlaPolicy, ...] = field(default_factory=default_policies)
    ticket_fields: tuple[TicketField, ...] = ()
    quiet_hours: QuietHours = field(default_factory=QuietHours)
    macros: tuple[Macro, ...] = field(default_factory=default_macros)
    automations: tuple[Automation, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    survey: SurveySettings = field(default_factory=SurveySettings)
    spending: SpendingSettings = field(default_factory=SpendingSettings)
    uploads: UploadSettings = field(default_factory=UploadSettings)
    help_form: HelpForm = field(default_factory=HelpForm)
    chat: ChatSettings = field(default_factory=ChatSettings)
    version: int = 0

    def __post_init__(self) -> None:
        _refuse_unless(0 < len(self.name) <= 100, "name", "must have 1 to 100 characters")
        _refuse_unless(is_mailbox(self.support_address), "support_address", "must be a mail address")
        known = self.public_url.startswith(("http://", "https://")) or not self.public_url
        _refuse_unless(known, "public_url", "must begin with https://")
        _refuse_unless(self.language in ("en", "zh"), "language", "is not one of en, zh")
        fits = 0 <= self.acknowledgements_per_hour <= 50
        _refuse_unless(fits, "acknowledgements_per_hour", "must be from 0 to 50")
        fits = 1 <= self.notices_per_hour <= 1000
        _refuse_unless(fits, "notices_per_hour", "must be from 1 to 1000")
        self._refuse_unusable_addresses()
        _refuse_unless(self.reopen_seconds >= 0, "reopen_seconds", "must not be negative")
        fits = 1_000_000 <= self.mail_size_limit <= 25_000_000
        _refuse_unless(fits, "mail_size_limit", "must be from 1,000,000 to 25,000,000 bytes")
        fits = 3600 <= self.file_link_seconds <= 366 * DAY
        _refuse_unless(fits, "file_link_seconds", "must be from an hour to a year")
        fits = self.ticket_link_seconds == 0 or 3600 <= self.ticket_link_seconds <= 366 * DAY
        _refuse_unless(fits, "ticket_link_seconds", "must be from an hour to a year, or 0 for no such pages")
        fits = LEAST_AUDIT_DAYS <= self.audit_days <= MOST_AUDIT_DAYS
        _refuse_unless(fits, "audit_days", f"must be from {LEAST_AUDIT_DAYS} to {MOST_AUDIT_DAYS:,}")
        ticket_field.refuse_unusable(self.ticket_fields)
        ids = [macro.id for macro in self.macros]
        _refuse_unless(len(set(ids)) == len(ids), "macros", "every macro needs an id of its own")
        ids = [policy.id for policy in self.sla_policies]
        _refuse_unless(len(set(ids)) == len(ids), "sla_policies", "every policy needs an id of its own")
        refuse_unknown(self.calendar_users, self.business_calendars)
        macros = tuple(macro.id for macro in self.macros)
        automation.refuse_unusable(self.automations, macros)
        scenario.refuse_unusable(self.scenarios, macros)

    def _refuse_unusable_addresses(self) -> None:
        listed = [one.address for one in self.addresses]
        _refuse_unless(len(set(listed)) == len(listed), "addresses", "each address may be listed once")
        _refuse_unless(len(listed) <= MOST_ADDRESSES, "addresses", f"at most {MOST_ADDRESSES} of them")
        for name in ("blocked_senders", "allowed_senders"):
            patterns: tuple[str, ...] = getattr(self, name)
            _refuse_unless(len(patterns) <= MOST_SENDERS, name, f"at most {MOST_SENDERS:,} of them")
            for index, pattern in enumerate(patterns):
                remedy = "must be an address, a domain, or *.domain for what is below it"
                _refuse_unless(is_pattern(pattern), f"{name}[{index}]", remedy)

    @property
    def audit_kept(self) -> timedelta:
        """How long the audit log keeps what is written into it now."""
        return timedelta(days=self.audit_days)

    @cached_property
    def own_addresses(self) -> tuple[str, ...]:
        """Every address that is ours, without plus parts: the main one first."""
        main = plain_address(self.support_address.lower())
        return tuple(dict.fromkeys((main, *(one.address for one in self.addresses))))

    def address(self, written_to: str) -> SupportAddress:
        """Give what is set for the address a ticket was written to; the main one's where that is no longer ours."""
        known = {one.address: one for one in self.addresses}
        main = self.own_addresses[0]
        return known.get(plain_address(written_to.lower())) or known.get(main) or SupportAddress(main)

    def copied(self, ticket: Ticket) -> tuple[str, ...]:
        """Give who else gets an answer to this ticket, in copy: nobody, unless the desk wants it."""
        others = ticket.thread.participants if self.copy_participants else ()
        known = (ticket.requester.email, *self.own_addresses)
        return tuple(each for each in others if plain_address(each) not in known and each not in known)

    @property
    def calendar_users(self) -> list[tuple[str, str]]:
        """Each place of the settings that names a calendar, with the name; an empty one is the desk's own."""
        named = [(f"sla_policies[{policy.id}].calendar", policy.calendar) for policy in self.sla_policies]
        planned = [(f"scenarios[{plan.id}].calendar", plan.calendar) for plan in self.scenarios]
        return [
            *named,
            *planned,
            *automation.calendar_users(self.automations),
            ("quiet_hours.calendar", self.quiet_hours.calendar),
        ]

    @cached_property
    def business_calendars(self) -> Mapping[str, BusinessCalendar]:
        """Every calendar by its id, the desk's own as `default`. Raises InvalidInput where one can't be."""
        return read_calendars(self.calendar, self.calendars)

    @property
    def business_calendar(self) -> BusinessCalendar:
        """The desk's own opening hours."""
        return self.business_calendars[DEFAULT]

    def running(self, now: datetime) -> tuple[Scenario, ...]:
        """Give the scenario plans that run at `now`."""
        return scenario.running(self.scenarios, now, self.business_calendars) if self.scenarios else ()

    def policy(self, policy_id: str) -> SlaPolicy | None:
        """Give the policy of this id, if it is still there."""
        return next((policy for policy in self.sla_policies if policy.id == policy_id), None)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> "DeskSettings":
        """Give the settings saved as `data`; names it doesn't know are passed over, missing ones get defaults."""
        plain = {name: data[name] for name in data.keys() & DeskSettings.__dataclass_fields__.keys()}
        lists = {"addresses": SupportAddress, "triage": TriageRule, "ticket_fields": TicketField, "macros": Macro}
        for name in plain.keys() & lists.keys():
            plain[name] = tuple(_read(lists[name], one) for one in plain[name])
        for name in ("blocked_senders", "allowed_senders"):
            if name in plain:
                plain[name] = tuple(plain[name])
        if "sla_policies" in plain:
            plain["sla_policies"] = tuple(SlaPolicy.from_dict(policy) for policy in plain["sla_policies"])
        if "automations" in plain:
            plain["automations"] = tuple(Automation.from_dict(rule) for rule in plain["automations"])
        if "scenarios" in plain:
            plain["scenarios"] = tuple(Scenario.from_dict(plan) for plan in plain["scenarios"])
        groups = {
            "brand": Brand,
            "chat": ChatSettings,
            "quiet_hours": QuietHours,
            "survey": SurveySettings,
            "spending": SpendingSettings,
            "uploads": UploadSettings,
            "help_form": HelpForm,
        }
        for name in plain.keys() & groups.keys():
            plain[name] = _read(groups[name], plain[name])
        return DeskSettings(**plain)


def _read(kind: Any, data: Mapping[str, Any]) -> Any:
    known = {name: data[name] for name in data.keys() & kind.__dataclass_fields__.keys()}
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()})
