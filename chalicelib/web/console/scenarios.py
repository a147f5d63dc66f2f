"""Scenario plans: what is different for some days, listed with where each stands, and written as a form."""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput, NotFound, StaleVersion, TooLarge
from chalicelib.domain.scenario import LANGUAGES, MOST_PLANS, Scenario
from chalicelib.usecases.change_settings import change_settings
from chalicelib.web.api.desk import refuse_too_long
from chalicelib.web.api.validation import settings_from
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.automation_form import id_for
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.setting_fields import SECTIONS
from chalicelib.web.pages.typed import typed, typed_line
from chalicelib.web.problems import InvalidFields

HERE = "/console/settings/scenarios"
NEW = "~new"

Fields = dict[str, str]


def show(call: Call) -> Answer:
    """List the plans: those that run, those to come, and those that are over, each by its beginning."""
    settings, now = call.desk.settings.latest(), call.desk.clock.now()
    calendars = settings.business_calendars
    plans = [(plan, plan.phase(now, calendars).value, *plan.span(calendars)) for plan in settings.scenarios]
    order = {"running": 0, "coming": 1, "over": 2}
    return page(
        call,
        "scenarios.html",
        sections=SECTIONS,
        plans=sorted(plans, key=lambda each: (order[each[1]], each[2])),
        most=MOST_PLANS,
        saved=bool(call.query.get("saved")),
    )


def edit(call: Call) -> Answer:
    """Show a plan's form, or an empty one."""
    settings = call.desk.settings.latest()
    plan = _asked(call, settings)
    fields = _shown(plan) if plan else {"capacity": "100"}
    return _form(call, settings, fields, plan.macros if plan else ())


def save(call: Call) -> Answer:
    """Save a plan, show what customers would read, or remove it; what was typed is shown again where it can't be."""
    form, known = call.form(), call.desk.settings.latest()
    pinned = tuple(call.form_lists().get("macros", []))
    fields = {name: typed(text) if name.startswith("notice-") else typed_line(text) for name, text in form.items()}
    plan, do = _asked(call, known), fields.get("do", "save")
    if do == "preview":
        return _form(call, known, fields, pinned, preview=True)
    if fields.get("version") != str(known.version):
        return _form(call, known, fields, pinned, wrong={"": ""}, status=409)
    if do == "delete" and plan:
        left = tuple(one for one in known.scenarios if one.id != plan.id)
        return _kept(call, known, replace(known, scenarios=left), fields, pinned)
    plan_id = plan.id if plan else id_for(fields.get("name", ""), [one.id for one in known.scenarios])
    try:
        wanted = _with(known, plan, _read(plan_id, fields, pinned))
        return _kept(call, known, wanted, fields, pinned)
    except (InvalidInput, TooLarge) as error:
        blamed = error.fields if isinstance(error, InvalidFields) else [(error.field, error.message)]
        return _form(call, known, fields, pinned, wrong=_beside(plan_id, blamed), status=422)


def _shown(plan: Scenario) -> Fields:
    return {
        "name": plan.name,
        "starts": plan.starts,
        "ends": plan.ends,
        "calendar": plan.calendar,
        "capacity": str(plan.capacity),
        "tags": ", ".join(plan.tags),
        **{f"notice-{language}": text for language, text in plan.notice.items()},
    }


def _read(plan_id: str, fields: Fields, pinned: tuple[str, ...]) -> dict[str, Any]:
    capacity = fields.get("capacity", "").removesuffix("%").strip()
    notice = {language: fields.get(f"notice-{language}", "") for language in LANGUAGES}
    return {
        "id": plan_id,
        "name": fields.get("name", ""),
        "starts": fields.get("starts", ""),
        "ends": fields.get("ends", ""),
        "calendar": fields.get("calendar", ""),
        "notice": {language: text for language, text in notice.items() if text},
        "macros": list(pinned),
        # what is no number can't be a capacity either, and is refused as such
        "capacity": int(capacity) if re.fullmatch(r"[0-9]{1,6}", capacity) else 0,
        "tags": [tag for tag in re.split(r"[,，\s]+", fields.get("tags", "")) if tag],
    }


def _with(known: DeskSettings, plan: Scenario | None, written: dict[str, Any]) -> DeskSettings:
    """The settings with the plan that was written. Raises InvalidInput or TooLarge."""
    plain = asdict(known)
    plans = list(plain["scenarios"])
    if plan is None:
        plans.append(written)
    else:
        plans[known.scenarios.index(plan)] = written
    wanted = {**plain, "scenarios": plans}
    refuse_too_long(wanted)
    return settings_from(DeskSettings, wanted)


def _beside(plan_id: str, blamed: list[tuple[str, str]]) -> dict[str, str]:
    """Give what is wrong by the field beside which it is said; what blames none of them stands above all."""
    found: dict[str, str] = {}
    for place, message in blamed:
        inside = place.removeprefix(f"scenarios[{plan_id}].").replace("notice.", "notice-")
        name = re.sub(r"\[[0-9]+\]$", "", inside)
        fields = ("name", "starts", "ends", "calendar", "capacity", "tags", "macros", "notice-en", "notice-zh")
        known = name in fields
        found.setdefault(name if known else "", message if known else f"{place}: {message}")
    return found


def _kept(call: Call, known: DeskSettings, wanted: DeskSettings, fields: Fields, pinned: tuple[str, ...]) -> Answer:
    try:
        change_settings(call.desk, known, wanted)
    except StaleVersion:
        return _form(call, call.desk.settings.latest(), fields, pinned, wrong={"": ""}, status=409)
    return seen_elsewhere(call, f"{HERE}?saved=1")


def _asked(call: Call, settings: DeskSettings) -> Scenario | None:
    plan = next((one for one in settings.scenarios if one.id == call.path["plan_id"]), None)
    if plan is None and call.path["plan_id"] != NEW:
        raise NotFound("there is no such plan", "plan_id")
    return plan


def _form(
    call: Call,
    settings: DeskSettings,
    fields: Fields,
    pinned: tuple[str, ...],
    *,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
    preview: bool = False,
) -> Answer:
    return page(
        call,
        "scenario.html",
        status,
        sections=SECTIONS,
        plan_id=call.path["plan_id"],
        fields=fields,
        pinned=pinned,
        calendars=settings.business_calendars,
        languages=LANGUAGES,
        version=settings.version,
        wrong=wrong or {},
        preview=preview,
        macros=settings.macros,
    )
