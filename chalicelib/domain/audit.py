"""What was changed about the desk itself: by whom, when, and each field from what to what.

Secrets never stand in it. Of a webhook's address only the host does, since such addresses are often secrets of their
own; of the lists of senders only how many come and go, since these are customers' addresses, which the desk must be
able to forget.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

MOST_CHANGES = 30
"""How many fields an entry names; what is beyond is counted."""

SHOWN = 160
"""Characters that are kept of a field's value, those around the first difference."""

LEAD_IN = 40

COMMAND, DESK = "command", "desk"
"""Who did it, where it was neither an agent (`agent:<id>`) nor a machine (`key:<id>`)."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTED = frozenset({"blocked_senders", "allowed_senders"})
_SECRET = ("webhook", "url", "secret", "token", "password")
_OPEN = frozenset({"public_url"})
_NAMED_BY = ("id", "address", "date")
_LEFT_OUT = frozenset({"version", "holding"})
_ABSENT: Any = object()


class Deed(StrEnum):
    """What was done."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    MERGED = "merged"
    SEPARATED = "separated"
    ERASED = "erased"
    EXPORTED = "exported"
    IMPORTED = "imported"


class Kind(StrEnum):
    """To what it was done."""

    SETTINGS = "settings"
    AGENT = "agent"
    TEAM = "team"
    TEMPLATE = "template"
    API_KEY = "api_key"
    CUSTOMER = "customer"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field by its path (`sla_policies[standard].name`), with what it said before and says now; "" for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed. `by` is `agent:<id>`, `key:<id>`, `command` or `desk`; `subject` is the id of what it was done to.

    `name` is what people call the subject, as it was then. `more` is how many changes beyond those listed there were.
    """

    id: str
    at: datetime
    by: str
    deed: Deed
    kind: Kind
    subject: str = ""
    name: str = ""
    changes: tuple[FieldChange, ...] = ()
    more: int = 0

    @property
    def place(self) -> str:
        """Where it stands among others, as text that sorts by time: milliseconds since 1970, then its id."""
        return f"{(self.at - EPOCH) // timedelta(milliseconds=1):013d}#{self.id}"

    @property
    def areas(self) -> frozenset[str]:
        """What it is about: its kind, and of settings the names of those that changed, without their parts."""
        parts = (change.field.partition(".")[0].partition("[")[0] for change in self.changes)
        return frozenset({self.kind.value, *(parts if self.kind is Kind.SETTINGS else ())})


def entry_id(kind: Kind, subject: str, state: str) -> str:
    """Give the id of the entry about a subject's becoming `state`, its version above all: always the same one."""
    return sha256(f"{kind}\0{subject}\0{state}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[tuple[FieldChange, ...], int]:
    """Give what differs between two states, field by field, and how many more differences there are than listed."""
    old, new = dict(_fields(before, "")), dict(_fields(after, ""))
    paths = [*new, *(path for path in old if path not in new)]
    differing = [path for path in paths if old.get(path, _ABSENT) != new.get(path, _ABSENT)]
    told = [_told(path, old.get(path), new.get(path)) for path in differing]
    said = [change for change in told if change.before or change.after]
    return tuple(said[:MOST_CHANGES]), max(0, len(said) - MOST_CHANGES)


def _fields(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Give the leaves of a value with their paths; parts of lists go by their id where they have one."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if path or name not in _LEFT_OUT:
                yield from _fields(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple) and any(isinstance(part, Mapping) for part in value):
        for number, part in enumerate(value):
            yield from _fields(part, f"{path}[{_name_of(part, number)}]")
    else:
        yield path, _plain(value)


def _name_of(part: Any, number: int) -> str:
    named = (part.get(name) for name in _NAMED_BY) if isinstance(part, Mapping) else ()
    return str(next((name for name in named if name), number))[:60]


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return tuple(sorted(map(str, value)))
    return tuple(_plain(part) for part in value) if isinstance(value, list | tuple) else value


def _told(path: str, before: Any, after: Any) -> FieldChange:
    last = path.rpartition(".")[2].partition("[")[0]
    if last in _COUNTED:
        return _counted(path, before or (), after or ())
    if any(word in last for word in _SECRET) and last not in _OPEN:
        return FieldChange(path[:200], _hidden(before), _hidden(after))
    one, other = _text(before), _text(after)
    start = max(0, _alike(one, other) - LEAD_IN) if max(len(one), len(other)) > SHOWN else 0
    return FieldChange(path[:200], _window(one, start), _window(other, start))


def _alike(one: str, other: str) -> int:
    """Give how many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _counted(path: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> FieldChange:
    come, gone = len(set(after) - set(before)), len(set(before) - set(after))
    return FieldChange(path, str(len(before)), f"{len(after)} (+{come} −{gone})")


def _hidden(value: Any) -> str:
    """Enough to tell two values apart, and no more: the host of an address, and some digits of a hash."""
    if not value:
        return ""
    host = urlsplit(str(value)).hostname if "://" in str(value) else ""
    return f"{host or ''}… ({sha256(str(value).encode('utf-8', 'surrogatepass')).hexdigest()[:6]})"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    return "" if value is None else str(value)


def _window(text: str, start: int) -> str:
    cut = text[start : start + SHOWN]
    return f"{'…' if start else ''}{cut}{'…' if start + SHOWN < len(text) else ''}" if cut else ""
