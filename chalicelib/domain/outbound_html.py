"""The HTML of a mail that leaves: what a text says as paragraphs, what it quotes, and the page around both.

It is plain on purpose: mail programs throw away scripts, most of a style sheet and all that is clever. Without colours
of its own it is readable in light and in dark; without tables Outlook's Word engine reads it as any letter.
"""

import re
from html import escape

LANG: dict[str, str] = {"zh": "zh-CN"}
"""The language tags (BCP 47) of the desk's languages, where they aren't the same."""

_LINK = re.compile(r"https?://[^\s<>\"'，。；！？、）】》]+")
_AFTER_A_LINK = ".,;:!?)]}"
_STYLE = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "body{margin:0;padding:0}img{max-width:100%;height:auto}p{margin:0 0 1em}"
)
_BODY = (
    "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'PingFang SC','Microsoft YaHei',"
    "'Noto Sans CJK SC',sans-serif;font-size:15px;line-height:1.5;max-width:42em;padding:8px;overflow-wrap:anywhere"
)
_QUOTE = "margin:0 0 0 2px;padding:0 0 0 12px;border-left:2px solid #8592a6"


def html_of_text(text: str) -> str:
    """Give what a plain text says as HTML: a paragraph between empty lines, web addresses as links, nothing else."""
    paragraphs = re.split(r"\n[ \t]*\n\s*?(?=\S|$)", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return "\n".join(f'<p dir="auto">{_lines(one)}</p>' for one in paragraphs if one.strip())


def _lines(paragraph: str) -> str:
    return "<br>\n".join(_linked(line) for line in paragraph.strip("\n").split("\n"))


def _linked(line: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(line):
        link = found[0].rstrip(_AFTER_A_LINK)
        parts += [_spaced(line[end : found.start()]), f'<a href="{escape(link)}">{escape(link)}</a>']
        end = found.start() + len(link)
    return "".join((*parts, _spaced(line[end:])))


def _spaced(text: str) -> str:
    """Escaped, with the spaces of an indented line kept."""
    return re.sub(r"(?<= ) |^ ", "&nbsp;", escape(text))


def quote_in_html(attribution: str, text: str) -> str:
    """Give a quotation of `text` under the line that says whose it is; mail programs fold a `cite` away."""
    said = html_of_text(text)
    return f'<p dir="auto">{escape(attribution)}</p>\n<blockquote type="cite" style="{_QUOTE}">\n{said}\n</blockquote>'


def links_in_html(title: str, links: tuple[tuple[str, str], ...]) -> str:
    """Give a titled list of links, each a name and an address."""
    items = "\n".join(f'<li><a href="{escape(link)}">{escape(name)}</a></li>' for name, link in links)
    return f'<p dir="auto">{escape(title)}</p>\n<ul>\n{items}\n</ul>'


def mail_page(fragment: str, language: str) -> str:
    """Give the whole HTML of a mail around a fragment, in `en` or `zh`."""
    lang = LANG.get(language, language)
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n'
        f"<style>{_STYLE}</style>\n</head>\n"
        f'<body>\n<div lang="{lang}" style="{_BODY}">\n{fragment}\n</div>\n</body>\n</html>\n'
    )


def without_pictures(html: str, missing: frozenset[str]) -> str:
    """Give sanitized HTML without the pictures whose `cid:` names one of `missing`: their alternative text stays."""

    def kept(found: re.Match[str]) -> str:
        source = re.search(r'\bsrc="cid:([^"]*)"', found[0])
        if source is None or source[1] not in missing:
            return found[0]
        said = re.search(r'\balt="([^"]*)"', found[0])
        return said[1] if said else ""

    return re.sub(r"<img\b[^>]*>", kept, html) if missing else html
