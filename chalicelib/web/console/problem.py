"""The console's page that says, in the reader's language, what did not work and what to do."""

from chalicelib.domain.errors import (
    Conflict,
    DeskError,
    Forbidden,
    InvalidInput,
    MalformedRequest,
    NotFound,
    TooLarge,
    TryAgain,
    UnsupportedMediaType,
)
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import page


def problem_page(call: Call, error: Exception, status: int) -> Answer:
    """Give the page for an error. While the cloud is unable, a plain sentence."""
    detail = str(error) if isinstance(error, DeskError) and isinstance(error, InvalidInput | Conflict) else ""
    try:
        return page(call, "problem.html", status, kind=_kind(error), detail=detail)
    except DeskError:
        return Answer("Please try again in a moment.", status, {"Content-Type": "text/plain"}, html=True)


def _kind(error: Exception) -> str:
    kinds = {
        "missing": NotFound,
        "forbidden": Forbidden,
        "request": TooLarge | UnsupportedMediaType | MalformedRequest,
        "busy": TryAgain,
        "refused": InvalidInput | Conflict,
    }
    return next((name for name, classes in kinds.items() if isinstance(error, classes)), "ours")
