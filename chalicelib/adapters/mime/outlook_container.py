"""Opens winmail.dat, in which Outlook sends files and formatting to those who can't read it (MS-OXTNEF)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from chalicelib.adapters.mime.charsets import decode_text

_SIGNATURE: Final = b"\x78\x9f\x3e\x22"
_DEEPEST = 4  # messages within messages
_MOST_PROPERTIES = 10_000

# Attributes (MS-OXTNEF, 2.1.3.1), by the lower half of their number
_BODY, _MESSAGE_PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_NEW_FILE, _FILE_DATA, _FILE_TITLE, _FILE_PROPERTIES = 0x9002, 0x800F, 0x8010, 0x9005

# Properties (MS-OXPROPS)
_SUBJECT, _PLAIN, _RTF, _HTML = 0x0037, 0x1000, 0x1009, 0x1013
_OBJECT, _SHORT_NAME, _LONG_NAME, _SHOWN_NAME = 0x3701, 0x3704, 0x3707, 0x3001
_MEDIA_TYPE, _CONTENT_ID = 0x370E, 0x3712

_FIXED_SIZES = {1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}  # bytes, padded
_NARROW, _WIDE, _BINARY, _OBJECT_TYPE = 0x1E, 0x1F, 0x102, 0x0D


class NotOpened(ValueError):
    """The bytes are no container, or a broken one."""


@dataclass(slots=True)
class ContainedFile:
    """A file of the container; what is not said in there is empty."""

    name: str = ""
    content_type: str = ""
    content: bytes = b""
    content_id: str = ""


@dataclass(slots=True)
class Contained:
    """What a container holds: its text (in whichever forms it has), and its files."""

    plain: str = ""
    html: bytes = b""
    rtf: bytes = b""
    subject: str = ""
    files: list[ContainedFile] = field(default_factory=list)


class _Property(NamedTuple):
    number: int
    kind: int
    value: bytes

    def text(self, code_page: str) -> str:
        value = self.value.decode("utf-16-le", "replace") if self.kind == _WIDE else ""
        return (value or decode_text(self.value, code_page)[0]).rstrip("\x00")


def open_container(data: bytes, depth: int = 0) -> Contained:
    """What is in the winmail.dat that is `data`. Raises NotOpened; a container that ends early gives what it has."""
    if data[:4] != _SIGNATURE or depth > _DEEPEST:
        raise NotOpened("no Outlook container")
    found = Contained()
    code_page = ""
    for number, value in _attributes(data):
        if number == _CODE_PAGE and len(value) >= 4:
            code_page = f"cp{int.from_bytes(value[:4], 'little')}"
        elif number == _BODY:
            found.plain = found.plain or decode_text(value.rstrip(b"\x00"), code_page)[0]
        elif number == _MESSAGE_PROPERTIES:
            _take_message(found, value, code_page)
        elif number == _NEW_FILE:
            found.files.append(ContainedFile())
        elif found.files and number == _FILE_TITLE:
            found.files[-1].name = found.files[-1].name or decode_text(value.rstrip(b"\x00"), code_page)[0]
        elif found.files and number == _FILE_DATA:
            found.files[-1].content = value
        elif found.files and number == _FILE_PROPERTIES:
            _take_file(found, value, code_page, depth)
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        number, length = struct.unpack_from("<xII", data, at)
        yield number & 0xFFFF, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _take_message(found: Contained, data: bytes, code_page: str) -> None:
    for each in _properties(data):
        if each.number == _PLAIN:
            found.plain = each.text(code_page) or found.plain
        elif each.number == _HTML:
            found.html = each.text(code_page).encode("utf-8", "replace") if each.kind == _WIDE else each.value
        elif each.number == _RTF:
            found.rtf = each.value
        elif each.number == _SUBJECT:
            found.subject = each.text(code_page)


def _take_file(found: Contained, data: bytes, code_page: str, depth: int) -> None:
    file = found.files[-1]
    names: dict[int, str] = {}
    stored = b""
    for each in _properties(data):
        if each.number in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME):
            names[each.number] = each.text(code_page)
        elif each.number == _MEDIA_TYPE:
            file.content_type = each.text(code_page)
        elif each.number == _CONTENT_ID:
            file.content_id = each.text(code_page)
        elif each.number == _OBJECT and not file.content:
            stored = each.value
    wanted = (names.get(number) for number in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
    file.name = next(filter(None, wanted), "") or file.name
    if stored:
        _take_object(found, file, stored, depth)


def _take_object(found: Contained, file: ContainedFile, value: bytes, depth: int) -> None:
    """A message within the message: its text becomes a file, its files become ours. Other objects stay as they are."""
    try:
        inner = open_container(value[16:], depth + 1)
    except NotOpened:
        file.content = value
        return
    file.content = inner.html or inner.plain.encode("utf-8", "replace")
    file.content_type = "text/html" if inner.html else "text/plain"
    file.name = f"{inner.subject or file.name}.{'html' if inner.html else 'txt'}"
    found.files[-1:] = [*inner.files, file]


def _properties(data: bytes) -> Iterator[_Property]:
    """The properties in `data` (MS-OXTNEF, 2.1.3.4), as far as they can be told apart; of several values, the first."""
    if len(data) < 4:
        return
    at = 4
    for _ in range(min(int.from_bytes(data[:4], "little"), _MOST_PROPERTIES)):
        if at + 4 > len(data):
            return
        kind, number = struct.unpack_from("<HH", data, at)
        at = _after_name(data, at + 4) if number >= 0x8000 else at + 4
        several, kind = bool(kind & 0x1000), kind & 0xEFFF
        values: list[bytes] = []
        for value, after in _values(data, at, kind, several=several):
            values.append(value)
            at = after
        if not values:
            return
        yield _Property(number, kind, values[0])


def _after_name(data: bytes, at: int) -> int:
    """Where a named property goes on after its name: a set's GUID, then a number or a text."""
    if at + 24 > len(data):
        return len(data)
    is_text, length = struct.unpack_from("<II", data, at + 16)
    return at + 24 + (length + -length % 4 if is_text else 0)


def _values(data: bytes, at: int, kind: int, *, several: bool) -> Iterator[tuple[bytes, int]]:
    """Each value of a property, and where the next one begins."""
    sized = kind in (_NARROW, _WIDE, _BINARY, _OBJECT_TYPE)
    if not sized and kind not in _FIXED_SIZES:
        return
    count = 1
    if several or sized:
        if at + 4 > len(data):
            return
        count, at = int.from_bytes(data[at : at + 4], "little"), at + 4
    if count == 0:
        yield b"", at
    for _ in range(min(count, _MOST_PROPERTIES)):
        if at + (4 if sized else 0) > len(data):
            return
        length = int.from_bytes(data[at : at + 4], "little") if sized else _FIXED_SIZES[kind]
        at += 4 if sized else 0
        yield data[at : at + length], at + length + (-length % 4 if sized else 0)
        at += length + (-length % 4 if sized else 0)
