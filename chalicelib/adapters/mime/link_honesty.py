"""Marks links whose text names another place than the one that they lead to."""

import re
import unicodedata
from html import escape, unescape
from urllib.parse import urlsplit

_LINK = re.compile(r'(<a (?:[a-z-]{1,40}="[^"]*" ?)*>)(.*?)</a>( <b>\[⚠ [^<>\[\]]{1,300}\]</b>)?', re.DOTALL)
_HREF = re.compile(r' href="([^"]*)"')
_TAG = re.compile(r"<[^<>]*>")
_NAMED = re.compile(
    r"(?:^|(?<=[\s\"'(<@/]))(?:[\w-]{1,63}\.){1,8}(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})(?=$|[\s/:?#)>.,;!'\"])"
)
_NO_PLACES = frozenset(
    {
        *("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "txt", "csv", "zip", "png", "jpg", "jpeg", "gif"),
        *("html", "htm", "php", "asp", "aspx", "js", "css", "eml", "ics", "exe", "json", "xml", "md", "py"),
    }
)
_SECOND_LEVEL = frozenset(
    {"ac", "co", "com", "edu", "gob", "gov", "gouv", "mil", "ne", "net", "nom", "or", "org", "go"}
)
_LIKE_LATIN = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "FULLWIDTH", "MATHEMATICAL"})
_USUAL_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328")
_LONGEST_TEXT = 500  # characters that a link's text is searched for a place


def marked_links(clean: str) -> str:
    """Cleaned HTML in which a link that lies is followed by "[⚠ where it leads]"; marking twice marks once."""
    return _LINK.sub(_marked, clean)


def _marked(link: re.Match[str]) -> str:
    href = _HREF.search(link[1])
    text = unescape(_TAG.sub("", link[2]))[:_LONGEST_TEXT]
    leads_to = misleading(text, unescape(href[1])) if href else ""
    mark = f" <b>[⚠ {escape(leads_to, quote=False)}]</b>" if leads_to else link[3] or ""
    return f"{link[1]}{link[2]}</a>{mark}"


def misleading(text: str, target: str) -> str:
    """Where a link with this text really leads, when one could take it for another place; else "".

    So it is when the text names a web site or an address of another registered domain, when the target hides its host
    behind a name and "@", and when the host is written in letters that look like others: only its Punycode tells.
    """
    host, disguised = _host(target)
    if not host:
        return ""
    claimed = [
        each[0].lower() for each in _NAMED.finditer(text) if each[0].rpartition(".")[2].lower() not in _NO_PLACES
    ]
    if disguised or any(_registered(_plain(each)) != _registered(host) for each in claimed[:3]):
        return host
    return ""


def _host(target: str) -> tuple[str, bool]:
    """The host that a link leads to, in ASCII, and whether it is one that a reader would not see as it is."""
    if target.lower().startswith("mailto:"):
        host = target[7:].partition("?")[0].rpartition("@")[2]
        return _plain(host.strip().lower()), _deceptive(host)
    try:
        parts = urlsplit(target)
        host = (parts.hostname or "").strip(".")
    except ValueError:
        return target[:200], True
    return _plain(host), "." in (parts.username or "") or _deceptive(host)


def _deceptive(host: str) -> bool:
    """Whether a host has letters that can be taken for others (UTS #39): not those of one script among themselves."""
    if host.isascii() and "xn--" not in host:
        return False
    labels = [_shown(label) for label in host.split(".")]
    scripts = [{_script(char) for char in label if char.isalpha()} for label in labels]
    country = scripts[-1]
    return any(len(each) > 1 or (each & _LIKE_LATIN and each != country) or "?" in each for each in scripts)


def _shown(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return "?"


def _script(char: str) -> str:
    """The script's name, as far as it matters here: han, kana and hangul go together; odd Latin letters are none."""
    if char.isascii():
        return "LATIN"
    pieces = unicodedata.normalize("NFD", char)
    if pieces[0].isascii() or char in "ßøłæœđ":
        return "LATIN" if set(pieces[1:]) <= _USUAL_MARKS else "?"
    script = unicodedata.name(char, "?").split()[0]
    return "CJK" if script in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "KATAKANA-HIRAGANA") else script


def _plain(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host


def _registered(host: str) -> str:
    """The part of a host that somebody registered, as far as it can be told without a list of all registries."""
    labels = host.strip(".").split(".")
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if deep else labels[-2:])
