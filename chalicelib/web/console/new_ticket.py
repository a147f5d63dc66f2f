"""Somebody of the desk writes a ticket down for a customer: after a call, say."""

import uuid
from collections.abc import Mapping

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.message import SUBJECT_LIMIT, TEXT_BYTES_LIMIT, TEXT_LIMIT
from chalicelib.domain.reference import reference_for
from chalicelib.domain.ticket import NOTHING, Priority
from chalicelib.domain.ticket_field import read_all
from chalicelib.usecases.offer_upload import claim_uploads
from chalicelib.usecases.open_ticket import NewTicket, message_id_for, open_ticket
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.ticket_fields import typed_values, unreadable
from chalicelib.web.console.uploads import chosen, upload_box
from chalicelib.web.file_choice import FileChoice
from chalicelib.web.pages.typed import typed, typed_line

CHANNELS = ("phone", "email", "chat", "social", "in_person")
FIELDS = ("email", "name", "subject", "text", "channel", "priority", "mine", "form")


def show(call: Call) -> Answer:
    """Show the empty form; a customer's address may be known already."""
    return _form(
        call, {"email": call.query.get("email", ""), "channel": "phone", "priority": "normal"}, frozenset(), 200
    )


def write(call: Call) -> Answer:
    """Open the ticket; what is wrong is said beside its field, and nothing typed is lost."""
    form = call.form()
    given = {name: typed(form.get(name, "")) if name == "text" else typed_line(form.get(name, "")) for name in FIELDS}
    own = call.desk.settings.load().ticket_fields
    fields, files = typed_values(form, own), chosen(call)
    wrong = _wrong(given) | unreadable(fields, own) | ({"files"} if files.wrong else frozenset())
    if wrong:
        return _form(call, given, wrong, 422, fields, files.ids)
    try:
        ticket, _ = open_ticket(call.desk, _new_ticket(call, given, fields, files))
    except InvalidInput as error:
        if not error.field.startswith("attachments"):
            raise
        return _form(call, given, frozenset({"files"}), 422, fields)
    return seen_elsewhere(call, f"/console/tickets/{ticket.ref}")


def _new_ticket(call: Call, given: dict[str, str], fields: Mapping[str, str], files: FileChoice) -> NewTicket:
    agent, secret = signed_in(call).agent, call.desk.signer.secret()
    origin = f"console:{agent.id}:{given['form'] or uuid.uuid4().hex}"
    ref, message_id = reference_for(secret, origin), message_id_for(secret, origin)
    own = call.desk.settings.load().ticket_fields
    return NewTicket(
        origin=origin,
        message_id=message_id,
        attachments=claim_uploads(call.desk, ref, message_id, files.enclosed),
        channel=given["channel"],
        subject=given["subject"],
        text=given["text"],
        email=given["email"].lower(),
        name=given["name"],
        priority=Priority(given["priority"]),
        assignee_id=agent.id if given["mine"] else "",
        fields={name: value for name, value in read_all(own, fields).items() if value},
        acknowledge=False,
    )


def _wrong(given: dict[str, str]) -> frozenset[str]:
    text = given["text"]
    checks = {
        "email": is_mailbox(given["email"]),
        "subject": 0 < len(given["subject"]) <= SUBJECT_LIMIT,
        "text": 0 < len(text) <= TEXT_LIMIT and len(text.encode()) <= TEXT_BYTES_LIMIT,
        "channel": given["channel"] in CHANNELS,
        "priority": given["priority"] in tuple(Priority),
    }
    return frozenset(name for name, right in checks.items() if not right)


def _form(
    call: Call,
    given: dict[str, str],
    wrong: frozenset[str],
    status: int,
    fields: Mapping[str, str] = NOTHING,
    uploads: tuple[str, ...] = (),
) -> Answer:
    known = {**dict.fromkeys(FIELDS, ""), **given}
    known["form"] = known["form"] or uuid.uuid4().hex
    box = upload_box(call, uploads, "files" if "files" in wrong else "")
    values = {"given": known, "own_values": fields, "channel_names": CHANNELS, "uploads": box}
    return page(call, "new_ticket.html", status, wrong=wrong, **values)
