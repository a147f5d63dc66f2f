"""A customer's page to refuse surveys. Showing it records nothing; a mail program's one click does (RFC 8058)."""

from chalicelib.usecases.refuse_surveys import set_surveys, who_unsubscribes
from chalicelib.web.call import Answer, Call
from chalicelib.web.pages.render import language_of, page


def show(call: Call) -> Answer:
    """Ask whether the customer means it, or, where they refused before, offer to undo it."""
    customer = who_unsubscribes(call.desk, call.path["token"])
    return _page(call, "asking" if customer.surveys_refused_at is None else "done")


def decide(call: Call) -> Answer:
    """Record the wish. A mail program sends a form of any kind, or nothing; only our own button asks to undo."""
    wanted = call.media_type == "application/x-www-form-urlencoded" and call.form().get("surveys") == "yes"
    set_surveys(call.desk, call.path["token"], wanted=wanted)
    return _page(call, "undone" if wanted else "done")


def _page(call: Call, state: str) -> Answer:
    language = language_of(call, call.desk.settings.load().language)
    return page(call, "unsubscribe.html", language, state=state)
