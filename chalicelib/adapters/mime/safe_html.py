"""Keeps the part of a mail's HTML that can do its reader no harm."""

import re

from chalicelib.adapters.mime.limits import MAX_CLOSINGS, MAX_ELEMENTS

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
