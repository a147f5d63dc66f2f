"""The public form: a request without an account."""

import uuid

from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_LIMIT
from chalicelib.usecases.open_ticket import NewTicket, open_ticket
from chalicelib.web.call import Answer, Call
from chalicelib.web.pages.render import language_of, page

NAME_LIMIT = 100
TRAP = "website"
"""A field that people don't see; programs fill it in, and are thanked without a ticket being made."""


def front(call: Call) -> Answer:
    """Lead visitors to the form."""
    return Answer("", 302, {"Location": "help", "Content-Type": "text/html"}, html=True)


def show(call: Call) -> Answer:
    """Show the empty form."""
    return _form(call, {}, frozenset(), 200)


def send(call: Call) -> Answer:
    """Make a ticket of what was sent; what is wrong is said beside its field, and nothing typed is lost."""
    given = {name: value.strip() for name, value in call.form().items()}
    wrong = _wrong(given)
    if wrong:
        return _form(call, given, wrong, 422)
    language = language_of(call, call.desk.settings.load().language)
    if given.get(TRAP):
        return page(call, "help_thanks.html", language, ref="—", email=given["email"])
    new = NewTicket(
        origin=f"form:{given.get('form') or uuid.uuid4().hex}:{given['email']}",
        channel="form",
        subject=given["subject"],
        text=given["text"].replace("\r\n", "\n"),
        email=given["email"].lower(),
        name=given.get("name", ""),
    )
    ticket, _ = open_ticket(call.desk, new)
    return page(call, "help_thanks.html", language, 201, ref=ticket.ref, email=given["email"])


def _wrong(given: dict[str, str]) -> frozenset[str]:
    checks = {
        "name": len(given.get("name", "")) <= NAME_LIMIT,
        "email": is_mailbox(given.get("email", "")),
        "subject": 0 < len(given.get("subject", "")) <= SUBJECT_LIMIT,
        "text": 0 < len(given.get("text", "")) <= TEXT_LIMIT,
    }
    return frozenset(name for name, right in checks.items() if not right)


def _form(call: Call, given: dict[str, str], wrong: frozenset[str], status: int) -> Answer:
    language = language_of(call, call.desk.settings.load().language)
    form_id = given.get("form") or uuid.uuid4().hex
    return page(call, "help.html", language, status, given=given, wrong=wrong, form_id=form_id)
