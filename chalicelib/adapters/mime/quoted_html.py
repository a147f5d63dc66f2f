"""Finds in a mail's HTML what mail programs mark as quoted or as a signature, whatever language they say it in."""

import re
from typing import Final

from chalicelib.adapters.mime.html_text import text_of_html
from chalicelib.adapters.mime.safe_html import nests_without_bounds

_QUOTES: Final = (
    *("gmail_quote", "gmail_quote_container", "gmail_attr", "yahoo_quoted", "moz-cite-prefix", "moz-forward-container"),
    *("protonmail_quote", "tutanota_quote", "zmail_extra", "blockquote_zmail", "spark_quote", "messagereplysection"),
    *("sh-quoted-content", "front-blockquote", "isreplycontent", "isforwardcontent", "ntes-mailmaster-quote"),
    *("origbody", "history-quote-wrapper", "lark-mail-quote", "mail-app-auto-quote", "airmail_on", "reply_quote"),
    *("ms-outlook-mobile-reference-message", "mail-editor-reference-message-container", "forwardheader"),
    *("__aliyun_previous_email_wrapper", "hs_reply_quote", "wordsection1quote", "cite"),
)
_QUOTED_FROM_HERE: Final = ("divrplyfwdmsg", "appendonsend", "outlookmessageheader", "zwchr", "olk_src_body_section")
_SIGNATURES: Final = (
    *("gmail_signature", "gmail_signature_prefix", "moz-signature", "protonmail_signature_block"),
    *("ms-outlook-mobile-signature", "applemailsignature", "applelinksignature", "ntes-pcmac-signature"),
    *("composer_signature", "__aliyun_signature_wrap", "hubspot-signature"),
)
_MEANING: Final = {
    **dict.fromkeys(_QUOTES, "quoted"),
    **dict.fromkeys(_QUOTED_FROM_HERE, "below"),
    **dict.fromkeys(_SIGNATURES, "signed"),
}
_PARTS_OF_MARKS: Final = (
    *("_quote", "-quote", "quoted", "moz-", "zmail", "messagereply", "isreplycontent", "isforwardcontent", "origbody"),
    *("reference-message", "forwardheader", "aliyun", "divrplyfwdmsg", "appendonsend", "messageheader", "zwchr"),
    *("body_section", "signature", "airmail_on", 'type="cite', "type=cite"),
)
_TAGS: Final = frozenset(
    {"blockquote", "br", "div", "hr", "li", "ol", "p", "pre", "table", "td", "th", "tr", "ul", "a"}
)
_TOKEN = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z-]+=\"[^\"]*\")*)>|([^<]+)")  # as the sanitizer writes them
_MARK = re.compile(r' (?:class|id|name|type)="(quoted|below|signed)"')
_ALONE: Final = frozenset({"br", "hr"})


def has_marks(html: str) -> bool:
    """Whether a program may have marked something as quoted or as a signature."""
    folded = html.lower()
    return any(part in folded for part in _PARTS_OF_MARKS)


def said_in_html(html: str) -> str:
    """What is said outside of everything that is marked, as plain text; "" where nothing is."""
    import nh3

    if nests_without_bounds(html):
        return ""
    marked = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "title", "template", "noscript", "textarea", "select", "svg", "math"},
        attributes={"*": {"class", "id", "name", "type"}},
        attribute_filter=_meaning,
        link_rel=None,
    )
    said = text_of_html("".join(_outside(marked)))
    return said if any(line.strip() and not line.startswith(">") for line in said.split("\n")) else ""


def _meaning(tag: str, attribute: str, value: str) -> str | None:
    """The meaning of a class or name; Outlook puts "x_" before those of a mail that it quotes."""
    names = (each.removeprefix("x_").removeprefix("x_") for each in value[:500].lower().split())
    return next((meaning for name in names if (meaning := _MEANING.get(name))), None)


def _outside(marked: str) -> list[str]:
    """The tokens of cleaned HTML that stand outside of marked elements."""
    kept: list[str] = []
    within = 0
    for token in _TOKEN.finditer(marked):
        closing, tag, attributes = token[1], token[2], token[3]
        if not within and (mark := _MARK.search(attributes or "")):
            if mark[1] == "below":
                break
            within = int(tag not in _ALONE)
        elif within and tag and tag not in _ALONE:
            within += -1 if closing else 1
        elif not within:
            kept.append(token[0] if not tag else f"<{closing}{tag}>")
    return kept
