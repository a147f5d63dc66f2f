"""Opening hours: one calendar, how it looks on the days to come, and what other hours would change."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chalicelib.domain.calendar import BusinessCalendar
from chalicelib.domain.calendar_settings import DEFAULT, users_of
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import Conflict, InvalidInput, StaleVersion, TooLarge
from chalicelib.domain.opening_hours import DAYS
from chalicelib.usecases.change_settings import change_settings
from chalicelib.usecases.manage_calendars import find_calendar, remove_calendar
from chalicelib.web.api.desk import settings_after
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import calendar_form, opening_days
from chalicelib.web.console.calendar_holidays import holiday_values
from chalicelib.web.console.form_fields import Fields, beside, told, typed_fields
from chalicelib.web.console.lengths import in_words
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.policies import differences
from chalicelib.web.console.reader import reader_of, zone_names
from chalicelib.web.console.setting_entries import CHANGED, MORE_ROWS, NEW, Json, refuse_if_changed, seen_as
from chalicelib.web.console.setting_fields import SECTIONS, _

PLACE = "/console/settings/calendars"
USUAL: Json = {"timezone": "UTC", "hours": {day: [["09:00", "17:00"]] for day in DAYS[:5]}}
"""What a new calendar begins with."""

IN_USE = _("It is used, as you see below; let that count by another calendar first.")
KNOWN = _("there is a calendar of this id already")


def show_all(call: Call) -> Answer:
    """Show all calendars, and how each stands now."""
    known, now = call.desk.settings.latest(), call.desk.clock.now()
    reader = reader_of(call)
    calendars = {
        name: (calendar, opening_days.present(calendar, reader, now), users_of(known.calendar_users, name))
        for name, calendar in known.business_calendars.items()
    }
    return page(
        call, "calendars.html", sections=SECTIONS, calendars=calendars, place=PLACE, saved=bool(call.query.get("saved"))
    )


def show(call: Call) -> Answer:
    """Show a calendar, or the form for a new one."""
    known = call.desk.settings.latest()
    calendar = _calendar(call, known)
    return calendar_page(call, known, calendar_form.shown(calendar), calendar)


def write(call: Call) -> Answer:
    """Do what the pressed button says: save, preview, remove, or give more rows."""
    known, fields = call.desk.settings.latest(), typed_fields(call)
    name, do = call.path["calendar_id"], fields.line("do")
    if do == "remove":
        return _removed(call, known, name)
    if name != NEW and name not in known.business_calendars:
        return calendar_page(call, known, fields, None, 409, {"": CHANGED})
    if do == "week":
        return calendar_page(call, known, calendar_form.with_mondays_hours(fields), None)
    if do == "more":
        return calendar_page(call, known, fields, None, spare=MORE_ROWS)
    return _kept(call, known, calendar_form.packed(fields), preview=do == "preview")


def _kept(call: Call, known: DeskSettings, fields: Fields, *, preview: bool) -> Answer:
    name = call.path["calendar_id"]
    before = None if name == NEW else find_calendar(known, name)
    wanted = fields.line("id") if name == NEW else name
    taken = [one for one in before.holidays if one.source] if before else []
    try:
        if name == NEW and wanted in known.business_calendars:
            raise InvalidInput(KNOWN, f"{place_of(wanted)}.id")
        after = settings_after(known, holding(known, wanted, calendar_form.read(fields, taken)))
        calendar = after.business_calendars[wanted]
        if preview:
            return calendar_page(call, known, fields, calendar, changes=differences(call, after))
        refuse_if_changed(fields.line("seen"), kept_as(known, name))
        change_settings(call.desk, known, after)
    except StaleVersion:
        return calendar_page(call, known, fields, None, 409, {"": CHANGED})
    except (InvalidInput, TooLarge) as error:
        return calendar_page(call, known, fields, None, 422, beside(error, place_of(wanted)))
    return seen_elsewhere(call, f"{PLACE}/{wanted}?saved=1")


def _removed(call: Call, known: DeskSettings, name: str) -> Answer:
    if name in known.calendars:
        try:
            remove_calendar(call.desk, name, known.version)
        except (Conflict, StaleVersion) as error:
            said = CHANGED if isinstance(error, StaleVersion) else IN_USE
            calendar = find_calendar(known, name)
            return calendar_page(call, known, calendar_form.shown(calendar), calendar, 409, {"": said})
    return seen_elsewhere(call, f"{PLACE}?saved=1")


def place_of(name: str) -> str:
    """Give what refusals call a calendar."""
    return "calendar" if name == DEFAULT else f"calendars.{name}"


def kept_as(known: DeskSettings, name: str) -> object:
    """Give a calendar as the settings hold it, None where there is none."""
    return asdict(known)["calendar"] if name == DEFAULT else asdict(known)["calendars"].get(name)


def holding(known: DeskSettings, name: str, data: Json) -> Json:
    """Give the change of the settings that puts a calendar there."""
    return {"calendar": data} if name == DEFAULT else {"calendars": {**asdict(known)["calendars"], name: data}}


def _calendar(call: Call, known: DeskSettings) -> BusinessCalendar:
    name = call.path["calendar_id"]
    return BusinessCalendar.from_dict(USUAL) if name == NEW else find_calendar(known, name)


def calendar_page(
    call: Call,
    known: DeskSettings,
    fields: Fields,
    calendar: BusinessCalendar | None,
    status: int = 200,
    wrong: Mapping[str, str] | None = None,
    **values: Any,
) -> Answer:
    """Give a calendar's page with what its fields hold; without a `calendar` nothing is drawn, as none can be read."""
    now, name, reader = call.desk.clock.now(), call.path["calendar_id"], reader_of(call)
    kept = known.business_calendars.get(name)
    more: Json = {
        "fields": fields,
        "spare": 1,
        "changes": None,
        "taken_now": None,
        "saved": bool(call.query.get("saved")),
        "in_words": in_words,
        "wrong": told(call, wrong or {}),
        "days": opening_days.days(calendar, now) if calendar else (),
        "present": opening_days.present(calendar, reader, now) if calendar else None,
        "used_by": users_of(known.calendar_users, name) if kept else [],
        **holiday_values(call, known, kept),
    }
    return page(
        call,
        "calendar.html",
        status,
        sections=SECTIONS,
        place=PLACE,
        name="" if name == NEW else name,
        address=f"{PLACE}/{name}",
        seen=seen_as(kept_as(known, name)),
        week=DAYS,
        zones=sorted(zone for zone in zone_names() if "/" in zone and not zone.startswith("Etc/")),
        **{**more, **values},
    )
