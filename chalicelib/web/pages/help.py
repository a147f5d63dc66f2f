"""The public form: a request without an account."""

import hashlib
import uuid

from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_BYTES_LIMIT, TEXT_LIMIT
from chalicelib.domain.scenario import notices
from chalicelib.usecases.open_ticket import NewTicket, open_ticket
from chalicelib.web.call import Answer, Call
from chalicelib.web.pages.render import language_of, page
from chalicelib.web.pages.typed import typed, typed_line

NAME_LIMIT = 100
FORM_ID_LIMIT = 64
FIELDS = ("name", "email", "subject", "text")
TRAP = "website"
"""A field that people don't see; programs fill it in, and are thanked without a ticket being made."""


def front(call: Call) -> Answer:
    """Lead visitors to the form, wherever the desk is mounted: an API's stage may come without its last slash."""
    _, _, stage = call.address.rpartition("/")
    return Answer("", 302, {"Location": f"{stage}/help" if stage else "help", "Content-Type": "text/html"}, html=True)


def show(call: Call) -> Answer:
    """Show the empty form."""
    return _form(call, {}, frozenset(), 200)


def send(call: Call) -> Answer:
    """Make a ticket of what was sent; what is wrong is said beside its field, and nothing typed is lost."""
    given = {name: typed(value) if name == "text" else typed_line(value) for name, value in call.form().items()}
    wrong = _wrong(given)
    if wrong:
        return _form(call, given, wrong, 422)
    language = language_of(call, call.desk.settings.load().language)
    if given.get(TRAP):
        return page(call, "help_thanks.html", language, ref="—", email=given["email"])
    new = NewTicket(
        origin=_origin(given),
        channel="form",
        subject=given["subject"],
        text=given["text"],
        email=given["email"].lower(),
        name=given.get("name", ""),
    )
    ticket, _ = open_ticket(call.desk, new)
    return page(call, "help_thanks.html", language, 201, ref=ticket.ref, email=given["email"])


def _origin(given: dict[str, str]) -> str:
    """Where a request came from: sent twice by the same page it is one, changed in between it is another."""
    said = [given.get("form") or uuid.uuid4().hex, *(given.get(name, "") for name in FIELDS)]
    return f"form:{hashlib.sha256(repr(said).encode()).hexdigest()[:40]}"


def _wrong(given: dict[str, str]) -> frozenset[str]:
    text = given.get("text", "")
    checks = {
        "name": len(given.get("name", "")) <= NAME_LIMIT,
        "email": is_mailbox(given.get("email", "")),
        "subject": 0 < len(given.get("subject", "")) <= SUBJECT_LIMIT,
        "text": 0 < len(text) <= TEXT_LIMIT and len(text.encode()) <= TEXT_BYTES_LIMIT,
    }
    return frozenset(name for name, right in checks.items() if not right)


def _form(call: Call, given: dict[str, str], wrong: frozenset[str], status: int) -> Answer:
    language = language_of(call, call.desk.settings.load().language)
    form_id = given.get("form", "")[:FORM_ID_LIMIT] or uuid.uuid4().hex
    told = notices(call.desk.settings.load().running(call.desk.clock.now()), language)
    return page(call, "help.html", language, status, given=given, wrong=wrong, form_id=form_id, notices=told)
