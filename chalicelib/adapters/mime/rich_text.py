"""What a text in Outlook's rich text format says (MS-OXRTFCP for its compression, RTF 1.9.1 for the rest)."""

import re
import struct
from typing import Final, NamedTuple

from chalicelib.adapters.mime.charsets import decode_text
from chalicelib.adapters.mime.limits import MAX_TEXT_CHARS

_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_KNOWN_BEFORE: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    b"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_LONGEST = 4 * MAX_TEXT_CHARS  # bytes of RTF: most of it is not text
_TOKEN = re.compile(
    rb"(?i)\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]{1,4096})"
)
_UNSEEN = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "themedata", "generator", "xmlnstbl", "object", "fldinst"}
)
_CHARACTERS = {
    **dict.fromkeys(("par", "line", "row", "page", "sect"), "\n"),
    **dict.fromkeys(("tab", "cell"), "\t"),
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_AS_HTML = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})


class RichText(NamedTuple):
    """What an RTF text says: as the HTML that it was made from (MS-OXRTFEX), or as plain text."""

    text: str
    is_html: bool


def decompressed(data: bytes) -> bytes:
    """The RTF in a PidTagRtfCompressed property, or what can be had of it; b"" when it is none."""
    if len(data) < 16:
        return b""
    _, size, kind = struct.unpack_from("<II4s", data)
    if kind == _PLAIN:
        return data[16 : 16 + size]
    return _unpacked(data, min(size, _LONGEST)) if kind == _COMPRESSED else b""


def _unpacked(data: bytes, size: int) -> bytes:
    window = bytearray(_KNOWN_BEFORE.ljust(4096, b"\x00"))
    place, at = len(_KNOWN_BEFORE), 16
    out = bytearray()
    while at < len(data) and len(out) < size:
        flags, at = data[at], at + 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 2 > len(data):
                    return bytes(out)
                reference, at = data[at] << 8 | data[at + 1], at + 2
                source, length = reference >> 4, (reference & 0xF) + 2
                if source == place:
                    return bytes(out)
                for step in range(length):
                    byte = window[(source + step) % 4096]
                    window[place] = byte
                    place = (place + 1) % 4096
                    out.append(byte)
            elif at < len(data):
                window[place] = data[at]
                out.append(data[at])
                place, at = (place + 1) % 4096, at + 1
    return bytes(out)


def read_rtf(rtf: bytes) -> RichText:
    """What the text says; what isn't known of RTF is left out."""
    reader = _Reader()
    for token in _TOKEN.finditer(rtf[:_LONGEST]):
        reader.take(*token.groups())
    return reader.result()


class _State(NamedTuple):
    """What holds within a group of RTF, and ends with it."""

    hidden: bool = False  # within a destination that is not text
    tag: bool = False  # within a tag of the HTML that the text was made from
    instead: bool = False  # within what stands for that HTML in RTF


class _Reader:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._pending = bytearray()  # bytes of a code page, until it is known that no more of them follow
        self._state = _State()
        self._outer: list[_State] = []
        self._code_page = "cp1252"
        self._is_html = self._optional = False
        self._stand_ins, self._to_skip = 1, 0

    def take(  # one token, of which one is set
        self, word: bytes, number: bytes, hexadecimal: bytes, symbol: bytes, brace: bytes, plain: bytes
    ) -> None:
        if brace:
            self._group(opens=brace == b"{")
        elif word:
            self._word(word.decode("ascii").lower(), number)
        elif symbol:
            self._optional = symbol == b"*"
            self._bytes(symbol if symbol in b"\\{}" else b" " if symbol == b"~" else b"")
        elif hexadecimal or plain:
            self._bytes(bytes([int(hexadecimal, 16)]) if hexadecimal else plain)

    def result(self) -> RichText:
        self._flush()
        text = "".join(self._out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return RichText(text.strip(), self._is_html)

    def _group(self, *, opens: bool) -> None:
        self._flush()
        if opens:
            self._outer.append(self._state)
        else:
            self._state = self._outer.pop() if self._outer else _State()

    def _word(self, name: str, number: bytes) -> None:
        value = int(number or 0)
        optional, self._optional = self._optional, False
        if name == "fromhtml":
            self._is_html = True
        elif name == "htmltag":
            self._state = self._state._replace(tag=True)
        elif name == "htmlrtf":
            self._flush()
            self._state = self._state._replace(instead=number != b"0")
        elif optional or name in _UNSEEN:
            self._state = self._state._replace(hidden=True)
        elif name == "ansicpg":
            self._code_page = f"cp{value}"
        elif name == "uc":
            self._stand_ins = min(max(value, 0), 9)
        elif name == "u":
            self._say(chr(value % 0x10000))
            self._to_skip = self._stand_ins
        elif name in _CHARACTERS:
            self._say(_CHARACTERS[name])

    def _bytes(self, piece: bytes) -> None:
        cut, self._to_skip = min(self._to_skip, len(piece)), max(0, self._to_skip - len(piece))
        if self._seen():
            self._pending += piece[cut:]

    def _seen(self) -> bool:
        return not (self._state.hidden or (self._is_html and self._state.instead))

    def _say(self, text: str) -> None:
        self._flush()
        if self._seen():
            self._out.append(text)

    def _flush(self) -> None:
        if self._pending:
            text = decode_text(bytes(self._pending), self._code_page)[0]
            self._out.append(text.translate(_AS_HTML) if self._is_html and not self._state.tag else text)
            self._pending.clear()
