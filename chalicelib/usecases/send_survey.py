"""The customer is asked how it went: once after a resolution, reminded once, by a signed link that ends."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.domain import survey
from chalicelib.domain.agenda import Entry
from chalicelib.domain.ticket import DONE, Ticket
from chalicelib.usecases.deliver_message import to_customer
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.record_bounces import wants_unasked_mail

PURPOSE = "survey"


def send_survey(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Send the survey of the resolution numbered `entry.about`. A ticket that is open again is not asked about."""
    if ticket.status not in DONE or not ticket.requester.email or not wants_unasked_mail(desk, ticket.requester.email):
        return lambda current: current
    _send(desk, ticket, int(entry.about), "survey")
    return lambda current: survey.sent(current, int(entry.about), desk.clock.now(), desk.settings.load())


def send_reminder(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Remind of an unanswered survey, once."""
    asked = ticket.survey(int(entry.about))
    done = asked is None or asked.rating is not None or asked.reminded_at is not None
    if asked is None or done or not wants_unasked_mail(desk, ticket.requester.email):
        return lambda current: current
    _send(desk, ticket, asked.number, "survey_reminder")
    return lambda current: survey.reminded(current, asked.number, desk.clock.now())


def survey_link(desk: Desk, ref: str, number: int) -> str:
    """Give the signed link to a survey."""
    token = desk.signer.seal(PURPOSE, {"ref": ref, "survey": str(number)})
    return f"{desk.settings.load().public_url}/s/{token}"


def _send(desk: Desk, ticket: Ticket, number: int, kind: str) -> None:
    settings = desk.settings.load()
    language = ticket.language or settings.language
    asked = ticket.survey(number)
    expires = asked.expires_at if asked else desk.clock.now() + timedelta(seconds=settings.survey.expires_seconds)
    values = {
        "name": ticket.requester.name or ticket.requester.email,
        "subject": ticket.subject,
        "ref": ticket.ref,
        "desk": settings.name,
        "link": survey_link(desk, ticket.ref, number),
        "until": f"{expires:%Y-%m-%d}",
    }
    mail = to_customer(
        desk,
        ticket,
        f"{kind}-{number}",
        desk.texts.text(f"{kind}.subject", language, **values),
        desk.texts.text(f"{kind}.text", language, **values),
        {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    desk.mailer.send(mail)
