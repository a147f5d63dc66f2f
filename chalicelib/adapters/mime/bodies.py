"""What the texts of a mail say, and how those of several parts are put together."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from chalicelib.adapters.mime.charsets import NO_CLUES, Clues, decode_text
from chalicelib.adapters.mime.html_text import text_of_html
from chalicelib.adapters.mime.quoted_html import has_marks, said_in_html
from chalicelib.adapters.mime.safe_html import clean_html, ready_to_show, without_large_pictures
from chalicelib.domain.quoted_reply import newly_said

_CHARSET_IN_HTML = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([\w-]{1,40})""")


class Body:
    """What a part says: as plain text, and as safe HTML where it came as HTML.

    HTML is put into plain text when that is asked for: of most mails it never is, since they bring their own.
    """

    __slots__ = ("_is_plain", "_text", "html", "outside")

    def __init__(
        self, text: str | Callable[[], str] = "", html: str = "", outside: Callable[[], str] | None = None
    ) -> None:
        """`text` may be what finds it, and `outside` finds what the HTML says outside of what it marks as quoted."""
        self._text = text
        self.html = html
        self.outside = outside
        self._is_plain = isinstance(text, str)

    @property
    def text(self) -> str:
        """The plain text; "" where nothing is said."""
        if not isinstance(self._text, str):
            self._text = self._text()
        return self._text

    @property
    def newly_said(self) -> str:
        """What the writer added to the conversation: by the plain text, else by the marks in the HTML.

        Marks are looked for where they can tell more: in HTML that came alone, or whose plain text quotes nothing.
        """
        if self.outside is None:
            return newly_said(self.text)
        said = newly_said(self.text) if self._is_plain else ""
        if said and said != self.text.strip():
            return said
        return newly_said(self.outside() or self.text)

    @property
    def says_something(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.html or self.text.strip())


def read_text(
    content: bytes, parameters: Mapping[str, str], room: int, clues: Clues = NO_CLUES
) -> tuple[Body, tuple[str, ...]]:
    """A text part's body, and what was wrong with it.

    `parameters` are those of its Content-Type; what is beyond `room` characters is left out.
    """
    text, problems = _cut(*decode_text(content, parameters.get("charset", ""), clues), room)
    return Body(_unflowed(text, parameters)), problems


def read_html(
    content: bytes, parameters: Mapping[str, str], room: int, clues: Clues = NO_CLUES
) -> tuple[Body, tuple[str, ...]]:
    """An HTML part's body, and what was wrong with it; otherwise as `read_text`.

    The charset that the HTML itself names counts where its Content-Type names none, or only US-ASCII.
    """
    declared = parameters.get("charset", "")
    if declared.lower() in ("", "us-ascii") and (meta := _CHARSET_IN_HTML.search(content[:2048])):
        declared = meta[1].decode("ascii")
    html, problem = decode_text(content, declared, clues)
    html, problems = _cut(without_large_pictures(html), problem, room)
    clean = clean_html(html)
    if clean or not html.strip():
        outside = partial(said_in_html, html) if has_marks(html) else None
        return Body(partial(text_of_html, clean), ready_to_show(clean), outside), problems
    text = re.sub(r"<[^<>]{0,2000}>", " ", html).strip()
    return Body(text), (*problems, "the HTML could not be shown safely: only its text is kept" if text else "")


def _cut(text: str, problem: str, room: int) -> tuple[str, tuple[str, ...]]:
    problems = (problem, "a text is too long: cut" if len(text) > room else "")
    return text[:room].replace("\r\n", "\n").replace("\r", "\n"), problems


def chosen(bodies: list[Body]) -> Body:
    """Of alternatives: the plain one as text, the last one that has HTML as HTML (RFC 2046, 5.1.4)."""
    plain = next((each.text for each in bodies if not each.html and each.text.strip()), "")
    html = next((each for each in reversed(bodies) if each.html), Body())
    return Body(plain, html.html, html.outside) if plain else html


def joined(bodies: list[Body]) -> Body:
    """Of parts that follow each other: all of them, as HTML too where one of them has it."""
    said = [each for each in bodies if each.says_something]
    if len(said) == 1:
        return said[0]
    html = "\n".join(each.html or _escaped(each.text) for each in said) if any(each.html for each in said) else ""
    return Body(lambda: "\n\n".join(each.text.strip("\n") for each in said if each.text.strip()), html)


def _escaped(text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<pre>{safe}</pre>"


def _unflowed(text: str, parameters: Mapping[str, str]) -> str:
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
