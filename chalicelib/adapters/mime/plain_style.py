"""Which of a mail's inline CSS stays: looks of text and tables, nothing that loads, covers or moves anything."""

import re

_PROPERTIES = frozenset(
    {
        *("background-color", "color", "direction", "font-family", "font-size", "font-style", "font-variant"),
        *("font-weight", "letter-spacing", "line-height", "list-style-type", "text-align", "text-decoration"),
        *("text-indent", "text-transform", "unicode-bidi", "vertical-align", "white-space", "word-break", "width"),
        *("border-collapse", "border-spacing", "border-color", "border-style", "border-width", "border"),
        *(f"border-{side}" for side in ("top", "right", "bottom", "left", "radius")),
        *("margin", "padding", "max-width"),
        *(f"{box}-{side}" for box in ("margin", "padding") for side in ("top", "right", "bottom", "left")),
    }
)
_VALUE = re.compile(r"""(?:[\w\s#.,%'"+!-]|\b(?:rgb|rgba|hsl|hsla)\([\d\s.,%]{1,40}\)){1,200}""")
_BACKWARDS = re.compile(r"(?:^|\s)-[\d.]")  # a negative length pulls things over others
_HUGE = re.compile(r"\d{5}")
_LONGEST = 4_000  # characters


def plain_style(style: str) -> str:
    """The declarations of a style attribute that only say how something looks; "" when none does."""
    kept = []
    for declaration in style[:_LONGEST].split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        name = name.lower()
        if name in _PROPERTIES and _VALUE.fullmatch(value) and not _BACKWARDS.search(value) and not _HUGE.search(value):
            kept.append(f"{name}:{' '.join(value.split())}")
    return ";".join(kept)
