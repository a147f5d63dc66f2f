"""Writes what Outlook writes: winmail.dat, and the RTF in it."""

import struct

PLAIN, RTF, HTML, SUBJECT = 0x1000, 0x1009, 0x1013, 0x0037
LONG_NAME, MEDIA_TYPE, CONTENT_ID, OBJECT = 0x3707, 0x370E, 0x3712, 0x3701
TEXT, WIDE, BINARY = 0x1E, 0x1F, 0x102


def container(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def attribute(number: int, value: bytes, level: int = 1) -> bytes:
    return struct.pack("<BII", level, number, len(value)) + value + b"\x00\x00"


def properties(*of: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(of))
    for number, kind, value in of:
        out += struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\x00" * (-len(value) % 4)
    return out


def file(name: str, content: bytes, *more: tuple[int, int, bytes]) -> bytes:
    said = properties((LONG_NAME, WIDE, (name + "\x00").encode("utf-16-le")), *more)
    return attribute(0x69002, b"", 2) + attribute(0x6800F, content, 2) + attribute(0x69005, said, 2)


def message(*of: tuple[int, int, bytes]) -> bytes:
    return attribute(0x69003, properties(*of))


def stored_rtf(rtf: bytes) -> bytes:
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
