"""A mail's HTML as it is stored, when somebody looks at it: its own pictures are put in, others only when asked for.

Works on what was made safe before it was stored: there, attributes have double quotes and none of those within.
"""

import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import unquote

_OWN = re.compile(r'(<img(?: [a-z-]{1,40}="[^"]*")*?) src="cid:([^"]*)"', re.IGNORECASE)
_REMOTE = re.compile(r'(<img(?: [a-z-]{1,40}="[^"]*")*?) data-remote-src="(https?://[^"]*)"', re.IGNORECASE)


def with_own_pictures(html: str, links: Mapping[str, str]) -> str:
    """The HTML with the mail's own pictures put in: `links` says where the file with a Content-ID is (RFC 2392).

    A picture that no file is there for loses its address, and shows its alternative text.
    """

    def linked(found: re.Match[str]) -> str:
        name = unescape(found[2])
        link = links.get(name) or links.get(unquote(name))
        return found[1] + (f' src="{escape(link)}"' if link else "")

    return _OWN.sub(linked, html)


def remote_pictures(html: str) -> tuple[str, ...]:
    """The addresses of the pictures that would have to be fetched from elsewhere, each once, in order."""
    return tuple(dict.fromkeys(unescape(found[2]) for found in _REMOTE.finditer(html)))


def with_remote_pictures(html: str) -> str:
    """The HTML with pictures that are fetched from elsewhere: whoever sends them then sees when, and from where."""
    return _REMOTE.sub(r'\1 src="\2"', html)
