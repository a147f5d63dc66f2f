"""Pages from their templates, in the reader's language."""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.brand import DARK_GROUNDS, LIGHT_GROUNDS, accent
from chalicelib.web.call import Answer, Call
from chalicelib.web.headers import page_headers

FOLDER = Path(__file__).parent / "templates"
LANGUAGES = ("en", "zh")
FALLBACK = "en"
"""What a page speaks to somebody in whose language the desk has no texts."""


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)


@cache
def _style(colour: str) -> tuple[str, str]:
    """The pages' style sheet in an owner's colour, and its hash."""
    style = (FOLDER / "desk.css").read_text(encoding="utf-8") + (_coloured(colour) if colour else "")
    return style, b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _coloured(colour: str) -> str:
    light, dark = (
        f":root{{--key:{one.key};--key-ink:{one.ink}}}"
        for one in (accent(colour, grounds) for grounds in (LIGHT_GROUNDS, DARK_GROUNDS))
    )
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}\n"


def language_of(call: Call, default: str) -> str:
    """Give the language a reader asked for: by the link at the foot, else by their browser (RFC 9110, 12.5.4)."""
    if call.query.get("lang") in LANGUAGES:
        return call.query["lang"]
    wanted: list[tuple[float, str]] = []
    for place, part in enumerate(call.headers.get("accept-language", "")[:200].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        weight = float(quality) if quality.replace(".", "", 1).isdecimal() else 1.0
        if weight:
            wanted.append((place / 1000 - weight, tag[:2].lower()))
    return next((tag for _, tag in sorted(wanted) if tag in LANGUAGES), default)


def page(call: Call, template: str, language: str, status: int = 200, **values: Any) -> Answer:
    """Give a page as an answer; templates reach their texts by `t(key, …)`."""
    settings = call.desk.settings.load()
    style, style_hash = _style(settings.brand.accent)
    language = language if language in LANGUAGES else FALLBACK

    def t(key: str, **more: str) -> str:
        return call.desk.texts.text(key, language, **more)

    body = (
        _templates()
        .get_template(template)
        .render(
            t=t,
            desk=settings.name,
            logo=settings.brand.logo,
            language=language,
            other="en" if language == "zh" else "zh",
            style=style,
            **values,
        )
    )
    return Answer(body, status, page_headers(style_hash, settings.brand.logo_host), html=True)
