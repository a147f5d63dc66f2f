"""The one map from errors to HTTP: problem details (RFC 9457), and which status says what (RFC 9110)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain import errors

STATUS: Mapping[type[errors.DeskError], tuple[int, str]] = {
    errors.MalformedRequest: (400, "malformed-request"),
    errors.InvalidInput: (422, "invalid-input"),
    errors.Unauthenticated: (401, "unauthenticated"),
    errors.Forbidden: (403, "forbidden"),
    errors.NotFound: (404, "not-found"),
    errors.LinkExpired: (410, "link-expired"),
    errors.StaleVersion: (412, "stale-version"),
    errors.Conflict: (409, "conflict"),
    errors.TooManyRequests: (429, "too-many-requests"),
    errors.TooLarge: (413, "too-large"),
    errors.UnsupportedMediaType: (415, "unsupported-media-type"),
    errors.MailRefused: (502, "mail-refused"),
    errors.WebhookRefused: (502, "webhook-refused"),
    errors.TryAgain: (503, "try-again"),
}

TITLES: Mapping[str, str] = {
    "malformed-request": "The request can't be read",
    "invalid-input": "A field holds what it can't hold",
    "unauthenticated": "No valid API key",
    "forbidden": "The key lacks a scope",
    "not-found": "There is no such thing",
    "link-expired": "The link's time is over",
    "stale-version": "It was changed meanwhile",
    "conflict": "The desk's state doesn't allow it",
    "method-not-allowed": "The address doesn't have this method",
    "too-many-requests": "Too often in a short time",
    "too-large": "It is too long",
    "unsupported-media-type": "Not in this media type",
    "mail-refused": "The mail service refused",
    "try-again": "Briefly unable",
    "internal": "Something went wrong on our side",
}

ON_OUR_SIDE = "The problem was noted; try again in a moment."
MOST_BLAMED = 50


def status_of(error: Exception) -> tuple[int, str]:
    """Give the HTTP status and the kind of an error; what isn't in the tree is 500 and tells nothing."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500, "internal"


def problem(error: Exception) -> dict[str, Any]:
    """Give an error as RFC 9457 problem details, with the field to blame in `errors`."""
    status, kind = status_of(error)
    known = isinstance(error, errors.DeskError)
    details: dict[str, Any] = {
        "type": f"urn:pennydesk:problem:{kind}",
        "title": TITLES[kind],
        "status": status,
        "detail": str(error) if known else ON_OUR_SIDE,
    }
    if isinstance(error, errors.DeskError) and error.field:
        blamed = error.fields if isinstance(error, InvalidFields) else [(error.field, error.message)]
        details["field"] = error.field
        details["errors"] = [{"field": field, "message": message} for field, message in blamed[:MOST_BLAMED]]
    return details


def refusal(status: int) -> dict[str, Any]:
    """Give the problem details of what never reached a handler: a method that an address doesn't have, say."""
    kind = "method-not-allowed" if status == 405 else "internal"
    detail = "The header Allow names the methods that this address has." if status == 405 else ON_OUR_SIDE
    return {"type": f"urn:pennydesk:problem:{kind}", "title": TITLES[kind], "status": status, "detail": detail}


class InvalidFields(errors.InvalidInput):
    """Several fields hold what they can't hold; each is named with its remedy."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        field, message = fields[0]
        super().__init__(message, field)
        self.fields = fields


def extra_headers(error: Exception) -> dict[str, str]:
    """Give the headers that an error asks for (RFC 9110: 11.6.1 and 10.2.3)."""
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="pennydesk"'}
    again = isinstance(error, errors.TryAgain | errors.RequestInProgress)
    return {"Retry-After": "2"} if again else {}
