"""Tickets on which somebody called upon the reader."""

from chalicelib.usecases.list_mentions import list_mentions, see_mention
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.mail_frame import asked_ref
from chalicelib.web.console.page import page, seen_elsewhere


def show(call: Call) -> Answer:
    """List them."""
    return page(call, "mentions.html", tickets=list_mentions(call.desk, signed_in(call).agent))


def seen(call: Call) -> Answer:
    """Take a ticket off the list, and go back to where that was asked for."""
    ref = asked_ref(call)
    see_mention(call.desk, signed_in(call).agent, ref)
    return seen_elsewhere(call, f"/console/tickets/{ref}" if call.form().get("stay") else "/console/mentions")
