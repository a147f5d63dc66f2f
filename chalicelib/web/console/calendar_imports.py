"""Holidays are taken into a calendar, or a source's are removed."""

import re
from dataclasses import replace

from chalicelib.domain.errors import DeskError, InvalidInput, StaleVersion, TooLarge
from chalicelib.usecases.change_settings import change_settings
from chalicelib.usecases.manage_calendars import Taken, find_calendar, take_calendar_file, take_public_holidays
from chalicelib.web.api.calendar_models import FILE_NAME
from chalicelib.web.api.desk import settings_after
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.calendar_form import shown
from chalicelib.web.console.calendars import calendar_page, holding
from chalicelib.web.console.form_fields import Fields, typed_fields
from chalicelib.web.console.setting_entries import CHANGED
from chalicelib.web.console.setting_fields import _

NO_NAME = _("is up to 40 of a-z, 0-9 and -")


def take(call: Call) -> Answer:
    """Take a country's holidays or a file's, or remove those that were taken from one source."""
    name, form = call.path["calendar_id"], typed_fields(call)
    known = call.desk.settings.latest()
    calendar = find_calendar(known, name)
    try:
        if form.line("do") == "drop":
            left = tuple(one for one in calendar.holidays if one.source != form.line("source") or not one.source)
            data = replace(calendar, holidays=left).to_dict()
            change_settings(call.desk, known, settings_after(known, holding(known, name, data)))
            taken = None
        else:
            taken = _taken(call, name, form)
    except StaleVersion:
        return calendar_page(call, known, _kept(form, shown(calendar)), calendar, 409, {"": CHANGED})
    except (InvalidInput, TooLarge) as error:
        return calendar_page(call, known, _kept(form, shown(calendar)), calendar, 422, _beside(form, error))
    now = call.desk.settings.load()
    calendar = find_calendar(now, name)
    return calendar_page(call, now, shown(calendar), calendar, taken_now=taken, saved=taken is None)


def _taken(call: Call, name: str, form: Fields) -> Taken:
    if form.line("do") != "import":
        return take_public_holidays(call.desk, name, form.line("country"), form.line("region"))
    file = form.line("ical_name") or "file"
    if not re.fullmatch(FILE_NAME, file):
        raise InvalidInput(NO_NAME, "name")
    return take_calendar_file(call.desk, name, (form.values.get("ical") or ("",))[-1], file)


def _beside(form: Fields, error: DeskError) -> dict[str, str]:
    file = {"name": "ical_name"}.get(error.field, "ical")
    return {file if form.line("do") == "import" else "country": error.message}


def _kept(form: Fields, fields: Fields) -> Fields:
    """The calendar's own fields, with what was typed into the form that was sent."""
    return Fields(
        {**fields.values, **{name: form.values[name] for name in ("ical", "ical_name") if name in form.values}}
    )
