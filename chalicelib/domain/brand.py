"""A shop's own look on the pages that its customers see: a logo and a colour that stays readable."""

import re
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import InvalidInput

STRICT: dict[str, Any] = {"extra": "forbid"}
READABLE = 4.5
"""The contrast that text needs (WCAG 2.2, success criterion 1.4.3, level AA)."""

LIGHT_GROUNDS, DARK_GROUNDS = ("#ffffff", "#f3f5f8"), ("#1a212b", "#10151c")
"""What links stand on in the pages' light and dark looks; see desk.css."""

STEPS = 20
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LOGO = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?/[A-Za-z0-9._~/%+=&?@-]*")


@dataclass(frozen=True)
class Brand:
    """`accent` is the colour of buttons and links, as `#rrggbb`; `logo` the address of a picture. Both may be empty."""

    __pydantic_config__ = STRICT
    accent: str = ""
    logo: str = ""

    def __post_init__(self) -> None:
        if self.accent and not _COLOUR.fullmatch(self.accent):
            raise InvalidInput("must be a colour like #0b5fb0, in lower case", "brand.accent")
        if self.logo and (len(self.logo) > 500 or not _LOGO.fullmatch(self.logo)):
            raise InvalidInput("must be the https:// address of a picture, of at most 500 characters", "brand.logo")

    @property
    def logo_host(self) -> str:
        """The one place besides the desk that pages load a picture from, as a source of a policy (CSP 3, 2.3.1)."""
        return "/".join(self.logo.split("/", 3)[:3])


@dataclass(frozen=True, slots=True)
class Accent:
    """A colour for links and buttons, and that of the words on such a button."""

    key: str
    ink: str


def accent(colour: str, grounds: tuple[str, ...]) -> Accent:
    """Give a colour as it can be read on all these grounds: itself, or shaded towards black or white until it can."""
    towards = "#000000" if contrast("#000000", grounds[0]) > contrast("#ffffff", grounds[0]) else "#ffffff"
    shades = (_mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    key = next(one for one in shades if all(contrast(one, ground) >= READABLE for ground in grounds))
    return Accent(key, max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, key)))


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _mixed(colour: str, towards: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(towards), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in pairs)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
