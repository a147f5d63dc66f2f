"""Files that people send along: what they are called, how many and how large they may be, and what they really are."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import InvalidInput

STRICT: dict[str, Any] = {"extra": "forbid"}

LARGEST = 100_000_000
"""Most bytes of one file, whoever sends it."""

NAME_LIMIT = 150
FALLBACK_NAME, FALLBACK_TYPE = "file", "application/octet-stream"

HEAD_BYTES = 512
"""How much of a file's beginning tells what it is."""

_PROGRAMS = (
    "ade adp apk appx bat chm cmd com cpl dll dmg exe hta ins iso jar js jse lib lnk mde msc msi msp mst pif ps1 scr "
    "sct shb sys vb vbe vbs vhd vxd wsc wsf wsh xll"
)
"""Endings of what runs when it is opened: nearly Gmail's list ("File types blocked in Gmail")."""

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_ENDING = re.compile(r"[a-z0-9_]{1,20}")

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF", "application/pdf"),
)
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "application/pdf"})


@dataclass(frozen=True)
class UploadSettings:
    """What customers may send along with a message: at most so many files, of so many bytes each, and none whose name
    ends in one of `refused` (without the dot)."""

    __pydantic_config__ = STRICT
    most_files: int = 10
    most_bytes: int = 20_000_000
    refused: tuple[str, ...] = tuple(_PROGRAMS.split())

    def __post_init__(self) -> None:
        if not 0 <= self.most_files <= 20:
            raise InvalidInput("must be from 0 (no files) to 20", "uploads.most_files")
        if not 1_000_000 <= self.most_bytes <= LARGEST:
            raise InvalidInput(f"must be from 1,000,000 to {LARGEST:,} bytes", "uploads.most_bytes")
        for number, ending in enumerate(self.refused):
            if not _ENDING.fullmatch(ending):
                raise InvalidInput("must be an ending like exe, without its dot", f"uploads.refused[{number}]")

    def refuses(self, filename: str) -> bool:
        """Whether a file of this name isn't wanted. Dots and spaces at the end don't hide an ending: Windows drops
        them ("Naming Files, Paths, and Namespaces")."""
        _, dot, ending = filename.rstrip(". ").rpartition(".")
        return bool(dot) and ending.strip().lower() in self.refused


def plain_name(filename: str) -> str:
    """Give a file's name as it can be shown and saved: no folders, no control characters, nothing that turns the
    direction of reading (so that `gpj.exe` can't look like `exe.jpg`), its ending kept when it is too long."""
    name = re.split(r"[/\\]", filename[-2000:])[-1]
    seen = "".join(
        letter for letter in name if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    short = " ".join(seen.split()).lstrip(". ")
    if len(short) > NAME_LIMIT:
        stem, dot, ending = short.rpartition(".")
        ending = dot + ending if stem and len(ending) <= 20 else ""
        short = (short if not ending else stem)[: NAME_LIMIT - len(ending)] + ending
    return short or FALLBACK_NAME


def plain_type(content_type: str) -> str:
    """Give a media type without its parameters; of what isn't one, that of a row of bytes."""
    kind = content_type[:200].partition(";")[0].strip().lower()
    return kind if _TYPE.fullmatch(kind) else FALLBACK_TYPE


def real_type(claimed: str, head: bytes) -> str:
    """Give what a file is by how it begins, whatever its sender called it: a picture or a PDF that is none is a row of
    bytes, and one that is called something else is what it is."""
    found = next((kind for beginning, kind in _BEGINNINGS if head.startswith(beginning)), "")
    if not found and head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = "image/webp"
    if not found and head[:2] == b"BM" and claimed == "image/bmp":
        found = claimed
    return found or (FALLBACK_TYPE if claimed in _PICTURES else claimed)
