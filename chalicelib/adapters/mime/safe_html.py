"""Keeps the part of a mail's HTML that can do its reader no harm."""

import re
from typing import Final

from chalicelib.adapters.mime.limits import MAX_CLOSINGS, MAX_ELEMENTS, MAX_PICTURE_CHARS
from chalicelib.adapters.mime.link_honesty import marked_links
from chalicelib.adapters.mime.plain_style import plain_style

REMOTE: Final = "data-remote-src"
"""Where the address of a picture stands that would have to be fetched from elsewhere: nothing loads it from there."""

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
    "*": {"dir", "lang", "title", "align", "valign", "style"},
    "a": {"href"},
    "font": {"color", "size"},
    "img": {"src", REMOTE, "alt", "width", "height"},
    "td": {"colspan", "rowspan", "width", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "bgcolor"},
    "tr": {"bgcolor"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
}
_SIZE = re.compile(r"\d{1,4}%?")
_FEW = re.compile(r"\d{1,2}")
_VALUES = {
    "href": re.compile(r"(?:https?://|mailto:)[^\x00-\x1f\x7f]+", re.IGNORECASE),
    "src": re.compile(
        r"cid:[!-~]+|data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]+|https?://[^\x00-\x1f\x7f]+",
        re.IGNORECASE,
    ),
    REMOTE: re.compile(r"https?://[^\x00-\x1f\x7f]+", re.IGNORECASE),
    "dir": re.compile(r"ltr|rtl|auto", re.IGNORECASE),
    "lang": re.compile(r"[A-Za-z0-9-]{1,35}"),
    "type": re.compile(r"[1aAiI]"),
    "start": re.compile(r"\d{1,6}"),
    **dict.fromkeys(("align", "valign"), re.compile(r"[A-Za-z]{1,10}")),
    **dict.fromkeys(("color", "bgcolor"), re.compile(r"#?\w{1,30}")),
    "size": re.compile(r"[+-]?\d"),
    **dict.fromkeys(("width", "height"), _SIZE),
    **dict.fromkeys(("border", "cellpadding", "cellspacing", "colspan", "rowspan"), _FEW),
}
_IMAGE = re.compile(r'<img(?: [a-z-]{1,40}="[^"]*")*>')  # as the cleaner writes it: no other quotes, none within values
_ATTRIBUTE = re.compile(r' ([a-z-]{1,40})="([^"]*)"')
_SOURCE = re.compile(r' src="[^"]*"')
_BEACON = frozenset({"0", "1"})  # pixels of a picture that only tells its sender that it was loaded
_PICTURE = re.compile(r"data:image/[^\s\"'<>]*", re.IGNORECASE)
_WRAPPED = re.compile(r"[\t\r\n]+")
_NESTING_ELEMENT = re.compile(r"<(?!(?:p|br|img|hr|td|tr|th|li|dd|dt|col|option|meta|link|input)\b)[a-zA-Z]")


def safe_html(html: str) -> str:
    """The part of `html` that can do no harm, ready to be shown; see `clean_html` and `ready_to_show`."""
    return ready_to_show(clean_html(html))


def clean_html(html: str) -> str:
    """`html` without script, form, what loads by itself other than pictures, and all of CSS that isn't plain looks.

    Well-formed; web and mail links only. A mail that nests without bounds yields "", and only its text is shown.
    """
    import nh3

    if nests_without_bounds(html):
        return ""
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_TAGS_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_safe_attribute,
        link_rel="noopener noreferrer nofollow ugc",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "cid", "data"},
        url_relative="deny",
    )


def nests_without_bounds(html: str) -> bool:
    """Whether cleaning it could take for ever: more elements than any mail has that a person reads."""
    return html.count("</") > MAX_CLOSINGS or sum(1 for _ in _NESTING_ELEMENT.finditer(html)) > MAX_ELEMENTS


def _safe_attribute(tag: str, attribute: str, value: str) -> str | None:
    """The value as a browser reads it, where it is of a kind that is allowed for this attribute."""
    if attribute == "style":
        return plain_style(value) or None
    value = _WRAPPED.sub("", value).strip() if attribute in ("href", "src", REMOTE) else value
    allowed = _VALUES.get(attribute)
    return value if allowed is None or allowed.fullmatch(value.strip()) else None


def ready_to_show(clean: str) -> str:
    """Cleaned HTML with remote pictures set aside (in `REMOTE`), beacons left out, and lying links marked."""
    if "<img " in clean:
        clean = _IMAGE.sub(_set_aside, clean)
    return marked_links(clean) if "<a " in clean else clean


def _set_aside(image: re.Match[str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(image[0]))
    if not attributes.get("src", "").lower().startswith("http") and REMOTE not in attributes:
        return image[0]
    if attributes.get("width") in _BEACON or attributes.get("height") in _BEACON:
        return ""
    return image[0].replace(' src="', f' {REMOTE}="', 1) if REMOTE not in attributes else _SOURCE.sub("", image[0])


def without_large_pictures(html: str) -> str:
    """Leaves out pictures that are written into the HTML and too large to keep there."""
    return _PICTURE.sub(lambda found: found[0] if len(found[0]) <= MAX_PICTURE_CHARS else "", html)
