"""Turns bytes into text, in the charset that they are in rather than the one that a mail claims."""

import codecs
import contextlib
import re

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
UNTYPABLE = re.compile("[\x00\ud800-\udfff]")


def decode_text(data: bytes, declared: str) -> tuple[str, str]:
    """The text in `data`, and a problem or "". `declared` is the charset that the mail names, or "".

    What is valid UTF-8 beyond ASCII is UTF-8 whatever a mail claims in a one-byte charset: chance does not make it.
    """
    text, problem = _decode(data, declared.strip().strip("\"'").lower())
    return UNTYPABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text), problem


def _decode(data: bytes, declared: str) -> tuple[str, str]:
    charset = _SUPERSETS.get(declared, declared)
    if b"\x1b$" in data and charset in ("", "cp1252", "utf-8"):
        charset = "iso2022_jp_ext"
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-16"
    one_byte = charset in ("", "cp1252", "cp1254") or charset.startswith(("iso-8859", "windows-125"))
    for candidate in ("utf-8", charset) if one_byte else (charset, "utf-8"):
        with contextlib.suppress(LookupError, ValueError):
            expected = candidate == charset or one_byte or data.isascii()
            text = data.decode(_codec(candidate))
            return text, "" if expected else f"declared as {_shown(declared)}, read as UTF-8"
    return _guessed(data, charset, declared)


def _codec(charset: str) -> str:
    """The codec of a charset that mail can be in. Python knows others, and many spellings of them: LookupError."""
    name = codecs.lookup(charset).name
    if name in _NOT_CHARSETS:
        raise LookupError(name)
    return name


def _shown(declared: str) -> str:
    return re.sub(r"[^\w.:+-]", "?", declared[:40], flags=re.ASCII) or "not declared"


def _guessed(data: bytes, charset: str, declared: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    with contextlib.suppress(LookupError, ValueError):
        almost = data.decode(_codec(charset), "replace")
        if almost and almost.count("\ufffd") * 50 <= len(almost):
            return almost, f"some characters are not valid {_shown(declared)}"
    if len(data) < 200 and len(_RUN_OF_HIGH_BYTES.sub(b"", data)) == len(data):
        return data.decode("cp1252", "replace"), f"charset {_shown(declared)}: read as cp1252"
    best = from_bytes(data[: 64 * 1024], cp_isolation=list(_GUESSES)).best()
    guess = best.encoding if best else "cp1252"
    return data.decode(guess, "replace"), f"charset {_shown(declared)}: read as {guess}"
