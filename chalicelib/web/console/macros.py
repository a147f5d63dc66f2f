"""Macros: answers that agents give again and again, written in each language and seen before they are used."""

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.macro import PLACEHOLDERS, SETTABLE, Macro
from chalicelib.domain.sla_policy import PRIORITIES
from chalicelib.usecases.edit_template import SAMPLE_REF
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import setting_entries
from chalicelib.web.console.form_fields import Fields, one_each
from chalicelib.web.console.setting_entries import Entries, Json, Reading
from chalicelib.web.console.setting_fields import LANGUAGES

CHOSEN = ("name", "status", "priority")


def _shown(macro: Json) -> Fields:
    texts = {f"texts-{language}": text for language, text in macro["texts"].items()}
    plain = {name: macro[name] for name in ("id", *CHOSEN)}
    return Fields(one_each({**plain, **texts, "tags": "\n".join(macro["tags"])}))


def _read(fields: Fields, before: Json | None) -> Reading:
    languages = dict.fromkeys((*dict(LANGUAGES), *(before or {}).get("texts", {})))
    entry: Json = {
        "id": before["id"] if before else fields.line("id"),
        **{name: fields.line(name) for name in CHOSEN},
        "texts": {one: f"{text}\n" for one in languages if (text := fields.text(f"texts-{one}"))},
        "tags": fields.lines("tags"),
    }
    if before:
        # a text that nobody touched keeps the very line ends that it had
        same = {name: text for name, text in before["texts"].items() if text.strip() == fields.text(f"texts-{name}")}
        entry["texts"] |= {name: text for name, text in same.items() if text}
    return Reading(entry, fields)


def _more(_call: Call, known: DeskSettings) -> Json:
    return {
        "placeholders": PLACEHOLDERS,
        "settable": ["", *(status.value for status in SETTABLE)],
        "priority_order": ["", *reversed(PRIORITIES)],
        "languages": dict(LANGUAGES),
        "sampled": {},
    }


def _previewed(call: Call, after: DeskSettings, reading: Reading) -> Json:
    macro = next(one for one in after.macros if one.id == reading.entry["id"])
    return {"sampled": {language: _sample(call, macro, language) for language in macro.texts}}


def _sample(call: Call, macro: Macro, language: str) -> str:
    def said(key: str) -> str:
        return call.desk.texts.text(f"mail.sample.{key}", language)

    values = {"customer": said("customer"), "ref": SAMPLE_REF, "subject": said("subject"), "agent": said("agent")}
    return macro.text(language, {**values, "desk": call.desk.settings.load().name})


MACROS = Entries(
    name="macros",
    address="macros",
    several="macros.html",
    single="macro.html",
    empty={"id": "", "name": "", "texts": {}, "status": "", "priority": "", "tags": []},
    shown=_shown,
    read=_read,
    more=_more,
    previewed=_previewed,
)


def show(call: Call) -> Answer:
    """Show the macros."""
    return setting_entries.every(call, MACROS)


def change(call: Call) -> Answer:
    """Move a macro in the list that agents choose from."""
    return setting_entries.move(call, MACROS)


def show_one(call: Call) -> Answer:
    """Show a macro, or the form for a new one."""
    return setting_entries.show(call, MACROS, call.path["macro_id"])


def write_one(call: Call) -> Answer:
    """Save a macro, preview it, or remove it."""
    return setting_entries.save(call, MACROS, call.path["macro_id"])
