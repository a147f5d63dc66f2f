"""Pages from their templates, in the reader's language."""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.brand import DARK_GROUNDS, LIGHT_GROUNDS, accent
from chalicelib.web.call import Answer, Call
from chalicelib.web.file_choice import WHOLE_FORM, FileChoice
from chalicelib.web.headers import page_headers
from chalicelib.web.static_files import address_of

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


def page(
    call: Call, template: str, language: str, status: int = 200, *, scripts: tuple[str, ...] = (), **values: Any
) -> Answer:
    """Give a page as an answer; templates reach their texts by `t(key, …)`. `scripts` are run, and may send files."""
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
            scripts=[address_of(call.root, name) for name in scripts],
            **{"more": "", **values},
        )
    )
    origin = call.desk.files_origin if scripts else ""
    headers = page_headers(style_hash, settings.brand.logo_host, origin, scripts=bool(scripts))
    return Answer(body, status, headers, html=True)


def upload_box(call: Call, offer: str, chosen: FileChoice, **signed: str) -> dict[str, Any]:
    """Give what the field for files needs: where its script asks for places (`signed` goes along), what the desk takes,
    and what was chosen already."""
    limits = call.desk.settings.load().uploads
    return {
        "offer": f"{call.root}{offer}",
        "signed": signed,
        "most": limits.most_files,
        "bytes": limits.most_bytes,
        "megabytes": f"{limits.most_bytes / 1_000_000:g}",
        "with_form": f"{WHOLE_FORM / 1_000_000:g}",
        "refused": " ".join(limits.refused),
        "files": [(file.upload, file.filename, readable(file.size)) for file in chosen.files],
        "wrong": chosen.wrong,
    }


def readable(size: int) -> str:
    """Give a number of bytes as people read it."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB"
