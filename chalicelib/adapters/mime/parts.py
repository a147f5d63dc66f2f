"""Walks the parts of a mail (RFC 2046), gathering its texts and its attachments.

The parts are found here, by position, rather than by the standard library's parser: that one builds the whole tree
of a hostile mail, recursing as deep as the mail likes. Every loop is bounded by a limit or by the mail's length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from chalicelib.adapters.mime.bodies import Body, chosen, joined, read_html, read_text
from chalicelib.adapters.mime.encodings import unencoded
from chalicelib.adapters.mime.filenames import made_up_name, safe_name, unique_name
from chalicelib.adapters.mime.header_lines import Head, read_head, read_parameters
from chalicelib.adapters.mime.limits import MAX_ATTACHMENTS, MAX_DEPTH, MAX_HTML_CHARS, MAX_PARTS, MAX_TEXT_CHARS
from chalicelib.domain.email import ReadAttachment

_LONGEST_CONTENT_ID: Final = 200  # characters
_UNPRINTABLE = re.compile(r"[^!-~]+")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,80}", re.ASCII)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_BODY_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/markdown"})
_KEPT_CLOSED = {
    "application/ms-tnef": "an Outlook container (winmail.dat) is kept unopened",
    "application/vnd.ms-tnef": "an Outlook container (winmail.dat) is kept unopened",
    "application/pkcs7-mime": "encrypted or signed with S/MIME: kept as an attachment",
    "application/x-pkcs7-mime": "encrypted or signed with S/MIME: kept as an attachment",
    "application/pgp-encrypted": "encrypted with PGP: kept as an attachment",
}


@dataclass(frozen=True, slots=True)
class _Part:
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    head: Head
    end: int

    @property
    def is_text(self) -> bool:
        return self.content_type in _BODY_TYPES and self.disposition != "attachment"


@dataclass(slots=True)
class Walk:
    """One reading of one mail: gathers attachments and problems while the bodies are put together."""

    raw: bytes
    attachments: list[ReadAttachment] = field(default_factory=list)
    problems: dict[str, None] = field(default_factory=dict)
    parts: int = 0
    text_room: int = MAX_TEXT_CHARS
    html_room: int = MAX_HTML_CHARS

    def note(self, *problems: str) -> None:
        """Remember what could not be understood; "" is nothing."""
        self.problems.update(dict.fromkeys(each for each in problems if each))

    def body(self, head: Head, end: int, depth: int = 0, parent: str = "") -> Body:
        """What the part says that begins with `head` and ends at `end`, within a part of the type `parent`."""
        part = _part(head, end, parent)
        self.parts += 1
        if part.content_type.startswith("multipart/"):
            boundary = part.parameters.get("boundary", "").rstrip() or self._unnamed_boundary(part)
            if boundary and depth < MAX_DEPTH:
                return self._multipart(part, boundary.encode("utf-8", "replace"), depth)
            self.note(
                "nested too deep: the rest is kept as an attachment" if boundary else "multipart without boundary"
            )
            if boundary:
                return self._attach(part, parent)
        elif not part.is_text or (part.filename and parent not in ("", "multipart/alternative")):
            return self._attach(part, parent)
        return self._text(part)

    def _unnamed_boundary(self, part: _Part) -> str:
        beginning = self.raw[part.head.body_at : min(part.end, part.head.body_at + 200)]
        found = re.match(rb"\s{0,20}--([!-~]{1,70})\s", beginning)
        return found[1].decode("ascii") if found else ""

    def _multipart(self, part: _Part, boundary: bytes, depth: int) -> Body:
        kind = part.content_type
        bodies: list[Body] = []
        for start, end in _between_boundaries(self.raw, part.head.body_at, part.end, b"--" + boundary):
            if self.parts >= MAX_PARTS:
                self.note("too many parts: the rest is left out")
                break
            bodies.append(self.body(read_head(self.raw, start, end), end, depth + 1, kind))
        if not bodies:
            self.note("multipart without parts")
            return self._text(part)
        return chosen(bodies) if kind == "multipart/alternative" else joined(bodies)

    def _text(self, part: _Part) -> Body:
        content = self._content(part)
        if part.content_type == "text/html":
            body, problems = read_html(content, part.parameters, self.html_room)
            self.html_room -= min(len(content), self.html_room)
        else:
            body, problems = read_text(content, part.parameters, self.text_room)
            self.text_room -= min(len(content), self.text_room)
        self.note(*problems)
        return body

    def _content(self, part: _Part) -> bytes:
        encoding = part.head.first("content-transfer-encoding")
        if part.content_type.startswith(("message/", "multipart/")) and "base64" not in encoding.lower():
            return self.raw[part.head.body_at : part.end]
        return unencoded(self.raw[part.head.body_at : part.end], encoding)

    def _attach(self, part: _Part, parent: str) -> Body:
        if len(self.attachments) >= MAX_ATTACHMENTS:
            self.note("too many attachments: the rest is left out")
            return Body()
        self.note(_KEPT_CLOSED.get(part.content_type, ""))
        content = self._content(part)
        content_id = _content_id(part.head.first("content-id"))
        inline = part.disposition == "inline" or (
            bool(content_id) and parent == "multipart/related" and part.disposition != "attachment"
        )
        name = safe_name(part.filename) or made_up_name(part.content_type, content, len(self.attachments) + 1)
        name = unique_name(name, {each.filename for each in self.attachments})
        self.attachments.append(ReadAttachment(name, part.content_type, content, inline, content_id))
        return Body()


def _part(head: Head, end: int, parent: str) -> _Part:
    default = "message/rfc822" if parent == "multipart/digest" else "text/plain"
    kind, parameters = read_parameters(head.first("content-type"), default)
    disposition, more = read_parameters(head.first("content-disposition"), "")
    filename = more.get("filename") or parameters.get("name") or ""
    kind = _BEYOND_ASCII.sub("-", kind)
    return _Part(kind if _MEDIA_TYPE.fullmatch(kind) else default, parameters, disposition, filename, head, end)


def _content_id(value: str) -> str:
    return _UNPRINTABLE.sub("", value).strip("<>")[:_LONGEST_CONTENT_ID]


def _between_boundaries(raw: bytes, start: int, end: int, mark: bytes) -> Iterator[tuple[int, int]]:
    """The stretches between lines that are `mark`, up to the closing one or to the end (RFC 2046, 5.1.1)."""
    part_at = -1
    at = start if raw.startswith(mark, start, end) else _next_line_with(raw, mark, start, end)
    while at >= 0:
        line_end = raw.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end
        rest = raw[at + len(mark) : min(line_end, at + len(mark) + 200)].strip()
        if rest in (b"", b"--"):
            if part_at >= 0:
                yield part_at, max(part_at, at - 1 - (raw[at - 2 : at - 1] == b"\r"))
            part_at = min(line_end + 1, end)
            if rest == b"--":
                return
        at = _next_line_with(raw, mark, line_end, end)
    if part_at >= 0:
        yield part_at, end


def _next_line_with(raw: bytes, mark: bytes, start: int, end: int) -> int:
    """Where the next line after `start` begins that begins with `mark`, or -1."""
    found = raw.find(b"\n" + mark, start, end)
    return found + 1 if found >= 0 else -1
