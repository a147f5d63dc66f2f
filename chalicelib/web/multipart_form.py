"""A form with files in its body, as browsers send it without a script (RFC 7578).

What runs in Lambda gets 6 MB of a request at most, and bytes come as Base64: some 4.5 MB are left.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from chalicelib.domain.errors import MalformedRequest, TooLarge

FORM_BYTES = 4_500_000
"""Most bytes of such a form; pages tell 4 MB, the rest is for the fields and what stands between them."""

MOST_PARTS = 200
TEXT_BYTES = 1_000_000
"""Most bytes of its fields together, the files apart: what any other form may have."""

_BOUNDARY = re.compile(r"""(?i);\s*boundary="?([0-9a-z'()+_,./:=? -]{1,70})"?\s*(?:;|$)""")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came: its name and type are what the sender says."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MultipartForm:
    """What a form held: every value of each field, and the files."""

    fields: Mapping[str, list[str]]
    files: tuple[SentFile, ...]


@lru_cache(maxsize=1)
def read_multipart(content_type: str, body: bytes) -> MultipartForm:
    """Give what a body of `multipart/form-data` holds. Raises MalformedRequest or TooLarge."""
    import multipart

    if len(body) > FORM_BYTES:
        raise TooLarge(f"the form has more than {FORM_BYTES:,} bytes", "body")
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise MalformedRequest("the form doesn't say what stands between its parts", "Content-Type")
    parser: Any = multipart.MultipartParser
    limits = {"spool_limit": FORM_BYTES, "memory_limit": FORM_BYTES, "disk_limit": 0, "part_limit": MOST_PARTS}
    try:
        parts = parser(BytesIO(body), boundary[1].strip(), strict=True, **limits).parts()
    except multipart.ParserLimitReached:
        raise TooLarge("the form has too many parts, or too long ones", "body") from None
    except (multipart.MultipartError, ValueError, LookupError):
        raise MalformedRequest("the form can't be read", "body") from None
    return _sorted(parts)


def _sorted(parts: Iterable[Any]) -> MultipartForm:
    fields: defaultdict[str, list[str]] = defaultdict(list)
    files = []
    for part in parts:
        if part.filename is None:
            fields[part.name].append(_text(part.raw))
        elif part.filename or part.size:
            files.append(SentFile(part.filename, part.content_type, part.raw))
    if sum(len(value) for values in fields.values() for value in values) > TEXT_BYTES:
        raise TooLarge(f"the form's fields have more than {TEXT_BYTES:,} characters", "body")
    return MultipartForm(dict(fields), tuple(files))


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedRequest("the form can't be read", "body") from None
