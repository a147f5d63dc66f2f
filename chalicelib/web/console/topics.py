"""Topics of the help form: what a request may be about, and what that sets on the ticket."""

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sla_policy import PRIORITIES
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import setting_entries
from chalicelib.web.console.form_fields import Fields, one_each
from chalicelib.web.console.policies import team_names
from chalicelib.web.console.setting_entries import Entries, Json, Reading
from chalicelib.web.console.setting_fields import LANGUAGES

LINES = ("category", "team_id", "priority")


def _shown(topic: Json) -> Fields:
    names = {f"names-{language}": name for language, name in topic["names"].items()}
    return Fields(one_each({"id": topic["id"], **{name: topic[name] for name in LINES}, **names}))


def _read(fields: Fields, before: Json | None) -> Reading:
    entry: Json = {
        "id": before["id"] if before else fields.line("id"),
        **{name: fields.line(name) for name in LINES},
        "names": {one: name for one, _label in LANGUAGES if (name := fields.line(f"names-{one}"))},
    }
    return Reading(entry, fields)


def _more(call: Call, known: DeskSettings) -> Json:
    return {
        "languages": dict(LANGUAGES),
        "priority_order": ["", *reversed(PRIORITIES)],
        "team_names": team_names(call),
        "address_of_form": f"{known.public_url}/help",
    }


TOPICS = Entries(
    name="help_form.topics",
    address="topics",
    several="topics.html",
    single="topic.html",
    empty={"id": "", "names": {}, **dict.fromkeys(LINES, "")},
    shown=_shown,
    read=_read,
    place=lambda _topic, index: f"[{index}]",
    more=_more,
)


def show(call: Call) -> Answer:
    """Show the topics."""
    return setting_entries.every(call, TOPICS)


def change(call: Call) -> Answer:
    """Move a topic in the order in which they are offered."""
    return setting_entries.move(call, TOPICS)


def show_one(call: Call) -> Answer:
    """Show a topic, or the form for a new one."""
    return setting_entries.show(call, TOPICS, call.path["topic_id"])


def write_one(call: Call) -> Answer:
    """Save a topic, or remove it."""
    return setting_entries.save(call, TOPICS, call.path["topic_id"])
