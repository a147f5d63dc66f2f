"""Rules by which tickets change by themselves: listed in their order, written as forms, tried before they are saved."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from chalicelib.domain.automation import MOST_RULES, SETTABLE, SILENT_IN, Automation, Deed, Occasion, Trait
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import DeskError, InvalidInput, NotFound, StaleVersion, TooLarge
from chalicelib.domain.ticket import Status
from chalicelib.usecases.change_settings import Concern, change_settings
from chalicelib.usecases.preview_automations import Preview, preview_automations, tell_open_tickets
from chalicelib.web.api.desk import refuse_too_long
from chalicelib.web.api.validation import settings_from
from chalicelib.web.call import Answer, Call, cursor_for
from chalicelib.web.console import automation_form as forms
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.setting_fields import SECTIONS
from chalicelib.web.problems import InvalidFields

HERE = "/console/settings/automations"
NEW = "~new"
TOLD_AT_ONCE = 3
"""Pages of a hundred tickets that one press of the button tells of new rules."""


def show(call: Call) -> Answer:
    """List the rules; with `try`, say what they would do to the open tickets."""
    settings = call.desk.settings.latest()
    return _list(call, settings, preview_automations(call.desk, settings) if call.query.get("try") else None)


def change(call: Call) -> Answer:
    """Move a rule, switch it on or off, or tell open tickets of rules about silence."""
    form, known = call.form(), call.desk.settings.latest()
    if form.get("do") == "tell":
        return _tell(call)
    if form.get("version") != str(known.version):
        return _list(call, known, stale=True)
    rules = _moved(known.automations, form.get("rule", ""), form.get("do", ""))
    if rules != known.automations:
        try:
            change_settings(call.desk, known, replace(known, automations=rules))
        except StaleVersion:
            return _list(call, call.desk.settings.latest(), stale=True)
    return seen_elsewhere(call, f"{HERE}?saved=1")


def edit(call: Call) -> Answer:
    """Show a rule's form, or an empty one."""
    settings = call.desk.settings.latest()
    rule = _asked(call, settings)
    return _form(call, settings, forms.shown(rule) if rule else forms.blank())


def save(call: Call) -> Answer:
    """Save a rule, try it, give its form more rows, or remove it; what was typed is shown again where it can't be."""
    fields, known = forms.sent(call.form()), call.desk.settings.latest()
    rule, do = _asked(call, known), fields.get("do", "save")
    if do == "rows":
        return _form(call, known, fields, more=True)
    if do != "try" and fields.get("version") != str(known.version):
        return _form(call, known, fields, wrong={"": ""}, status=409)
    if do == "delete" and rule:
        left = tuple(one for one in known.automations if one.id != rule.id)
        return _kept(call, known, replace(known, automations=left), fields)
    taken = [one.id for one in known.automations]
    rule_id = rule.id if rule else forms.id_for(fields.get("name", ""), taken)
    reading = forms.Reading(rule_id, fields, forms.names_of(known, signed_in(call).roster))
    try:
        wanted = _with(known, reading, rule)
    except (InvalidInput, TooLarge) as error:
        return _form(call, known, fields, wrong=reading.blame(_blamed(error)), status=422)
    if do == "try":
        found = preview_automations(call.desk, wanted)
        mine = tuple(one for one in found.would if one.rule_id == rule_id)
        return _form(call, known, fields, tried=replace(found, would=mine))
    return _kept(call, known, wanted, fields)


def _with(known: DeskSettings, reading: forms.Reading, rule: Automation | None) -> DeskSettings:
    """The settings with the rule that was written. Raises InvalidInput or TooLarge."""
    plain = asdict(known)
    rules = list(plain["automations"])
    if rule is None:
        rules.append(reading.plain)
    else:
        rules[known.automations.index(rule)] = reading.plain
    wanted = {**plain, "automations": rules}
    refuse_too_long(wanted)
    after = settings_from(DeskSettings, wanted)
    if reading.wrong:
        raise InvalidFields(list(reading.wrong.items()))
    return after


def _blamed(error: DeskError) -> Sequence[tuple[str, str]]:
    return error.fields if isinstance(error, InvalidFields) else [(error.field, error.message)]


def _kept(call: Call, known: DeskSettings, wanted: DeskSettings, fields: forms.Fields) -> Answer:
    try:
        _, concerns = change_settings(call.desk, known, wanted)
    except StaleVersion:
        return _form(call, call.desk.settings.latest(), fields, wrong={"": ""}, status=409)
    return seen_elsewhere(call, f"{HERE}?saved=1{_doubts(concerns)}")


def _doubts(concerns: Sequence[Concern]) -> str:
    return "&doubt=1" if any(one.field.startswith("automations") for one in concerns) else ""


def _moved(rules: tuple[Automation, ...], rule_id: str, do: str) -> tuple[Automation, ...]:
    place = next((number for number, rule in enumerate(rules) if rule.id == rule_id), None)
    if place is None:
        return rules
    after = list(rules)
    if do in ("on", "off"):
        after[place] = replace(rules[place], enabled=do == "on")
    elif do in ("up", "down"):
        there = min(max(place + (1 if do == "down" else -1), 0), len(rules) - 1)
        after.insert(there, after.pop(place))
    return tuple(after)


def _tell(call: Call) -> Answer:
    told, place = 0, call.cursor()
    for _ in range(TOLD_AT_ONCE):
        found = tell_open_tickets(call.desk, 100, place)
        told, place = told + len(found.refs), found.after
        if not place:
            break
    return seen_elsewhere(call, f"{HERE}?told={told}" + (f"&cursor={cursor_for(place)}" if place else ""))


def _asked(call: Call, settings: DeskSettings) -> Automation | None:
    rule_id = call.path["rule_id"]
    rule = next((one for one in settings.automations if one.id == rule_id), None)
    if rule is None and rule_id != NEW:
        raise NotFound("there is no such rule", "rule_id")
    return rule


def _list(call: Call, settings: DeskSettings, tried: Preview | None = None, *, stale: bool = False) -> Answer:
    told = call.query.get("told", "")
    return page(
        call,
        "automations.html",
        409 if stale else 200,
        sections=SECTIONS,
        rules=settings.automations,
        most=MOST_RULES,
        version=settings.version,
        tried=tried,
        stale=stale,
        saved=bool(call.query.get("saved")),
        doubt=bool(call.query.get("doubt")),
        told=int(told) if told.isdecimal() and told.isascii() and len(told) < 7 else None,
        after=cursor_for(call.cursor()) or "",
    )


def _form(
    call: Call,
    settings: DeskSettings,
    fields: forms.Fields,
    *,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
    more: bool = False,
    tried: Preview | None = None,
) -> Answer:
    rule_id = call.path["rule_id"]
    values: dict[str, Any] = {
        "rule_id": rule_id,
        "fields": fields,
        "conditions": forms.rows(fields, "what", more=more),
        "actions": forms.rows(fields, "do", more=more),
        "events": tuple(Occasion),
        "traits": tuple(Trait),
        "deeds": tuple(Deed),
        "choices": tuple(dict.fromkeys((*SILENT_IN, *SETTABLE, Status.CLOSED))),
        "known": settings,
        "version": settings.version,
        "wrong": wrong or {},
        "tried": tried,
        "rules": settings.automations,
    }
    return page(call, "automation.html", status, sections=SECTIONS, **values)
