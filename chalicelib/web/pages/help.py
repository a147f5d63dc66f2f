"""The public form: a request without an account."""

import re
import uuid
from dataclasses import dataclass

from chalicelib.domain.errors import InvalidInput, LinkExpired, TooManyRequests
from chalicelib.domain.help_form import PUZZLES, Proof
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_BYTES_LIMIT, TEXT_LIMIT
from chalicelib.domain.scenario import notices
from chalicelib.domain.ticket_field import TicketField, read_all
from chalicelib.usecases.take_request import (
    FormRequest,
    form_shown_at,
    refuse_too_often,
    stamp_form,
    take_request,
    weigh_request,
)
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.ticket_fields import typed_values, unreadable
from chalicelib.web.file_choice import FileChoice, chosen_files, place_offered, told
from chalicelib.web.pages.render import language_of, page, upload_box
from chalicelib.web.pages.typed import typed, typed_line
from chalicelib.web.static_files import address_of

NAME_LIMIT = 100
FORM_ID_LIMIT = 64
FIELDS = ("name", "email", "topic", "subject", "text")
TRAP = "website"
"""A field that people don't see; programs fill it in, and are thanked without a ticket being made."""

AGAIN = {Proof.TOO_FAST: "fast", Proof.TOO_OLD: "old"}


@dataclass(frozen=True, slots=True)
class Notice:
    """Why a form comes back though nothing in it is wrong: `key` names the text, `status` is HTTP's."""

    key: str
    status: int


def front(call: Call) -> Answer:
    """Lead visitors to the form, wherever the desk is mounted: an API's stage may come without its last slash."""
    _, _, stage = call.address.rpartition("/")
    return Answer("", 302, {"Location": f"{stage}/help" if stage else "help", "Content-Type": "text/html"}, html=True)


def show(call: Call) -> Answer:
    """Show the empty form; a link may have chosen the topic."""
    return _form(call, {"topic": call.query.get("topic", "")}, frozenset(), 200)


def send(call: Call) -> Answer:
    """Make a ticket of what was sent; what is wrong is said beside its field, and nothing typed is lost."""
    given = {name: typed(value) if name == "text" else typed_line(value) for name, value in call.form().items()}
    form_id = _form_id(given) or uuid.uuid4().hex
    chosen = chosen_files(call, _holder(form_id), call.desk.settings.load().uploads.most_files)
    own = _own_fields(call)
    wrong = _wrong(given) | unreadable(typed_values(given, own), own) | ({"file"} if chosen.wrong else frozenset())
    if wrong:
        return _form(call, given, wrong, 422, chosen)
    if given.get(TRAP):
        return page(call, "help_thanks.html", _language(call), ref="—", email=given["email"])
    request = _request(call, given, form_id, chosen)
    proof = weigh_request(call.desk, request)
    if proof in AGAIN:
        return _form(call, given, frozenset(), 422, chosen, Notice(AGAIN[proof], 422))
    try:
        ticket = take_request(call.desk, request)
    except TooManyRequests:
        return _form(call, given, frozenset(), 429, chosen, Notice("often", 429))
    except InvalidInput as error:
        if not error.field.startswith("attachments"):
            raise
        return _form(call, given, frozenset({"file"}), 422, FileChoice(wrong="gone"))
    return page(call, "help_thanks.html", _language(call), 201, ref=ticket.ref, email=given["email"])


def offer(call: Call) -> Answer:
    """Give the form's script the place for a file; a form that nobody was shown lately gets none."""
    given = told(call)
    form, stamp = (str(given.get(name, ""))[:2_000] for name in ("form", "stamp"))
    settings = call.desk.settings.load()
    shown_at = form_shown_at(call.desk, form, stamp)
    if shown_at is None or (call.desk.clock.now() - shown_at).total_seconds() > settings.help_form.most_seconds:
        raise LinkExpired("the form is too old; load it again", "form")
    refuse_too_often(call.desk, "upload", call.network, max(1, settings.uploads.most_files))
    return place_offered(call, _holder(form), given)


def _request(call: Call, given: dict[str, str], form_id: str, chosen: FileChoice) -> FormRequest:
    own = _own_fields(call)
    return FormRequest(
        form=form_id,
        stamp=given.get("stamp", ""),
        numbers=given.get("proof", ""),
        network=call.network,
        email=given["email"].lower(),
        name=given.get("name", ""),
        subject=given["subject"],
        text=given["text"],
        topic=given.get("topic", ""),
        attachments=chosen.enclosed,
        fields={name: value for name, value in read_all(own, typed_values(given, own)).items() if value},
    )


def _own_fields(call: Call) -> tuple[TicketField, ...]:
    """The desk's own ticket fields that the form asks for, in the form's order."""
    settings = call.desk.settings.load()
    known = {field.id: field for field in settings.ticket_fields}
    return tuple(known[name] for name in dict.fromkeys(settings.help_form.fields) if name in known)


def _form_id(given: dict[str, str]) -> str:
    return given.get("form", "")[:FORM_ID_LIMIT]


def _holder(form_id: str) -> str:
    return f"form:{form_id}"


def _language(call: Call) -> str:
    return language_of(call, call.desk.settings.load().language)


def _wrong(given: dict[str, str]) -> frozenset[str]:
    text = given.get("text", "")
    checks = {
        "name": len(given.get("name", "")) <= NAME_LIMIT,
        "email": is_mailbox(given.get("email", "")),
        "subject": 0 < len(given.get("subject", "")) <= SUBJECT_LIMIT,
        "text": 0 < len(text) <= TEXT_LIMIT and len(text.encode()) <= TEXT_BYTES_LIMIT,
    }
    return frozenset(name for name, right in checks.items() if not right)


def _form(
    call: Call,
    given: dict[str, str],
    wrong: frozenset[str],
    status: int,
    chosen: FileChoice | None = None,
    notice: Notice | None = None,
) -> Answer:
    """The form with what was typed and chosen. Its stamp stays, unless it is too old, so that who was too quick isn't
    so again."""
    form_id = re.sub(r"[^0-9a-zA-Z-]", "", _form_id(given)) or uuid.uuid4().hex
    known, settings = given.get("stamp", ""), call.desk.settings.load()
    keeps = form_shown_at(call.desk, form_id, known) is not None and (notice is None or notice.key != "old")
    stamp = known if keeps else stamp_form(call.desk, form_id)
    chosen = chosen or FileChoice()
    topic = settings.help_form.topic(given.get("topic", ""))
    return page(
        call,
        "help.html",
        _language(call),
        status,
        scripts=("uploads.js", "pages.js"),
        given=given,
        wrong=wrong,
        form_id=form_id,
        stamp=stamp,
        form=settings.help_form,
        topic=topic,
        own_fields=_own_fields(call),
        more=f"&topic={topic.id}" if topic else "",
        puzzles=PUZZLES,
        worker=address_of(call.root, "proof.js"),
        notices=notices(settings.running(call.desk.clock.now()), _language(call)),
        notice=notice.key if notice else "",
        uploads=upload_box(call, "/help/uploads", chosen, form=form_id, stamp=stamp),
    )
