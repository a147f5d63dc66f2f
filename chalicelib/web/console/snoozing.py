"""A ticket is put away until a time that was chosen or typed, or brought back."""

from datetime import UTC, datetime

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.usecases.snooze_ticket import snooze_ticket, wake_ticket
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import ticket
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.page import seen_elsewhere
from chalicelib.web.console.reader import reader_of
from chalicelib.web.pages.typed import typed_instant, typed_line


def snooze(call: Call) -> Answer:
    """Put the ticket away, or bring it back."""
    ref, form = asked_ref(call), call.form()
    if form.get("wake"):
        wake_ticket(call.desk, ref, call.by)
        return seen_elsewhere(call, ticket.address_of(call, ref))
    try:
        until = typed_instant(form.get("at", ""), reader_of(call).zone) or _chosen(form.get("until", ""))
        snooze_ticket(call.desk, ref, until, typed_line(form.get("reason", "")), call.by)
    except (InvalidInput, Conflict) as error:
        return ticket.show(call, wrong="snooze", status=422 if isinstance(error, InvalidInput) else 409)
    return seen_elsewhere(call, ticket.address_of(call, ref))


def _chosen(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput("choose until when", "until") from None
