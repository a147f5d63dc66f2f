"""A ticket's page for its customer, behind its signed link: what was said, how it stands, and a form to go on."""

import uuid
from zoneinfo import ZoneInfo

from chalicelib.domain.message import TEXT_BYTES_LIMIT, TEXT_LIMIT
from chalicelib.domain.outbound_html import html_of_text
from chalicelib.usecases.show_ticket import TicketPage, show_ticket, ticket_token
from chalicelib.usecases.write_as_customer import Words, write_as_customer
from chalicelib.web.call import Answer, Call
from chalicelib.web.pages.render import LANGUAGES, language_of, page
from chalicelib.web.pages.typed import typed

FORM_ID_LIMIT = 64
DONE = ("sent", "solved", "begun")


def show(call: Call) -> Answer:
    """Show the conversation. Nothing is recorded."""
    done = call.query.get("done", "")
    return _page(call, show_ticket(call.desk, call.path["token"]), done=done if done in DONE else "")


def send(call: Call) -> Answer:
    """Take in what was sent, and lead back to the page, so that loading it again sends nothing."""
    form = call.form()
    text, solved = typed(form.get("text", "")), form.get("act") == "solve"
    fits = len(text) <= TEXT_LIMIT and len(text.encode()) <= TEXT_BYTES_LIMIT
    if not fits or not (text or solved):
        shown = show_ticket(call.desk, call.path["token"])
        return _page(call, shown, status=422, text=text[: 2 * TEXT_LIMIT], wrong=True)
    form_id = form.get("form", "")[:FORM_ID_LIMIT] or uuid.uuid4().hex
    words = Words(form=form_id, text=text, solved=solved)
    ticket, elsewhere = write_as_customer(call.desk, call.path["token"], words)
    token = ticket_token(call.desk, ticket) if elsewhere else call.path["token"]
    return _lead_to(call, token, "begun" if elsewhere else "solved" if solved else "sent")


def _lead_to(call: Call, token: str, done: str) -> Answer:
    lang = f"&lang={call.query['lang']}" if call.query.get("lang") in LANGUAGES else ""
    location = f"{call.root}/t/{token}?done={done}{lang}"
    return Answer("", 303, {"Location": location, "Content-Type": "text/html", "Cache-Control": "no-store"}, html=True)


def _page(
    call: Call, shown: TicketPage, status: int = 200, *, done: str = "", text: str = "", wrong: bool = False
) -> Answer:
    settings = call.desk.settings.load()
    own = shown.reading.own.language or settings.language
    zone = ZoneInfo(settings.business_calendar.timezone)
    said = [
        {
            "at": one.message.created_at.astimezone(zone),
            "who": "" if one.mine else one.message.author_name,
            "mine": one.mine,
            "new": html_of_text(one.new),
            "whole": html_of_text(one.message.text) if one.quotes else "",
            "files": [(file.filename, f"{call.root}/files/{token}") for file, token in one.files],
        }
        for one in shown.said
    ]
    return page(
        call,
        "ticket.html",
        language_of(call, own) if call.query.get("lang") else own,
        status,
        ticket=shown.reading.ticket,
        standing=shown.standing.value,
        may_solve=shown.may_solve,
        said=said,
        done=done,
        text=text,
        wrong=wrong,
        form_id=uuid.uuid4().hex,
    )
