"""Names for attachments: never empty, never a path, never twice in a mail."""

import re
from collections.abc import Collection
from mimetypes import MimeTypes

from chalicelib.adapters.mime.charsets import UNTYPABLE
from chalicelib.adapters.mime.encodings import decode_words
from chalicelib.adapters.mime.header_lines import read_head
from chalicelib.adapters.mime.headers import visible

_EXTENSIONS = {
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "application/ms-tnef": ".dat",
    **dict.fromkeys(("image/jpeg", "image/jpg", "image/pjpeg"), ".jpg"),
    **dict.fromkeys(("message/delivery-status", "message/feedback-report", "message/disposition-notification"), ".txt"),
}


_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|\Z)")  # on Windows


def safe_name(name: str) -> str:
    """A file name without folders, control characters and tricks of direction, of at most 150 characters, or "".

    A name that Windows keeps for a device gets "_" before it. The ending stays when a long name is cut.
    """
    bare = re.split(r"[/\\]", visible(UNTYPABLE.sub("", name)))[-1]
    bare = " ".join(re.sub(r'[<>:"|?*]', "_", bare).split()).strip(". ")
    bare = f"_{bare}" if _DEVICE.match(bare) else bare
    stem, dot, extension = bare.rpartition(".")
    return bare if len(bare) <= 150 else f"{stem[:120]}{dot}{extension[:20]}" if stem else bare[:150]


def made_up_name(content_type: str, content: bytes, number: int) -> str:
    """A name for the attachment `number` that came without one: a mail's subject, or one with a fitting ending."""
    if content_type == "message/rfc822":
        subject = safe_name(decode_words(read_head(content, 0, len(content)).first("subject"))[:80])
        if subject:
            return f"{subject}.eml"
    guessed = _EXTENSIONS.get(content_type) or MimeTypes().guess_extension(content_type)
    return f"attachment-{number}{guessed or ('.txt' if content_type.startswith('text/') else '.bin')}"


def type_of_name(name: str) -> str:
    """The media type that a file name's ending stands for."""
    return MimeTypes().guess_type(name, strict=True)[0] or "application/octet-stream"


def unique_name(name: str, taken: Collection[str]) -> str:
    """The name, with a number before its ending where it is among those `taken`."""
    stem, dot, extension = name.rpartition(".")
    tries = (f"{stem or name}-{n}{dot + extension if stem else ''}" for n in range(2, len(taken) + 3))
    return name if name not in taken else next(each for each in tries if each not in taken)
