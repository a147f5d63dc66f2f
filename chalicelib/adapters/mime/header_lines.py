"""Finds the header lines of a mail, or of a part of one, and where its body begins."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Final

from chalicelib.adapters.mime.charsets import NO_CLUES, UNTYPABLE, Clues, decode_text
from chalicelib.adapters.mime.encodings import decode_words
from chalicelib.adapters.mime.limits import MAX_FIELDS, MAX_HEAD_BYTES, MAX_HEADER_CHARS

PARSER_FAILURES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the standard library's parsers have been seen to raise on hostile mail."""

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_KNOWN_FIELD = re.compile(
    rb"(?i)(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]{1,60}|received|reply-to|return-path|"
    rb"x-[!-9;-~]{1,100})[ \t]{0,9}:"
)
_PLAIN_PARAMETERS = re.compile(r'[\w.+/ -]*+(?:;\s*+[\w-]++=(?:"[^"\\\x00]*+"|[^\s;"\\\x00]++)\s*+)*+;?\s*+', re.ASCII)
_PARAMETER = re.compile(r';\s*([\w-]+)=(?:"([^"]*)"|([^\s;"]+))', re.ASCII)
_CHARSET = re.compile(rb"(?i)charset\s?=\s?\"?([\w-]{1,40})")


@dataclass(frozen=True, slots=True)
class Head:
    """Header lines, unfolded, with names in lower case. A value is decoded when it is asked for, and only then."""

    lines: tuple[tuple[str, bytes], ...]
    body_at: int
    problems: tuple[str, ...] = ()
    clues: Clues = NO_CLUES

    def raw(self, name: str) -> bytes:
        """The bytes of the first header `name`, or b""."""
        return next((value for key, value in self.lines if key == name), b"")

    def all(self, name: str) -> Iterator[str]:
        """The values of the header `name`, in order."""
        return (self._decoded(value) for key, value in self.lines if key == name)

    def first(self, name: str) -> str:
        """The first value of the header `name`, or ""."""
        return next(self.all(name), "")

    def firsts(self) -> dict[str, str]:
        """The first value of every header."""
        return {name: self._decoded(value) for name, value in dict(reversed(self.lines)).items()}

    def _decoded(self, value: bytes) -> str:
        hint = None if value.isascii() else _CHARSET.search(self.raw("content-type"))
        charset = hint[1].decode("ascii").lower() if hint else ""
        charset = "" if charset.startswith(("utf", "unicode")) else charset
        return decode_text(value, charset, self.clues)[0].replace("\r", " ")


def read_head(raw: bytes, start: int, end: int, clues: Clues = NO_CLUES) -> Head:
    """The header lines from `start`, and where the body begins: at the blank line, or where no header line is left."""
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return Head((), raw.index(b"\n", start, end) + 1, clues=clues)
    blank = _blank_line(raw, start, end)
    stop = min(blank, start + MAX_HEAD_BYTES)
    problems = ["the headers are too long: cut"] if stop < blank else []
    found: list[tuple[str, list[bytes]]] = []
    at = start
    lines = raw[start:stop].split(b"\n")
    last = -1  # the number of the last line that is surely a header: sought when one is met that surely is none
    for number, line in enumerate(lines):
        field_line = _FIELD.match(line)
        if found and (line[:1] in (b" ", b"\t") or (not field_line and found[-1][1][-1].endswith(b";"))):
            found[-1][1].append(line.strip())
        elif field_line and len(found) < MAX_FIELDS:
            found.append((field_line[1].decode("ascii").lower(), [field_line[2].strip()]))
        elif not field_line and not (number == 0 and line.startswith((b"From ", b">From "))):
            last = last if number < last else _last_known(lines, number)
            if number > last or not found:
                problems.append("no blank line between headers and text")
                return Head(_unfolded(found), min(at, end), tuple(problems), clues)
            problems.append("a header line is malformed")
        at += len(line) + 1
    if len(found) == MAX_FIELDS:
        problems.append("too many headers: cut")
    body_at = blank if blank == end else raw.index(b"\n", blank + 1, end) + 1
    return Head(_unfolded(found), body_at, tuple(dict.fromkeys(problems)), clues)


def _last_known(lines: list[bytes], since: int) -> int:
    return next((at for at in range(len(lines) - 1, since, -1) if _KNOWN_FIELD.match(lines[at])), -1)


def _unfolded(found: list[tuple[str, list[bytes]]]) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, b" ".join(pieces)) for name, pieces in found)


def _blank_line(raw: bytes, start: int, end: int) -> int:
    """Where the line before the first blank one ends; `end` when there is none."""
    for reach in (min(start + MAX_HEAD_BYTES, end), end):
        places = [raw.find(mark, start, reach) for mark in (b"\n\n", b"\n\r\n")]
        if max(places) >= 0:
            return min(place for place in places if place >= 0)
    return end


def read_parameters(value: str, main: str) -> tuple[str, dict[str, str]]:
    """A header such as Content-Type: its value in lower case, or `main`; and its parameters, decoded (RFC 2231)."""
    value = value[:MAX_HEADER_CHARS]
    plain = value.split(";")[0].strip().lower() or main
    found: dict[str, str] = {}
    if _PLAIN_PARAMETERS.fullmatch(value):
        for name, quoted, bare in _PARAMETER.findall(value):
            found.setdefault(name.lower(), decode_words(quoted or bare))
        return plain, found
    holder = Message()
    holder["X"] = value
    with contextlib.suppress(*PARSER_FAILURES):
        for name, given in (holder.get_params(header="X") or [])[1:]:
            found.setdefault(name.lower(), UNTYPABLE.sub("", decode_words(_joined(given))))
    return plain, found


def _joined(given: str | tuple[str | None, str | None, str]) -> str:
    """One parameter's text. A tuple is charset, language and bytes as Latin-1: how the parser gives RFC 2231's."""
    if isinstance(given, str):
        return given
    charset, _, text = given
    try:
        return decode_text(text.encode("latin-1"), charset or "us-ascii")[0]
    except UnicodeEncodeError:
        return text
