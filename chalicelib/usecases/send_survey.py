"""The customer is asked how it went: once after a resolution, reminded once, by a signed link that ends."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain import lifecycle, survey
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.ticket import DONE, Happening, Ticket
from chalicelib.usecases.compose_mail import AUTOMATIC, Extras, to_customer
from chalicelib.usecases.ports import Desk
from chalicelib.usecases.record_bounces import wants_unasked_mail
from chalicelib.usecases.refuse_surveys import refuses_surveys, unsubscribe_link

PURPOSE = "survey"


def send_survey(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Send the survey of the resolution numbered `entry.about`. A ticket that is open again is not asked about.

    A customer who wants no surveys gets none; that stands in the ticket's history.
    """
    if ticket.status not in DONE or not ticket.requester.email or not wants_unasked_mail(desk, ticket.requester.email):
        return lambda current: current
    if refuses_surveys(desk, ticket.requester.customer_id):
        return lambda current: _withheld(current, entry.about, desk.clock.now())
    _send(desk, ticket, int(entry.about), "survey")
    return lambda current: survey.sent(current, int(entry.about), desk.clock.now(), desk.settings.load())


def send_reminder(desk: Desk, ticket: Ticket, entry: Entry) -> Callable[[Ticket], Ticket]:
    """Remind of an unanswered survey, once."""
    asked = ticket.survey(int(entry.about))
    done = asked is None or asked.rating is not None or asked.reminded_at is not None
    if asked is None or done or not wants_unasked_mail(desk, ticket.requester.email):
        return lambda current: current
    if refuses_surveys(desk, ticket.requester.customer_id):
        return lambda current: lifecycle.without_tasks(current, Task.SURVEY_SILENCE, about=entry.about)
    _send(desk, ticket, asked.number, "survey_reminder")
    return lambda current: survey.reminded(current, asked.number, desk.clock.now())


def survey_link(desk: Desk, ref: str, number: int) -> str:
    """Give the signed link to a survey."""
    token = desk.signer.seal(PURPOSE, {"ref": ref, "survey": str(number)})
    return f"{desk.settings.load().public_url}/s/{token}"


def _withheld(ticket: Ticket, number: str, now: datetime) -> Ticket:
    if ticket.said(Happening.SURVEY_WITHHELD, survey=number):
        return ticket
    return ticket.with_fact(now, Happening.SURVEY_WITHHELD, lifecycle.DESK, survey=number, reason="unsubscribed")


def _send(desk: Desk, ticket: Ticket, number: int, kind: str) -> None:
    settings = desk.settings.load()
    asked = ticket.survey(number)
    expires = asked.expires_at if asked else desk.clock.now() + timedelta(seconds=settings.survey.expires_seconds)
    unsubscribe = unsubscribe_link(desk, ticket.requester.customer_id)
    values = {
        "survey.link": survey_link(desk, ticket.ref, number),
        "survey.until": f"{expires:%Y-%m-%d}",
        "unsubscribe.link": unsubscribe,
    }
    headers = {**AUTOMATIC, **_one_click(unsubscribe)}
    desk.mailer.send(to_customer(desk, ticket, f"{kind}-{number}", kind, values, Extras(headers=headers)))


def _one_click(link: str) -> dict[str, str]:
    """The headers by which a mail program offers to unsubscribe (RFC 2369, 3.2); by one click over HTTPS (RFC 8058)."""
    if not link.startswith("https://"):
        return {"List-Unsubscribe": f"<{link}>"}
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
