"""A ticket's page for its customer, behind its signed link: what was said, how it stands, and a form to go on."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.message import TEXT_BYTES_LIMIT, TEXT_LIMIT
from chalicelib.domain.outbound_html import html_of_text
from chalicelib.usecases.send_survey import PURPOSE as SURVEY
from chalicelib.usecases.show_ticket import TicketPage, holder_of, show_ticket, ticket_token
from chalicelib.usecases.take_request import refuse_too_often
from chalicelib.usecases.write_as_customer import Words, write_as_customer
from chalicelib.web.call import Answer, Call
from chalicelib.web.file_choice import FileChoice, chosen_files, place_offered, told
from chalicelib.web.pages.render import LANGUAGES, language_of, page, upload_box
from chalicelib.web.pages.typed import typed

FORM_ID_LIMIT = 64
DONE = ("sent", "solved", "begun", "reopened")


def show(call: Call) -> Answer:
    """Show the conversation. Nothing is recorded."""
    done = call.query.get("done", "")
    return _page(call, show_ticket(call.desk, call.path["token"]), done=done if done in DONE else "")


def send(call: Call) -> Answer:
    """Take in what was sent, and lead back to the page, so that loading it again sends nothing."""
    form, token = call.form(), call.path["token"]
    act, text = form.get("act"), typed(form.get("text", ""))
    chosen = chosen_files(call, holder_of(call.desk, token), call.desk.settings.load().uploads.most_files)
    fits = len(text) <= TEXT_LIMIT and len(text.encode()) <= TEXT_BYTES_LIMIT
    said = bool(text or chosen.files or act in ("solve", "reopen"))
    if not fits or not said or chosen.wrong:
        wrong = "file" if chosen.wrong else "text"
        return _page(call, show_ticket(call.desk, token), 422, text=text[: 2 * TEXT_LIMIT], wrong=wrong, chosen=chosen)
    if act == "reopen" and not text:
        text = call.desk.texts.text("ticket.reopen.words", _language(call, show_ticket(call.desk, token)))
    form_id = form.get("form", "")[:FORM_ID_LIMIT] or uuid.uuid4().hex
    words = Words(form=form_id, text=text, attachments=chosen.enclosed, solved=act == "solve")
    try:
        ticket, elsewhere = write_as_customer(call.desk, token, words)
    except InvalidInput as error:
        if not error.field.startswith("attachments"):
            raise
        return _page(call, show_ticket(call.desk, token), 422, text=text, wrong="file", chosen=FileChoice(wrong="gone"))
    if elsewhere:
        return _lead_to(call, ticket_token(call.desk, ticket), "begun")
    return _lead_to(call, token, {"solve": "solved", "reopen": "reopened"}.get(act or "", "sent"))


def offer(call: Call) -> Answer:
    """Give the page's script the place for a file."""
    holder, most = holder_of(call.desk, call.path["token"]), call.desk.settings.load().uploads.most_files
    refuse_too_often(call.desk, "upload", call.network, max(1, most))
    return place_offered(call, holder, told(call))


def _lead_to(call: Call, token: str, done: str) -> Answer:
    lang = f"&lang={call.query['lang']}" if call.query.get("lang") in LANGUAGES else ""
    location = f"{call.root}/t/{token}?done={done}{lang}"
    return Answer("", 303, {"Location": location, "Content-Type": "text/html", "Cache-Control": "no-store"}, html=True)


def _language(call: Call, shown: TicketPage) -> str:
    own = shown.reading.own.language or call.desk.settings.load().language
    return language_of(call, own) if call.query.get("lang") else own


def _page(
    call: Call,
    shown: TicketPage,
    status: int = 200,
    *,
    done: str = "",
    text: str = "",
    wrong: str = "",
    chosen: FileChoice | None = None,
) -> Answer:
    zone = ZoneInfo(call.desk.settings.load().business_calendar.timezone)
    language, token = _language(call, shown), call.path["token"]
    return page(
        call,
        "ticket.html",
        language,
        status,
        scripts=("uploads.js", "pages.js"),
        ticket=shown.reading.ticket,
        standing=shown.standing.value,
        next=shown.next.value,
        by=shown.by.astimezone(zone) if shown.by else None,
        by_words=_words(call, shown.by.astimezone(zone), language) if shown.by else "",
        survey=_survey(call, shown),
        may_solve=shown.may_solve,
        may_reopen=shown.may_reopen,
        said=[_said(call, one, zone) for one in shown.said],
        done=done,
        text=text,
        wrong=wrong,
        form_id=uuid.uuid4().hex,
        uploads=upload_box(call, f"/t/{token}/uploads", chosen or FileChoice()),
    )


def _said(call: Call, one: Any, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "at": one.message.created_at.astimezone(zone),
        "who": "" if one.mine else one.message.author_name,
        "mine": one.mine,
        "new": html_of_text(one.new),
        "whole": html_of_text(one.message.text) if one.quotes else "",
        "files": [(file.filename, f"{call.root}/files/{token}") for file, token in one.files],
    }


def _survey(call: Call, shown: TicketPage) -> str:
    """The address of the survey that can be answered, under the same roof as this page."""
    if shown.survey is None:
        return ""
    named = {"ref": shown.reading.ticket.ref, "survey": str(shown.survey.number)}
    return f"{call.root}/s/{call.desk.signer.seal(SURVEY, named)}"


def _words(call: Call, at: datetime, language: str) -> str:
    """Say when something is, as people do: today, tomorrow, or on a date, in the desk's zone, which is named."""
    today = call.desk.clock.now().astimezone(at.tzinfo).date()
    day = {today: "today", today + timedelta(days=1): "tomorrow"}.get(at.date(), "date")
    values = {"time": f"{at:%H:%M}", "zone": str(at.tzinfo).replace("_", " ")}
    return call.desk.texts.text(f"time.{day}", language, date=f"{at:%Y-%m-%d}", **values)
