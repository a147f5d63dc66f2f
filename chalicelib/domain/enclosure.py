"""Which of a message's files leave within its mail, and which as links: a mail has a size, and SES its rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.message import Attachment

FILES_IN_A_MAIL = 100
"""Most files within one mail; SES takes messages of at most 500 MIME parts (SES developer guide, "Quotas")."""

_HEADERS = 1_500
"""Bytes that a file's own header lines take, at most."""

_NEVER_SENT = frozenset(
    {
        *("ade", "adp", "app", "asp", "bas", "bat", "cer", "chm", "cmd", "com", "cpl", "crt", "csh", "der", "exe"),
        *("fxp", "gadget", "hlp", "hta", "inf", "ins", "isp", "its", "js", "jse", "ksh", "lib", "lnk", "mad", "maf"),
        *("mag", "mam", "maq", "mar", "mas", "mat", "mau", "mav", "maw", "mda", "mdb", "mde", "mdt", "mdw", "mdz"),
        *("msc", "msh", "msh1", "msh1xml", "msh2", "msh2xml", "mshxml", "msi", "msp", "mst", "ops", "pcd", "pif"),
        *("plg", "prf", "prg", "ps1", "ps1xml", "ps2", "ps2xml", "psc1", "psc2", "reg", "scf", "scr", "sct", "shb"),
        *("shs", "sys", "tmp", "url", "vb", "vbe", "vbs", "vps", "vsmacros", "vss", "vst", "vsw", "vxd", "ws"),
        *("wsc", "wsf", "wsh", "xnk"),
    }
)
"""Endings of files with which SES refuses a whole message (SES developer guide, "Unsupported attachment types")."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A message's files, parted: `inside` its mail, and `linked` from it."""

    inside: tuple[Attachment, ...] = ()
    linked: tuple[Attachment, ...] = ()


def size_in_mail(size: int) -> int:
    """Give the bytes that a file of `size` bytes takes within a mail, its header lines included.

    Base64 makes four characters of three bytes, in lines of 76 characters that end with CRLF (RFC 2045, 6.8).
    """
    characters = -(-size // 3) * 4
    return characters + -(-characters // 76) * 2 + _HEADERS


def enclosed(files: Iterable[Attachment], room: int) -> Enclosure:
    """Part files so that those inside take at most `room` bytes of a mail.

    Pictures that the text shows come first, then the others in their order; one that is too large leaves room for
    smaller ones behind it.
    """
    inside: set[str] = set()
    given = tuple(files)
    for file in sorted(given, key=lambda file: not file.inline):
        needed = size_in_mail(file.size)
        if needed <= room and len(inside) < FILES_IN_A_MAIL and _is_sent(file.filename):
            inside.add(file.key)
            room -= needed
    return Enclosure(
        tuple(file for file in given if file.key in inside), tuple(file for file in given if file.key not in inside)
    )


def _is_sent(filename: str) -> bool:
    _, dot, ending = filename.strip(" .").rpartition(".")
    return not dot or ending.lower() not in _NEVER_SENT
