"""The script of the shop's page. Its address stays, so it is kept for an hour; what it loads is fingerprinted."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.domain.brand import DARK_GROUNDS, LIGHT_GROUNDS, accent
from chalicelib.web.call import Answer, Call
from chalicelib.web.headers import COMMON

OWN_COLOUR = "#0b5fb0"
HEADERS = {
    **COMMON,
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "public, max-age=3600",
    # pages that isolate themselves load only what says that it may be loaded (HTML, "Cross-Origin-Embedder-Policy")
    "Cross-Origin-Resource-Policy": "cross-origin",
}
OFF = "// The chat is switched off in the desk's settings.\n"
LABELS = ("open", "title", "new", "elsewhere")


def get(call: Call) -> Answer:
    """Answer with the script, or with nothing that does anything while the chat is off; 304 where it is known."""
    text = _script(call) if call.desk.settings.load().chat.enabled else OFF
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    headers = {**HEADERS, "ETag": etag}
    if etag in call.headers.get("if-none-match", ""):
        return Answer("", 304, headers, html=True)
    return Answer(text, 200, headers, html=True)


def _script(call: Call) -> str:
    settings = call.desk.settings.load()
    colour = settings.brand.accent or OWN_COLOUR
    shades = (accent(colour, grounds) for grounds in (LIGHT_GROUNDS, DARK_GROUNDS))
    known: dict[str, Any] = {
        "sites": settings.chat.sites,
        "language": settings.language,
        "colours": [[one.key, one.ink] for one in shades],
        "words": {
            language: {name: call.desk.texts.text(f"chat.{name}", language, desk=settings.name) for name in LABELS}
            for language in ("en", "zh")
        },
    }
    return _source().replace("__DESK__", json.dumps(known, separators=(",", ":")))


@cache
def _source() -> str:
    return (Path(__file__).parent / "embed.js").read_text(encoding="utf-8")
