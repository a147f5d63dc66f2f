"""Settings by section: each with a sentence that explains it, and what is wrong said beside its field."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput, NotFound, StaleVersion
from chalicelib.usecases.change_settings import change_settings
from chalicelib.web.api.validation import settings_from
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.form_fields import told
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.policies import team_names
from chalicelib.web.console.setting_fields import SECTIONS, SettingField, changed
from chalicelib.web.problems import InvalidFields

FIRST = "desk"


def front(call: Call) -> Answer:
    """Lead to the first section."""
    return seen_elsewhere(call, f"/console/settings/{FIRST}")


def show(call: Call) -> Answer:
    """Show a section."""
    known = call.desk.settings.latest()
    plain = asdict(known)
    return _section(call, {field.name: field.shown(plain) for field in _fields(call)}, known.version)


def save(call: Call) -> Answer:
    """Save a section; what was typed is shown again where something of it can't be."""
    form, known = call.form(), call.desk.settings.latest()
    typed = {field.name: form.get(field.name, "") for field in _fields(call)}
    try:
        wanted, unread = _read(call, asdict(known), typed)
        if unread:
            return _section(call, typed, known.version, unread, 422)
        if form.get("version") != str(known.version):
            raise StaleVersion("somebody else changed the settings meanwhile", "version")
        _, concerns = change_settings(call.desk, known, settings_from(DeskSettings, wanted))
    except StaleVersion:
        return _section(call, typed, known.version, {"": ""}, 409)
    except InvalidInput as error:
        blamed = error.fields if isinstance(error, InvalidFields) else [(error.field, error.message)]
        return _section(call, typed, known.version, _beside(call, blamed), 422)
    doubts = "&".join(f"doubt={one.field}" for one in concerns)
    return seen_elsewhere(call, f"/console/settings/{call.path['section']}?saved=1" + (f"&{doubts}" if doubts else ""))


def _fields(call: Call) -> tuple[SettingField, ...]:
    if call.path["section"] not in SECTIONS:
        raise NotFound("there is no such section", "section")
    return SECTIONS[call.path["section"]][1]


def _read(call: Call, settings: dict[str, Any], typed: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    wanted, unread = settings, {}
    for field in _fields(call):
        try:
            wanted = changed(wanted, field.path, field.read(typed[field.name]))
        except ValueError as error:
            unread[field.name] = str(error)
    return wanted, unread


def _beside(call: Call, blamed: list[tuple[str, str]]) -> dict[str, str]:
    """Give what is wrong by the field beside which it is said; what blames none of them stands above all."""
    found: dict[str, str] = {}
    for place, message in blamed:
        field = next((one for one in _fields(call) if _is_of(place, one.path)), None)
        name = field.name if field else ""
        found[name] = f"{found[name]}; {place}: {message}" if name in found else f"{place}: {message}"
    return found


def _is_of(place: str, path: str) -> bool:
    return place == path or place.startswith((f"{path}[", f"{path}."))


def _offered(call: Call, field: SettingField) -> Iterable[tuple[str, str]]:
    """The values that a field offers, each with its name."""
    if field.kind == "team":
        return team_names(call).items()
    if field.kind == "calendar":
        return [("", ""), *((name, name) for name in call.desk.settings.load().calendars)]
    return field.choices


def _section(
    call: Call, values: dict[str, str], version: int, wrong: dict[str, str] | None = None, status: int = 200
) -> Answer:
    return page(
        call,
        "settings.html",
        status,
        sections=SECTIONS,
        section=call.path["section"],
        values=values,
        version=version,
        wrong=told(call, wrong or {}),
        offered={field.name: _offered(call, field) for field in _fields(call)},
        saved=bool(call.query.get("saved")),
        doubt=call.query.get("doubt", ""),
    )
