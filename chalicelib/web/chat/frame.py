"""The chat box itself: a page of the desk's own that a shop's page frames, or anybody opens in a window.

Showing it reads the settings alone, which are in memory: whoever looks at a shop's page costs no call.
"""

import hashlib
import json
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.brand import DARK_GROUNDS, LIGHT_GROUNDS, accent
from chalicelib.domain.chat import TEXT_LIMIT
from chalicelib.domain.desk import DeskSettings
from chalicelib.web.call import Answer, Call
from chalicelib.web.chat.script import OWN_COLOUR
from chalicelib.web.headers import COMMON
from chalicelib.web.pages.render import FALLBACK, LANGUAGES, language_of
from chalicelib.web.static_files import static_file

TEXTS = (
    *("you", "desk", "sending", "sent", "not_sent", "again", "closed_until", "offline", "too_often", "too_long"),
    *("by_mail", "solved", "over", "ended", "address_wrong", "address_kept", "trouble"),
)
"""The texts that the page's script says."""


def show(call: Call) -> Answer:
    """Show the box, or where it is off, the way to the form."""
    settings = call.desk.settings.load()
    wanted = language_of(call, settings.language)
    language = wanted if wanted in LANGUAGES else FALLBACK

    def t(key: str, **more: str) -> str:
        return call.desk.texts.text(key, language, **more)

    style = _style(settings.brand.accent or OWN_COLOUR)
    body = _template().render(
        t=t,
        desk=settings.name,
        logo=settings.brand.logo,
        language=language,
        root=call.root,
        on=settings.chat.enabled,
        greeting=settings.chat.greeting(language) or t("chat.greeting", desk=settings.name),
        ask_email=settings.chat.ask_email,
        limit=TEXT_LIMIT,
        style=style,
        known=json.dumps(
            {**_hours(call, settings), "words": {name: t(f"chat.{name}", when="{when}") for name in TEXTS}}
        ),
        static=lambda name: _address_of(call, name),
    )
    return Answer(body, 200, _headers(settings, style), html=True)


def _hours(call: Call, settings: DeskSettings) -> dict[str, Any]:
    now, calendar = call.desk.clock.now(), settings.business_calendar
    if not settings.chat.show_hours or calendar.is_open(now):
        return {"open": True}
    return {"open": False, "back": calendar.next_open(now).isoformat(timespec="seconds")}


def _headers(settings: DeskSettings, style: str) -> dict[str, str]:
    """Unlike every other page it may be framed: by the sites that the owner names."""
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    pictures = f"'self' data: {settings.brand.logo_host}".strip()
    policy = (
        f"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'sha256-{digest}'; "
        f"img-src {pictures}; form-action 'none'; base-uri 'none'; "
        f"frame-ancestors {settings.chat.frame_ancestors}"
    )
    return {
        **COMMON,
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Language",
    }


@cache
def _style(colour: str) -> str:
    light, dark = (accent(colour, grounds) for grounds in (LIGHT_GROUNDS, DARK_GROUNDS))
    return (
        f":root{{--key:{light.key};--key-ink:{light.ink}}}"
        f"@media (prefers-color-scheme:dark){{:root{{--key:{dark.key};--key-ink:{dark.ink}}}}}"
    )


@cache
def _template() -> Any:
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    return found.get_template("chat.html")


def _address_of(call: Call, name: str) -> str:
    found = static_file(name)
    return f"{call.root}/static/{found.name}" if found else ""
