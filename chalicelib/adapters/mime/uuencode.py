"""Files that a sender wrote into the text itself, as lines of uuencode (POSIX, uuencode utility)."""

import binascii
import re
from typing import NamedTuple

_BEGIN = re.compile(rb"(?m)^begin(?:-base64)? ([0-7]{3,4}) ([^\r\n]{1,300}?)[ \t]*\r?\n")
_ENDS = (b"end", b"`", b"====")
_SHORTEST = 1  # byte


class WrittenFile(NamedTuple):
    """A file found in a text, under the name it has there (bytes in whatever charset the text is in)."""

    name: bytes
    content: bytes


def files_in_text(text: bytes, most: int) -> tuple[bytes, list[WrittenFile]]:
    """The text without the files that are written into it, and these: `most` at the most.

    What looks like the beginning of a file but has no line of one is left in the text.
    """
    kept: list[bytes] = []
    files: list[WrittenFile] = []
    at = 0
    while len(files) < most and (begin := _BEGIN.search(text, at)):
        content, end = uudecoded(text, begin.end())
        if len(content) < _SHORTEST:
            kept.append(text[at : begin.end()])
        else:
            kept.append(text[at : begin.start()])
            files.append(WrittenFile(begin[2].strip(), content))
        at = max(end, begin.end())
    return (b"".join((*kept, text[at:])), files) if files else (text, [])


def uudecoded(data: bytes, start: int) -> tuple[bytes, int]:
    """The bytes that the lines from `start` stand for, and where the text goes on after them."""
    out = bytearray()
    at = start
    while at < len(data):
        line_end = data.find(b"\n", at)
        line_end = len(data) if line_end < 0 else line_end + 1
        line = data[at:line_end].rstrip(b"\r\n")
        if line.strip() in _ENDS or not line.strip():
            at = line_end
            if line.strip() == b"end":
                break
            continue
        decoded = _line(line)
        if decoded is None:
            break
        out += decoded
        at = line_end
    return bytes(out), at


def _line(line: bytes) -> bytes | None:
    """One line's bytes, or None where it is none: its first character says how many there are."""
    fits = (((line[0] - 0x20) & 0x3F) + 2) // 3 * 4  # characters
    if not 0x20 < line[0] <= 0x60 or not fits - 3 <= len(line) - 1 <= fits + 2:
        return None
    try:
        return binascii.a2b_uu(line[: fits + 1])
    except binascii.Error:
        return None
