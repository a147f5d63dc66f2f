"""The console's pages from their templates, for one reader."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.web.call import Answer, Call
from chalicelib.web.console.reader import Reader, reader_of
from chalicelib.web.console.session import FORM_FIELD, renewed
from chalicelib.web.console.translations import translations
from chalicelib.web.headers import COMMON
from chalicelib.web.static_files import address_of

IN_ADDRESSES = "/?#[]@!$&'()*+,;=:%-._~"
"""What has a meaning in an address, or stands for itself (RFC 3986, 2.2 and 2.3)."""

START_COOKIE, START_GONE = "pennydesk_start", "gone"
"""The cookie of somebody who has seen enough of the first steps."""

FOLDER = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    **COMMON,
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


@cache
def _templates(language: str) -> Environment:
    found: Any = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["instant"] = datetime.fromisoformat
    found.install_gettext_translations(translations(language), newstyle=True)  # what the extension adds
    made: Environment = found
    return made


def page(call: Call, template: str, status: int = 200, **values: Any) -> Answer:
    """Give a page, its session renewed where that is due.

    Where a form was refused, htmx is told to keep the address: the form's own has no page to be loaded anew.
    """
    reader = reader_of(call)
    body = rendered(call, template, reader, **values)
    again = renewed(call, call.visitor.session) if call.visitor else None
    kept = {**({"Set-Cookie": again} if again else {}), **({"HX-Push-Url": "false"} if status >= 400 else {})}
    return Answer(body, status, {**HEADERS, "Content-Security-Policy": _policy(call), **kept}, html=True)


def _policy(call: Call) -> str:
    """What a page may do: send files to their bucket too. Each may, since htmx puts others' contents into it."""
    return (
        POLICY.replace("connect-src 'self'", f"connect-src 'self' {call.desk.files_origin}") if call.visitor else POLICY
    )


def rendered(call: Call, template: str, reader: Reader, **values: Any) -> str:
    """Give a template's text for a reader."""
    now = call.desk.clock.now()
    return (
        _templates(reader.language)
        .get_template(template)
        .render(
            desk=call.desk.settings.load(),
            reader=reader,
            now=now,
            me=call.visitor.agent if call.visitor else None,
            may=call.visitor.may if call.visitor else _nobody_may,
            points_to_start=_points_to_start(call),
            roster=call.visitor.roster if call.visitor else None,
            root=call.root,
            here=call.address.removeprefix(call.root),
            static=lambda name: address_of(call.root, name),
            form_token_name=FORM_FIELD,
            form_token=call.visitor.session.form_token if call.visitor else "",
            **values,
        )
    )


def seen_elsewhere(call: Call, path: str, cookie: str = "") -> Answer:
    """Lead the browser on to another page of the desk after a form was sent (RFC 9110, 15.4.4).

    What isn't meant to stand in an address as it is gets encoded: a path may hold what somebody typed.
    """
    kept = {"Set-Cookie": cookie} if cookie else {}
    return Answer("", 303, {**HEADERS, "Location": call.root + quote(path, safe=IN_ADDRESSES), **kept}, html=True)


def _points_to_start(call: Call) -> bool:
    """Whether an empty list says where the first steps of a desk are."""
    return bool(call.visitor and call.visitor.may("admin")) and call.cookie(START_COOKIE) != START_GONE


def _nobody_may(role: str) -> bool:
    return False
