"""Turns the bytes of a received mail into an InboundEmail, whatever the bytes are.

The parts are found here, by position, rather than by the standard library's parser: that one builds the whole tree
of a hostile mail, recursing as deep as the mail likes. Every loop below is bounded by a limit or by the length
of the mail, and a limit that is hit leaves a word in `problems`.
"""

import binascii
import codecs
import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import collapse_rfc2231_value, parsedate_to_datetime
from html.parser import HTMLParser
from itertools import islice
from mimetypes import MimeTypes
from typing import Final, NamedTuple

from chalicelib.domain.automatic_mail import automatic_reason
from chalicelib.domain.email import Address, InboundEmail, ReadAttachment, address_parts, mailbox_in, message_ids_in
from chalicelib.domain.quoted_reply import newly_said

MAX_DEPTH: Final = 32  # levels of multipart within multipart
MAX_PARTS: Final = 1_000
MAX_HEAD_BYTES: Final = 256 * 1024  # of the header lines of the mail, and of each part
MAX_FIELDS: Final = 2_000  # header lines that are looked at
MAX_ADDRESSES: Final = 500  # per header
MAX_TEXT_CHARS: Final = 1_000_000  # of a text or HTML part
MAX_ELEMENTS: Final = 10_000  # HTML elements that can nest: the sanitizer's time grows with the square of the depth
MAX_CLOSINGS: Final = 40_000  # HTML closing tags: each may search through all that is open
MAX_HEADER_CHARS: Final = 8_192  # of a header with parameters
UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)

_FAILURES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)
_HASHED = ("from", "to", "date", "subject")
_BODY_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/markdown"})
_KEPT_CLOSED = {
    "application/ms-tnef": "an Outlook container (winmail.dat) is kept unopened",
    "application/vnd.ms-tnef": "an Outlook container (winmail.dat) is kept unopened",
    "application/pkcs7-mime": "encrypted or signed with S/MIME: kept as an attachment",
    "application/x-pkcs7-mime": "encrypted or signed with S/MIME: kept as an attachment",
    "application/pgp-encrypted": "encrypted with PGP: kept as an attachment",
}
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "application/ms-tnef": ".dat",
    **dict.fromkeys(("image/jpeg", "image/jpg", "image/pjpeg"), ".jpg"),
    **dict.fromkeys(("message/delivery-status", "message/feedback-report", "message/disposition-notification"), ".txt"),
}

# ---------------------------------------------------------------- bytes to text

_SUPERSETS = {
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "euc-cn"), "gb18030"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr", "ks_c_5601", "ksc5601"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis", "sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("iso-8859-1", "latin1", "iso8859-1", "us-ascii", "ascii", "ansi_x3.4-1968"), "cp1252"),
    **dict.fromkeys(("iso-2022-jp", "iso-2022-jp-ms", "cp50220"), "iso2022_jp_ext"),
    **dict.fromkeys(("unicode-1-1-utf-7", "unicode-2-0-utf-7", "x-unicode-2-0-utf-7"), "utf-7"),
    **dict.fromkeys(("utf8mb4", "unicode", "x-utf-8"), "utf-8"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e"), "iso-8859-8"),
    "big5": "big5hkscs",
    "x-mac-roman": "mac_roman",
    "windows-874": "cp874",
    "iso-8859-9": "cp1254",
}
_NOT_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
_GUESSES = (
    *("gb18030", "big5", "cp932", "euc_jp", "cp949", "koi8_r", "cp1251", "cp1252", "cp1250", "cp1253", "cp1254"),
    *("cp1255", "cp1256", "iso8859_2", "tis_620"),
)
_RUN_OF_HIGH_BYTES = re.compile(rb"[\x80-\xff]{3,}")
_UNTYPABLE = re.compile("[\x00\ud800-\udfff]")


def decode_text(data: bytes, declared: str) -> tuple[str, str]:
    """The text in `data`, and a problem or "". `declared` is the charset that the mail names, or "".

    What is valid UTF-8 beyond ASCII is UTF-8 whatever a mail claims in a one-byte charset: chance does not make it.
    """
    text, problem = _decode(data, declared.strip().strip("\"'").lower())
    return _UNTYPABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text), problem


def _decode(data: bytes, declared: str) -> tuple[str, str]:
    charset = _SUPERSETS.get(declared, declared)
    if b"\x1b$" in data and charset in ("", "cp1252", "utf-8"):
        charset = "iso2022_jp_ext"
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-16"
    one_byte = charset in ("", "cp1252", "cp1254") or charset.startswith(("iso-8859", "windows-125"))
    for candidate in ("utf-8", charset) if one_byte else (charset, "utf-8"):
        with contextlib.suppress(LookupError, ValueError):
            if candidate and candidate.replace("_", "-") not in _NOT_CHARSETS:
                expected = candidate == charset or one_byte or data.isascii()
                return data.decode(candidate), "" if expected else f"declared as {declared[:40]}, read as UTF-8"
    return _guessed(data, charset, declared)


def _guessed(data: bytes, charset: str, declared: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    with contextlib.suppress(LookupError, ValueError):
        almost = data.decode(charset, "replace") if charset.replace("_", "-") not in _NOT_CHARSETS else ""
        if almost and almost.count("\ufffd") * 50 <= len(almost):
            return almost, f"some characters are not valid {declared[:40]}"
    if len(data) < 200 and len(_RUN_OF_HIGH_BYTES.sub(b"", data)) == len(data):
        return data.decode("cp1252", "replace"), f"charset {declared[:40] or 'not declared'}: read as cp1252"
    best = from_bytes(data[: 64 * 1024], cp_isolation=list(_GUESSES)).best()
    guess = best.encoding if best else "cp1252"
    return data.decode(guess, "replace"), f"charset {declared[:40] or 'not declared'}: read as {guess}"


_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=(\s{1,80}(?==\?))?")


def decode_words(text: str) -> str:
    """`text` with its encoded words decoded (RFC 2047), also where a character is split between two words."""
    out: list[str] = []
    pending, charset, end = b"", "", 0
    for word in _WORD.finditer(text):
        name = word[1].split("*")[0].lower()
        if pending and (name != charset or word.start() != end):
            out.append(decode_text(pending, charset)[0])
            pending = b""
        out.append(text[end : word.start()])
        pending, charset, end = pending + _word_bytes(word[2], word[3]), name, word.end()
    out.append(decode_text(pending, charset)[0])
    return "".join(out) + text[end:]


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "bB":
        return _unbase64(data)
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


def _unbase64(data: bytes) -> bytes:
    clean = data.translate(None, _NOT_BASE64)
    whole = len(clean) - (len(clean) % 4 == 1)
    return binascii.a2b_base64(clean[:whole] + b"=" * (-whole % 4))


def _unencoded(data: bytes, encoding: str) -> bytes:
    """Undoes a Content-Transfer-Encoding (RFC 2045, 6); what is not really encoded stays as it is."""
    name = encoding.split(";")[0].strip().lower()
    if name == "base64":
        return _unbase64(data) if data.strip() else b""
    if name.replace(" ", "") == "quoted-printable":
        return binascii.a2b_qp(data)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecoded(data)
    return data


def _uudecoded(data: bytes) -> bytes:
    begin = re.search(rb"(?m)^begin [0-7]{3,4} [^\n]*\n", data)
    if not begin:
        return data
    out = bytearray()
    for line in data[begin.end() :].split(b"\n"):
        if line.strip() in (b"end", b"`", b""):
            break
        with contextlib.suppress(binascii.Error):
            out += binascii.a2b_uu(line.rstrip(b"\r"))
    return bytes(out)


# ---------------------------------------------------------------- HTML

_TAGS = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col"),
        *("colgroup", "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i"),
        *("img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub"),
        *("sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr"),
    }
)
_TAGS_WITH_CONTENT = frozenset(
    {"script", "style", "title", "template", "noscript", "textarea", "select", "svg", "math"}
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "width"},
    "th": {"colspan", "rowspan", "width"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
}
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_OWN_IMAGE = re.compile(r"(?:cid:|data:image/(?:png|gif|jpeg|webp);base64,)", re.IGNORECASE)
_NESTING_ELEMENT = re.compile(r"<(?!(?:p|br|img|hr|td|tr|th|li|dd|dt|col|option|meta|link|input)\b)[a-zA-Z]")
_BLOCKS = frozenset(
    {
        *("address", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p"),
        *("pre", "table", "tr", "ul", "caption"),
    }
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote"})
_DEEPEST_QUOTE = 10


def safe_html(html: str) -> str:
    """The part of `html` that can do no harm: no script, style, form or remote picture; web and mail links only.

    A mail that nests without bounds yields "", and only its text is shown.
    """
    import nh3

    if html.count("</") > MAX_CLOSINGS or sum(1 for _ in _NESTING_ELEMENT.finditer(html)) > MAX_ELEMENTS:
        return ""
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_TAGS_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_safe_attribute,
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto", "cid", "data"},
        url_relative="deny",
    )


def _safe_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if _LINK.match(value) else None
    if attribute == "src":
        return value if tag == "img" and _OWN_IMAGE.match(value) else None
    return value


class _TextOfHtml(HTMLParser):
    """Reads sanitized, hence well-formed, HTML: the parser's time is in proportion to it only then."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line: list[str] = []
        self._quotes = self._preformatted = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag == "blockquote":
            self._break(blank=tag in _SPACED)
        if tag == "br":
            self._end_line()
        elif tag == "li":
            self._line.append("- ")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._line)))
        elif tag == "img":
            self._line.append(f"[{dict(attrs).get('alt')}]" if dict(attrs).get("alt") else "")
        self._count(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._line.append(" ")
        elif tag == "a" and self._links:
            self._name_target(*self._links.pop())
        elif tag in _BLOCKS or tag == "blockquote":
            self._break(blank=False)
            self._count(tag, -1)
            self._break(blank=tag in _SPACED)

    def handle_data(self, data: str) -> None:
        if not self._preformatted:
            self._line.append(re.sub(r"\s+", " ", data))
            return
        first, *others = data.split("\n")
        self._line.append(first)
        for line in others:
            self._end_line()
            self._line.append(line)

    def text(self) -> str:
        self._break(blank=False)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")

    def _count(self, tag: str, step: int) -> None:
        self._quotes = max(0, self._quotes + step * (tag == "blockquote"))
        self._preformatted = max(0, self._preformatted + step * (tag == "pre"))

    def _name_target(self, href: str, since: int) -> None:
        shown = "".join(self._line[since:]).strip()
        target = href.removeprefix("mailto:")
        if target and shown and target.rstrip("/") not in (shown, f"http://{shown}", f"https://{shown}"):
            self._line.append(f" ({target})")

    def _break(self, *, blank: bool) -> None:
        if "".join(self._line).strip():
            self._end_line()
        self._line, self._links = [], [(href, 0) for href, _ in self._links[-5:]]
        if blank and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * min(self._quotes, _DEEPEST_QUOTE))

    def _end_line(self) -> None:
        line = "".join(self._line)
        line = line.rstrip() if self._preformatted else re.sub(r" {2,}", " ", line).strip()
        self.lines.append("> " * min(self._quotes, _DEEPEST_QUOTE) + line)
        self._line, self._links = [], [(href, 0) for href, _ in self._links[-5:]]


def text_of_html(html: str) -> str:
    """What sanitized `html` says: a line per block, links as "text (address)", quotes behind "> "."""
    reader = _TextOfHtml()
    reader.feed(html)
    reader.close()
    return reader.text()


# ---------------------------------------------------------------- header lines

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_KNOWN_FIELD = re.compile(
    rb"(?i)(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]{1,60}|received|reply-to|return-path|"
    rb"x-[!-9;-~]{1,100})[ \t]{0,9}:"
)
Fields = list[tuple[str, str]]


class _Head(NamedTuple):
    fields: Fields
    raw: dict[str, bytes]
    body_at: int
    problems: tuple[str, ...]


def _read_head(raw: bytes, start: int, end: int) -> _Head:
    """The header lines from `start`, and where the body begins: at the blank line, or where no header line is left."""
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return _Head([], {}, raw.index(b"\n", start, end) + 1, ())
    blank = _blank_line(raw, start, end)
    stop = min(blank, start + MAX_HEAD_BYTES)
    problems = ["the headers are too long: cut"] if stop < blank else []
    found: list[tuple[str, list[bytes]]] = []
    at = start
    lines = raw[start:stop].split(b"\n")
    last = max((n for n, line in enumerate(lines) if _KNOWN_FIELD.match(line)), default=-1)
    for number, line in enumerate(lines):
        field_line = _FIELD.match(line)
        if found and (line[:1] in (b" ", b"\t") or (not field_line and found[-1][1][-1].endswith(b";"))):
            found[-1][1].append(line.strip())
        elif field_line and len(found) < MAX_FIELDS:
            found.append((field_line[1].decode("ascii").lower(), [field_line[2].strip()]))
        elif not field_line and not (number == 0 and line.startswith((b"From ", b">From "))):
            if number > last or not found:
                return _Head(*_fields(found), min(at, end), (*problems, "no blank line between headers and text"))
            problems.append("a header line is malformed")
        at += len(line) + 1
    if len(found) == MAX_FIELDS:
        problems.append("too many headers: cut")
    body_at = blank if blank == end else raw.index(b"\n", blank + 1, end) + 1
    return _Head(*_fields(found), body_at, tuple(dict.fromkeys(problems)))


def _blank_line(raw: bytes, start: int, end: int) -> int:
    """Where the line before the first blank one ends; `end` when there is none."""
    for reach in (min(start + MAX_HEAD_BYTES, end), end):
        places = [raw.find(mark, start, reach) for mark in (b"\n\n", b"\n\r\n")]
        if max(places) >= 0:
            return min(place for place in places if place >= 0)
    return end


def _fields(found: Iterable[tuple[str, list[bytes]]]) -> tuple[Fields, dict[str, bytes]]:
    lines = [(name, b" ".join(pieces)) for name, pieces in found]
    raw = dict(reversed(lines))
    hint = re.search(rb"(?i)charset\s?=\s?\"?([\w-]{1,40})", raw.get("content-type", b""))
    charset = hint[1].decode("ascii").lower() if hint else ""
    charset = "" if charset.startswith(("utf", "unicode")) else charset
    return [
        (name, decode_text(value, "" if value.isascii() else charset)[0].replace("\r", " ")) for name, value in lines
    ], raw


def _all(fields: Fields, name: str) -> Iterator[str]:
    return (value for key, value in fields if key == name)


def _first(fields: Fields, name: str) -> str:
    return next(_all(fields, name), "")


def _parameters(value: str, main: str) -> tuple[str, dict[str, str]]:
    """A header such as Content-Type: its value in lower case, and its parameters, decoded (RFC 2231)."""
    holder = Message()
    holder["X"] = value[:MAX_HEADER_CHARS]
    found: dict[str, str] = {}
    with contextlib.suppress(*_FAILURES):
        for name, given in (holder.get_params(header="X") or [])[1:]:
            text = decode_words(collapse_rfc2231_value(given))
            found.setdefault(name.lower(), _UNTYPABLE.sub("", text))
    plain = value.split(";")[0].strip().lower()
    return plain or main, found


def read_addresses(values: Iterable[str]) -> tuple[Address, ...]:
    """The mailboxes in address headers (RFC 5322, 3.4), each once, in order, with decoded names."""
    found: dict[str, Address] = {}
    for part in islice((part for value in values for part in address_parts(value)), 4 * MAX_ADDRESSES):
        if part.strip():
            address = _address(part[:2_000]) or _address(decode_words(part[:2_000]))
            if address and len(found) < MAX_ADDRESSES:
                found.setdefault(address.email, address)
    return tuple(found.values())


_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*+\)")


def _address(part: str) -> Address | None:
    plain = part if '"' in part else _COMMENT.sub("", part)
    before, bracket, inside = plain.rpartition("<")
    email = mailbox_in("".join(inside.split(">")[0].rpartition(":")[2].split()) if bracket else plain)
    if not email:
        return None
    comment = _COMMENT.search(part)
    name = before if bracket else (comment[0][1:-1] if comment else "")
    return Address(email, _visible(decode_words(name.strip().strip("\"'").replace('\\"', '"'))))


def _visible(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+", " ", text).strip()


def read_date(value: str) -> datetime | None:
    """A Date header in UTC, or None. A date without a zone is taken to be in UTC (RFC 5322, 3.3: "-0000")."""
    try:
        date = parsedate_to_datetime(re.sub(r"\([^()]*\)|(?<=:) +| +(?=:)", "", value[:200]))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except _FAILURES:
        return None


def read_verdicts(fields: Fields) -> dict[str, str]:
    """What SES judged, from the header lines that it puts on top; later ones of the same name are the sender's.

    (AWS: "Amazon SES email receiving: email authentication and headers"; RFC 8601 for Authentication-Results.) Where
    a result is named twice, one may have come in through a quoted address: then the worse one counts, but for DKIM,
    where each signature has its own and one good one is enough.
    """
    verdicts = {kind: _first(fields, f"x-ses-{kind}-verdict").strip().lower()[:40] for kind in ("spam", "virus")}
    results = next((v for v in _all(fields, "authentication-results") if v.lower().startswith("amazonses.com;")), "")
    bare = re.sub(r'\([^()]*\)|"[^"]*"', "", results)
    for kind in ("spf", "dkim", "dmarc"):
        said = [each.lower() for each in re.findall(rf"(?i);\s*{kind}\s*=\s*([a-z]{{1,20}})", bare)]
        failed = [each for each in said if each != "pass"]
        verdicts[kind] = (
            ("pass" if "pass" in said else "".join(said[:1])) if kind == "dkim" else (failed or said or [""])[0]
        )
    return {kind: verdict for kind, verdict in verdicts.items() if verdict}


# ---------------------------------------------------------------- parts


class _Body(NamedTuple):
    text: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    head: _Head
    end: int

    @property
    def is_text(self) -> bool:
        return self.content_type in _BODY_TYPES and self.disposition != "attachment"


@dataclass(slots=True)
class _Walk:
    """One reading of one mail: gathers attachments and problems while the bodies are put together."""

    raw: bytes
    attachments: list[ReadAttachment] = field(default_factory=list)
    problems: dict[str, None] = field(default_factory=dict)
    parts: int = 0

    def note(self, *problems: str) -> None:
        self.problems.update(dict.fromkeys(each for each in problems if each))

    def body(self, head: _Head, end: int, depth: int = 0, parent: str = "") -> _Body:
        part = self._part(head, end, parent)
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

    def _part(self, head: _Head, end: int, parent: str) -> _Part:
        default = "message/rfc822" if parent == "multipart/digest" else "text/plain"
        kind, parameters = _parameters(_first(head.fields, "content-type"), default)
        disposition, more = _parameters(_first(head.fields, "content-disposition"), "")
        filename = more.get("filename") or parameters.get("name") or ""
        well_formed = re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind)
        return _Part(kind if well_formed else default, parameters, disposition, filename, head, end)

    def _unnamed_boundary(self, part: _Part) -> str:
        found = re.match(
            rb"\s{0,20}--([!-~]{1,70})\s", self.raw[part.head.body_at : min(part.end, part.head.body_at + 200)]
        )
        return found[1].decode("ascii") if found else ""

    def _multipart(self, part: _Part, boundary: bytes, depth: int) -> _Body:
        kind = part.content_type
        bodies: list[_Body] = []
        for start, end in _between_boundaries(self.raw, part.head.body_at, part.end, b"--" + boundary):
            if self.parts >= MAX_PARTS:
                self.note("too many parts: the rest is left out")
                break
            head = _read_head(self.raw, start, end)
            bodies.append(self.body(head, end, depth + 1, kind))
        if not bodies:
            self.note("multipart without parts")
            return self._text(part)
        return _chosen(bodies) if kind == "multipart/alternative" else _joined(bodies)

    def _text(self, part: _Part) -> _Body:
        data = self._content(part)
        declared = part.parameters.get("charset", "")
        if part.content_type == "text/html":
            meta = re.search(rb"""charset\s{0,9}=\s{0,9}["']?([\w-]{1,40})""", data[:2048])
            text, problem = decode_text(data, declared or (meta[1].decode("ascii") if meta else ""))
        else:
            text, problem = decode_text(data, declared)
        self.note(problem, "a text is too long: cut" if len(text) > MAX_TEXT_CHARS else "")
        text = text[:MAX_TEXT_CHARS].replace("\r\n", "\n").replace("\r", "\n")
        if part.content_type == "text/html":
            return self._html(text)
        return _Body(_unflowed(text, part.parameters))

    def _html(self, html: str) -> _Body:
        safe = safe_html(html)
        if safe or not html.strip():
            return _Body(text_of_html(safe), safe)
        text = re.sub(r"<[^<>]{0,2000}>", " ", html).strip()
        self.note("the HTML could not be shown safely: only its text is kept" if text else "")
        return _Body(text)

    def _content(self, part: _Part) -> bytes:
        encoding = _first(part.head.fields, "content-transfer-encoding")
        if part.content_type.startswith(("message/", "multipart/")) and "base64" not in encoding.lower():
            return self.raw[part.head.body_at : part.end]
        return _unencoded(self.raw[part.head.body_at : part.end], encoding)

    def _attach(self, part: _Part, parent: str) -> _Body:
        self.note(_KEPT_CLOSED.get(part.content_type, ""))
        content = self._content(part)
        content_id = _first(part.head.fields, "content-id").strip(" <>")[:250]
        inline = part.disposition == "inline" or (
            bool(content_id) and parent == "multipart/related" and part.disposition != "attachment"
        )
        name = self._unique(_safe_name(part.filename) or self._made_up_name(part.content_type, content))
        self.attachments.append(ReadAttachment(name, part.content_type, content, inline, content_id))
        return _Body()

    def _made_up_name(self, kind: str, content: bytes) -> str:
        if kind == "message/rfc822":
            subject = _safe_name(decode_words(_first(_read_head(content, 0, len(content)).fields, "subject"))[:80])
            if subject:
                return f"{subject}.eml"
        extension = (
            _EXTENSIONS.get(kind) or MimeTypes().guess_extension(kind) or (".txt" if kind[:5] == "text/" else ".bin")
        )
        return f"attachment-{len(self.attachments) + 1}{extension}"

    def _unique(self, name: str) -> str:
        taken = {each.filename for each in self.attachments}
        stem, dot, extension = name.rpartition(".")
        tries = (f"{stem or name}-{n}{dot + extension if stem else ''}" for n in range(2, len(taken) + 3))
        return name if name not in taken else next(each for each in tries if each not in taken)


def _between_boundaries(raw: bytes, start: int, end: int, mark: bytes) -> Iterator[tuple[int, int]]:
    """The stretches between lines that are `mark`, up to the closing one or to the end (RFC 2046, 5.1.1)."""
    part_at = -1
    at = raw.find(mark, start, end)
    while at >= 0:
        line_end = raw.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end
        rest = raw[at + len(mark) : min(line_end, at + len(mark) + 200)].strip()
        if (at == start or raw[at - 1] == 10) and rest in (b"", b"--"):
            if part_at >= 0:
                yield part_at, max(part_at, at - 1 - (raw[at - 2 : at - 1] == b"\r"))
            part_at = min(line_end + 1, end)
            if rest == b"--":
                return
        at = raw.find(mark, max(at + 1, min(line_end, at + len(mark))), end)
    if part_at >= 0:
        yield part_at, end


def _chosen(bodies: list[_Body]) -> _Body:
    """Of alternatives: the plain one as text, the last one that has HTML as HTML (RFC 2046, 5.1.4)."""
    plain = next((each.text for each in bodies if each.text.strip() and not each.html), "")
    html = next((each for each in reversed(bodies) if each.html), _Body())
    return _Body(plain or html.text, html.html)


def _joined(bodies: list[_Body]) -> _Body:
    text = "\n\n".join(each.text.strip("\n") for each in bodies if each.text.strip())
    if not any(each.html for each in bodies):
        return _Body(text)
    return _Body(text, "\n".join(each.html or _escaped(each.text) for each in bodies if each.html or each.text.strip()))


def _escaped(text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<pre>{safe}</pre>"


def _unflowed(text: str, parameters: dict[str, str]) -> str:
    """Joins the lines that a sender broke only for the wire (RFC 3676, 4)."""
    if parameters.get("format", "").lower() != "flowed":
        return text
    space_is_content = parameters.get("delsp", "").lower() != "yes"
    lines: list[list[str]] = []
    open_quote: str | None = None
    for line in text.split("\n"):
        bare = line.lstrip(">")
        quote, bare = ">" * (len(line) - len(bare)), bare.removeprefix(" ")
        flows = bare.endswith(" ") and bare != "-- "
        piece = bare if not flows or space_is_content else bare[:-1]
        if open_quote == quote and bare != "-- ":
            lines[-1].append(piece)
        else:
            lines.append([f"{quote} {piece}" if quote else piece])
        open_quote = quote if flows else None
    return "\n".join("".join(pieces) for pieces in lines)


def _safe_name(name: str) -> str:
    """A file name without folders, control characters and tricks of direction, of at most 150 characters."""
    bare = re.split(r"[/\\]", _visible(_UNTYPABLE.sub("", name)))[-1]
    bare = " ".join(re.sub(r'[<>:"|?*]', "_", bare).split()).strip(". ")
    stem, dot, extension = bare.rpartition(".")
    return bare if len(bare) <= 150 else f"{stem[:120]}{dot}{extension[:20]}" if stem else bare[:150]


# ---------------------------------------------------------------- the whole mail


def read_email(raw: bytes) -> InboundEmail:
    """Reads a mail as SES stores it: never raises, whatever the bytes are; what went wrong stands in `problems`."""
    try:
        return _read(raw)
    except _FAILURES as failure:
        text = decode_text(raw[:MAX_TEXT_CHARS], "utf-8")[0]
        problem = f"could not be taken apart ({type(failure).__name__}): shown as it came"
        digest = hashlib.sha256(raw).hexdigest()
        return InboundEmail(
            sender=None, date=UNDATED, text=text, newly_said=text, problems=(problem,), content_hash=digest
        )


def _read(raw: bytes) -> InboundEmail:
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    head = _read_head(raw, 0, len(raw))
    walk = _Walk(raw)
    walk.note(*head.problems)
    body = walk.body(head, len(raw))
    fields = head.fields
    envelope_sender = _envelope_sender(fields)
    sender = _sender(fields, envelope_sender, walk)
    subject = _visible(" ".join(decode_words(_first(fields, "subject")[:10_000]).split()))
    headers = dict(reversed(fields))
    return InboundEmail(
        sender=sender,
        reply_to=read_addresses(_all(fields, "reply-to")),
        to=read_addresses(_all(fields, "to")),
        cc=read_addresses(_all(fields, "cc")),
        envelope_sender=envelope_sender,
        envelope_recipients=_envelope_recipients(fields),
        subject=subject,
        date=_date(fields, walk),
        message_id=next(iter(message_ids_in(_first(fields, "message-id"))), ""),
        in_reply_to=message_ids_in(_first(fields, "in-reply-to")),
        references=message_ids_in(" ".join(_all(fields, "references"))),
        text=body.text,
        html=body.html,
        newly_said=newly_said(body.text),
        attachments=tuple(walk.attachments),
        automatic=automatic_reason(headers, sender, envelope_sender, subject, headers.get("content-type", "")),
        verdicts=read_verdicts(fields),
        problems=tuple(walk.problems),
        content_hash=_content_hash(raw, head),
    )


def _envelope_sender(fields: Fields) -> str | None:
    path = next(_all(fields, "return-path"), None)
    return None if path is None else mailbox_in(path)


def _envelope_recipients(fields: Fields) -> tuple[str, ...]:
    found = re.search(r"\bfor\s{1,20}([^\s;]{3,330})", _first(fields, "received")[:4_000])
    mailbox = mailbox_in(found[1]) if found else ""
    return (mailbox,) if mailbox else ()


def _sender(fields: Fields, envelope_sender: str | None, walk: _Walk) -> Address | None:
    named = read_addresses(_all(fields, "from"))
    if named:
        walk.note("several senders: the first one counts" if len(named) > 1 else "")
        return named[0]
    for source in ("sender", "reply-to"):
        if others := read_addresses(_all(fields, source)):
            walk.note(f"no sender in From: taken from {source.title()}")
            return others[0]
    walk.note("no sender in From: taken from the envelope" if envelope_sender else "no sender")
    return Address(envelope_sender) if envelope_sender else None


def _date(fields: Fields, walk: _Walk) -> datetime:
    if date := read_date(_first(fields, "date")):
        return date
    walk.note("no usable date")
    return read_date(_first(fields, "received").rpartition(";")[2].strip()) or UNDATED


def _content_hash(raw: bytes, head: _Head) -> str:
    """Of who wrote what to whom and when, but not of the trace lines and line ends that each way adds."""
    digest = hashlib.sha256()
    for name in _HASHED:
        digest.update(b"%s:%s\n" % (name.encode("ascii"), b" ".join(head.raw.get(name, b"").split())))
    for at in range(head.body_at, len(raw), 1 << 20):
        digest.update(raw[at : min(at + (1 << 20), len(raw))].translate(None, b"\r"))
    return digest.hexdigest()
