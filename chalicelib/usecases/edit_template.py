"""An owner changes the words of a mail, having seen what they come to; what can't be used is refused."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.enclosure import Enclosure
from chalicelib.domain.errors import NotFound, StaleVersion
from chalicelib.domain.mail_template import LANGUAGES, PARTS, PLACEHOLDERS, MailTemplate, Written
from chalicelib.domain.message import Message
from chalicelib.domain.outbound_html import html_of_text
from chalicelib.domain.ticket import Happening, Ticket
from chalicelib.usecases.compose_answer import answer_values
from chalicelib.usecases.compose_mail import bodies, link_values, ticket_values
from chalicelib.usecases.ports import Desk

SAMPLE_REF, SAMPLE_UNTIL = "7K3F-92QX", "2026-12-24"


def find_template(desk: Desk, name: str, language: str) -> MailTemplate:
    """Give the template that is used. Raises NotFound for one that no mail has."""
    if name not in PLACEHOLDERS or language not in LANGUAGES:
        raise NotFound(f"there is no template {name[:40]} in {language[:10]}", "name")
    return desk.templates.find(name, language)


def every_template(desk: Desk) -> tuple[MailTemplate, ...]:
    """Give all templates that are used: those an owner changed, and the desk's own for the rest."""
    changed = {(one.name, one.language): one for one in desk.templates.customised()}
    names = ((name, language) for name in PLACEHOLDERS for language in LANGUAGES)
    return tuple(changed.get(name) or desk.templates.own(*name) for name in names)


def edit_template(desk: Desk, template: MailTemplate, version: int | None) -> MailTemplate:
    """Save a template in place of the one of its name and language.

    Raises NotFound, StaleVersion, or InvalidInput with the part, the line and the remedy where it can't be used.
    """
    known = find_template(desk, template.name, template.language)
    if version is not None and version != known.version:
        raise StaleVersion(f"the template is at version {known.version} by now; read it again", "If-Match")
    usable = replace(_with_one_kind_of_line_ends(template), version=known.version)
    desk.templates.check(usable)
    desk.templates.preview(usable, sample_values(desk, usable.name, usable.language))
    return desk.templates.save(usable)


def drop_template(desk: Desk, name: str, language: str) -> None:
    """Go back to the desk's own words. Raises NotFound for a template that no mail has."""
    if find_template(desk, name, language).version:
        desk.templates.remove(name, language)


def preview_template(desk: Desk, template: MailTemplate, ticket: Ticket | None) -> Written:
    """Give what a template comes to, with a ticket's own data or with a sample's: subject, text and the whole HTML.

    Links in it lead nowhere: whoever may see a preview need not be allowed to answer for a customer.
    Raises NotFound, or InvalidInput as `edit_template` does.
    """
    find_template(desk, template.name, template.language)
    usable = _with_one_kind_of_line_ends(template)
    desk.templates.check(usable)
    values = sample_values(desk, usable.name, usable.language)
    if ticket is not None:
        values = {**values, **ticket_values(desk, ticket), **_last_answer(desk, ticket, usable)}
    written = desk.templates.preview(usable, values)
    text, html = bodies(written, usable.language)
    return Written(written.subject, text, html)


def sample_values(desk: Desk, name: str, language: str) -> dict[str, str]:
    """Give something for each placeholder of a template."""
    settings = desk.settings.load()

    def said(key: str) -> str:
        return desk.texts.text(f"mail.sample.{key}", language)

    signature = f"{said('agent')}\n{settings.name}"
    values = {
        "desk.name": settings.name,
        "customer.name": said("customer"),
        "ticket.ref": SAMPLE_REF,
        "ticket.subject": said("subject"),
        "reply.subject": f"Re: {said('subject')} [#{SAMPLE_REF}]",
        "agent.name": said("agent"),
        "message.text": said("text"),
        "message.html": html_of_text(said("text")),
        "signature.text": signature,
        "signature.html": html_of_text(signature),
        "survey.link": f"{settings.public_url}/s/preview",
        "survey.until": SAMPLE_UNTIL,
        "unsubscribe.link": f"{settings.public_url}/u/preview",
        **link_values(desk, f"{settings.public_url}/t/preview", language),
        "notice.what": desk.texts.text("metric.first_response", language),
    }
    return {known: values[known] for known in PLACEHOLDERS[name]}


def _last_answer(desk: Desk, ticket: Ticket, template: MailTemplate) -> Mapping[str, str]:
    """What the desk last answered on a ticket, where the template is that of answers and there is one."""
    answers = [fact.detail["message"] for fact in ticket.timeline if fact.tells(Happening.AGENT_ANSWERED)]
    if template.name != "answer" or not answers:
        return {}
    message: Message | None = desk.tickets.message(ticket.ref, answers[-1])
    return answer_values(desk, ticket, message, Enclosure()) if message else {}


def _with_one_kind_of_line_ends(template: MailTemplate) -> MailTemplate:
    parts = {part: getattr(template, part).replace("\r\n", "\n").replace("\r", "\n") for part in PARTS}
    return replace(template, **parts)
