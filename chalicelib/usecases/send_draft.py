"""An agent's answer is kept while they write it, can be taken back for a moment when they sent it, and then leaves."""

from chalicelib.domain import chat, lifecycle
from chalicelib.domain import draft as drafts
from chalicelib.domain.agenda import Entry, Task
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.macro import macro_of
from chalicelib.domain.ticket import Priority, Status, Ticket
from chalicelib.usecases.answer_ticket import NewMessage, with_answer
from chalicelib.usecases.change_ticket import change_ticket
from chalicelib.usecases.edit_ticket import TicketEdit, edited
from chalicelib.usecases.offer_upload import AGENT, Enclosed
from chalicelib.usecases.open_ticket import message_id_for
from chalicelib.usecases.ports import Desk


def send_soon(desk: Desk, ref: str, draft: Draft) -> Ticket:
    """Keep a draft and have it sent in UNDO_SECONDS. Sent again meanwhile, it is one. Raises NotFound or Conflict.

    To somebody who sits in the chat and waits it is sent at once.
    """

    def decide(ticket: Ticket) -> Ticket:
        lifecycle.refuse_if_closed(ticket)
        desk.drafts.save(ref, draft, sent=True)
        now = desk.clock.now()
        if chat.is_live(ticket, now):
            return send_draft(desk, ticket, Entry(now, Task.SEND_DRAFT, draft.sent_key))
        return drafts.sent_soon(ticket, draft, now)

    return change_ticket(desk, ref, decide)


def take_back(desk: Desk, ref: str, agent_id: str) -> bool:
    """Keep a draft from leaving, and give whether it was in time; they are writing it again then. Raises NotFound."""
    keys: list[str] = []

    def decide(ticket: Ticket) -> Ticket:
        keys[:] = [entry.about for entry in drafts.leaving(ticket, agent_id)]
        return drafts.taken_back(ticket, agent_id)

    change_ticket(desk, ref, decide)
    for key in keys:
        if draft := desk.drafts.get(ref, key):
            desk.drafts.save(ref, draft)
            desk.drafts.discard(ref, key)
    return bool(keys)


def unsent_drafts(desk: Desk, ticket: Ticket, drafts: tuple[Draft, ...] | None = None) -> tuple[Draft, ...]:
    """Give what agents are writing on a ticket, each their latest, without what was sent already.

    `drafts` are everybody's, where they were read already.
    """
    secret = desk.signer.secret()
    known = sorted(desk.drafts.every(ticket.ref) if drafts is None else drafts, key=lambda one: one.saved_at)
    unsent = (one for one in known if not ticket.has_message(message_id_for(secret, one.origin)))
    return tuple({one.agent_id: one for one in unsent}.values())


def send_draft(desk: Desk, ticket: Ticket, entry: Entry) -> Ticket:
    """Give the ticket with an agent's draft sent as their answer. A step of the agenda: run twice, it is one answer.

    What can't be sent any more, since the ticket was closed meanwhile, say, stays a draft, and its author is told.
    """
    draft = desk.drafts.get(ticket.ref, entry.about)
    agent = desk.people.roster().agent(draft.agent_id) if draft else None
    if draft is None or agent is None:
        return ticket
    now = desk.clock.now()
    if ticket.status is Status.CLOSED:
        return lifecycle.followed_up(ticket, f"unsent_{draft.id}", "unsent", now)
    new = NewMessage(
        origin=draft.origin,
        kind=draft.kind,
        text=draft.text,
        author=f"agent:{agent.id}",
        author_name=agent.name,
        status=draft.status,
        attachments=tuple(Enclosed(upload, holder=f"{AGENT}{agent.id}") for upload in draft.attachments),
        cc=draft.cc,
        signature=agent.signature,
    )
    try:
        return _set_by_macro(desk, with_answer(desk, ticket, new), draft)
    except InvalidInput:
        return lifecycle.followed_up(ticket, f"unsent_{draft.id}", "unsent", now)


def _set_by_macro(desk: Desk, ticket: Ticket, draft: Draft) -> Ticket:
    """What the macro sets comes with the answer that it began, and not where that was taken back."""
    settings, now = desk.settings.load(), desk.clock.now()
    macro = macro_of(settings.macros, draft.macro)
    if macro is None:
        return ticket
    edit = TicketEdit(
        priority=Priority(macro.priority) if macro.priority else None,
        tags=tuple(dict.fromkeys((*ticket.tags, *macro.tags))),
    )
    return lifecycle.repoliced(edited(ticket, edit, now, f"agent:{draft.agent_id}"), settings, now)
