"""References of tickets in what people of the desk write, made links."""

import re

from markupsafe import Markup, escape

_REFERENCE = re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}(?![\w-])", re.ASCII)
"""As the desk writes them: capitals of Crockford's base32. Whether there is such a ticket isn't asked."""


def referenced(text: str, root: str) -> Markup:
    """Give a text as HTML, each reference in it a link to its ticket; `root` is what every address begins with."""
    parts, place = [], 0
    for found in _REFERENCE.finditer(text):
        address = f"{root}/console/tickets/{found[0]}"
        parts += [escape(text[place : found.start()]), Markup('<a href="{}">{}</a>').format(address, found[0])]
        place = found.end()
    return Markup("").join([*parts, escape(text[place:])])
