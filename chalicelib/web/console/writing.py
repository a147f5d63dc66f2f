"""What an agent writes: kept while they write, held for a moment when they sent it, and taken back if they wish."""

import re
import uuid
from dataclasses import replace

from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.macro import macro_of
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.message import TEXT_LIMIT, MessageKind
from chalicelib.domain.ticket import DONE, Fact, Happening, Status, Ticket
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.list_mentions import see_mention
from chalicelib.usecases.send_draft import send_soon, take_back
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import ticket as ticket_page
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.page import seen_elsewhere
from chalicelib.web.console.ticket_fields import unfilled
from chalicelib.web.console.uploads import chosen
from chalicelib.web.file_choice import FileChoice
from chalicelib.web.headers import COMMON
from chalicelib.web.pages.typed import typed, typed_count

NEWS = frozenset({Happening.CUSTOMER_WROTE, Happening.AGENT_ANSWERED, Happening.NOTE_ADDED, Happening.SOLVED})
"""What somebody should know of before their own answer goes out."""

MOST_COPIES = 20


def write(call: Call) -> Answer:
    """Take in a reply or a note. Where something happened since the page was shown, it is shown first."""
    opened, own = ticket_page.conversation(call), call.desk.settings.load().ticket_fields
    ticket = opened[0]
    files = chosen(call)
    draft = _draft(call, files)
    copies_fit = len(draft.cc) <= MOST_COPIES and all(is_mailbox(address) for address in draft.cc)
    if not 0 < len(draft.text) <= TEXT_LIMIT or not copies_fit or files.wrong:
        wrong = "cc" if not copies_fit else "files" if files.wrong else "text"
        return ticket_page.shown(call, *opened, status=422, draft=draft, wrong=wrong)
    news = _since(ticket, call.form().get("seen", ""), call.by)
    if news and not call.form().get("anyway"):
        call.desk.drafts.save(ticket.ref, draft)
        return ticket_page.shown(call, *opened, status=409, draft=draft, news=news)
    if draft.status is Status.SOLVED and ticket.status not in DONE and unfilled(own, ticket):
        call.desk.drafts.save(ticket.ref, draft)
        return ticket_page.shown(call, *opened, status=409, draft=draft, wrong="unfilled")
    see_mention(call.desk, signed_in(call).agent, ticket.ref)
    if draft.kind is MessageKind.NOTE:
        try:
            answer_ticket(call.desk, ticket.ref, _note(call, draft, files))
        except InvalidInput as error:
            if not error.field.startswith("attachments"):
                raise
            bare = replace(draft, attachments=())
            return ticket_page.shown(call, *opened, status=422, draft=bare, wrong="files")
        call.desk.drafts.discard(ticket.ref, draft.agent_id)
    else:
        send_soon(call.desk, ticket.ref, draft)
    return seen_elsewhere(call, ticket_page.address_of(call, ticket.ref))


def keep(call: Call) -> Answer:
    """Keep what is being written; an empty text is forgotten."""
    ref, draft = asked_ref(call), _draft(call, chosen(call))
    if draft.text or draft.attachments:
        call.desk.drafts.save(ref, draft)
    else:
        call.desk.drafts.discard(ref, draft.agent_id)
    return Answer("", 204, {**COMMON, "Content-Type": "text/html", "Cache-Control": "no-store"}, html=True)


def undo(call: Call) -> Answer:
    """Take an answer back that hasn't left yet; its text is in the composer again."""
    ref = asked_ref(call)
    in_time = take_back(call.desk, ref, signed_in(call).agent.id)
    to = ticket_page.address_of(call, ref)
    return seen_elsewhere(call, to if in_time else f"{to}{'&' if '?' in to else '?'}said=left")


def _draft(call: Call, files: FileChoice) -> Draft:
    form = call.form()
    macro = macro_of(call.desk.settings.load().macros, form.get("macro", ""))
    note = form.get("kind") == MessageKind.NOTE.value
    status = form.get("status") or (macro.status if macro and not note else "")
    return Draft(
        id=re.sub(r"[^0-9a-zA-Z-]", "", form.get("form", ""))[:64] or uuid.uuid4().hex,
        agent_id=signed_in(call).agent.id,
        kind=MessageKind.NOTE if note else MessageKind.REPLY,
        text=typed(form.get("text", ""))[: TEXT_LIMIT + 1],
        saved_at=call.desk.clock.now(),
        status=Status(status) if status in ("solved", "pending", "open", "on_hold") else None,
        attachments=files.ids,
        macro=macro.id if macro and not note else "",
        cc=() if note else tuple(dict.fromkeys(re.findall(r"[^\s,;，；<>]+", form.get("cc", "").lower()))),
    )


def _note(call: Call, draft: Draft, files: FileChoice) -> NewMessage:
    return NewMessage(
        origin=draft.origin,
        kind=draft.kind,
        text=draft.text,
        author=call.by,
        author_name=signed_in(call).agent.name,
        attachments=files.enclosed,
        status=draft.status,
    )


def _since(ticket: Ticket, seen: str, by: str) -> tuple[Fact, ...]:
    """Give what others did after the page was made that the form stood on; `seen` is how many facts it showed."""
    first = typed_count(seen)
    unseen = ticket.timeline[first:] if first is not None else ()
    return tuple(fact for fact in unseen if fact.what in NEWS and fact.by != by)
