"""The API of mails that leave: their templates, and places for the files of an answer."""

from chalicelib.domain.errors import Forbidden, InvalidInput, NotFound
from chalicelib.domain.mail_template import PARTS, MailTemplate
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
from chalicelib.usecases.offer_upload import offer_upload
from chalicelib.web.api import taken_of_mail
from chalicelib.web.api.validation import body_of
from chalicelib.web.api.views import instant, template_view
from chalicelib.web.call import Answer, Call
from chalicelib.web.preconditions import etag, version_wanted


def templates(call: Call) -> Answer:
    """List all templates."""
    return Answer({"items": [template_view(one) for one in every_template(call.desk)], "next_cursor": None})


def template(call: Call) -> Answer:
    """Read a template."""
    found = find_template(call.desk, call.path["name"], call.path["language"])
    return Answer(template_view(found), headers=etag(found.version))


def change_template(call: Call) -> Answer:
    """Put words of one's own in place of a template."""
    body = body_of(call, taken_of_mail.TemplateChange)
    wanted = MailTemplate(call.path["name"], call.path["language"], body.subject, body.text, body.html)
    saved = edit_template(call.desk, wanted, version_wanted(call))
    return Answer(template_view(saved), headers=etag(saved.version))


def drop(call: Call) -> Answer:
    """Go back to the desk's own words."""
    drop_template(call.desk, call.path["name"], call.path["language"])
    return Answer(None, 204)


def preview(call: Call) -> Answer:
    """Show what a template comes to."""
    body = body_of(call, taken_of_mail.TemplateDraft)
    used = find_template(call.desk, call.path["name"], call.path["language"])
    parts = {part: getattr(body, part) if getattr(body, part) is not None else getattr(used, part) for part in PARTS}
    written = preview_template(
        call.desk, MailTemplate(used.name, used.language, **parts), _ticket(call, body.ticket_ref)
    )
    return Answer({part: getattr(written, part) for part in PARTS})


def _ticket(call: Call, ref: str | None) -> Ticket | None:
    if ref is None:
        return None
    if call.key is None or "tickets:read" not in call.key.scopes:
        raise Forbidden("to see a ticket's data the key needs the scope tickets:read", "ticket_ref")
    try:
        return load_ticket(call.desk, parse_reference(ref))
    except (InvalidInput, NotFound):
        raise InvalidInput(f"there is no ticket {ref}", "ticket_ref") from None


def upload(call: Call) -> Answer:
    """Give a place for a file."""
    body = body_of(call, taken_of_mail.NewUpload)
    place = offer_upload(call.desk, body.filename, body.content_type, body.size)
    view = {"id": place.id, "url": place.url, "method": "PUT", "headers": {"Content-Type": place.content_type}}
    return Answer({**view, "expires_at": instant(place.expires_at)}, 201)
