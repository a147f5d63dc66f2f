"""What happens on a ticket while somebody has its page open: new facts, and who else is writing."""

from datetime import timedelta

from chalicelib.domain.chat import is_live
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import NotFound
from chalicelib.domain.people import Agent
from chalicelib.usecases.send_draft import unsent_drafts
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.page import page
from chalicelib.web.headers import COMMON
from chalicelib.web.pages.typed import typed_count

WRITING_SECONDS = 300
"""Somebody whose draft was kept within this time is writing."""

UNSEEN = Answer("", 204, {**COMMON, "Content-Type": "text/html", "Cache-Control": "no-store"}, html=True)


def show(call: Call) -> Answer:
    """Give what is new since the page was made, or nothing (204): one read of the ticket, one of its drafts."""
    ticket = call.desk.tickets.get(asked_ref(call))
    if ticket is None:
        raise NotFound("there is no such ticket", "ref")
    seen, count = call.query.get("seen", ""), len(ticket.timeline)
    others = writing(call, unsent_drafts(call.desk, ticket))
    names = ",".join(agent.id for agent in others)
    if seen == str(count) and call.query.get("writing", "") == names:
        return UNSEEN
    known = typed_count(seen)
    new = max(0, count - known) if known is not None else 0
    live = is_live(ticket, call.desk.clock.now())
    view = call.query.get("view", "mine")
    return page(call, "_news.html", ticket=ticket, new=new, seen=seen, others=others, view=view, live=live)


def writing(call: Call, drafts: tuple[Draft, ...]) -> tuple[Agent, ...]:
    """Give who else is writing on a ticket, by its unsent drafts."""
    visitor, since = signed_in(call), call.desk.clock.now() - timedelta(seconds=WRITING_SECONDS)
    recent = (draft.agent_id for draft in drafts if draft.agent_id != visitor.agent.id and draft.saved_at > since)
    return tuple(agent for name in recent if (agent := visitor.roster.agent(name)) is not None)
