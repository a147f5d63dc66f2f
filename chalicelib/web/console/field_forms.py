"""Fields of its own that a desk gives its tickets: which there are, and what may stand in them."""

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.ticket_field import KINDS
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import setting_entries
from chalicelib.web.console.form_fields import Fields, one_each
from chalicelib.web.console.setting_entries import Entries, Json, Reading

LINES = ("name", "kind", "help")


def _shown(field: Json) -> Fields:
    plain = {name: field[name] for name in ("id", *LINES, "required_to_solve")}
    return Fields(one_each({**plain, "choices": "\n".join(field["choices"])}))


def _read(fields: Fields, before: Json | None) -> Reading:
    entry: Json = {
        "id": before["id"] if before else fields.line("id"),
        **{name: fields.line(name) for name in LINES},
        "choices": fields.lines("choices"),
        "required_to_solve": fields.on("required_to_solve"),
    }
    return Reading(entry, fields)


def _more(_call: Call, _known: DeskSettings) -> Json:
    return {"kinds": KINDS}


FIELDS = Entries(
    name="ticket_fields",
    address="fields",
    several="ticket_fields.html",
    single="ticket_field.html",
    empty={"id": "", "name": "", "kind": "text", "help": "", "choices": [], "required_to_solve": False},
    shown=_shown,
    read=_read,
    more=_more,
)


def show(call: Call) -> Answer:
    """Show the fields."""
    return setting_entries.every(call, FIELDS)


def change(call: Call) -> Answer:
    """Move a field in the order in which they are asked."""
    return setting_entries.move(call, FIELDS)


def show_one(call: Call) -> Answer:
    """Show a field, or the form for a new one."""
    return setting_entries.show(call, FIELDS, call.path["field_id"])


def write_one(call: Call) -> Answer:
    """Save a field, or remove it."""
    return setting_entries.save(call, FIELDS, call.path["field_id"])
