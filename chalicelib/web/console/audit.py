"""The audit log as a page: who changed what of the desk, when, and from what to what."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.audit import COMMAND, DESK, AuditEntry, Deed, Kind
from chalicelib.domain.errors import InvalidInput
from chalicelib.usecases.read_audit import AuditQuestion, read_audit, usual_question
from chalicelib.web.call import Answer, Call, cursor_for
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.page import page
from chalicelib.web.console.reader import reader_of
from chalicelib.web.console.setting_fields import SECTIONS

PAGE = 25
DAY = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}")


def _(text: str) -> str:
    """Mark a sentence for the catalogue; the page translates it."""
    return text


KINDS: Mapping[Kind, str] = {
    Kind.SETTINGS: _("Settings"),
    Kind.AGENT: _("Agent"),
    Kind.TEAM: _("Team"),
    Kind.TEMPLATE: _("Mail template"),
    Kind.API_KEY: _("API key"),
    Kind.CUSTOMER: _("Customer"),
    Kind.DESK: _("All data"),
}
DEEDS: Mapping[Deed, str] = {
    Deed.ADDED: _("added"),
    Deed.CHANGED: _("changed"),
    Deed.REMOVED: _("removed"),
    Deed.MERGED: _("merged"),
    Deed.SEPARATED: _("separated"),
    Deed.ERASED: _("erased"),
    Deed.EXPORTED: _("exported"),
    Deed.IMPORTED: _("imported"),
}
AREAS: tuple[tuple[str, str], ...] = (
    *((kind.value, label) for kind, label in KINDS.items()),
    ("calendar", _("Opening hours")),
    ("sla_policies", _("SLA policies")),
    ("triage", _("Sorting")),
    ("macros", _("Macros")),
    ("automations", _("Automations")),
    ("ticket_fields", _("Fields of tickets")),
    ("survey", _("Surveys")),
    ("addresses", _("Mail addresses")),
    ("spending", _("Costs")),
)
"""What can be asked for: kinds of things, and some of the settings by themselves."""


def show(call: Call) -> Answer:
    """Show a page of the log; a filter that can't be is said above it."""
    usual = usual_question(call.desk.clock.now())
    zone = ZoneInfo(reader_of(call).zone)
    try:
        question = _asked(call, usual, zone)
        found = read_audit(call.desk, question, PAGE, call.cursor())
    except InvalidInput as error:
        return _log(call, usual, zone, (), wrong=error)
    return _log(call, question, zone, found.entries, cursor_for(found.after) or "")


def _asked(call: Call, usual: AuditQuestion, zone: ZoneInfo) -> AuditQuestion:
    """Give the question that the address asks. Days are the reader's own, the last one to its end."""
    given = {name: text for name in ("by", "area") if (text := call.query.get(name, "").strip()[:100])}
    first, last = (_day(call.query.get(name, ""), name) for name in ("from", "to"))
    begin = _midnight(first, zone) if first else usual.begin
    end = _midnight(last + timedelta(days=1), zone) if last else usual.end
    return replace(usual, begin=begin, end=end, **given)


def _day(text: str, name: str) -> date | None:
    try:
        return date.fromisoformat(text if DAY.fullmatch(text) else "") if text else None
    except ValueError:
        raise InvalidInput("must be a day such as 2026-11-30", name) from None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _log(
    call: Call,
    question: AuditQuestion,
    zone: ZoneInfo,
    entries: tuple[AuditEntry, ...],
    after: str = "",
    wrong: InvalidInput | None = None,
) -> Answer:
    return page(
        call,
        "audit.html",
        422 if wrong else 200,
        sections=SECTIONS,
        entries=entries,
        after=after,
        wrong=wrong,
        chosen={name: call.query.get(name, "")[:100] for name in ("by", "area")},
        first=question.begin.astimezone(zone).date(),
        last=(question.end - timedelta(milliseconds=1)).astimezone(zone).date(),
        actors=_actors(call),
        areas=AREAS,
        kinds=KINDS,
        deeds=DEEDS,
        labels=_labels(),
    )


def _actors(call: Call) -> dict[str, str]:
    """Everybody who can have done something, by the name that the log has for them."""
    agents = {f"agent:{agent.id}": agent.name for agent in signed_in(call).roster.agents}
    keys = {f"key:{key.id}": key.name for key in call.desk.api_keys.every()}
    return {**agents, **keys, COMMAND: _("Command line"), DESK: _("The desk itself")}


def _labels() -> dict[str, Any]:
    """What settings are called, by the names under which they are kept."""
    return {field.path: field.label for _label, fields in SECTIONS.values() for field in fields}
