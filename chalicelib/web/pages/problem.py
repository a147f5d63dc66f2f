"""The page that says, in the reader's language, what did not work and what to do."""

from chalicelib.domain.errors import (
    Conflict,
    DeskError,
    InvalidInput,
    LinkExpired,
    MalformedRequest,
    NotFound,
    TooLarge,
    TooManyRequests,
    TryAgain,
    UnsupportedMediaType,
)
from chalicelib.web.call import Answer, Call
from chalicelib.web.pages.render import language_of, page


def problem_page(call: Call, error: Exception, status: int) -> Answer:
    """Give the page for an error. While the cloud is unable, a plain sentence."""
    try:
        language = language_of(call, call.desk.settings.load().language)
        text = call.desk.texts.text(_key(error), language, address=call.desk.settings.load().support_address)
        return page(call, "problem.html", language, status, text=text)
    except DeskError:
        return Answer("Please try again in a moment.", status, {"Content-Type": "text/plain"}, html=True)


def _key(error: Exception) -> str:
    if isinstance(error, LinkExpired):
        return "problem.ticket_expired" if error.field == "ticket" else "problem.link_expired"
    if isinstance(error, TooManyRequests):
        return "problem.too_often"
    if isinstance(error, NotFound):
        return "problem.not_found"
    if isinstance(error, TooLarge | UnsupportedMediaType | MalformedRequest):
        return "problem.request"
    if isinstance(error, TryAgain | Conflict):
        return "problem.busy"
    if isinstance(error, InvalidInput) and error.field in ("email", "name", "subject", "text", "rating", "comment"):
        return f"problem.field.{error.field}"
    return "problem.internal"
