"""Turns bytes into text, in the charset that they are in rather than the one that a mail claims."""

import codecs
import contextlib
import re
from functools import cached_property, lru_cache
from typing import Final

_ALIASES = {
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "euc-cn", "chinese"), "gb18030"),
    **dict.fromkeys(("ks_c_5601-1987", "ks_c_5601-1989", "euc-kr", "ks_c_5601", "ksc5601", "korean"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis", "sjis", "windows-31j", "ms932", "ms_kanji"), "cp932"),
    **dict.fromkeys(("iso-8859-1", "latin1", "iso8859-1", "iso_8859-1", "latin-1", "ansi"), "cp1252"),
    **dict.fromkeys(("us-ascii", "ascii", "ansi_x3.4-1968", "x-unknown", "unknown-8bit", "unknown", "8bit"), ""),
    **dict.fromkeys(("none", "default", "x-user-defined", "binary"), ""),
    **dict.fromkeys(("iso-2022-jp-ms", "iso-2022-jp-1", "iso-2022-jp-2", "cp50220", "cp50221", "jis"), "iso-2022-jp"),
    **dict.fromkeys(("unicode-1-1-utf-7", "unicode-2-0-utf-7", "x-unicode-2-0-utf-7"), "utf-7"),
    **dict.fromkeys(("utf8mb4", "utf8mb3", "unicode", "x-utf-8", "utf-8-mac", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e"), "iso-8859-8"),
    **dict.fromkeys(("big5", "big-5", "x-x-big5", "cn-big5", "cp950"), "big5hkscs"),
    "hz-gb-2312": "hz",
    "x-mac-roman": "mac_roman",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
}
_NUMBERED = (
    (re.compile(r"(?:x-)?(?:cp|win|windows|ibm|ms)?[-_ ]?(\d{3,4})"), "cp{}"),
    (re.compile(r"(?:x-)?iso[-_ ]?8859[-_ ]?(\d{1,2})(?:[-_:].{0,9})?"), "iso-8859-{}"),
    (re.compile(r"(?:x-)?utf[-_ ]?(\d{1,2})"), "utf-{}"),
    (re.compile(r"(?:x-)?koi8[-_ ]?([rtu])u?"), "koi8-{}"),
)
_ESCAPES_IN_NAMES = re.compile(r"\$(?:esc|sio?)\b.*")
_NOT_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
_WESTERN = "cp1252"
_ONE_BYTE = ("cp125", "cp87", "cp8", "cp4", "iso8859", "koi8", "mac", "tis", "latin")
_ASIAN = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "big5", "shift_jis", "euc_kr", "gbk"})
_OTHER_SCRIPTS = _ASIAN | {"cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "cp1253", "iso8859-7", "cp1255"}
_CLEARLY_UTF8 = 3  # characters beyond two bytes that chance does not make
_USUAL = frozenset({"utf-8", "UTF-8", "us-ascii", "US-ASCII", "iso-8859-1", "ISO-8859-1"})
_STATEFUL = re.compile(b"[\x00\x1b]")
_GUESSED_FROM = 16 * 1024  # bytes
_CLUES_IN = 64 * 1024  # bytes
_NAMED = re.compile(rb"""(?i)\bcharset\s{0,5}=\s{0,5}["']?([\w.:-]{2,40})|=\?([\w.:-]{2,40})\?[bq]\?""")
_COUNTRY = re.compile(rb"(?im)^from:[^\n]{0,500}@[\w.-]{1,250}\.([a-z]{2,18})\b")
UNTYPABLE = re.compile("[\x00\ud800-\udfff]")


class Clues:
    """What a mail tells elsewhere about bytes whose charset it doesn't name. Looked for only when they are met."""

    def __init__(self, raw: bytes = b"") -> None:
        """`raw` is the whole mail."""
        self._raw = raw[:_CLUES_IN]

    @cached_property
    def codec(self) -> str:
        """Of the charset that another part or an encoded word names, where it is an unusual one; or ""."""
        named = (_codec((found[1] or found[2]).decode("ascii").lower()) for found in _NAMED.finditer(self._raw))
        return next((codec for codec in named if codec not in ("", "utf-8", "ascii", _WESTERN)), "")

    @cached_property
    def country(self) -> bytes | None:
        """The last label of the sender's domain, or None."""
        found = _COUNTRY.search(self._raw)
        return found[1].lower() if found else None


NO_CLUES: Final = Clues()


def decode_text(data: bytes, declared: str, clues: Clues = NO_CLUES) -> tuple[str, str]:
    """The text in `data`, and a problem or "". `declared` is the charset that the mail names, or "".

    What is valid UTF-8 beyond ASCII is UTF-8 whatever a mail claims in a one-byte charset: chance does not make it.
    """
    if data.isascii() and (not declared or declared in _USUAL) and not _STATEFUL.search(data):
        return data.decode("ascii"), ""
    text, problem = _decode(data, declared.strip().strip("\"';").lower(), clues)
    return UNTYPABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text), problem


def _decode(data: bytes, declared: str, clues: Clues) -> tuple[str, str]:
    codec = _codec(declared)
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-16"
    if b"\x1b" in data and (not codec or codec.startswith(("iso2022_jp", "utf-8", _WESTERN))):
        from chalicelib.adapters.mime.iso_2022_jp import decode_iso_2022_jp, has_japanese

        if has_japanese(data):
            return decode_iso_2022_jp(data), ""
    one_byte = not codec or codec.startswith(_ONE_BYTE)
    if utf8 := _as_utf8(data, codec, one_byte=one_byte):
        fits = one_byte or codec.startswith("utf-8")
        return utf8, "" if fits or data.isascii() else f"declared as {_shown(declared)}, read as UTF-8"
    with contextlib.suppress(LookupError, ValueError):
        text = data.decode(codec or "ascii")
        if codec == _WESTERN and (better := _other_script(data, clues)):
            return better[0], f"declared as {_shown(declared)}, read as {better[1]}"
        return text, ""
    if data.isascii():
        return data.decode("ascii"), ""
    return _guessed(data, codec, declared, clues)


def _as_utf8(data: bytes, codec: str, *, one_byte: bool) -> str:
    """The text when it can only be UTF-8, or is that as far as anybody can tell; else ""."""
    stateful = codec.startswith(("utf-7", "utf-16", "utf-32", "utf-8-sig", "hz", "iso2022"))
    if stateful:
        return ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    if one_byte or codec == "utf-8" or data.isascii():
        return text
    beyond = sum(1 for char in text[:10_000] if char > "\x7f")
    three_bytes = sum(1 for char in text[:10_000] if char >= "\u0800")
    return text if three_bytes >= _CLEARLY_UTF8 and three_bytes * 2 >= beyond else ""


@lru_cache(maxsize=256)
def _codec(declared: str) -> str:
    """Python's name for the codec of a charset that mail can be in, or "". Python knows others, and odd spellings."""
    name = _ESCAPES_IN_NAMES.sub("", declared).strip("_ ")
    candidates = [_ALIASES.get(name, name)]
    for pattern, form in _NUMBERED:
        if found := pattern.fullmatch(name):
            plain = form.format(found[1])
            candidates.append(_ALIASES.get(plain, plain))
    for candidate in filter(None, candidates):
        with contextlib.suppress(LookupError, ValueError):
            codec = codecs.lookup(candidate).name
            if codec not in _NOT_CHARSETS and " ".encode(codec):
                return codec
    return ""


def _shown(declared: str) -> str:
    return re.sub(r"[^\w.:+-]", "?", declared[:40], flags=re.ASCII) or "not declared"


def _guessed(data: bytes, codec: str, declared: str, clues: Clues) -> tuple[str, str]:
    if codec:
        almost = data.decode(codec, "replace")
        if almost.count("\ufffd") * 50 <= len(almost):
            return almost, f"some characters are not valid {_shown(declared)}"
    if clues.codec:
        with contextlib.suppress(ValueError):
            return data.decode(clues.codec), f"charset {_shown(declared)}: read as {clues.codec}"
    guess, _ = _detected(data, clues)
    return data.decode(guess, "replace"), f"charset {_shown(declared)}: read as {guess}"


def _other_script(data: bytes, clues: Clues) -> tuple[str, str] | None:
    """The text, and its charset, where bytes that are declared as Western are plainly of another script."""
    guess, sure = _detected(data, clues)
    if not sure or guess not in _OTHER_SCRIPTS:
        return None
    with contextlib.suppress(ValueError):
        return data.decode(guess), guess
    return None


def _detected(data: bytes, clues: Clues) -> tuple[str, bool]:
    """The codec that a browser would take for these bytes, and whether it is sure."""
    from chardetng_py import EncodingDetector

    detector = EncodingDetector()
    detector.feed(data[:_GUESSED_FROM], last=len(data) <= _GUESSED_FROM)
    name, sure = detector.guess_assess(tld=clues.country, allow_utf8=False)
    return _codec(name.lower()) or _WESTERN, sure
