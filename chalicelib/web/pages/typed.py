"""What people typed into a form, without what nobody types."""

import re

_UNTYPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def typed(text: str) -> str:
    """Give several lines of text, as they were meant: no control characters, lines ended by \\n alone."""
    return _UNTYPABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def typed_line(text: str) -> str:
    """Give what was typed where there is one line: every run of spaces and line breaks is one space."""
    return " ".join(typed(text).split())
