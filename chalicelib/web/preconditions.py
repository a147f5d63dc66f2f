"""Versions as entity tags: what a reader has seen, a writer names in If-Match (RFC 9110, 8.8.3 and 13.1.1)."""

import re

from chalicelib.domain.errors import InvalidInput
from chalicelib.web.call import Call

TAG = r'(?:W/)?"([0-9]{1,15})"|([0-9]{1,15})'


def etag(version: int) -> dict[str, str]:
    """Give the header that names a version."""
    return {"ETag": f'"{version}"'}


def version_wanted(call: Call) -> int | None:
    """Give the version that a change was decided on; None, or `*`, for whichever is the latest. Raises InvalidInput."""
    header = call.headers.get("if-match", "*").strip()
    if header == "*":
        return None
    match = re.fullmatch(TAG, header)
    if match is None:
        raise InvalidInput('must be a version as the ETag gave it, like "7"', "If-Match")
    return int(match[1] or match[2])
