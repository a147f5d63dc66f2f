"""What happens on a ticket while somebody has its page open: new facts, who else looks at it, who writes."""

from chalicelib.domain.chat import is_live
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import NotFound
from chalicelib.domain.people import Agent
from chalicelib.domain.presence import Others, Presence, others
from chalicelib.usecases.send_draft import unsent_drafts
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import BLANK, signed_in
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.page import page
from chalicelib.web.pages.typed import typed_count


def show(call: Call) -> Answer:
    """Give what is new since the page was made, or nothing (204): one read of the ticket, one of who is around it."""
    ref = asked_ref(call)
    ticket = call.desk.tickets.get(ref)
    if ticket is None:
        raise NotFound("there is no such ticket", "ref")
    seen, count = call.query.get("seen", ""), len(ticket.timeline)
    drafts, here = call.desk.drafts.around(ref)
    around = others(here, unsent_drafts(call.desk, ticket, drafts), signed_in(call).agent.id, call.desk.clock.now())
    known = (call.query.get("writing", ""), call.query.get("looking", ""))
    if seen == str(count) and known == (",".join(around.writing), ",".join(around.looking)):
        return BLANK
    shown = typed_count(seen)
    new = max(0, count - shown) if shown is not None else 0
    return page(
        call,
        "_news_of_ticket.html",
        ticket=ticket,
        new=new,
        seen=seen,
        others=named(call, around.writing),
        lookers=named(call, around.looking),
        view=call.query.get("view", "mine"),
        live=is_live(ticket, call.desk.clock.now()),
    )


def look(call: Call) -> Answer:
    """Say that somebody looks at this ticket, or with `gone` that they left; give what `show` gives: one write more."""
    ref, agent_id = asked_ref(call), signed_in(call).agent.id
    if call.query.get("gone"):
        call.desk.drafts.leave(ref, agent_id)
        return BLANK
    answer = show(call)
    call.desk.drafts.look(ref, Presence(agent_id, call.desk.clock.now()))
    return answer


def writing(call: Call, drafts: tuple[Draft, ...]) -> tuple[Agent, ...]:
    """Give who else is writing on a ticket, by its unsent drafts."""
    around: Others = others((), drafts, signed_in(call).agent.id, call.desk.clock.now())
    return named(call, around.writing)


def named(call: Call, agent_ids: tuple[str, ...]) -> tuple[Agent, ...]:
    """Give the agents of these ids who are still at the desk."""
    roster = signed_in(call).roster
    return tuple(agent for agent_id in agent_ids if (agent := roster.agent(agent_id)) is not None)
