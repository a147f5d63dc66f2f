"""Walks the parts of a mail (RFC 2046), gathering its texts and its attachments.

The parts are found here, by position, rather than by the standard library's parser: that one builds the whole tree
of a hostile mail, recursing as deep as the mail likes. Every loop is bounded by a limit or by the mail's length.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from chalicelib.adapters.mime.bodies import Body, chosen, joined, read_html, read_text
from chalicelib.adapters.mime.charsets import NO_CLUES, Clues, decode_text
from chalicelib.adapters.mime.encodings import decode_words, unencoded
from chalicelib.adapters.mime.filenames import made_up_name, safe_name, type_of_name, unique_name
from chalicelib.adapters.mime.header_lines import Head, read_head, read_parameters
from chalicelib.adapters.mime.limits import MAX_ATTACHMENTS, MAX_DEPTH, MAX_HTML_CHARS, MAX_PARTS, MAX_TEXT_CHARS
from chalicelib.adapters.mime.uuencode import files_in_text
from chalicelib.domain.email import ReadAttachment

_WIDEST: Final = 12  # bytes that a character may take: four in UTF-8, each three in quoted-printable
_LONGEST_CONTENT_ID: Final = 200  # characters
_UNPRINTABLE = re.compile(r"[^!-~]+")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,80}", re.ASCII)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_BODY_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/markdown"})
OPENED: Final = frozenset(
    {
        *("application/ms-tnef", "application/vnd.ms-tnef", "application/pkcs7-mime", "application/x-pkcs7-mime"),
        *("text/calendar", "message/rfc822"),
    }
)
"""Types of parts that are looked into, by `opening`."""
OPENED_NAMES: Final = frozenset({"winmail.dat", "smime.p7m"})
_UNDECLARED = re.compile(rb"(?i)(?:\A|\n)--([!-~]{1,200})[ \t]*\r?\n(?=content-|\r?\n|mime-version)")
_MARKED = {
    "application/pgp-encrypted": "encrypted with PGP: kept as an attachment",
    "application/pgp-signature": "signed with PGP: the signature was not checked",
    "application/pkcs7-signature": "signed with S/MIME: the signature was not checked",
    "application/x-pkcs7-signature": "signed with S/MIME: the signature was not checked",
    "message/external-body": "a part of it is kept elsewhere: only its description came",
    "message/partial": "it is only a part of a mail that was sent in several",
}
_RESOURCE_FORK = "application/applefile"  # of an old Macintosh file, beside the file itself (RFC 1740)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail: its type, and where its content stands in `raw`."""

    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    head: Head
    end: int

    @property
    def is_text(self) -> bool:
        """Whether it is something to read, and not sent as a file."""
        return self.content_type in _BODY_TYPES and self.disposition != "attachment"


@dataclass(slots=True)
class Walk:
    """One reading of one mail: gathers attachments and problems while the bodies are put together."""

    raw: bytes
    attachments: list[ReadAttachment] = field(default_factory=list)
    problems: dict[str, None] = field(default_factory=dict)
    invitations: list[str] = field(default_factory=list)
    spare: list[Callable[[], Body]] = field(default_factory=list)
    """Texts that stand in attachments: read, and shown, where the mail has no other."""
    wants_files: bool = True
    parts: int = 0
    text_room: int = MAX_TEXT_CHARS
    html_room: int = MAX_HTML_CHARS
    clues: Clues = NO_CLUES

    def note(self, *problems: str) -> None:
        """Remember what could not be understood; "" is nothing."""
        self.problems.update(dict.fromkeys(each for each in problems if each))

    def body(self, head: Head, end: int, depth: int = 0, parent: str = "") -> Body:
        """What the part says that begins with `head` and ends at `end`, within a part of the type `parent`."""
        part = _part(head, end, parent)
        self.parts += 1
        if not part.content_type.startswith("multipart/"):
            return self._single(part, depth, parent)
        if depth >= MAX_DEPTH:
            self.note("nested too deep: the rest is kept as an attachment")
            return self._attach(part, parent)
        declared = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
        for boundary in (declared, self._undeclared_boundary(part)):
            if boundary and (bodies := self._bodies(part, boundary, depth)):
                self.note("" if boundary == declared else "a wrong boundary between its parts")
                return chosen(bodies) if part.content_type == "multipart/alternative" else joined(bodies)
        self.note("multipart without parts" if declared else "multipart without boundary")
        return self._text(part)

    def content(self, part: Part) -> bytes:
        """The bytes that the part stands for, without its transfer encoding."""
        encoding = part.head.first("content-transfer-encoding")
        if part.content_type.startswith(("message/", "multipart/")) and "base64" not in encoding.lower():
            encoding = ""
        return unencoded(self.raw, encoding, part.head.body_at, part.end)

    def within(self, raw: bytes, depth: int) -> Body:
        """What the MIME entity `raw` says, which was found packed into a part; its files become the mail's."""
        inner = replace(self, raw=raw, clues=Clues(raw))
        body = inner.body(read_head(raw, 0, len(raw), inner.clues), len(raw), depth + 1)
        self.parts, self.text_room, self.html_room = inner.parts, inner.text_room, inner.html_room
        return body

    def read(self, content: bytes, content_type: str, parameters: Mapping[str, str]) -> Body:
        """A text as a body: HTML made safe, plain text without the files that are written into it."""
        if content_type == "text/html":
            body, problems = read_html(content, parameters, self.html_room, self.clues)
            self.html_room -= min(len(content), self.html_room)
        else:
            content, files = files_in_text(content, MAX_ATTACHMENTS) if b"begin" in content else (content, ())
            for file in files:
                self.keep(decode_text(file.name, "")[0], "", file.content)
            body, problems = read_text(content, parameters, self.text_room, self.clues)
            self.text_room -= min(len(content), self.text_room)
            self.note(_pgp_armour(body.text))
        self.note(*problems)
        return body

    def keep(self, name: str, kind: str, content: bytes, *, inline: bool = False, content_id: str = "") -> None:
        """Take a file among the attachments, under a name that no other has."""
        if len(self.attachments) >= MAX_ATTACHMENTS:
            self.note("too many attachments: the rest is left out")
            return
        name = safe_name(decode_words(name))
        kind = kind if _MEDIA_TYPE.fullmatch(kind) else type_of_name(name)
        name = name or made_up_name(kind, content, len(self.attachments) + 1)
        name = unique_name(name, {each.filename for each in self.attachments})
        self.attachments.append(ReadAttachment(name, kind, content, inline, _content_id(content_id)))

    def finished(self, body: Body) -> Body:
        """The mail's body, with what its invitations say, and with what its attachments say where it says nothing."""
        if not body.says_something:
            found = (read() for read in self.spare)
            body = next((each for each in found if each.says_something), body)
        unsaid = [
            each for each in self.invitations if each.split("\n")[0][2:].strip() not in body.text or not body.text
        ]
        return joined([body, *map(Body, unsaid)]) if unsaid else body

    def _single(self, part: Part, depth: int, parent: str) -> Body:
        if part.content_type in OPENED or part.filename.lower() in OPENED_NAMES:
            from chalicelib.adapters.mime.opening import opened

            if (body := opened(self, part, depth)) is not None:
                return body
        elif part.is_text and not (part.filename and parent not in ("", "multipart/alternative")):
            return self._text(part)
        elif part.is_text:
            self.spare.append(partial(self._text, part))
        elif part.content_type == _RESOURCE_FORK and parent == "multipart/appledouble":
            return Body()
        return self._attach(part, parent)

    def _undeclared_boundary(self, part: Part) -> bytes:
        found = _UNDECLARED.search(self.raw, part.head.body_at, min(part.end, part.head.body_at + 4_000))
        return found[1] if found else b""

    def _bodies(self, part: Part, boundary: bytes, depth: int) -> list[Body]:
        bodies: list[Body] = []
        for start, end in _between_boundaries(self.raw, part.head.body_at, part.end, b"--" + boundary):
            if self.parts >= MAX_PARTS:
                self.note("too many parts: the rest is left out")
                break
            bodies.append(self.body(read_head(self.raw, start, end, self.clues), end, depth + 1, part.content_type))
        return bodies

    def _text(self, part: Part) -> Body:
        longest = part.head.body_at + _WIDEST * MAX_TEXT_CHARS
        if part.end > longest and self.raw.find(b"\nbegin ", part.head.body_at, part.end) < 0:
            part = replace(part, end=longest)
        return self.read(self.content(part), part.content_type, part.parameters)

    def _attach(self, part: Part, parent: str) -> Body:
        self.note(_MARKED.get(part.content_type, ""))
        if not self.wants_files:
            return Body()
        content_id = part.head.first("content-id")
        inline = part.disposition == "inline" or (
            bool(content_id) and parent == "multipart/related" and part.disposition != "attachment"
        )
        self.keep(part.filename, part.content_type, self.content(part), inline=inline, content_id=content_id)
        return Body()


def _part(head: Head, end: int, parent: str) -> Part:
    default = "message/rfc822" if parent == "multipart/digest" else "text/plain"
    kind, parameters = read_parameters(head.first("content-type"), default)
    disposition, more = read_parameters(head.first("content-disposition"), "")
    filename = more.get("filename") or parameters.get("name") or ""
    kind = _BEYOND_ASCII.sub("-", kind)
    return Part(kind if _MEDIA_TYPE.fullmatch(kind) else default, parameters, disposition, filename, head, end)


def _content_id(value: str) -> str:
    return _UNPRINTABLE.sub("", value).strip("<>")[:_LONGEST_CONTENT_ID]


def _pgp_armour(text: str) -> str:
    if "-----BEGIN PGP MESSAGE-----" in text:
        return "encrypted with PGP: shown as it came"
    return "signed with PGP: the signature was not checked" if "-----BEGIN PGP SIGNED MESSAGE-----" in text else ""


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
                part_at = -1  # what goes on after the end is no part, unless it says that it is one
        at = _next_line_with(raw, mark, line_end, end)
    if part_at >= 0:
        yield part_at, end


def _next_line_with(raw: bytes, mark: bytes, start: int, end: int) -> int:
    """Where the next line after `start` begins that begins with `mark`, or -1."""
    found = raw.find(b"\n" + mark, start, end)
    return found + 1 if found >= 0 else -1
