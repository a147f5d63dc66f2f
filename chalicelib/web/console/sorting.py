"""Sorting: words that set what a new ticket is about and how much it hurries, and what they make of a text."""

from dataclasses import dataclass

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sla_policy import PRIORITIES
from chalicelib.domain.triage import Triage, mentions, triage
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import setting_entries
from chalicelib.web.console.form_fields import Fields, one_each, typed_fields
from chalicelib.web.console.policies import team_names
from chalicelib.web.console.setting_entries import Entries, Json, Reading

LISTS, LINES = ("words", "skills", "tags"), ("priority", "category", "team_id")
LONGEST_TRIED = 20_000


@dataclass(frozen=True, slots=True)
class Tried:
    """What the rules make of a text; `words` are those of theirs that it has."""

    text: str
    found: Triage
    words: tuple[str, ...]


def _tried(settings: DeskSettings, text: str) -> Tried:
    tried = text[:LONGEST_TRIED]
    words = (word for rule in settings.triage for word in rule.words if mentions(tried.casefold(), word))
    return Tried(tried, triage("", tried, settings), tuple(dict.fromkeys(words)))


def _shown(rule: Json) -> Fields:
    return Fields(one_each({name: rule[name] for name in LINES} | {name: "\n".join(rule[name]) for name in LISTS}))


def _read(fields: Fields, _before: Json | None) -> Reading:
    entry = {name: fields.line(name) for name in LINES} | {name: fields.lines(name) for name in LISTS}
    return Reading(entry, fields)


def _more(call: Call, _known: DeskSettings) -> Json:
    return {"priority_order": ["", *reversed(PRIORITIES)], "team_names": team_names(call), "tried": None}


def _previewed(_call: Call, after: DeskSettings, reading: Reading) -> Json:
    return {"tried": _tried(after, reading.fields.text("try"))}


RULES = Entries(
    name="triage",
    address="sorting",
    several="rules.html",
    single="rule.html",
    empty={name: [] for name in LISTS} | dict.fromkeys(LINES, ""),
    shown=_shown,
    read=_read,
    key=lambda _rule, index: str(index + 1),
    place=lambda _rule, index: f"[{index}]",
    more=_more,
    previewed=_previewed,
)


def show(call: Call) -> Answer:
    """Show the rules."""
    return setting_entries.every(call, RULES)


def change(call: Call) -> Answer:
    """Move a rule, or try all of them on a text."""
    fields = typed_fields(call)
    if fields.line("do") == "try":
        return setting_entries.every(call, RULES, tried=_tried(call.desk.settings.latest(), fields.text("try")))
    return setting_entries.move(call, RULES)


def show_one(call: Call) -> Answer:
    """Show a rule, or the form for a new one."""
    return setting_entries.show(call, RULES, call.path["number"])


def write_one(call: Call) -> Answer:
    """Save a rule, try it on a text, or remove it."""
    return setting_entries.save(call, RULES, call.path["number"])
