"""Says in plain text what sanitized HTML says."""

import re
from html import unescape

_BLOCKS = frozenset(
    {
        *("address", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p"),
        *("pre", "table", "tr", "ul", "caption"),
    }
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote"})
_DEEPEST_QUOTE = 10


_TOKEN = re.compile(r'<(/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>|([^<]+)')  # as the sanitizer writes them
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


class _TextOfHtml:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self._quotes = self._preformatted = 0
        self._links: list[tuple[str, int]] = []
        self._numbers: list[int] = []  # of the items in the lists around, 0 in one without numbers

    def read(self, html: str) -> None:
        for closing, tag, attributes, text in _TOKEN.findall(html):
            if text:
                self._data(unescape(text) if "&" in text else text)
            elif closing:
                self._end(tag)
            else:
                self._start(tag, attributes)

    def _start(self, tag: str, attributes: str) -> None:
        if tag in _BLOCKS or tag == "blockquote":
            self._break(blank=tag in _SPACED)
        if tag == "br":
            self._end_line()
        elif tag == "li":
            self._line.append(self._bullet())
        elif tag in ("ol", "ul"):
            self._numbers.append(int(tag == "ol"))
        elif tag == "a":
            self._links.append((_attribute(attributes, "href"), len(self._line)))
        elif tag == "img":
            said = " ".join(_attribute(attributes, "alt").split())
            self._line.append(f"[{said}]" if said else "")
        self._count(tag, 1)

    def _bullet(self) -> str:
        if not self._numbers or not self._numbers[-1]:
            return "- "
        self._numbers[-1] += 1
        return f"{self._numbers[-1] - 1}. "

    def _end(self, tag: str) -> None:
        if tag in ("ol", "ul"):
            self._numbers = self._numbers[:-1]
        if tag in ("td", "th"):
            self._line.append(" ")
        elif tag == "a" and self._links:
            self._name_target(*self._links.pop())
        elif tag in _BLOCKS or tag == "blockquote":
            self._break(blank=False)
            self._count(tag, -1)
            self._break(blank=tag in _SPACED)

    def _data(self, data: str) -> None:
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
    reader.read(html)
    return reader.text()


def _attribute(attributes: str, name: str) -> str:
    return unescape(dict(_ATTRIBUTE.findall(attributes)).get(name, "")) if attributes else ""
