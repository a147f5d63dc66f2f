"""Settings that are lists (policies, macros, rules): shown in their order, moved, and changed entry by entry.

Whoever changes an entry names the state in which they saw it. So two people who change different entries don't meet,
and who changes what somebody else changed meanwhile is told.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput, NotFound, StaleVersion, TooLarge
from chalicelib.usecases.change_settings import change_settings
from chalicelib.web.api.desk import settings_after
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.form_fields import Fields, beside, told, typed_fields
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.setting_fields import SECTIONS, _

Json = dict[str, Any]
NEW = "~new"
"""Stands in an address for an entry that is yet to be made; no id that the console gives looks like it."""

MORE_ROWS = 3
CHANGED = _("Somebody else changed this meanwhile. Look at what is below; saving it now puts it in place of theirs.")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was typed, as an entry; `fields` with their rows numbered as places name them; what can't be read."""

    entry: Json
    fields: Fields
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entries:
    """A setting that is a list. `name` is the setting's (with a dot inside a group), `address` its page's; `several`
    and `single` are templates.

    `shown` gives an entry as a form's fields, `read` what was typed (with the entry as it was, if there is one), and
    `empty` is what a new one begins with. `key` gives by what an address names an entry, `place` what refusals call it.
    `more` gives what else the templates need, and `previewed` what a preview shows of the settings as they would be.
    `lands` says where in the list a new one comes.
    """

    name: str
    address: str
    several: str
    single: str
    empty: Json
    shown: Callable[[Json], Fields]
    read: Callable[[Fields, Json | None], Reading]
    key: Callable[[Json, int], str] = lambda entry, _index: str(entry["id"])
    place: Callable[[Json, int], str] = lambda entry, _index: f"[{entry['id']}]"
    more: Callable[[Call, DeskSettings], Json] = lambda _call, _settings: {}
    previewed: Callable[[Call, DeskSettings, Reading], Json] = lambda _call, _settings, _reading: {}
    lands: Callable[[Sequence[Json]], int] = len

    def items(self, known: DeskSettings) -> list[Json]:
        """Give the list as the settings hold it."""
        value: Any = asdict(known)
        for part in self.name.split("."):
            value = value[part]
        return list(value)

    def holding(self, items: Sequence[Json]) -> Json:
        """Give the change of the settings that puts a list there."""
        group, _dot, rest = self.name.partition(".")
        return {group: {rest: list(items)} if rest else list(items)}

    def link(self, key: str = "") -> str:
        """Give the address of an entry, or of the list."""
        return f"/console/settings/{self.address}" + (f"/{quote(key, safe='')}" if key else "")


@dataclass(frozen=True, slots=True)
class _Place:
    """One entry's place in the list as it is now; no `index` is that of a new one."""

    kind: Entries
    known: DeskSettings
    asked: str
    items: tuple[Json, ...]
    index: int | None

    @property
    def before(self) -> Json | None:
        return None if self.index is None else self.items[self.index]

    @property
    def seen(self) -> str:
        return seen_as(self._watched)

    @property
    def _watched(self) -> object:
        return list(self.items) if self.before is None else self.before

    def refuse_if_changed(self, seen: str) -> None:
        refuse_if_changed(seen, self._watched)

    def holding(self, entry: Json) -> list[Json]:
        """Give the list with an entry in this place."""
        if self.index is not None:
            return [entry if number == self.index else item for number, item in enumerate(self.items)]
        lands = self.kind.lands(self.items)
        return [*self.items[:lands], entry, *self.items[lands:]]

    def called(self, entry: Json) -> str:
        """Give what refusals call the entry there."""
        index = self.kind.lands(self.items) if self.index is None else self.index
        return self.kind.name + self.kind.place(entry, index)


def seen_as(part: object) -> str:
    """Give a mark of a part of the settings as it stands, by which a later change of it is noticed."""
    return sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]


def refuse_if_changed(seen: str, part: object) -> None:
    """Raise StaleVersion where a part of the settings isn't any more what somebody saw."""
    if seen != seen_as(part):
        raise StaleVersion("somebody else changed it meanwhile", "seen")


def every(
    call: Call, kind: Entries, wrong: Mapping[str, str] | None = None, status: int = 200, **values: Any
) -> Answer:
    """Show the list."""
    known = call.desk.settings.latest()
    items = kind.items(known)
    return page(
        call,
        kind.several,
        status,
        kind=kind,
        sections=SECTIONS,
        items=items,
        links=[kind.link(kind.key(item, index)) for index, item in enumerate(items)],
        new=kind.link(NEW),
        seen=seen_as(items),
        wrong=told(call, wrong or {}),
        saved=bool(call.query.get("saved")),
        doubt=call.query.get("doubt", ""),
        **{**kind.more(call, known), **values},
    )


def move(call: Call, kind: Entries) -> Answer:
    """Move an entry of the list up or down by one place."""
    known, form = call.desk.settings.latest(), call.form()
    items = kind.items(known)
    way, _sep, place = form.get("do", "").partition("-")
    index = int(place) if place.isdecimal() and len(place) <= 4 else -1
    other = index + {"up": -1, "down": 1}.get(way, 0)
    if not (0 <= index < len(items) and 0 <= other < len(items)):
        return every(call, kind)
    try:
        refuse_if_changed(form.get("seen", ""), items)
        items[index], items[other] = items[other], items[index]
        change_settings(call.desk, known, settings_after(known, kind.holding(items)))
    except StaleVersion:
        return every(call, kind, {"": CHANGED}, 409)
    return seen_elsewhere(call, f"{kind.link()}?saved=1")


def show(call: Call, kind: Entries, asked: str) -> Answer:
    """Show one entry, or the form for a new one."""
    at = _at(call, kind, asked)
    if at.before is None and asked != NEW:
        raise NotFound("there is no such entry", "id")
    return _entry(call, at, kind.shown(at.before or kind.empty))


def save(call: Call, kind: Entries, asked: str) -> Answer:
    """Do what the pressed button says: save the entry, remove it, preview what saving would do, or show more rows."""
    at, fields = _at(call, kind, asked), typed_fields(call)
    do = fields.line("do")
    if do == "more":
        return _entry(call, at, fields, spare=MORE_ROWS)
    if do == "remove" and at.before is None:
        return seen_elsewhere(call, kind.link())
    reading = kind.read(fields, at.before)
    try:
        if do == "remove":
            wanted = [item for number, item in enumerate(at.items) if number != at.index]
        elif reading.wrong:
            return _entry(call, at, reading.fields, 422, wrong=reading.wrong)
        else:
            wanted = at.holding(reading.entry)
        after = settings_after(at.known, kind.holding(wanted))
        if do == "preview":
            return _entry(call, at, reading.fields, **kind.previewed(call, after, reading))
        at.refuse_if_changed(fields.line("seen"))
        _saved, concerns = change_settings(call.desk, at.known, after)
    except StaleVersion:
        return _entry(call, at, fields, 409, wrong={"": CHANGED})
    except (InvalidInput, TooLarge) as error:
        return _entry(call, at, reading.fields, 422, wrong=beside(error, at.called(reading.entry)))
    doubts = "".join(f"&doubt={quote(one.field)}" for one in concerns)
    return seen_elsewhere(call, f"{kind.link()}?saved=1{doubts}")


def _at(call: Call, kind: Entries, asked: str) -> _Place:
    known = call.desk.settings.latest()
    items = tuple(kind.items(known))
    index = next((index for index, item in enumerate(items) if kind.key(item, index) == asked), None)
    return _Place(kind, known, asked, items, index)


def _entry(
    call: Call, at: _Place, fields: Fields, status: int = 200, wrong: Mapping[str, str] | None = None, **values: Any
) -> Answer:
    known = {"spare": 1, **at.kind.more(call, at.known), **values}
    return page(
        call,
        at.kind.single,
        status,
        kind=at.kind,
        sections=SECTIONS,
        entry=at.before,
        address=at.kind.link(at.asked),
        fields=fields,
        seen=at.seen,
        wrong=told(call, wrong or {}),
        **known,
    )
