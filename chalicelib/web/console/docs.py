"""The desk's own documentation as pages, so that every setting can link to what is written about it.

It is written in a small part of Markdown (CommonMark 0.31, and tables as GitHub writes them): headings, paragraphs,
lists, tables, indented code, and within lines code, bold words and links. Headings, rows and paragraphs that begin with
a name in code can be linked to by it. Nothing in it comes from outside, and all of it is escaped nevertheless.
"""

import re
from functools import cache
from html import escape
from pathlib import Path

from chalicelib.domain.errors import NotFound
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import page

PACKAGED, WRITTEN = Path(__file__).parent / "docs", Path(__file__).parents[3] / "docs"
"""Where it lies in a package, and where in the sources."""

NAME = re.compile(r"[a-z]{2,20}")
BLOCK = re.compile(r"\n[ \t]*\n")
ITEM = re.compile(r"(?:- |\d+\. )")
CODE = re.compile(r"`([^`]+)`")
INLINE = re.compile(r"`([^`]+)`|\[((?:`[^`]*`|[^\]`])+)\]\(([^)\s]+)\)")


def show(call: Call) -> Answer:
    """Show a page of it. Raises NotFound for one that there isn't."""
    chosen = call.path["name"]
    return page(
        call,
        "docs.html",
        title=title_of(chosen),
        body=html_of(chosen, call.root),
        chosen=chosen,
        names=names(),
        titles={name: title_of(name) for name in names()},
    )


@cache
def names() -> tuple[str, ...]:
    """Give the names of all pages."""
    return tuple(sorted(path.stem for path in _folder().glob("*.md")))


@cache
def source_of(name: str) -> str:
    """Give a page as it is written. Raises NotFound."""
    path = _folder() / f"{name}.md"
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound("there is no such page", "name")
    return path.read_text(encoding="utf-8")


def title_of(name: str) -> str:
    """Give a page's title. Raises NotFound."""
    return source_of(name).partition("\n")[0].lstrip("# ")


def _folder() -> Path:
    return PACKAGED if PACKAGED.is_dir() else WRITTEN


@cache
def html_of(name: str, root: str) -> str:
    """Give a page's HTML; `root` stands before every address of the desk. Raises NotFound."""
    _, _, rest = source_of(name).partition("\n")
    page_ = _Page(f"{root}/console/docs")
    blocks = (block.strip("\n") for block in BLOCK.split(rest) if block.strip())
    return "\n".join(page_.block(block) for block in blocks)


class _Page:
    """One page as it is put into HTML; it knows which names can be linked to already."""

    def __init__(self, here: str) -> None:
        self._here = here
        self._ids: set[str] = set()

    def block(self, block: str) -> str:
        """Give the HTML of a block of lines."""
        lines = block.split("\n")
        if all(line.startswith("    ") for line in lines):
            return f"<pre tabindex='0'><code>{escape(chr(10).join(line[4:] for line in lines))}</code></pre>"
        if lines[0].startswith("#"):
            heading = self._heading(lines[0])
            return heading + ("\n" + self.block("\n".join(lines[1:])) if lines[1:] else "")
        if lines[0].startswith("|"):
            return self._table(lines)
        if ITEM.match(lines[0]):
            return self._list(lines)
        text = " ".join(line.strip() for line in lines)
        listed = next((number for number, line in enumerate(lines) if ITEM.match(line)), 0)
        if listed:
            return self.block("\n".join(lines[:listed])) + self._list(lines[listed:])
        return f"<p{self._id(_first_name(text))}>{self._inline(text)}</p>"

    def _heading(self, line: str) -> str:
        level = min(len(line) - len(line.lstrip("#")), 4)
        text = line.lstrip("# ")
        slug = re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")
        return f"<h{level}{self._id(slug)}>{self._inline(text)}</h{level}>"

    def _table(self, lines: list[str]) -> str:
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))] for line in lines]
        head = "".join(f"<th scope='col'>{self._inline(cell)}</th>" for cell in rows[0])
        body = "".join(
            f"<tr{self._id(_first_name(row[0]))}>{''.join(f'<td>{self._inline(cell)}</td>' for cell in row)}</tr>"
            for row in rows[2:]
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"<div class='scroll' tabindex='0'>{table}</div>"

    def _list(self, lines: list[str]) -> str:
        items: list[str] = []
        for line in lines:
            if ITEM.match(line):
                items.append(ITEM.sub("", line, count=1))
            else:
                items[-1] += f" {line.strip()}"
        kind = "ol" if lines[0][0].isdigit() else "ul"
        return f"<{kind}>{''.join(f'<li>{self._inline(item)}</li>' for item in items)}</{kind}>"

    def _id(self, name: str) -> str:
        if not name or name in self._ids:
            return ""
        self._ids.add(name)
        return f' id="{escape(name)}"'

    def _inline(self, text: str) -> str:
        """Give the HTML of words: code and links first, since neither reads stars within it."""
        parts, place = [], 0
        for found in INLINE.finditer(text):
            parts.append(_stressed(escape(text[place : found.start()])))
            code, label, target = found.groups()
            parts.append(f"<code>{escape(code)}</code>" if code else self._link(self._inline(label), target))
            place = found.end()
        return "".join(parts) + _stressed(escape(text[place:]))

    def _link(self, label: str, target: str) -> str:
        name, _, anchor = target.partition("#")
        place = f"#{escape(anchor)}" if anchor else ""
        if not name:
            return f'<a href="{place}">{label}</a>'
        if name.removesuffix(".md") in names():
            return f'<a href="{self._here}/{name.removesuffix(".md")}{place}">{label}</a>'
        return label


def _stressed(words: str) -> str:
    strong = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", words)
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", strong)


def _first_name(text: str) -> str:
    """Give the name in code that a text begins with, or an empty string."""
    found = CODE.match(text)
    return found[1] if found and re.fullmatch(r"[\w.-]+", found[1]) else ""
