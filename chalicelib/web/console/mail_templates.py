"""The words around what is said in mails: changed with a preview beside them, and set back to the desk's own."""

from collections.abc import Mapping

from chalicelib.domain.errors import InvalidInput, NotFound, StaleVersion
from chalicelib.domain.mail_template import LANGUAGES, MUST_SAY, PARTS, PLACEHOLDERS, MailTemplate, Written
from chalicelib.domain.reference import parse_reference
from chalicelib.domain.ticket import Ticket
from chalicelib.usecases.change_ticket import load_ticket
from chalicelib.usecases.edit_template import (
    drop_template,
    edit_template,
    every_template,
    find_template,
    preview_template,
)
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.form_fields import Fields, one_each, told, typed_fields
from chalicelib.web.console.mail_frame import MAIL_POLICY
from chalicelib.web.console.page import HEADERS, page, rendered, seen_elsewhere
from chalicelib.web.console.reader import reader_of
from chalicelib.web.console.setting_entries import CHANGED
from chalicelib.web.console.setting_fields import SECTIONS, _

PLACE = "/console/settings/templates"
FRAME_POLICY = f"{MAIL_POLICY.format(pictures='https:')}; frame-src 'self'"
NO_TICKET = _("there is no such ticket")


def show_all(call: Call) -> Answer:
    """Show which mails there are, and which were changed."""
    changed = {(one.name, one.language): one.version > 0 for one in every_template(call.desk)}
    return page(
        call,
        "mail_templates.html",
        sections=SECTIONS,
        changed=changed,
        names=list(PLACEHOLDERS),
        languages=LANGUAGES,
        place=PLACE,
        saved=bool(call.query.get("saved")),
    )


def show(call: Call) -> Answer:
    """Show a template's words."""
    found = _latest(call)
    parts = {part: getattr(found, part) for part in PARTS}
    return _template_page(call, found, Fields(one_each(parts)))


def write(call: Call) -> Answer:
    """Save a template, or go back to the desk's own words."""
    found, fields = _latest(call), typed_fields(call)
    if fields.line("do") == "reset":
        drop_template(call.desk, found.name, found.language)
        return seen_elsewhere(call, f"{_address(found)}?saved=1")
    seen, wanted = fields.line("seen"), _typed(found, fields)
    if not found.version and _same_words(wanted, found):
        return seen_elsewhere(call, f"{_address(found)}?saved=1")
    try:
        edit_template(call.desk, wanted, int(seen) if _is_version(seen) else -1)
    except StaleVersion:
        return _template_page(call, found, fields, {"": CHANGED}, 409)
    except InvalidInput as error:
        return _template_page(call, found, fields, {error.field: error.message}, 422)
    return seen_elsewhere(call, f"{_address(found)}?saved=1")


def preview(call: Call) -> Answer:
    """Give what the words that are used come to, for the frame beside them."""
    found = _latest(call)
    return _framed(call, found, preview_template(call.desk, found, None))


def preview_typed(call: Call) -> Answer:
    """Give what the words that were typed come to, with a sample or with a ticket's own data."""
    found, fields = _latest(call), typed_fields(call)
    try:
        ticket = _ticket(call, fields.line("ticket"))
        return _framed(call, found, preview_template(call.desk, _typed(found, fields), ticket))
    except InvalidInput as error:
        return _framed(call, found, Written("", "", ""), told(call, {error.field: error.message}))


def _latest(call: Call) -> MailTemplate:
    """The template as it is used now, not as this process knew it a minute ago."""
    name, language = call.path["name"], call.path["language"]
    used = find_template(call.desk, name, language)
    saved = (one for one in call.desk.templates.customised() if (one.name, one.language) == (name, language))
    return next(saved, call.desk.templates.own(used.name, used.language))


def _typed(found: MailTemplate, fields: Fields) -> MailTemplate:
    subject, text, html = fields.line("subject"), fields.text("text"), fields.text("html")
    return MailTemplate(found.name, found.language, subject, text, html)


def _same_words(one: MailTemplate, other: MailTemplate) -> bool:
    return all(getattr(one, part).strip() == getattr(other, part).strip() for part in PARTS)


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9


def _ticket(call: Call, ref: str) -> Ticket | None:
    try:
        return load_ticket(call.desk, parse_reference(ref)) if ref else None
    except (InvalidInput, NotFound):
        raise InvalidInput(NO_TICKET, "ticket") from None


def _address(template: MailTemplate) -> str:
    return f"{PLACE}/{template.name}/{template.language}"


def _template_page(
    call: Call, found: MailTemplate, fields: Fields, wrong: Mapping[str, str] | None = None, status: int = 200
) -> Answer:
    return page(
        call,
        "mail_template.html",
        status,
        sections=SECTIONS,
        mail=found,
        own=call.desk.templates.own(found.name, found.language),
        languages=LANGUAGES,
        fields=fields,
        seen=found.version,
        placeholders=PLACEHOLDERS[found.name],
        must_say=MUST_SAY.get(found.name, {}),
        place=PLACE,
        address=_address(found),
        wrong=told(call, wrong or {}),
        saved=bool(call.query.get("saved")),
    )


def _framed(call: Call, found: MailTemplate, written: Written, wrong: Mapping[str, str] | None = None) -> Answer:
    """A page for a frame in which nothing runs: the subject and the text, and the HTML in a frame of its own."""
    text = rendered(
        call, "_mail_preview.html", reader_of(call), written=written, language=found.language, wrong=wrong or {}
    )
    headers = {**HEADERS, "Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Answer(text, 422 if wrong else 200, headers, html=True)
