"""Reads the fields that one mail server writes for another: delivery reports (RFC 3464) and complaints (RFC 5965)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from chalicelib.domain.email import mailbox_in

MOST_RECIPIENTS: Final = 50

_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]{0,4}:(.*)")
_LONGEST_VALUE: Final = 4_000  # characters
_NAMES: Final = ("final-recipient", "original-recipient", "x-actual-recipient", "x-original-recipient")
_DELIVERED: Final = frozenset({"delivered", "relayed", "expanded", "deliverable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a notice says of one recipient, before it is judged.

    `status` is that of a report, `said` the words of the server or of the notice, `also` the recipient's other names.
    """

    address: str
    status: str = ""
    action: str = ""
    said: str = ""
    also: tuple[str, ...] = ()

    @property
    def was_reached(self) -> bool:
        """Whether the report tells of a success (RFC 3464, 2.3.3)."""
        return self.action in _DELIVERED


def reported_recipients(report: str) -> tuple[Failure, ...]:
    """The recipients whom a message/delivery-status part names, those who were reached among them."""
    return tuple(_failure(group) for group in islice(_recipient_groups(report), MOST_RECIPIENTS))


def values_of(text: str, name: str) -> tuple[str, ...]:
    """All values of the field `name`, which is in lower case."""
    return tuple(islice((value for key, value in _fields(text) if key == name), MOST_RECIPIENTS))


def fields_of(text: str) -> Mapping[str, str]:
    """The first value of each field in `text`, with names in lower case, unfolded."""
    found: dict[str, str] = {}
    for name, value in _fields(text):
        found.setdefault(name, value)
    return found


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Name and value of each field in order; ("", "") for a blank line."""
    name, value = "", ""
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and line.strip() and name:
            value = f"{value} {line.strip()}"[:_LONGEST_VALUE]
            continue
        if name:
            yield name, value
        field = _FIELD.match(line[:_LONGEST_VALUE])
        name, value = (field[1].lower(), field[2].strip()) if field else ("", "")
        if not line.strip():
            yield "", ""
    if name:
        yield name, value


def _recipient_groups(report: str) -> Iterator[dict[str, str]]:
    """The fields of each recipient. A group that names none goes on where the last one stopped: some servers do so."""
    group: dict[str, str] = {}
    blank = False
    for name, value in _fields(report):
        begins = name in _NAMES[:2] and name in group
        another = blank and _names_recipient(group) and name in ("action", *_NAMES) and name in group
        if begins or another:
            yield group
            group = {}
        blank = name == "" or (blank and not begins)
        if name:
            blank = False
            group.setdefault(name, value)
    if _names_recipient(group):
        yield group


def _names_recipient(group: Mapping[str, str]) -> bool:
    return any(name in group for name in _NAMES)


def _failure(group: Mapping[str, str]) -> Failure:
    names = tuple(dict.fromkeys(filter(None, (_mailbox(group.get(name, "")) for name in _NAMES))))
    kind, semicolon, said = group.get("diagnostic-code", "").partition(";")
    return Failure(
        address=names[0] if names else "",
        status=group.get("status", "").strip().split(" ")[0],
        action=group.get("action", "").strip().split(" ")[0].lower(),
        said=(said if semicolon and len(kind) < 20 else group.get("diagnostic-code", "")).strip(),
        also=names[1:],
    )


def _mailbox(value: str) -> str:
    """The address behind its type (RFC 3464, 2.3.2: "rfc822; ann@example.com")."""
    return mailbox_in(value.rpartition(";")[2]) or mailbox_in(value)
